//! From a spec to Terraform, the whole way.

use super::terraform::{Alarm, Comparison, Content, Limit, Stack};
use crate::diagnostics::Severity;
use crate::model::{MissingData, Setting};
use crate::{Compilation, Memory, Options, compile};
use rust_decimal::Decimal;

const SHOP: &str = r#"
bellwether: 1
platform: shop
environment: staging
owner: {team: shop}
runbooks: https://runbooks.example.com/{{ alert }}
retention:
  logs:
    /shop/app: {for: 90d, archive: true}
  archive: {s3: {bucket: {env: ARCHIVE}, region: eu-central-1}}
channels:
  pages: {sns: {email: [a@example.com], https: ["https://events.pagerduty.com/integration/x/enqueue", {env: HOOK}]}}
  tickets: {sns: {}}
severities:
  critical: {notify: [pages]}
  warning: {notify: [tickets]}
routes:
  - {alert: Slow, notify: [pages, tickets]}
services:
  api:
    signals:
      cpu: {title: CPU, unit: ratio, cloud: {namespace: AWS/ECS, metric: CPUUtilization, dimensions: {ServiceName: {env: COUNT}}, unit: percent}}
      latency: {unit: seconds, cloud: {namespace: AWS/ApiGateway, metric: Latency, dimensions: {ApiName: "sh\"op ${x}"}, unit: milliseconds}}
      rate: {unit: per_second, cloud: {namespace: AWS/ApiGateway, metric: Count, statistic: Sum, unit: count, missing: notBreaching}}
      errors: {unit: ratio, cloud: {namespace: AWS/ApiGateway, metrics: {bad: {metric: 5XXError}, band: {metric: Count}}, math: bad / band, unit: ratio}}
      logins: {title: Failed logins, log: {group: /shop/app, where: {event: login_failed}}}
    thresholds:
      HighCPU: {signal: cpu, above: 80%, over: 5m, for: 10m, severity: critical, summary: "CPU of {{ service }} is over {{ bound }}"}
      Busy: {signal: rate, above: 10/s, over: 5m, severity: warning, summary: "now {{ value }}"}
      Spike: {signal: errors, above_baseline: {times: 2, over: 1d}, severity: critical}
      Slow: {signal: latency, above: 500ms, severity: warning}
      Silent: {signal: rate, absent: 2h, severity: critical}
      Logins: {signal: logins, above: 10, over: 5m, severity: warning}
stack:
  cloudwatch:
    region: eu-west-1
    alarm_on_missing: true
    passthrough: |
      locals {
        mine = "x"
      }
    dashboards:
      shop:
        title: Shop
        panels:
          - {service: api, signal: [errors, cpu], title: Both}
          - {service: api, signal: cpu, view: gauge}
"#;

fn compiled(text: &str) -> Compilation {
    compile(&Memory::new().with("shop.yaml", text), "shop.yaml", &Options::default())
}

/// The spec with something else in one place.
fn changed(from: &str, to: &str) -> Compilation {
    assert!(SHOP.contains(from), "{from}");
    compiled(&SHOP.replace(from, to))
}

fn stack(compilation: &Compilation) -> &Stack {
    compilation.configs.cloudwatch.stack.as_ref().unwrap_or_else(|| panic!("{:?}", compilation.diagnostics))
}

fn alarm<'a>(stack: &'a Stack, name: &str) -> &'a Alarm {
    stack.alarms.iter().find(|alarm| alarm.name == format!("shop-staging-{name}")).unwrap()
}

fn found(compilation: &Compilation) -> Vec<(&str, Severity)> {
    compilation.diagnostics.iter().map(|found| (found.code.name, found.severity)).collect()
}

#[test]
fn bounds_periods_and_words_arrive() {
    let compilation = compiled(SHOP);
    let stack = stack(&compilation);
    let cpu = alarm(stack, "HighCPU");
    assert_eq!(cpu.limit, Limit::Fixed(Decimal::from(80)));
    assert_eq!((cpu.period, cpu.evaluation_periods), (300, 2));
    assert_eq!(cpu.description, "CPU of api is over 80%\nRunbook: https://runbooks.example.com/HighCPU");
    assert!(cpu.tell_of_missing);
    let busy = alarm(stack, "Busy");
    assert_eq!(busy.limit, Limit::Fixed(Decimal::from(3000)));
    assert!(busy.description.starts_with("Rate of Api is above 10/s"), "the value is not known: {}", busy.description);
    assert!(!busy.tell_of_missing, "an alarm that fills gaps in never lacks data");
    assert_eq!(alarm(stack, "Slow").limit, Limit::Fixed(Decimal::from(500)));
}

