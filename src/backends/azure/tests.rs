//! From a spec to alert rules, the whole way.

use super::terraform::{Receiver, Stack};
use crate::{Compilation, Memory, Options, compile};

const SHOP: &str = r#"
bellwether: 1
platform: shop
owner: {team: shop}
intervals: {evaluate: 30s}
retention: {logs: {/shop/app: 7d, /shop/audit: 400d}}
channels:
  pages-of-the-platform: {pagerduty: {routing_key: {env: PAGER}}}
  mails: {email: {to: a@example.com, from: c@example.com, smarthost: "d:25"}}
severities:
  critical: {notify: [pages-of-the-platform]}
  warning: {notify: [mails]}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Fails: {signal: error_ratio, above: 5%, for: 5m, severity: critical}
      Busy: {signal: request_rate, above_baseline: {times: 2, over: 1d}, severity: warning}
  db:
    signals:
      cpu: {unit: ratio, azure: {namespace: A/b, metric: cpu, resource: {env: SERVER}, dimensions: {Shard: "0"}}}
    thresholds:
      CpuHigh: {signal: cpu, above: 80%, over: 15m, severity: critical}
stack: {azure: {resource_group: {env: GROUP}, location: westeurope, prometheus_workspace: /subscriptions/a/w}}
"#;

fn compiled(text: &str) -> Compilation {
    compile(&Memory::new().with("shop.yaml", text), "shop.yaml", &Options::default())
}

fn stack(text: &str) -> Stack {
    let compilation = compiled(text);
    assert!(compilation.diagnostics.is_empty(), "{:#?}", compilation.diagnostics);
    compilation.configs.azure.stack.unwrap()
}

#[test]
fn metrics_of_its_own_are_metric_alerts_and_others_prometheus_rules() {
    let stack = stack(SHOP);
    let [alert] = stack.alerts.as_slice() else { panic!("{:#?}", stack.alerts) };
    assert_eq!((alert.threshold.to_string().as_str(), alert.operator, alert.severity), ("80", "GreaterThan", 0));
    assert_eq!(alert.window.to_string(), "15m");
    let [group] = stack.rules.as_slice() else { panic!("{:#?}", stack.rules) };
    let rules: Vec<(&str, u64)> = group.rules.iter().map(|rule| (rule.alert.as_str(), rule.severity)).collect();
    assert_eq!(rules, [("Fails", 0), ("Busy", 2)]);
    // Azure evaluates once a minute at most.
    assert_eq!(group.interval.to_string(), "1m");
}

#[test]
fn groups_have_short_names_and_hear_of_what_is_theirs() {
    let stack = stack(SHOP);
    let [pages, mails] = stack.groups.as_slice() else { panic!("{:#?}", stack.groups) };
    assert!(pages.short_name.len() <= 12 && matches!(pages.receiver, Receiver::Pagerduty(_)), "{pages:?}");
    assert_eq!(mails.receiver, Receiver::Email(vec!["a@example.com".to_owned()]));
    assert_eq!(stack.alerts[0].groups, std::slice::from_ref(&pages.label));
    // The longest retention holds for the one workspace.
    assert_eq!(stack.workspace.unwrap().days, 400);
    let artifacts = compiled(SHOP).artifacts().unwrap();
    let groups = artifacts.get("terraform/azure/action_groups.tf").unwrap();
    assert!(groups.contains("https://events.pagerduty.com/integration/${var.pager}/enqueue"), "{groups}");
}

#[test]
fn more_rules_than_a_group_holds_make_another() {
    let many: String =
        (0..25).map(|n| format!("      Fails{n}: {{signal: error_ratio, above: 5%, severity: critical}}\n")).collect();
    let spec = SHOP.replace("      Busy:", &format!("{many}      Busy:"));
    let sizes: Vec<usize> = stack(&spec).rules.iter().map(|group| group.rules.len()).collect();
    assert_eq!(sizes, [20, 7]);
}

#[test]
fn a_window_that_azure_lacks_is_said() {
    let spec = SHOP.replace("over: 15m, severity", "over: 5m, for: 10m, severity");
    let compilation = compiled(&spec);
    let said: Vec<&str> = compilation.diagnostics.iter().map(|one| one.code.name).collect();
    assert_eq!(said, ["approximate-in-cloud"]);
    assert_eq!(compilation.configs.azure.stack.unwrap().alerts[0].window.to_string(), "15m");
}
