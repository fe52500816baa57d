//! The JSON Schemas that are published in `schema/`, from the types themselves.

use schemars::JsonSchema;

use crate::diagnostics::render::json::Report;
use crate::spec::Spec;
use crate::spec::pack::Pack;
use crate::writers::json;

/// Of a spec.
pub fn spec() -> String {
    let mut schema = generate::<Spec>("Bellwether spec");
    // Environments are laid over the tree before it is read, so they are no part of the type.
    if let Some(properties) = schema.get_mut("properties").and_then(serde_json::Value::as_object_mut) {
        let environments = serde_json::json!({
            "description": "Overlays by environment, chosen with `--env`: maps merge, lists and values replace, null removes.",
            "type": "object",
            "additionalProperties": { "type": "object" }
        });
        properties.insert("environments".to_owned(), environments);
        properties.insert(
            "bellwether".to_owned(),
            serde_json::json!({ "description": "Version of the language.", "const": 1 }),
        );
    }
    json::write(schema.as_value())
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
    json::write(generate::<T>(title).as_value())
}

fn generate<T: JsonSchema>(title: &str) -> schemars::Schema {
    let mut schema = schemars::schema_for!(T);
    schema.insert("title".to_owned(), title.into());
    schema
}