#[test]
fn alarms_of_two_services_with_one_name_are_two() {
    let web = "  web:
    signals: {cpu: {unit: ratio, cloud: {namespace: AWS/ECS, metric: CPUUtilization, dimensions: {ServiceName: web}, unit: percent}}}
    thresholds: {HighCPU: {signal: cpu, above: 90%, over: 5m, for: 10m, severity: critical}}
";
    let compilation = changed("services:\n", &format!("services:\n{web}"));
    let stack = stack(&compilation);
    let (api, web) = (alarm(stack, "api/HighCPU"), alarm(stack, "web/HighCPU"));
    assert_eq!((api.label.as_str(), web.label.as_str()), ("api_high_cpu", "web_high_cpu"));
    assert_eq!((&api.limit, &web.limit), (&Limit::Fixed(Decimal::from(80)), &Limit::Fixed(Decimal::from(90))));
    assert_eq!(alarm(stack, "Busy").label, "busy", "a name that is not shared stays as it is");
}

#[test]
fn severities_and_routes_decide_which_topics_hear() {
    let compilation = compiled(SHOP);
    let stack = stack(&compilation);
    assert_eq!(alarm(stack, "HighCPU").topics, ["pages"]);
    assert_eq!(alarm(stack, "Busy").topics, ["tickets"]);
    assert_eq!(alarm(stack, "Slow").topics, ["pages", "tickets"]);
    let pages = stack.topics.iter().find(|topic| topic.name == "pages").unwrap();
    let confirming: Vec<_> = pages.subscriptions.iter().map(|one| (one.protocol, one.confirms_itself)).collect();
    assert_eq!(confirming, [("email", false), ("https", true), ("https", false)]);
}

#[test]
fn a_baseline_is_a_band_and_only_where_nothing_better_evaluates_it() {
    let compilation = compiled(SHOP);
    assert!(found(&compilation).contains(&("approximate-in-cloudwatch", Severity::Warning)));
    let spike = alarm(stack(&compilation), "Spike");
    assert_eq!((spike.limit, spike.comparison), (Limit::Band(2), Comparison::GreaterThanUpperThreshold));
    let text = compilation.artifacts().unwrap();
    let alarms = text.get("terraform/alarms.tf").unwrap();
    assert!(alarms.contains("threshold_metric_id       = \"band_\""), "`band` is taken by a metric:\n{alarms}");
    assert!(alarms.contains("ANOMALY_DETECTION_BAND(outcome, 2)"));
    let both = changed("errors: {unit: ratio,", "errors: {unit: ratio, expr: avg(up),");
    assert!(found(&both).contains(&("not-in-cloudwatch", Severity::Info)), "{:?}", both.diagnostics);
    assert!(stack(&both).alarms.iter().all(|alarm| !alarm.name.ends_with("Spike")));
}

#[test]
fn silence_counts_samples_and_breaches() {
    let compilation = compiled(SHOP);
    let silent = alarm(stack(&compilation), "Silent");
    assert_eq!(silent.watched.metrics[0].statistic, "SampleCount");
    assert_eq!((silent.missing, silent.period * silent.evaluation_periods), (MissingData::Breaching, 7200));
}

#[test]
fn logs_become_metrics_and_an_archive() {
    let compilation = compiled(SHOP);
    let stack = stack(&compilation);
    assert_eq!(alarm(stack, "Logins").watched.filter.as_deref(), Some("api_logins"));
    assert_eq!(stack.metric_filters[0].pattern, "{ $.event = \"login_failed\" }");
    let archive = stack.archive.as_ref().unwrap();
    assert_eq!(archive.region, Some(Setting::Literal("eu-central-1".to_owned())));
    assert_eq!(archive.streams[0].name, "shop-staging-shop-app");
}

#[test]
fn graphs_draw_bounds_where_one_axis_fits() {
    let compilation = compiled(SHOP);
    let graphs: Vec<_> = stack(&compilation).dashboards[0]
        .widgets
        .iter()
        .filter_map(|widget| match &widget.content {
            Content::Metrics(graph) => Some(graph),
            _ => None,
        })
        .collect();
    assert_eq!(graphs[0].unit, None);
    assert!(graphs[0].bounds.is_empty(), "a ratio and a percentage share no axis");
    assert_eq!(graphs[0].lines[0].math.as_deref(), Some("q1_bad / q1_band"));
    assert_eq!((graphs[1].view, graphs[1].most), ("gauge", Some(100)));
    assert_eq!(graphs[1].bounds[0].value, Decimal::from(80));
}

