//! The piece of a generated file that a row names: a job, a rule, a panel, an alarm, a service, an object.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::Row;

/// A value's keys and scalars in order, as words with one space between.
fn words(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let entries = map.iter().map(|(key, value)| format!("{key}: {}", words(value)));
            entries.collect::<Vec<_>>().join(" ")
        }
        Value::Array(items) => items.iter().map(|item| format!("- {}", words(item))).collect::<Vec<_>>().join(" "),
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// Whether one of these keys holds this text.
pub(super) fn named(value: &Value, keys: &[&str], name: &str) -> bool {
    keys.iter().any(|key| value.get(key).and_then(Value::as_str) == Some(name))
}

/// A rule by its name, or by its name and the objective or service it belongs to; with its group.
fn rule(file: &Value, piece: &str) -> Option<String> {
    let (name, slo) = piece.split_once(' ').map_or((piece, None), |(name, slo)| (name, Some(slo)));
    let groups = items(file, "groups");
    let mut rules = groups.flat_map(|group| items(group, "rules").map(move |rule| (group, rule)));
    let (group, rule) = rules.find(|(_, rule)| {
        named(rule, &["alert", "record"], name)
            && slo.is_none_or(|slo| named(&rule["labels"], &["slo", "service"], slo))
    })?;
    Some(format!("group: {} {}", words(&group["name"]), words(rule)))
}

/// A scrape job, with the interval that it takes from the platform.
fn job(file: &Value, piece: &str) -> Option<String> {
    let job = items(file, "scrape_configs").find(|job| named(job, &["job_name"], piece))?;
    let interval = job.get("scrape_interval").unwrap_or(&file["global"]["scrape_interval"]);
    Some(format!("every: {} {}", words(interval), words(job)))
}

/// A panel by its title, also in a folded row.
fn panel(file: &Value, title: &str) -> Option<String> {
    let panels = items(file, "panels").flat_map(|panel| std::iter::once(panel).chain(items(panel, "panels")));
    panels.filter(|panel| panel["type"] != "row").find(|panel| named(panel, &["title"], title)).map(words)
}

/// A block of Terraform: an alarm by its name, anything else as `type.name`.
fn block(text: &str, piece: &str) -> Option<String> {
    let alarm = format!("-production-{piece}\"");
    let header = piece.split_once('.').map(|(kind, name)| format!("resource \"{kind}\" \"{name}\" {{"));
    let mut blocks = text.split("\n}\n");
    let found = blocks.find(|block| match &header {
        Some(header) => block.contains(header.as_str()),
        None => block.lines().any(|line| line.trim_start().starts_with("alarm_name") && line.ends_with(&alarm)),
    })?;
    Some(found.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// An object of Kubernetes by its kind and name.
fn object(file: &Value, piece: &str) -> Option<String> {
    let (kind, name) = piece.split_once('/')?;
    (named(file, &["kind"], kind) && named(&file["metadata"], &["name"], name)).then(|| words(file))
}

/// The piece of one document of a file.
fn piece_of(document: &Value, piece: &str) -> Option<String> {
    let found = rule(document, piece).or_else(|| job(document, piece)).or_else(|| panel(document, piece));
    let found = found.or_else(|| items(document, "receivers").find(|item| named(item, &["name"], piece)).map(words));
    let found = found.or_else(|| object(document, piece));
    let found = found.or_else(|| document["services"].get(piece).map(words));
    found.or_else(|| document.get(piece).map(words))
}

/// The text that a row is about, as words with one space between.
pub(super) fn text_of(folder: &Path, row: &Row) -> Result<String, String> {
    let text = std::fs::read_to_string(folder.join(&row.file)).map_err(|error| format!("{}: {error}", row.file))?;
    let Some(piece) = &row.piece else { return Ok(text.split_whitespace().collect::<Vec<_>>().join(" ")) };
    if row.file.ends_with(".tf") {
        return block(&text, piece).ok_or_else(|| format!("{}: no block {piece}", row.file));
    }
    for document in yaml_serde::Deserializer::from_str(&text) {
        let value = Value::deserialize(document).map_err(|error| format!("{}: {error}", row.file))?;
        if let Some(found) = piece_of(&value, piece) {
            return Ok(found);
        }
    }
    Err(format!("{}: no {piece}", row.file))
}
