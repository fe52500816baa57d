//! Values to text, one writer a format. Escaping lives here and nowhere else.
//!
//! A backend builds typed structs that mirror the configuration of its system, turns them into a
//! [`serde_json::Value`] (key order kept) or an [`hcl::Body`], and hands that to the writer.
//! Writers are total: any value yields text which every reader of the format reads back as that value.

pub mod hcl;
pub mod json;
pub mod yaml;
mod yaml_scalar;
