//! Every YAML and JSON file is one that a second reader reads.

use super::judge;
use crate::support::files_with;
use serde::Deserialize;
use std::path::Path;

#[test]
fn every_file_parses() {
    judge(
        &[],
        parses,
        &[
            ("blackbox/blackbox.yml", "timeout: 5s", "timeout: 5s\n    timeout: 6s", "duplicate"),
            ("alertmanager/alertmanager.yml", "receiver: team", "receiver: te: am", "alertmanager.yml"),
            ("grafana/dashboards/api.json", "\"uid\"", "uid", "api.json"),
        ],
    );
}

fn parses(platform: &Path) -> Result<(), String> {
    let mut refused = Vec::new();
    for file in files_with(platform, &["yml", "yaml"]) {
        let text = std::fs::read_to_string(&file).unwrap();
        for document in yaml_serde::Deserializer::from_str(&text) {
            if let Err(error) = yaml_serde::Value::deserialize(document) {
                refused.push(format!("{}: {error}", file.display()));
                // After an error the reader gives the same one for ever.
                break;
            }
        }
    }
    for file in files_with(platform, &["json"]) {
        if let Err(error) = serde_json::from_str::<serde_json::Value>(&std::fs::read_to_string(&file).unwrap()) {
            refused.push(format!("{}: {error}", file.display()));
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(refused.join("\n")) }
}