#[test]
fn every_file_is_hcl_and_what_is_unknown_is_a_variable() {
    let compilation = compiled(SHOP);
    let artifacts = compilation.artifacts().unwrap();
    let files: Vec<_> = artifacts.iter().filter(|(path, _)| path.starts_with("terraform/")).collect();
    for (path, text) in &files {
        let read: Result<hcl_edit::structure::Body, _> = text.parse();
        assert!(read.is_ok(), "{path}: {read:?}\n{text}");
        assert_eq!(super::passthrough::check(text), Ok(()), "{path}");
    }
    let names: Vec<_> = files.iter().map(|(path, _)| path.trim_start_matches("terraform/")).collect();
    assert_eq!(
        names,
        [
            "alarms.tf",
            "archive.tf",
            "dashboards.tf",
            "logs.tf",
            "outputs.tf",
            "passthrough.tf",
            "terraform.tfvars.example",
            "topics.tf",
            "variables.tf",
            "versions.tf"
        ]
    );
    let variables: Vec<_> =
        stack(&compilation).variables.iter().map(|one| (one.name.as_str(), one.sensitive)).collect();
    assert_eq!(variables, [("hook", true), ("count_value", false), ("archive", false)]);
}

#[test]
fn what_cloudwatch_cannot_do_is_an_error_where_nothing_else_does_it() {
    for (from, to) in [
        ("above: 500ms", "above: 500ms, for: 2d"),
        ("Silent: {signal: rate, absent: 2h", "Silent: {signal: errors, absent: 2h"),
        ("Silent: {signal: rate, absent: 2h", "Silent: {signal: rate, absent: 8d"),
        ("math: bad / band", "math: bad / total"),
        ("where: {event: login_failed}", "where: {event: login_failed}, contains: x"),
    ] {
        let compilation = changed(from, to);
        let errors: Vec<_> =
            found(&compilation).into_iter().filter(|(_, severity)| *severity == Severity::Error).collect();
        assert!(errors.contains(&("not-in-cloudwatch", Severity::Error)), "{to}: {errors:?}");
        assert!(compilation.artifacts().is_none());
    }
}

#[test]
fn what_cloudwatch_does_otherwise_is_said() {
    for (from, to, code) in [
        ("above: 10/s, over: 5m", "above: 10/s, over: 90s", "approximate-in-cloudwatch"),
        (
            "notify: [pages]}",
            "notify: [pages], escalate: {after: 30m, notify: [tickets]}}",
            "approximate-in-cloudwatch",
        ),
        ("view: gauge", "view: heatmap", "approximate-in-cloudwatch"),
        ("mine = \"x\"", "mine = \"x", "broken-passthrough"),
    ] {
        let before = found(&compiled(SHOP)).iter().filter(|(name, _)| *name == code).count();
        let after = found(&changed(from, to)).iter().filter(|(name, _)| *name == code).count();
        assert!(after > before, "{to}");
    }
    let six = "tickets: {sns: {}}\n  a: {sns: {}}\n  b: {sns: {}}\n  c: {sns: {}}\n  d: {sns: {}}";
    let compilation = compiled(
        &SHOP
            .replace("tickets: {sns: {}}", six)
            .replace("notify: [pages, tickets]", "notify: [pages, tickets, a, b, c, d]"),
    );
    assert!(found(&compilation).contains(&("too-many-topics", Severity::Warning)));
    assert_eq!(alarm(stack(&compilation), "Slow").topics, ["pages", "tickets", "a", "b", "c"]);
}

#[test]
fn without_cloudwatch_nothing_is_written() {
    let spec = "bellwether: 1\nplatform: shop\nseverities: {critical: {notify: []}}\n";
    let compilation = compiled(spec);
    assert!(compilation.configs.cloudwatch.stack.is_none());
    let artifacts = compilation.artifacts().unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
    assert!(artifacts.iter().all(|(path, _)| !path.starts_with("terraform/")));
}

#[test]
fn every_page_shows_the_problem_and_its_mend() {
    for code in super::CODES {
        for (fence, expected) in [("```yaml bad\n", true), ("```yaml good\n", false)] {
            let (_, after) = code.page.split_once(fence).unwrap_or_else(|| panic!("{} has no {fence}", code.name));
            let (example, _) = after.split_once("```").unwrap();
            let compilation = compiled(example);
            let reported = found(&compilation).iter().any(|(name, _)| *name == code.name);
            assert_eq!(reported, expected, "{}: {:?}", code.name, compilation.diagnostics);
        }
    }
}
