//! `bellwether build`: compile, check, and put the files in place, all or nothing.

use std::path::PathBuf;

use clap::Args;

use super::disk::Disk;
use super::output::{self, Format, Progress};
use super::{COULD_NOT, Common, FINDINGS, FINE, Outcome, publish};
use crate::{Options, lint};

/// Compile specs into generated/<platform>/
#[derive(Debug, Args)]
pub(super) struct Build {
    /// Specs: .yaml, .toml, .json or .jsonnet
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Folder that gets a folder for each platform
    #[arg(long, short, value_name = "DIR", default_value = "generated")]
    out: PathBuf,
    /// Write nothing; exit with 1 if the files on disk are not what the spec compiles to
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    common: Common,
}

impl Build {
    pub(super) fn run(self) -> Outcome {
        let world = Disk { import_paths: self.common.import_paths.clone() };
        let options = Options { environment: self.common.env.clone() };
        let mut code = FINE;
        for spec in &self.specs {
            let progress = Progress::start(&format!("compiling {}", spec.display()));
            let mut compilation = crate::compile(&world, &spec.display().to_string(), &options);
            lint::run(&mut compilation);
            drop(progress);
            self.common.output.report(&compilation.diagnostics, &compilation.sources);
            let (Some(artifacts), Some(platform)) = (compilation.artifacts(), &compilation.model) else {
                code = code.max(FINDINGS);
                continue;
            };
            if self.common.output.fails(&compilation.diagnostics) {
                code = code.max(FINDINGS);
                continue;
            }
            let folder = self.out.join(&platform.name.value);
            let quiet = self.common.output.format != Format::Human;
            let outcome = if self.check {
                check(&folder, &artifacts, quiet)?
            } else {
                let published = publish::publish(&folder, &artifacts)?;
                if !quiet {
                    output::say(&format!("{}: {published}\n", folder.display()));
                }
                FINE
            };
            code = code.max(outcome);
        }
        debug_assert!(code < COULD_NOT);
        Ok(code)
    }
}

fn check(folder: &std::path::Path, artifacts: &crate::artifacts::Artifacts, quiet: bool) -> Outcome {
    let on_disk = publish::read(folder)?;
    let changes = crate::diff::diff(&on_disk, artifacts);
    if changes.is_empty() {
        return Ok(FINE);
    }
    if !quiet {
        for change in &changes {
            output::say(&format!(
                "stale: {}/{} (+{} -{})\n",
                folder.display(),
                change.path,
                change.added,
                change.removed
            ));
        }
        output::say("run `bellwether build` and commit the result; `bellwether diff` shows the lines\n");
    }
    Ok(FINDINGS)
}
