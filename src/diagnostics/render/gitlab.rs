//! For GitLab's merge requests: a Code Quality report.

use serde::Serialize;

use super::Run;
use super::fingerprint::Fingerprints;
use crate::diagnostics::{Diagnostic, Severity};
use crate::source::Sources;

/// One finding, as GitLab reads it.
#[derive(Debug, Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Renders the messages of all specs as one list.
pub fn render_all<'a>(runs: impl IntoIterator<Item = Run<'a>>) -> String {
    let (mut issues, mut fingerprints) = (Vec::new(), Fingerprints::default());
    for (diagnostics, sources) in runs {
        issues.extend(diagnostics.iter().map(|diagnostic| issue(diagnostic, sources, &mut fingerprints)));
    }
    let mut text = serde_json::to_string_pretty(&issues).unwrap_or_default();
    text.push('\n');
    text
}

fn issue(diagnostic: &Diagnostic, sources: &Sources, fingerprints: &mut Fingerprints) -> Issue {
    Issue {
        description: super::words(diagnostic).join(". "),
        check_name: diagnostic.code.name,
        fingerprint: fingerprints.of(diagnostic, sources),
        severity: match diagnostic.severity {
            Severity::Error => "critical",
            Severity::Warning => "minor",
            Severity::Info => "info",
        },
        location: location(diagnostic, sources),
    }
}

/// GitLab leaves out what has no place: a problem of the whole run stands at the top of the repository.
fn location(diagnostic: &Diagnostic, sources: &Sources) -> Location {
    let Some(span) = diagnostic.span else {
        return Location { path: ".".to_owned(), lines: Lines { begin: 1, end: 1 } };
    };
    let place = super::json::place(span, sources);
    let (file, begin, _, end, _) = place.parts();
    // GitLab knows files by their path in the repository, without `./`.
    Location { path: file.trim_start_matches("./").to_owned(), lines: Lines { begin, end } }
}
