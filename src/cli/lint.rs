//! `bellwether lint`: everything that can be decided without writing anything.

use std::path::PathBuf;

use clap::Args;

use super::{Common, FINE, Outcome, output};
use crate::backends::Selection;

/// Check specs without writing anything
#[derive(Debug, Args)]
pub(super) struct Lint {
    /// Specs: .yaml, .toml, .json or .jsonnet
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
}

impl Lint {
    pub(super) fn run(self) -> Outcome {
        self.common.check_arguments()?;
        let (mut code, mut compilations) = (FINE, Vec::new());
        for spec in &self.specs {
            let compilation = self.common.check(spec, "checking", Selection::all());
            self.common.output.report(&compilation.diagnostics, &compilation.sources);
            code = code.max(self.common.code(&compilation));
            if self.common.output.is_read_by_people() && compilation.diagnostics.is_empty() {
                output::say(&format!("{}: nothing to complain about\n", spec.display()));
            }
            compilations.push(compilation);
        }
        self.common.output.finish(&compilations)?;
        Ok(code)
    }
}
