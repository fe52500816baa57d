//! Grafana's own JSON Schemas over every dashboard: the dashboard, then what it leaves open, which is
//! each panel's options, field settings and queries by the plugin that reads them.

use super::judge;
use crate::support::{files_with, root};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn grafana_accepts_the_dashboards() {
    let file = "grafana/dashboards/api.json";
    judge(
        &[],
        dashboards,
        &[
            (file, "\"refresh\"", "\"refersh\"", "refersh"),
            (file, "\"showLegend\"", "\"showLegnd\"", "showLegnd"),
            (file, "\"drawStyle\": \"line\"", "\"drawStyle\": \"lines\"", "drawStyle"),
            (file, "\"legendFormat\"", "\"legendFromat\"", "legendFromat"),
            (file, "\"graphMode\": \"none\"", "\"graphMode\": \"all\"", "graphMode"),
            (file, "\"mode\": \"absolute\"", "\"mode\": \"exact\"", "mode"),
            (file, "\"value\": 80", "\"value\": \"80\"", "steps/1/value"),
            (file, "\"type\": \"timeseries\"", "\"type\": \"graph\"", "no schema for panel type"),
            (
                file,
                "Up\",\n          \"datasource\": {\"type\": \"p",
                "Up\",\n          \"datasource\": {\"type\": \"q",
                "no schema",
            ),
            (file, "\"id\": 2", "\"id\": 1", "id 1 is used twice"),
            (file, "\"w\": 12, \"x\": 0, \"y\": 0", "\"w\": 20, \"x\": 12, \"y\": 0", "24 columns"),
            (file, "\"now-1h\"", "1", "from"),
        ],
    );
}

fn dashboards(platform: &Path) -> Result<(), String> {
    let mut schemas = Schemas::load();
    let mut problems = Vec::new();
    let mut uids: BTreeMap<String, String> = BTreeMap::new();
    for file in files_with(&platform.join("grafana/dashboards"), &["json"]) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let dashboard: Value = match serde_json::from_str(&std::fs::read_to_string(&file).unwrap()) {
            Ok(dashboard) => dashboard,
            Err(error) => {
                problems.push(format!("{name}: {error}"));
                continue;
            }
        };
        problems
            .extend(check_dashboard(&mut schemas, &dashboard).into_iter().map(|problem| format!("{name}: {problem}")));
        match dashboard["uid"].as_str() {
            Some(uid) if !uid.is_empty() && uid.len() <= 40 => {
                if let Some(other) = uids.insert(uid.to_owned(), name.clone()) {
                    problems.push(format!("{name}: {other} has the same uid {uid:?}"));
                }
            }
            other => problems.push(format!("{name}: uid {other:?}, wanted 1 to 40 characters")),
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

fn check_dashboard(schemas: &mut Schemas, dashboard: &Value) -> Vec<String> {
    let mut problems = schemas.check("dashboard", &["Dashboard"], &without_panels(dashboard), "");
    let mut identifiers = Vec::new();
    let mut panels: Vec<(String, &Value)> = children(dashboard, "/panels");
    while let Some((place, panel)) = panels.pop() {
        panels.extend(children(panel, &format!("{place}/panels")));
        match panel["id"].as_u64() {
            Some(id) if identifiers.contains(&id) => problems.push(format!("{place}: id {id} is used twice")),
            Some(id) => identifiers.push(id),
            None => problems.push(format!("{place}: no id")),
        }
        let grid = &panel["gridPos"];
        if grid["x"].as_u64().unwrap_or(0) + grid["w"].as_u64().unwrap_or(99) > 24 {
            problems.push(format!("{place}: {grid} is outside the 24 columns"));
        }
        if panel["type"] == "row" {
            problems.extend(schemas.check("dashboard", &["RowPanel"], &without_panels(panel), &place));
        } else {
            problems.extend(schemas.check("dashboard", &["Panel"], panel, &place));
            problems.extend(check_panel(schemas, panel, &place));
        }
    }
    problems
}

fn check_panel(schemas: &mut Schemas, panel: &Value, place: &str) -> Vec<String> {
    // The schemas are called by the plugins' names without their hyphens.
    let kind = panel["type"].as_str().unwrap_or_default().replace('-', "");
    let kind = kind.as_str();
    if !schemas.has(kind, "Options") {
        return vec![format!("{place}: no schema for panel type {kind:?}")];
    }
    let options = panel.get("options").cloned().unwrap_or_else(|| json!({}));
    let mut problems = schemas.check(kind, &["Options"], &options, &format!("{place}/options"));
    if let Some(custom) = panel.pointer("/fieldConfig/defaults/custom") {
        if schemas.has(kind, "FieldConfig") {
            problems.extend(schemas.check(kind, &["FieldConfig"], custom, &format!("{place}/custom")));
        } else {
            problems.push(format!("{place}: panel type {kind:?} has no field settings of its own"));
        }
    }
    for (position, target) in panel["targets"].as_array().into_iter().flatten().enumerate() {
        let place = format!("{place}/targets/{position}");
        let source = [target, panel].iter().find_map(|owner| owner["datasource"]["type"].as_str()).unwrap_or_default();
        let query: &[&str] = match source {
            "prometheus" => &["Dataquery"],
            "loki" => &["dataquery"],
            "elasticsearch" => &["dataquery"],
            "cloudwatch" => &["MetricsQuery", "LogsQuery"],
            other => {
                problems.push(format!("{place}: no schema for queries of data source {other:?}"));
                continue;
            }
        };
        problems.extend(schemas.check(source, query, target, &place));
    }
    problems
}

/// The owner of panels without them: each is checked on its own, which says what is wrong in it.
fn without_panels(owner: &Value) -> Value {
    let mut owner = owner.clone();
    if let Some(panels) = owner.get_mut("panels").and_then(Value::as_array_mut) {
        panels.clear();
    }
    owner
}

fn children<'a>(owner: &'a Value, place: &str) -> Vec<(String, &'a Value)> {
    let panels = owner["panels"].as_array().into_iter().flatten().enumerate();
    panels.map(|(position, panel)| (format!("{place}/{position}"), panel)).collect()
}

/// The schemas by plugin, and the validators that were needed so far.
struct Schemas {
    definitions: Value,
    validators: BTreeMap<(String, String), Validator>,
}

impl Schemas {
    fn load() -> Self {
        let text = std::fs::read_to_string(root().join("tests/oracles/grafana/schemas.json")).unwrap();
        Self { definitions: serde_json::from_str(&text).unwrap(), validators: BTreeMap::new() }
    }

    fn has(&self, plugin: &str, definition: &str) -> bool {
        self.definitions[plugin].get(definition).is_some()
    }

    /// The problems of the value under the definition of a plugin that fits it best.
    fn check(&mut self, plugin: &str, definitions: &[&str], value: &Value, place: &str) -> Vec<String> {
        let problems = definitions.iter().map(|definition| {
            let validator = self.validators.entry((plugin.to_owned(), (*definition).to_owned())).or_insert_with(|| {
                let schema = json!({
                    "$schema": "http://json-schema.org/draft-07/schema#",
                    "$ref": format!("#/definitions/{definition}"),
                    "definitions": self.definitions[plugin],
                });
                jsonschema::draft7::new(&schema).unwrap()
            });
            let said = |error: jsonschema::ValidationError<'_>| format!("{place}{}: {error}", error.instance_path());
            validator.iter_errors(value).map(said).collect::<Vec<_>>()
        });
        problems.min_by_key(Vec::len).unwrap_or_default()
    }
}
