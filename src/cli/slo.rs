//! `bellwether slo`: what each objective means in operation.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::output::{self, Colours, Stream};
use super::{COULD_NOT, FINE, Failure, Outcome, Reading};
use crate::backends::alertmanager::Alertmanager;
use crate::backends::rules::Rules;
use crate::backends::{Backend, Selection};
use crate::diagnostics::{Family, listed, nearest};
use crate::report::render::{json, markdown, table};
use crate::report::{self, Report};

/// Show when people hear of a burning budget, what is gone by then, and what each SLO costs
#[derive(Debug, Args)]
pub(super) struct Slo {
    /// The spec
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// Only these SLOs, by id: <service>-<name>
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    colours: Colours,
    #[command(flatten)]
    reading: Reading,
}

/// Renderings of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs
    Json,
    /// For a pull request or a wiki
    Markdown,
}

impl Slo {
    pub(super) fn run(self) -> Outcome {
        let options = self.reading.options(Selection::only([Rules::NAME, Alertmanager::NAME]));
        let mut compilation = self.reading.compile(&self.spec, &options);
        let failed = compilation.diagnostics.has_errors();
        // Of a spec that compiles, only what is said of objectives: a tier that cannot fire is missing below.
        compilation.diagnostics.retain_mut(|diagnostic| failed || diagnostic.code.family == Family::Slo);
        if !compilation.diagnostics.is_empty() {
            output::explain(&compilation.diagnostics, &compilation.sources, self.colours);
        }
        let Some(platform) = compilation.model.as_ref().filter(|_| !failed) else { return Ok(COULD_NOT) };
        let report = self.chosen(report::report(platform, &compilation.configs))?;
        output::print(&match self.format {
            Format::Table => table::render(&report, self.colours.look(Stream::Output)),
            Format::Json => json::render(&report),
            Format::Markdown => markdown::render(&report),
        });
        Ok(FINE)
    }

    /// The report on the objectives that were asked for.
    fn chosen(&self, mut report: Report) -> Result<Report, Failure> {
        let spec = self.spec.display();
        if report.slos.is_empty() {
            let failure = Failure::new(format!("{spec} promises nothing: none of its services has an SLO"));
            return Err(failure.help("under a service: `slos: {errors: {signal: error_ratio, objective: 99.9%}}`"));
        }
        let known: Vec<&str> = report.slos.iter().map(|objective| objective.id.as_str()).collect();
        if let Some(unknown) = self.ids.iter().find(|id| !known.contains(&id.as_str())) {
            let failure = Failure::new(format!("{spec} has no SLO `{unknown}`"));
            return Err(match nearest(unknown, known.iter().copied()) {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure.help(format!("its SLOs are {}", listed(&known))),
            });
        }
        report.slos.retain(|objective| self.ids.is_empty() || self.ids.contains(&objective.id));
        Ok(report)
    }
}
