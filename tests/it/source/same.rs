//! One document in four formats is one tree.

use bellwether::source::{Format, Node, Value};

use super::{read, show};

const YAML: &str = r##"
bellwether: 1
platform: ims
channels:
  team-chat: {slack: {channel: "#ims-alerts"}}
services:
  backend-api:
    packs: [http]
    slos:
      availability: {objective: 99.9%, window: 30d}
    thresholds:
      High: {above: 0.5, for: 5m, critical: true}
    buckets: [0.1, 5, 1000, 99.90]
    note: |
      Zeile eins
      ümläute 😀
"##;

const TOML: &str = r##"
bellwether = 1
platform = "ims"
channels.team-chat.slack.channel = "#ims-alerts"
[services.backend-api]
packs = ["http"]
slos.availability = {objective = "99.9%", window = "30d"}
thresholds.High = {above = 0.5, for = "5m", critical = true}
buckets = [0.1, 5, 1e3, 99.9]
note = """
Zeile eins
ümläute 😀
"""
"##;

const JSON: &str = r##"{
  "bellwether": 1,
  "platform": "ims",
  "channels": {"team-chat": {"slack": {"channel": "#ims-alerts"}}},
  "services": {"backend-api": {
    "packs": ["http"],
    "slos": {"availability": {"objective": "99.9%", "window": "30d"}},
    "thresholds": {"High": {"above": 0.50, "for": "5m", "critical": true}},
    "buckets": [0.1, 5.0, 1E3, 99.9],
    "note": "Zeile eins\n\u00fcml\u00e4ute \ud83d\ude00\n"
  }}
}"##;

#[cfg(feature = "jsonnet")]
const JSONNET: &str = r##"
local window = '30d';
{
  bellwether: 1,
  platform: 'ims',
  channels: { 'team-chat': { slack: { channel: '#ims-alerts' } } },
  services: {
    'backend-api': {
      packs: ['http'],
      slos: { availability: { objective: 99.9 + '%', window: window } },
      thresholds: { High: { above: 1 / 2, 'for': '5m', critical: true } },
      buckets: [0.1, 5, 1000, 99.9],
      note: |||
        Zeile eins
        ümläute 😀
      |||,
    },
  },
}
"##;

fn same(left: &Node, right: &Node) -> bool {
    match (&left.value, &right.value) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => left == right && left.to_string() == right.to_string(),
        (Value::Text(left), Value::Text(right)) => left.value == right.value,
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Map(left), Value::Map(right)) => {
            left.entries.len() == right.entries.len()
                && left
                    .entries
                    .iter()
                    .zip(&right.entries)
                    .all(|(left, right)| left.key.text == right.key.text && same(&left.value, &right.value))
        }
        _ => false,
    }
}

#[test]
fn yaml_toml_and_json_agree() {
    let yaml = read(Format::Yaml, YAML);
    assert!(yaml.diagnostics.is_empty(), "{:?}", yaml.complaints());
    assert!(yaml.shown().contains("note: \"Zeile eins\\nümläute 😀\\n\""), "{}", yaml.shown());
    for (format, text) in [(Format::Toml, TOML), (Format::Json, JSON)] {
        let other = read(format, text);
        assert!(other.diagnostics.is_empty(), "{:?}", other.complaints());
        assert!(same(&yaml.node, &other.node), "{}:\n{}\n{}", format.name(), yaml.shown(), other.shown());
    }
}

#[cfg(feature = "jsonnet")]
#[test]
fn jsonnet_agrees() {
    let yaml = read(Format::Yaml, YAML);
    let (evaluated, _, diagnostics) = super::jsonnet::evaluated(JSONNET, super::jsonnet::files(&[]));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert!(same(&yaml.node, &evaluated), "{}\n{}", yaml.shown(), show(&evaluated));
}

#[test]
fn a_different_document_differs() {
    let yaml = read(Format::Yaml, "a: '5'\nb: 1\n");
    for other in ["{\"a\": 5, \"b\": 1}", "{\"b\": 1, \"a\": \"5\"}", "{\"a\": \"5\"}"] {
        let other = read(Format::Json, other);
        assert!(!same(&yaml.node, &other.node), "{} {}", show(&yaml.node), other.shown());
    }
}
