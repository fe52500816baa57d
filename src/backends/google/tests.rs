//! From a spec to alerting policies, the whole way.

use super::terraform::{Condition, Delivery, Stack};
use crate::diagnostics::Severity;
use crate::{Compilation, Memory, Options, compile};

const SHOP: &str = r##"
bellwether: 1
platform: shop
environment: staging
owner: {team: ShopTeam}
retention: {logs: {/shop/app: 90d}}
channels:
  pages: {pagerduty: {routing_key: {file: /etc/key}}}
  mails: {email: {to: [a@example.com, b@example.com], from: c@example.com, smarthost: "d:25"}}
  hook: {webhook: {secret_url: {env: HOOK}}}
  chat: {slack: {channel: "#shop", api_url: {env: SLACK}}}
severities:
  critical: {notify: [pages, chat], repeat: 1h}
  warning: {notify: [mails, hook], repeat: 10m}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Busy: {signal: request_rate, above_baseline: {times: 2, over: 1d}, for: 5m, severity: warning}
  db:
    signals:
      cpu: {unit: ratio, google: {metric: a/b, resource: c, labels: {database_id: "sh\"op ${x}"}, metric_labels: {kind: {env: KIND}}, unit: percent}}
      seen: {unit: count, google: {metric: a/c, resource: c, align: delta, unit: count}}
    thresholds:
      CpuHigh: {signal: cpu, above: 80%, over: 5m, for: 10m, severity: critical}
      Unseen: {signal: seen, absent: 1m, severity: warning}
stack: {google_cloud: {project: shop-1, managed_prometheus: true, labels: {cost: Shop}}}
"##;

fn compiled(text: &str) -> Compilation {
    compile(&Memory::new().with("shop.yaml", text), "shop.yaml", &Options::default())
}

fn stack(text: &str) -> Stack {
    let compilation = compiled(text);
    assert!(compilation.diagnostics.is_empty(), "{:#?}", compilation.diagnostics);
    compilation.configs.google.stack.unwrap()
}

#[test]
fn each_alert_is_asked_where_it_can_be() {
    let stack = stack(SHOP);
    let conditions: Vec<(&str, &Condition)> =
        stack.policies.iter().map(|policy| (policy.label.as_str(), &policy.condition)).collect();
    let [("busy", busy), ("cpu_high", cpu), ("unseen", unseen)] = conditions.as_slice() else {
        panic!("{conditions:#?}")
    };
    let Condition::Promql { query, duration: 300, interval: 60 } = busy else { panic!("{busy:?}") };
    let query = query.to_string();
    assert!(query.contains("> 2 * avg_over_time(") && query.contains("[1d:5m]"), "{query}");
    assert!(!query.contains("service:request_rate"), "nothing records it there: {query}");
    let Condition::Threshold { comparison: "COMPARISON_GT", value, duration: 600, series } = cpu else {
        panic!("{cpu:?}")
    };
    assert_eq!((value.to_string().as_str(), series.period, series.aligner.as_str()), ("80", 300, "ALIGN_MEAN"));
    // One minute is less than Cloud Monitoring can wait for.
    let Condition::Absent { duration: 120, series } = unseen else { panic!("{unseen:?}") };
    assert_eq!(series.aligner, "ALIGN_DELTA");
}

#[test]
fn channels_are_those_that_google_can_deliver_to() {
    let stack = stack(SHOP);
    let kinds: Vec<&str> = stack
        .channels
        .iter()
        .map(|channel| match &channel.delivery {
            Delivery::Email { address } => address.as_str(),
            Delivery::Pagerduty { .. } => "pagerduty",
            Delivery::Webhook { .. } => "webhook",
        })
        .collect();
    assert_eq!(kinds, ["pagerduty", "a@example.com", "b@example.com", "webhook"]);
    let [busy, cpu, _] = stack.policies.as_slice() else { panic!("{:#?}", stack.policies) };
    assert_eq!((busy.channels.join(" ").as_str(), busy.renotify), ("mails mails_2 hook", None));
    assert_eq!((cpu.channels.join(" ").as_str(), cpu.renotify, cpu.severity), ("pages", Some(3600), Some("CRITICAL")));
    assert!(cpu.labels.contains(&("team".to_owned(), "shopteam".to_owned())), "{:?}", cpu.labels);
}

#[test]
fn text_is_escaped_for_filters_and_for_terraform_and_no_secret_is_written() {
    let artifacts = compiled(SHOP).artifacts().unwrap();
    let policies = artifacts.get("terraform/google/policies.tf").unwrap();
    let expected = r#"resource.labels.database_id = \"sh\\\"op $${x}\" AND metric.labels.kind = \"${var.kind}\""#;
    assert!(policies.contains(expected), "{policies}");
    let channels = artifacts.get("terraform/google/channels.tf").unwrap();
    assert!(channels.contains("service_key = trimspace(file(\"/etc/key\"))"), "{channels}");
    assert!(channels.contains("url = var.hook"), "{channels}");
    let variables = artifacts.get("terraform/google/variables.tf").unwrap();
    assert!(variables.contains("variable \"hook\"") && variables.contains("sensitive   = true"), "{variables}");
    let logs = artifacts.get("terraform/google/logs.tf").unwrap();
    assert!(logs.contains("retention_days = 90") && logs.contains(r#"log_id(\"shop/app\")"#), "{logs}");
}

#[test]
fn what_is_outside_is_said_once_and_nobody_told_is_said_each_time() {
    let spec = SHOP.replace(", managed_prometheus: true", "").replace("notify: [pages, chat]", "notify: [chat]");
    let said: Vec<(&str, Severity)> =
        compiled(&spec).diagnostics.iter().map(|one| (one.code.name, one.severity)).collect();
    assert_eq!(said, [("nobody-told-in-cloud", Severity::Warning), ("outside-cloud", Severity::Info)]);
}
