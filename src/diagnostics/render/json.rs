//! For programs: one object, lines and columns from 1. Its schema is `schema/diagnostics.schema.json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::Run;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::source::{Sources, Span};

/// Everything that one run has to say.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Version of this form. Grows only when something is taken away.
    version: u32,
    /// The messages, in the order of the text.
    diagnostics: Vec<Message>,
}

/// One message.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Message {
    /// Stable name of the problem; `bellwether explain` knows it.
    code: String,
    /// `error`, `warning` or `info`.
    severity: String,
    /// What is wrong.
    message: String,
    /// What follows from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    /// Where; absent for a problem of the whole run.
    #[serde(flatten)]
    place: Option<Place>,
    /// Other places that matter.
    labels: Vec<Label>,
    /// A mend that is certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Fix>,
}

/// A place in a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Place {
    /// The file's name as given.
    file: String,
    /// First line.
    line: usize,
    /// First column, in characters.
    column: usize,
    /// Last line.
    end_line: usize,
    /// One past the last column.
    end_column: usize,
}

/// Another place, and what is to be seen there.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Label {
    /// What is to be seen.
    message: String,
    /// Where.
    #[serde(flatten)]
    place: Place,
}

/// Text to put in a place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fix {
    /// The new text.
    replacement: String,
    /// The place.
    #[serde(flatten)]
    place: Place,
}

/// Renders every message.
pub fn render(diagnostics: &Diagnostics, sources: &Sources) -> String {
    render_all([(diagnostics, sources)])
}

/// Renders the messages of several specs as one object.
pub fn render_all<'a>(runs: impl IntoIterator<Item = Run<'a>>) -> String {
    let messages =
        |(diagnostics, sources): Run<'a>| diagnostics.iter().map(move |diagnostic| message(diagnostic, sources));
    let report = Report { version: 1, diagnostics: runs.into_iter().flat_map(messages).collect() };
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

fn message(diagnostic: &Diagnostic, sources: &Sources) -> Message {
    Message {
        code: diagnostic.code.name.to_owned(),
        severity: diagnostic.severity.name().to_owned(),
        message: diagnostic.message.clone(),
        note: diagnostic.note.clone(),
        help: diagnostic.help.clone(),
        place: diagnostic.span.map(|span| place(span, sources)),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| Label { message: label.text.clone(), place: place(label.span, sources) })
            .collect(),
        fix: diagnostic
            .fix
            .as_ref()
            .map(|fix| Fix { replacement: fix.replacement.clone(), place: place(fix.span, sources) }),
    }
}

/// A span as lines and columns.
pub(super) fn place(span: Span, sources: &Sources) -> Place {
    let file = sources.file(span.file);
    let ((line, column), (end_line, end_column)) = (file.line_column(span.start), file.line_column(span.end));
    Place { file: file.name().to_owned(), line, column, end_line, end_column }
}

impl Place {
    /// File, first line and column, last line and column.
    pub(super) fn parts(&self) -> (&str, usize, usize, usize, usize) {
        (&self.file, self.line, self.column, self.end_line, self.end_column)
    }
}
