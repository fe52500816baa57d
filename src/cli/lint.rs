//! `bellwether lint`: everything that can be decided without writing anything, and mending what is certain.

use std::path::{Path, PathBuf};

use clap::Args;

use super::paths::{self, Sorted};
use super::{COULD_NOT, Common, FINDINGS, FINE, Outcome, output, replace};
use crate::Compilation;
use crate::artifacts::Artifacts;
use crate::backends::Selection;
use crate::lint::fix::{Mender, mendable};

/// Check specs, Prometheus rules and Alertmanager configurations without writing anything
#[derive(Debug, Args)]
pub(super) struct Lint {
    /// Specs (.yaml, .toml, .json or .jsonnet); rule files, prometheus.yml, alertmanager.yml, facts about a Prometheus;
    /// or folders of them. Files that are no specs are seen as one platform
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Mend in place what can be mended with certainty, and report the rest; comments and layout stay
    #[arg(long)]
    fix: bool,
    /// Write nothing, show what --fix would change; exit with 1 if that is anything
    #[arg(long, requires = "fix")]
    diff: bool,
    #[command(flatten)]
    common: Common,
}

impl Lint {
    pub(super) fn run(self) -> Outcome {
        self.common.check_arguments()?;
        let Sorted { specs, plain } = paths::sorted(&self.paths)?;
        if self.fix {
            return self.mend(&specs, &plain);
        }
        let check = |spec: &PathBuf| {
            let compilation = self.common.check(spec, "checking", Selection::all());
            self.report(&spec.display().to_string(), &compilation);
            compilation
        };
        let mut compilations: Vec<Compilation> = specs.iter().map(check).collect();
        compilations.extend(self.plain(&plain));
        let mendable: usize = compilations.iter().map(mendable).sum();
        if mendable > 0 && self.common.output.is_read_by_people() {
            output::say(&format!("{mendable} of them can be mended: bellwether lint --fix\n"));
        }
        self.end(&compilations)
    }

    /// Checks files that nobody compiled, all of them as one platform.
    fn plain(&self, names: &[String]) -> Option<Compilation> {
        let (first, more) = names.split_first()?;
        let _progress = output::Progress::start(&format!("checking {first}"));
        let mut checked =
            crate::plain::read(&self.common.reading.world(), names, &self.common.options(Selection::all()));
        crate::lint::run(&mut checked);
        let all = if more.is_empty() { first.clone() } else { format!("{first} and {} more", more.len()) };
        self.report(&all, &checked);
        Some(checked)
    }

    /// Mends every spec; nothing is written before all are read. Other files are only checked.
    fn mend(&self, specs: &[PathBuf], plain: &[String]) -> Outcome {
        let world = self.common.reading.world();
        let mut mender = Mender::new(&world);
        let mend = |spec: &PathBuf| {
            let _progress = output::Progress::start(&format!("mending {}", spec.display()));
            mender.mend(&spec.display().to_string(), &self.common.options(Selection::all()))
        };
        let mut compilations: Vec<Compilation> = specs.iter().map(mend).collect();
        let files = mender.files();
        if self.diff {
            let before: Artifacts = files.iter().map(|(name, file)| (name.as_str(), file.before.as_str())).collect();
            let after: Artifacts = files.iter().map(|(name, file)| (name.as_str(), file.after.as_str())).collect();
            let changes = crate::diff::diff(&before, &after);
            changes.iter().for_each(|change| output::print(&change.unified));
            let unread = compilations.iter().filter(|compilation| compilation.file.is_none());
            let unread: Vec<_> = unread.map(|one| self.common.output.report(&one.diagnostics, &one.sources)).collect();
            return Ok(match (unread.is_empty(), changes.is_empty()) {
                (false, _) => COULD_NOT,
                (true, false) => FINDINGS,
                (true, true) => FINE,
            });
        }
        for (name, file) in files.iter().filter(|(_, file)| file.before != file.after) {
            replace::replace(Path::new(name), &file.before, &file.after)?;
        }
        for (spec, compilation) in specs.iter().zip(&compilations) {
            self.report(&spec.display().to_string(), compilation);
        }
        if self.common.output.is_read_by_people() {
            for (name, file) in files {
                let plural = if file.fixes == 1 { "finding" } else { "findings" };
                output::say(&format!("{name}: {} {plural} mended\n", file.fixes));
            }
        }
        compilations.extend(self.plain(plain));
        self.end(&compilations)
    }

    fn report(&self, name: &str, compilation: &Compilation) {
        self.common.output.report(&compilation.diagnostics, &compilation.sources);
        if self.common.output.is_read_by_people() && compilation.diagnostics.is_empty() {
            output::say(&format!("{name}: nothing to complain about\n"));
        }
    }

    fn end(&self, compilations: &[Compilation]) -> Outcome {
        self.common.output.finish(compilations)?;
        Ok(compilations.iter().map(|compilation| self.common.code(compilation)).max().unwrap_or(FINE))
    }
}
