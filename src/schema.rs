//! The JSON Schemas that are published in `schema/`, from the types themselves.

use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use crate::diagnostics::render::json::Report;
use crate::spec::Spec;
use crate::spec::pack::Pack;
use crate::writers::json as writer;

/// Of a spec.
pub fn spec() -> String {
    let mut schema = generate::<Spec>("Bellwether spec");
    // Environments are laid over the tree before it is read, so they are no part of the type.
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let environments = json!({
            "description": "Overlays by environment, chosen with `--env`: maps merge, lists and values replace, null removes.",
            "type": "object",
            "additionalProperties": { "type": "object" }
        });
        properties.insert("environments".to_owned(), environments);
        properties.insert("include".to_owned(), paths());
        properties.insert("bellwether".to_owned(), json!({ "description": "Version of the language.", "const": 1 }));
    }
    add_templates(&mut schema);
    writer::write(schema.as_value())
}

/// What is joined before the tree is read is no part of the type either.
fn paths() -> Value {
    json!({
        "description": "Files whose content is part of this spec, as paths seen from this file. Maps are joined key by key; what two files say differently is an error.",
        "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }]
    })
}

/// Templates, and services that are like them. Such a service may say any part of what a service says, the rest is
/// its template's: what must be given can only be told when both are laid over one another.
fn add_templates(schema: &mut Schema) {
    let like = json!({
        "description": "Templates that it is like, the later winning over the earlier, its own keys over both.",
        "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }]
    });
    let Some(root) = schema.as_object_mut() else { return };
    let mut keys: Vec<Value> = Vec::new();
    if let Some(service) = root.get_mut("$defs").and_then(|defs| defs.pointer_mut("/Service/properties")) {
        keys.extend(service.as_object().into_iter().flat_map(|keys| keys.keys()).map(|key| json!(key)));
        keys.push(json!("like"));
        if let Some(service) = service.as_object_mut() {
            service.insert("like".to_owned(), like.clone());
        }
    }
    let part = |required: &[&str]| {
        let required: Vec<Value> = required.iter().map(|key| json!(key)).collect();
        json!({ "type": "object", "propertyNames": { "enum": keys }, "properties": { "like": like }, "required": required })
    };
    let Some(properties) = root.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let templates = json!({
        "description": "Parts of services by name: what any service may say. A service with `like: NAME` has them.",
        "type": "object",
        "additionalProperties": part(&[])
    });
    properties.insert("templates".to_owned(), templates);
    if let Some(service) = properties.get_mut("services").and_then(|services| services.get_mut("additionalProperties"))
    {
        *service = json!({ "anyOf": [service.take(), part(&["like"])] });
    }
}

/// Of a pack.
pub fn pack() -> String {
    of::<Pack>("Bellwether pack")
}

/// Of what `--format json` writes.
pub fn diagnostics() -> String {
    of::<Report>("Bellwether diagnostics")
}

/// Of what `bellwether slo --format json` writes.
pub fn slo() -> String {
    of::<crate::report::Report>("Bellwether SLO report")
}

fn of<T: JsonSchema>(title: &str) -> String {
    writer::write(generate::<T>(title).as_value())
}

fn generate<T: JsonSchema>(title: &str) -> Schema {
    let mut schema = schemars::schema_for!(T);
    schema.insert("title".to_owned(), title.into());
    schema
}
