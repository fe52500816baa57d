//! Contracts of small platforms.

use super::*;
use crate::compile::{Memory, Options, compile};

const SPEC: &str = r#"
bellwether: 1
platform: shop
channels: {chat: {webhook: {url: "https://chat.example.com"}}}
severities: {warning: {notify: [chat]}}
services:
  web-api:
    title: "API\nimport os"
    packs: [http, process]
    scrape: {port: 8000}
    application: {language: LANGUAGE}
    metrics:
      http_request_duration_seconds: {type: histogram, unit: seconds, labels: [endpoint], buckets: [0.1, 0.5, 1]}
      waiting: {type: gauge, help: "It's \"what\" waits"}
    signals:
      waiting: {gauge: 'waiting{queue="mail"}', per: [shard]}
    slos:
      errors: {signal: error_ratio, objective: 99%, window: 7d}
    thresholds:
      Waiting: {signal: waiting, above: 5, for: 5m, severity: warning}
"#;

fn contract(language: &str) -> Artifacts {
    let spec = SPEC.replace("LANGUAGE", language);
    let compiled = compile(&Memory::new().with("spec.yaml", spec), "spec.yaml", &Options::default());
    let said: Vec<&str> = compiled.diagnostics.iter().map(|said| said.message.as_str()).collect();
    compiled.artifacts().unwrap_or_else(|| panic!("{said:?}"))
}

#[test]
fn the_page_says_who_needs_what() {
    let artifacts = contract("go");
    let page = artifacts.get("contract/README.md").unwrap();
    for row in [
        "| `http_requests_total` | counter | count | `method` `endpoint` `status` |  | Requests answered | objective web-api-errors, dashboard",
        "| `http_request_duration_seconds` | histogram | seconds | `endpoint` | `0.1` `0.5` `1` |",
        "| `waiting` | gauge |  | `queue` `shard` |  | It's \"what\" waits | alert Waiting, dashboard",
        "asked at `http://web-api:8000/metrics`",
    ] {
        assert!(page.contains(row), "{row}\n{page}");
    }
    // What the library exports by itself nobody has to promise; other languages have no module.
    assert!(!page.contains("process_") && artifacts.get("contract/web_api.py").is_none(), "{page}");
}

#[test]
fn a_python_module_declares_every_metric() {
    let artifacts = contract("python");
    let module = artifacts.get("contract/web_api.py").unwrap();
    let expected = "        self.http_request_duration_seconds = Histogram(\n            \"http_request_duration_seconds\",\n            \
        \"http request duration seconds\",\n            [\"endpoint\"],\n            buckets=[0.1, 0.5, 1],\n            registry=registry,\n        )\n";
    assert!(module.contains(expected), "{module}");
    assert!(module.contains("\"It's \\\"what\\\" waits\",\n            [\"queue\", \"shard\"]"), "{module}");
    assert!(module.contains("# Metrics of API import os, as"), "{module}");
}

#[test]
fn a_module_for_node_declares_the_same() {
    let artifacts = contract("node");
    let module = artifacts.get("contract/web-api.js").unwrap();
    assert!(module.contains("help: 'It\\'s \"what\" waits',\n      labelNames: ['queue', 'shard'],"), "{module}");
    assert!(module.contains("buckets: [0.1, 0.5, 1],"), "{module}");
    assert!(module.contains("// Metrics of API import os, as"), "{module}");
}
