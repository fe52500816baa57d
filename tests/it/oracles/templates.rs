//! Services from one template, on promtool: alerts share their names, and each is tested by itself.

use crate::goldens::compiled;
use crate::support::{files_with, scratch::Scratch, tools};
use bellwether::artifacts::Artifacts;
use bellwether::{Memory, Options, compile};

/// Alerts of one name in one rule group, of which one fires as soon as a service is silent.
const ONE_GROUP: &str = "
bellwether: 1
platform: shop
intervals: {scrape: 15s, evaluate: 30s}
channels: {chat: {webhook: {url: https://chat.example.com}}}
severities: {critical: {notify: [chat]}, warning: {notify: [chat]}}
templates:
  one:
    packs: [http]
    thresholds:
      Silent: {signal: request_rate, absent: 5m, severity: warning, group: all_alerts}
      Errors: {signal: error_ratio, above: 5%, for: 5m, severity: warning, group: all_alerts}
      ManyErrors: {signal: error_ratio, above: 10%, for: 5m, severity: critical, group: all_alerts}
services:
  a: {like: one, scrape: {port: 1001}}
  b: {like: one, scrape: {port: 1002}}
  c: {like: one, scrape: {port: 1003}, thresholds: {Errors: {above: 20%}}}
";

fn tested(artifacts: &Artifacts, tests: &[&str]) {
    let folder = Scratch::new("templates");
    for (path, text) in artifacts.iter() {
        folder.write(path, text);
    }
    let rules = files_with(&folder.join("prometheus/rules"), &["yml"]);
    for tool in tools::versions("promtool") {
        let checked = tools::run(tool.command().args(["check", "rules", "--lint=all", "--lint-fatal"]).args(&rules));
        assert_eq!(checked.err(), None);
        let tests = tests.iter().map(|name| folder.join(format!("prometheus/tests/{name}.yml")));
        assert_eq!(tools::run(tool.command().args(["test", "rules"]).args(tests)).err(), None);
    }
}

#[test]
fn alerts_of_one_name_are_told_apart_by_their_service() {
    let (_, market) = compiled("examples/microservices/bellwether.yaml", None);
    tested(&market, &["order_alerts", "payment_alerts", "notification_alerts", "slo-payment-latency-p95", "meta"]);
    let compilation = compile(&Memory::new().with("spec.yaml", ONE_GROUP), "spec.yaml", &Options::default());
    let artifacts = compilation.artifacts().unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics));
    let tests = artifacts.get("prometheus/tests/all_alerts.yml").unwrap();
    for service in ["a", "b", "c"] {
        assert!(tests.contains(&format!("Silent of {service} fires")), "{tests}");
    }
    tested(&artifacts, &["all_alerts"]);
}
