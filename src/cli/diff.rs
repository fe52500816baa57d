//! `bellwether diff`: what a spec would change.

use std::path::PathBuf;

use clap::Args;

use super::{COULD_NOT, Common, FINDINGS, FINE, Outcome, output, publish};
use crate::artifacts::Artifacts;
use crate::backends::Selection;
use crate::diff::{Change, ChangeKind};

/// Show what a spec would change in the files on disk, or against another spec
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The spec
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// Compare with what this spec compiles to, instead of the files on disk
    #[arg(long, value_name = "SPEC")]
    against: Option<PathBuf>,
    /// Folder with a folder for each platform
    #[arg(long, short, value_name = "DIR", default_value = "generated")]
    out: PathBuf,
    /// Only name the files that differ
    #[arg(long)]
    name_only: bool,
    /// Exit with 1 if there are differences
    #[arg(long, conflicts_with = "detailed_exitcode")]
    exit_code: bool,
    /// Exit with 2 if there are differences and 1 if the job could not be done, as terraform plan does
    #[arg(long)]
    detailed_exitcode: bool,
    #[command(flatten)]
    common: Common,
}

impl Diff {
    pub(super) fn run(self) -> Outcome {
        match self.changes() {
            Ok(Some(changes)) => {
                self.print(&changes);
                Ok(match (changes.is_empty(), self.detailed_exitcode, self.exit_code) {
                    (false, true, _) => 2,
                    (false, _, true) => FINDINGS,
                    _ => FINE,
                })
            }
            Ok(None) => Ok(if self.detailed_exitcode { 1 } else { COULD_NOT }),
            Err(failure) if self.detailed_exitcode => {
                output::failure(&failure);
                Ok(1)
            }
            Err(failure) => Err(failure),
        }
    }

    /// The differences; `None` when a spec has errors, which are then already reported.
    fn changes(&self) -> Result<Option<Vec<Change>>, super::Failure> {
        self.common.check_arguments()?;
        let Some((new, platform)) = self.artifacts(&self.spec)? else { return Ok(None) };
        let old = match &self.against {
            Some(spec) => match self.artifacts(spec)? {
                Some((old, _)) => old,
                None => return Ok(None),
            },
            None => publish::read(&self.out.join(platform), &Selection::all())?,
        };
        Ok(Some(crate::diff::diff(&old, &new)))
    }

    fn artifacts(&self, spec: &std::path::Path) -> Result<Option<(Artifacts, String)>, super::Failure> {
        let compilation = self.common.compile(spec, Selection::all());
        if compilation.diagnostics.has_errors() {
            self.common.output.report(&compilation.diagnostics, &compilation.sources);
            self.common.output.finish(std::slice::from_ref(&compilation))?;
        }
        let platform = compilation.model.as_ref().map(|platform| platform.name.value.clone());
        Ok(compilation.artifacts().zip(platform))
    }

    fn print(&self, changes: &[Change]) {
        for change in changes {
            if self.name_only {
                let sign = match change.kind {
                    ChangeKind::Added => 'A',
                    ChangeKind::Removed => 'D',
                    ChangeKind::Changed => 'M',
                };
                output::print(&format!("{sign}\t{}\n", change.path));
            } else {
                output::print(&change.unified);
            }
        }
    }
}
