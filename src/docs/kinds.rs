//! Types of a JSON Schema in words.

use serde_json::Value;

/// What a value may be, in words: "duration", "list of names", a link to a type that has a section.
pub(super) fn of(value: &Value) -> String {
    if let Some(name) = value.get("$ref").and_then(Value::as_str) {
        let name = name.rsplit('/').next().unwrap_or(name);
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(fixed) = value.get("const") {
        return format!("`{}`", plain(fixed));
    }
    if let Some(words) = value.get("enum").and_then(Value::as_array) {
        let words: Vec<String> =
            words.iter().filter(|word| !word.is_null()).map(|word| format!("`{}`", plain(word))).collect();
        return words.join(", ");
    }
    if is_setting(value) {
        return "[setting](#secrets-and-settings)".to_owned();
    }
    let alternatives = alternatives(value);
    if !alternatives.is_empty() {
        let mut kinds: Vec<String> = alternatives.into_iter().map(of).collect();
        kinds.dedup();
        return kinds.join(" or ");
    }
    match types(value).as_slice() {
        ["string"] => text(value).to_owned(),
        ["string", "number"] => "[quantity](#quantities)".to_owned(),
        ["number", "string"] => "number or [quantity](#quantities)".to_owned(),
        ["array"] => format!("list of {}", value.get("items").map_or_else(|| "values".to_owned(), of)),
        ["object"] => map(value),
        types => types.iter().map(|name| word(name)).collect::<Vec<_>>().join(" or "),
    }
}

/// Whether it is a plain value or the variable that holds it.
fn is_setting(value: &Value) -> bool {
    match alternatives(value).as_slice() {
        [one] => is_setting(one),
        [plain, variable] => types(plain).contains(&"string") && variable.pointer("/properties/env").is_some(),
        _ => false,
    }
}

/// Whether a record must have this key.
pub(super) fn required(definition: &Value, key: &str) -> bool {
    let required = definition.get("required").and_then(Value::as_array);
    required.into_iter().flatten().any(|name| name.as_str() == Some(key))
}

/// The forms that a value may have, without "nothing"; none when it has only one.
pub(super) fn alternatives(value: &Value) -> Vec<&Value> {
    let list = ["anyOf", "oneOf"].into_iter().find_map(|key| value.get(key).and_then(Value::as_array));
    list.into_iter().flatten().filter(|form| types(form) != ["null"]).collect()
}

/// The JSON types, without "null" beside another.
fn types(value: &Value) -> Vec<&str> {
    match value.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect(),
        _ => Vec::new(),
    }
}

/// A text, by the pattern that it must have.
fn text(value: &Value) -> &'static str {
    match value.get("pattern").and_then(Value::as_str).unwrap_or("") {
        "" => "text",
        pattern if pattern.starts_with("^(0|([0-9]+y)?") => "[duration](#quantities)",
        pattern if pattern.starts_with("^[A-Za-z0-9][") => "name",
        pattern if pattern.starts_with("^[a-zA-Z_:]") => "metric name",
        pattern if pattern.starts_with("^[a-zA-Z_][") => "label name",
        pattern if pattern.starts_with("^[A-Za-z_][") => "variable name",
        pattern if pattern.contains('#') => "log group name",
        _ => "text",
    }
}

fn map(value: &Value) -> String {
    if let Some(properties) = value.get("properties").and_then(Value::as_object) {
        let entries: Vec<String> = properties.iter().map(|(key, value)| format!("{key}: {}", of(value))).collect();
        return match entries.as_slice() {
            [one] if !one.contains('[') => format!("`{{{one}}}`"),
            entries => format!("{{{}}}", entries.join(", ")),
        };
    }
    let names = value.get("propertyNames").map_or("name", text);
    match value.get("additionalProperties").filter(|values| values.is_object()) {
        Some(values) => format!("map of {names} to {}", of(values)),
        None => "map".to_owned(),
    }
}

fn word(name: &str) -> &str {
    match name {
        "string" => "text",
        "integer" => "whole number",
        "boolean" => "true or false",
        "object" => "map",
        "array" => "list",
        other => other,
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
