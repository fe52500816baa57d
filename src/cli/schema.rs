//! `bellwether schema`: JSON Schemas for editors and programs.

use clap::{Args, ValueEnum};

use super::{FINE, Outcome, output};
use crate::schema;

/// Print the JSON Schema of specs, packs, diagnostics or SLO reports
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Of what
    #[arg(value_enum, default_value_t = Of::Spec)]
    of: Of,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    /// A spec
    Spec,
    /// A pack
    Pack,
    /// What --format json writes
    Diagnostics,
    /// What slo --format json writes
    Slo,
}

impl Schema {
    pub(super) fn run(self) -> Outcome {
        output::print(&match self.of {
            Of::Spec => schema::spec(),
            Of::Pack => schema::pack(),
            Of::Diagnostics => schema::diagnostics(),
            Of::Slo => schema::slo(),
        });
        Ok(FINE)
    }
}
