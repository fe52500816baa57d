//! The JSON Schemas that are published in `schema/`, from the types themselves.

use schemars::JsonSchema;

use crate::diagnostics::render::json::Report;
use crate::spec::Spec;
use crate::spec::pack::Pack;
use crate::writers::json;

/// Of a spec.
pub fn spec() -> String {
    of::<Spec>("Bellwether spec")
}

/// Of a pack.
pub fn pack() -> String {
    of::<Pack>("Bellwether pack")
}

/// Of what `--format json` writes.
pub fn diagnostics() -> String {
    of::<Report>("Bellwether diagnostics")
}

fn of<T: JsonSchema>(title: &str) -> String {
    let mut schema = schemars::schema_for!(T);
    schema.insert("title".to_owned(), title.into());
    json::write(schema.as_value())
}
