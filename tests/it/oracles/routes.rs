//! What the platform promises about who is told, asked of the real amtool over the generated tree.

use super::prometheus::routes_to;
use crate::support::{files_with, root, scratch::Scratch, tools};
use bellwether::backends::alertmanager::{resolve_route, route_cases};
use bellwether::{Memory, Options, compile};

/// A spec whose exceptions overlap, escalate, silence, and speak of values that need escaping.
const EXCEPTIONS: &str = r#"
bellwether: 1
platform: shop
channels:
  oncall: {webhook: {url: "http://bridge:8080/oncall"}}
  chat: {webhook: {url: "http://bridge:8080/chat"}}
  managers: {webhook: {url: "http://bridge:8080/managers"}}
severities:
  critical: {notify: [chat, oncall], repeat: 1h, escalate: {after: 30m, notify: [managers]}}
  warning: {notify: [chat]}
  info: {notify: []}
times: {night: {weekdays: "monday:friday", hours: ["00:00-06:00", "22:00-24:00"], zone: Europe/Berlin}}
routes:
  - {service: web, severity: critical, notify: [chat], repeat: 2h}
  - {service: [api, web], severity: [critical, warning], labels: {tenant: 'a"b\c.*'}, mute_during: night}
  - {labels: {silent: "yes"}, notify: []}
  - {service: db, notify: [managers], active_during: night}
services:
  api: {scrape: {port: 8000}}
  db: {scrape: {port: 9187}}
  web: {scrape: {port: 8001}}
stack: {alertmanager: {heartbeat: {env: HEARTBEAT_URL}}}
"#;

/// The simulation, the promise and amtool agree on every case of a spec.
fn assert_promises_kept(name: &str, text: &[u8]) {
    let world = Memory::new().with(name, text);
    let compiled = compile(&world, name, &Options::default());
    let said: Vec<&str> = compiled.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    let artifacts = compiled.artifacts().unwrap_or_else(|| panic!("{name}: {said:?}"));
    let folder = Scratch::new("routes");
    for (path, text) in artifacts.iter().filter(|(path, _)| path.starts_with("alertmanager/")) {
        folder.write(path, text);
    }
    let cases = compiled.model.as_deref().map(route_cases).unwrap_or_default();
    assert!(cases.len() > 2, "{name}: no cases");
    for case in cases {
        assert_eq!(resolve_route(&compiled.configs.alertmanager, &case.labels), case.receivers, "{:?}", case.labels);
        let labels: Vec<(&str, &str)> =
            case.labels.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect();
        let receivers: Vec<&str> = case.receivers.iter().map(String::as_str).collect();
        assert_eq!(routes_to(folder.path(), &labels, &receivers), Ok(()), "{:?}", case.labels);
    }
}

#[test]
fn amtool_finds_who_was_promised_to_hear() {
    if !tools::have("amtool") {
        return;
    }
    assert_promises_kept("exceptions.yaml", EXCEPTIONS.as_bytes());
    for spec in files_with(&root().join("specs"), &["yaml"]) {
        assert_promises_kept(&spec.display().to_string(), &std::fs::read(&spec).unwrap());
    }
}
