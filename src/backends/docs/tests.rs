//! Pages of small platforms.

use super::*;
use crate::compile::{Memory, Options, compile};

const SPEC: &str = r##"
bellwether: 1
platform: shop
title: "The <Shop> | *all*"
owner: {team: shop}
docs: https://git.example.com/shop/generated
channels:
  oncall: {pagerduty: {routing_key: {env: KEY}}}
  chat: {slack: {channel: "#shop", api_url: {env: SLACK_API_URL}}}
  managers: {webhook: {url: "https://hooks.example.com"}}
severities:
  critical: {notify: [oncall, chat], repeat: 1h, escalate: {after: 30m, notify: [managers]}}
  warning: {notify: [chat], urgency: ticket}
services:
  api:
    title: API
    packs: [http]
    scrape: {port: 8000}
    metrics:
      http_request_duration_seconds: {type: histogram, unit: seconds, labels: [endpoint], buckets: [0.1, 0.5, 1]}
    slos:
      errors: {signal: error_ratio, objective: 99.9%, window: 30d, runbook: "1. **Roll back** the <b>last</b> release."}
    thresholds:
      Slow:
        signal: latency
        quantile: p95
        above: 1s
        for: 5m
        severity: critical
        runbook: |
          Ask the database team about `{{ alert }}`.

          | x | y |
  web:
    packs: [http]
    scrape: {port: 3000}
    thresholds:
      Slow: {signal: latency, above: 2s, for: 5m, severity: warning, runbook: "https://wiki.example.com/{{ alert }}"}
retention:
  metrics: {local: 30d}
stack: {grafana: {url: "https://grafana.example.com"}}
"##;

fn pages() -> Artifacts {
    let options = Options { backends: crate::backends::Selection::all(), ..Options::default() };
    let compiled = compile(&Memory::new().with("spec.yaml", SPEC), "spec.yaml", &options);
    let said: Vec<&str> = compiled.diagnostics.iter().map(|said| said.message.as_str()).collect();
    compiled.artifacts().unwrap_or_else(|| panic!("{said:?}"))
}

#[test]
fn every_alert_of_the_rules_has_a_page_and_links_to_it() {
    let artifacts = pages();
    let mut alerts = 0;
    for (path, text) in artifacts.iter().filter(|(path, _)| path.starts_with("prometheus/rules/")) {
        let file: serde_json::Value = yaml_serde::from_str(text).unwrap();
        for rule in file["groups"].as_array().unwrap().iter().flat_map(|group| group["rules"].as_array().unwrap()) {
            let Some(alert) = rule["alert"].as_str() else { continue };
            let page = artifacts.get(&runbook_page(alert)).unwrap_or_else(|| panic!("{path}: no page of {alert}"));
            let query: String = rule["expr"].as_str().unwrap().trim_end().to_owned();
            assert!(page.contains(&query), "{alert} does not show\n{query}\n{page}");
            if rule["labels"]["severity"] != "none" && rule["labels"]["service"] != "web" {
                let address = format!("https://git.example.com/shop/generated/runbooks/{alert}.md");
                assert_eq!(rule["annotations"]["runbook_url"], address.as_str(), "{alert}");
            }
            alerts += 1;
        }
    }
    assert!(alerts > 6, "{alerts}");
}

#[test]
fn a_page_says_who_is_told_and_what_people_wrote() {
    let artifacts = pages();
    let slow = artifacts.get("runbooks/Slow.md").unwrap();
    for words in [
        "## API",
        "## Web",
        "Response time (p95) of API is above 1s for 5m",
        "oncall (PagerDuty), chat (Slack \\#shop), after",
        "After 30m managers (a webhook) will be told as well",
        "Ask the database team about `Slow`.\n\n| x | y |",
        "https://grafana.example.com/d/",
        "http\\_request\\_duration\\_seconds",
    ] {
        let plain = words.replace("http\\_request\\_duration\\_seconds", "http_request_duration_seconds");
        assert!(slow.contains(&plain), "{plain}\n{slow}");
    }
    let burn = artifacts.get("runbooks/SLOBurnRate.md").unwrap();
    assert!(burn.contains("1. **Roll back** the &lt;b>last&lt;/b> release."), "{burn}");
    assert!(burn.contains("| `api-errors` | 99.9% in 30d | `page-fast` |"), "{burn}");
}

#[test]
fn both_forms_of_the_overview_say_the_same() {
    let artifacts = pages();
    let (readme, index) = (artifacts.get(README).unwrap(), artifacts.get(INDEX).unwrap());
    assert!(readme.contains("# The \\<Shop\\> \\| \\*all\\*\n"), "{readme}");
    assert!(index.contains("<h1>The &lt;Shop&gt; | *all*</h1>"), "{index}");
    for words in ["runbooks/Slow.md", "43m12s", "managers (a webhook) after 30m"] {
        assert!(readme.contains(words) && index.contains(words), "{words}\n{readme}");
    }
}

#[test]
fn sizes_follow_from_series_and_intervals() {
    let artifacts = pages();
    let costs = artifacts.get(COSTS).unwrap();
    // Requests: 4 methods, 20 endpoints, 6 statuses. Durations: 20 endpoints, 3 buckets and 3 more. Sizes: 2 times 14.
    // Prometheus adds 5 to the target.
    assert!(costs.contains("| `api` | 1 | 633 | 15s | 42.2 |"), "{costs}");
    assert!(!costs.contains("CloudWatch"), "{costs}");
}

#[test]
fn a_platform_without_services_has_no_pages() {
    let spec = "bellwether: 1\nplatform: shop\n";
    let compiled = compile(&Memory::new().with("spec.yaml", spec), "spec.yaml", &Options::default());
    assert!(compiled.artifacts().unwrap().get(README).is_none());
}
