//! `bellwether lint`: everything that can be decided without writing anything.

use std::path::PathBuf;

use clap::Args;

use super::disk::Disk;
use super::output::{self, Format, Progress};
use super::{Common, FINDINGS, FINE, Outcome};
use crate::{Options, lint};

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
        let world = Disk { import_paths: self.common.import_paths.clone() };
        let options = Options { environment: self.common.env.clone() };
        let mut code = FINE;
        for spec in &self.specs {
            let progress = Progress::start(&format!("checking {}", spec.display()));
            let mut compilation = crate::compile(&world, &spec.display().to_string(), &options);
            lint::run(&mut compilation);
            drop(progress);
            self.common.output.report(&compilation.diagnostics, &compilation.sources);
            if self.common.output.fails(&compilation.diagnostics) {
                code = FINDINGS;
            } else if self.common.output.format == Format::Human && compilation.diagnostics.is_empty() {
                output::say(&format!("{}: nothing to complain about\n", spec.display()));
            }
        }
        Ok(code)
    }
}
