//! Rules of small specs, as they are written. What they do is proved by promtool, over `generated/`.

use super::*;
use crate::{Compilation, Memory, Options, compile};

/// A service `api` with a ratio, and more lines under it.
fn spec(service: &str, platform: &str) -> String {
    format!(
        r#"
bellwether: 1
platform: shop
owner: {{team: shop-team}}
severities: {{critical: {{urgency: page}}, warning: {{urgency: ticket}}}}
services:
  api:
    scrape: {{port: 8000}}
    metrics:
      reqs_total: {{type: counter, labels: [code]}}
      depth: {{type: gauge, unit: count, labels: [queue]}}
    signals:
      errors: {{title: Errors, ratio: {{bad: 'reqs_total{{code=~"5.."}}', total: reqs_total}}}}
      traffic: {{rate: reqs_total}}
      depth: {{gauge: depth, per: [queue]}}
{service}
{platform}"#
    )
}

/// Rule files.
struct Files {
    prometheus: Vec<RuleFile>,
    thanos: Vec<RuleFile>,
}

/// The rules of a spec, and the codes of what there is to say about it.
fn rules(service: &str, platform: &str) -> (Files, Vec<&'static str>) {
    let compiled = compiled(service, platform);
    let codes = compiled.diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
    let rules = compiled.configs.rules;
    (Files { prometheus: rules.prometheus(), thanos: rules.thanos() }, codes)
}

fn compiled(service: &str, platform: &str) -> Compilation {
    compile(&Memory::new().with("spec.yaml", spec(service, platform)), "spec.yaml", &Options::default())
}

fn test_file(compiled: Compilation, name: &str) -> TestFile {
    compiled.configs.rule_tests.files().into_iter().find(|file| file.name == name).unwrap()
}

fn alerts(files: &[RuleFile]) -> Vec<&AlertingRule> {
    let rules = files.iter().flat_map(|file| &file.groups).flat_map(|group| &group.rules);
    rules.filter_map(|rule| if let Rule::Alerting(alert) = rule { Some(alert) } else { None }).collect()
}

fn alert<'c>(config: &'c Files, name: &str) -> &'c AlertingRule {
    alerts(&config.prometheus).into_iter().find(|alert| alert.alert == name).unwrap()
}

fn recorded(files: &[RuleFile], name: &str) -> Option<String> {
    let mut rules = files.iter().flat_map(|file| &file.groups).flat_map(|group| &group.rules);
    rules.find_map(|rule| match rule {
        Rule::Recording(rule) if rule.record == name => Some(rule.expr.to_string()),
        _ => None,
    })
}

fn tiers(files: &[RuleFile]) -> Vec<&str> {
    let tiers = alerts(files).into_iter().filter(|alert| alert.alert == "SLOBurnRate");
    tiers.filter_map(|alert| alert.labels.get("tier").map(String::as_str)).collect()
}

#[test]
fn a_threshold_is_an_alert_in_its_group() {
    let (config, codes) = rules(
        "    thresholds: {ErrorsHigh: {signal: errors, above: 5%, for: 2m, severity: critical, group: mine, labels: {area: web}}}",
        "",
    );
    assert_eq!(codes, Vec::<&str>::new());
    let file = config.prometheus.iter().find(|file| file.name == "mine").unwrap();
    assert_eq!(file.groups.len(), 1);
    let alert = alert(&config, "ErrorsHigh");
    assert_eq!(alert.hold.map(|hold| hold.to_string()).as_deref(), Some("2m"));
    let labels: Vec<(&str, &str)> =
        alert.labels.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect();
    assert_eq!(labels, [("severity", "critical"), ("service", "api"), ("team", "shop-team"), ("area", "web")]);
    assert_eq!(
        alert.annotations.get("summary").map(String::as_str),
        Some("Api: Errors is {{ $value | humanizePercentage }}, above 5%")
    );
}

