//! Values to text, one writer a format. Escaping lives here and nowhere else.
//!
//! A backend builds typed structs that mirror the configuration of its system, and hands them to the writer as
//! they are; for Terraform it builds an [`hcl::Body`].
//! Writers are total: any value yields text which every reader of the format reads back as that value.

pub mod alloy;
pub mod dotenv;
pub mod hcl;
pub mod json;
pub mod logstash;
pub mod markdown;
pub mod page;
pub mod program;
pub mod yaml;
mod yaml_scalar;
mod yaml_serializer;
