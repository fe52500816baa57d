//! The formats of reports, and `FORMAT[=FILE]` on the command line.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Command, ValueEnum};

use crate::Compilation;
use crate::diagnostics::render::{Look, github, gitlab, human, json, junit, markdown, sarif};
use crate::lint;

/// Renderings of diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Human,
    /// One line a finding
    Short,
    /// For programs
    Json,
    /// For code scanning
    Sarif,
    /// Annotations of a pull request on GitHub
    Github,
    /// Code Quality report of a merge request on GitLab
    Gitlab,
    /// For servers that read test results
    Junit,
    /// For a comment
    Markdown,
}

impl Format {
    /// As on the command line.
    pub(super) fn name(self) -> String {
        self.to_possible_value().map_or(String::new(), |value| value.get_name().to_owned())
    }

    /// Whether it goes to standard error unless it has a file.
    pub(super) fn is_for_people(self) -> bool {
        matches!(self, Format::Human | Format::Short)
    }

    /// What is said of all specs, as one document. Files have no colours.
    pub(super) fn document(self, compilations: &[Compilation]) -> String {
        let runs = || compilations.iter().map(|compilation| (&compilation.diagnostics, &compilation.sources));
        match self {
            Format::Human => runs().map(|(said, sources)| human::render(said, sources, Look::default())).collect(),
            Format::Short => runs().map(|(said, sources)| human::short(said, sources)).collect(),
            Format::Github => runs().map(|(said, sources)| github::render(said, sources)).collect(),
            Format::Json => json::render_all(runs()),
            Format::Sarif => sarif::render_all(runs(), &lint::all_codes()),
            Format::Gitlab => gitlab::render_all(runs()),
            Format::Junit => junit::render_all(runs()),
            Format::Markdown => markdown::render_all(runs()),
        }
    }
}

/// One report that was asked for.
#[derive(Debug, Clone)]
pub(super) struct Report {
    /// How.
    pub(super) format: Format,
    /// Where to, if not to the terminal.
    pub(super) file: Option<PathBuf>,
}

/// Reads `FORMAT[=FILE]`.
#[derive(Debug, Clone)]
pub(super) struct ReportParser;

impl TypedValueParser for ReportParser {
    type Value = Report;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Report, clap::Error> {
        let formats = EnumValueParser::<Format>::new();
        let (name, file) = match value.to_str().and_then(|text| text.split_once('=')) {
            // Without a name it is the format's mistake: the message lists what can be written.
            Some((name, file)) if !file.is_empty() => (OsStr::new(name), Some(PathBuf::from(file))),
            _ => (value, None),
        };
        Ok(Report { format: formats.parse_ref(command, arg, name)?, file })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Format::value_variants().iter().filter_map(Format::to_possible_value)))
    }
}