#[test]
fn two_baselines_of_one_signal_share_one_recorded_series() {
    let compiled = compiled(
        concat!(
            "    thresholds:\n",
            "      Spike: {signal: traffic, above_baseline: {times: 2, over: 1d}, severity: warning}\n",
            "      Flood: {signal: traffic, above_baseline: {times: 3, over: 1d}, severity: warning, group: other}",
        ),
        "",
    );
    let signals = compiled.configs.rules.prometheus().into_iter().find(|file| file.name == "signals").unwrap();
    assert_eq!(signals.groups.iter().map(|group| group.rules.len()).sum::<usize>(), 1);
    let test = test_file(compiled, "other");
    assert_eq!(test.rule_files, ["../rules/signals.yml", "../rules/other.yml"]);
    assert_eq!(test.group_eval_order, ["signals", "other"]);
}

#[test]
fn bad_words_are_said_where_they_are() {
    let (config, codes) = rules(
        "    thresholds: {ErrorsHigh: {signal: errors, above: 5%, severity: critical, summary: '{{ nonsense }}'}}",
        "",
    );
    assert_eq!(codes, ["bad-template"]);
    // The alert itself is not lost.
    assert!(alert(&config, "ErrorsHigh").annotations.contains_key("summary"));
}

#[test]
fn titles_open_no_template() {
    let (config, _) = rules(
        "    title: '{{ query \"up\" }} {'\n    thresholds: {Deep: {signal: depth, above: 5, severity: warning}}",
        "",
    );
    assert_eq!(
        alert(&config, "Deep").annotations.get("summary").map(String::as_str),
        Some("{{ \"{{\" }} query \"up\" }} {: Depth of {{ $labels.queue }} is {{ $value | humanize }}, above 5")
    );
}

