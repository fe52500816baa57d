//! `bellwether build`: compile, check, and put the files in place, all or nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};

use super::{Common, FINDINGS, FINE, Failure, Outcome, output, publish};
use crate::Compilation;
use crate::artifacts::Artifacts;
use crate::backends::{BACKENDS, Selection};

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
    /// Only these backends: no file of another is looked at, written or removed, and nothing is said of it
    #[arg(long, value_name = "BACKEND", value_delimiter = ',', value_parser = backends())]
    only: Vec<String>,
    #[command(flatten)]
    common: Common,
}

impl Build {
    fn selection(&self) -> Selection {
        if self.only.is_empty() { Selection::all() } else { Selection::only(&self.only) }
    }

    pub(super) fn run(self) -> Outcome {
        self.common.check_arguments()?;
        let mut compilations = Vec::new();
        let outcome = self.build(&mut compilations);
        let reported = self.common.output.finish(&compilations);
        outcome.and_then(|code| reported.map(|()| code))
    }

    /// Builds every spec: one with errors does not hold up the others, two in one folder write nothing at all.
    fn build(&self, compilations: &mut Vec<Compilation>) -> Outcome {
        let quiet = !self.common.output.is_read_by_people();
        let (mut code, mut platforms) = (FINE, BTreeMap::new());
        for spec in &self.specs {
            let compilation = self.common.check(spec, "compiling", self.selection());
            self.common.output.report(&compilation.diagnostics, &compilation.sources);
            code = code.max(self.common.code(&compilation));
            let platform = compilation.model.as_ref().map(|platform| platform.name.value.clone());
            let fails = self.common.output.fails(&compilation.diagnostics);
            let artifacts = compilation.artifacts().filter(|_| !fails);
            compilations.push(compilation);
            let (Some(artifacts), Some(platform)) = (artifacts, platform) else { continue };
            let folder = self.out.join(&platform);
            if let Some((other, _)) = platforms.insert(folder.clone(), (spec, artifacts)) {
                let (other, spec) = (other.display(), spec.display());
                let failure = Failure::new(format!("{other} and {spec} both compile to {}", folder.display()));
                return Err(failure.help("give each its own `platform`, or build them with another --out"));
            }
        }
        for (folder, (_, artifacts)) in &platforms {
            if self.check {
                code = code.max(check(folder, artifacts, &self.selection(), quiet)?);
                continue;
            }
            let published = publish::publish(folder, artifacts, &self.selection())?;
            if !quiet {
                output::say(&format!("{}: {published}\n", folder.display()));
            }
        }
        Ok(code)
    }
}

/// The names that `--only` takes.
fn backends() -> PossibleValuesParser {
    PossibleValuesParser::new(BACKENDS.iter().map(|backend| PossibleValue::new(backend.name).help(backend.summary)))
}

fn check(folder: &Path, artifacts: &Artifacts, backends: &Selection, quiet: bool) -> Outcome {
    let on_disk = publish::read(folder, backends)?;
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