#[test]
fn an_slo_records_bad_and_all_apart_and_divides_last() {
    let (config, codes) = rules("    slos: {errors: 99.9%}", "");
    assert_eq!(codes, Vec::<&str>::new());
    let files = &config.prometheus;
    assert_eq!(
        recorded(files, "slo:bad:rate5m").as_deref(),
        Some(r#"sum(rate(reqs_total{job="api", code=~"5.."}[5m])) or 0 * sum(rate(reqs_total{job="api"}[5m]))"#)
    );
    let series = |name: &str| format!(r#"{name}{{slo="api-errors", service="api"}}"#);
    assert_eq!(
        recorded(files, "slo:error_ratio:rate1h").as_deref(),
        Some(
            r#"(sum(rate(reqs_total{job="api", code=~"5.."}[1h])) or vector(0)) / (sum(rate(reqs_total{job="api"}[1h])) > 0)"#
        )
    );
    // A month is read from what was recorded, and weighs events.
    assert_eq!(
        recorded(files, "slo:error_ratio:rate30d"),
        Some(format!(
            "sum_over_time({}[30d]) / (sum_over_time({}[30d]) > 0)",
            series("slo:bad:rate5m"),
            series("slo:total:rate5m")
        ))
    );
    assert_eq!(recorded(files, "slo:objective:ratio").as_deref(), Some("vector(0.999)"));
    assert_eq!(recorded(files, "slo:error_budget:ratio").as_deref(), Some("vector(0.001)"));
    assert_eq!(tiers(files), ["page-fast", "page-slow", "ticket-fast", "ticket-slow"]);
}

#[test]
fn what_outlives_local_retention_goes_to_the_ruler() {
    let long_term =
        "retention: {metrics: {local: 2d, long_term: {for: 90d, store: {s3: {bucket: b, region: us-east-1}}}}}";
    let (config, _) = rules("    slos: {errors: 99.9%}", long_term);
    assert_eq!(tiers(&config.prometheus), ["page-fast", "page-slow", "ticket-fast"]);
    assert_eq!(tiers(&config.thanos), ["ticket-slow"]);
    assert_eq!(recorded(&config.prometheus, "slo:error_ratio:rate30d"), None);
    let month = recorded(&config.thanos, "slo:error_ratio:rate30d").unwrap();
    // External labels must not become part of the SLO.
    assert!(month.starts_with("sum by (slo, service) (sum_over_time(slo:bad:rate5m{"), "{month}");
    // Without long-term storage there is nobody else to evaluate it.
    let (config, _) = rules("    slos: {errors: 99.9%}", "retention: {metrics: {local: 2d}}");
    assert!(config.thanos.is_empty());
    assert!(recorded(&config.prometheus, "slo:error_ratio:rate30d").is_some());
}

#[test]
fn a_tier_that_cannot_fire_is_not_written() {
    let (config, codes) = rules("    slos: {errors: 90%}", "");
    assert_eq!(codes, ["unreachable-burn-rate"]);
    assert_eq!(tiers(&config.prometheus), ["page-slow", "ticket-fast", "ticket-slow"]);
}

#[test]
fn little_traffic_is_guarded() {
    let (config, _) = rules("    slos: {errors: {objective: 99.9%, traffic: 10/h}}", "");
    let guarded: Vec<String> = alerts(&config.prometheus)
        .into_iter()
        .filter(|alert| alert.alert == "SLOBurnRate")
        .map(|alert| alert.expr.to_string().rsplit(" and on () ").next().unwrap_or("").to_owned())
        .collect();
    let series = |name: &str| format!(r#"{name}{{slo="api-errors", service="api"}}"#);
    assert_eq!(
        guarded.first().map(String::as_str),
        Some(
            r#"(sum(rate(reqs_total{job="api", code=~"5.."}[1h])) or 0 * sum(rate(reqs_total{job="api"}[1h]))) * 3600 > 2.5"#
        )
    );
    assert_eq!(guarded.get(2), Some(&format!("sum_over_time({}[1d]) * 60 > 2.5", series("slo:bad:rate5m"))));
}

#[test]
fn every_job_is_watched_and_the_watching_too() {
    let (config, _) = rules("    probe: /health", "");
    let found: Vec<(&str, Option<&str>)> = alerts(&config.prometheus)
        .into_iter()
        .map(|alert| (alert.alert.as_str(), alert.labels.get("job").map(String::as_str)))
        .collect();
    assert_eq!(
        found,
        [
            ("TargetDown", Some("api")),
            ("TargetVanished", Some("api")),
            ("TargetDown", Some("api-probe")),
            ("TargetVanished", Some("api-probe")),
            ("Watchdog", None)
        ]
    );
}

#[test]
fn rules_of_ones_own_are_read() {
    let stack = |rule: &str| {
        format!("stack: {{prometheus: {{rule_groups: [{{name: mine, interval: 30s, rules: [{rule}]}}]}}}}")
    };
    let (config, codes) = rules("", &stack("{record: 'job:up:sum', expr: 'sum by (job) (up)'}"));
    assert_eq!(codes, Vec::<&str>::new());
    assert_eq!(recorded(&config.prometheus, "job:up:sum").as_deref(), Some("sum by (job) (up)"));
    for (rule, code) in [
        ("{alert: A, expr: 'sum(up'}", "bad-promql"),
        ("{alert: A, record: b, expr: up}", "invalid-rule"),
        ("{record: b, expr: up, for: 5m}", "invalid-rule"),
        ("{record: 'b c', expr: up}", "invalid-rule"),
        ("{alert: A, expr: up, fro: 5m}", "unknown-key"),
    ] {
        assert_eq!(rules("", &stack(rule)).1, [code], "{rule}");
    }
}

#[test]
fn what_has_no_test_says_why() {
    let compiled = compiled(
        "    thresholds: {Any: {expr: 'hour() > 8', severity: warning}, Deep: {signal: depth, above: 5, severity: warning}}",
        "",
    );
    let file = test_file(compiled, "api_alerts");
    assert_eq!(file.untested, ["No test of Any: it depends on the time, and the clock of a test begins in 1970."]);
    assert!(file.tests.iter().any(|test| test.name.starts_with("Deep is quiet")));
}

#[test]
fn rules_of_one_file_name_share_the_file() {
    let (config, codes) = rules(
        concat!(
            "    slos: {errors: 99.9%}\n",
            "    thresholds: {Deep: {signal: depth, above: 5, severity: warning, group: slo-api-errors}}",
        ),
        "",
    );
    assert_eq!(codes, Vec::<&str>::new());
    let files: Vec<&RuleFile> = config.prometheus.iter().filter(|file| file.name == "slo-api-errors").collect();
    assert_eq!(files.len(), 1);
    assert_eq!(alert(&config, "Deep").alert, "Deep");
    assert_eq!(tiers(&config.prometheus).len(), 4);
}

#[test]
fn every_recorded_series_is_known_and_no_other() {
    let rules = compiled("    slos: {errors: 99.9%}", "").configs.rules;
    assert!(rules.records("slo:error_ratio:rate30d") && rules.records("slo:info"));
    assert!(!rules.records("slo:error_ratio:rate29d"));
}
