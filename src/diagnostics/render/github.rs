//! For GitHub Actions: workflow commands that annotate the lines of a pull request.

use crate::diagnostics::{Diagnostics, Severity};
use crate::source::Sources;

/// One command a message.
pub fn render(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics.iter() {
        let level = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let mut properties = Vec::new();
        if let Some(span) = diagnostic.span {
            let place = super::json::place(span, sources);
            let (file, line, column, end_line, end_column) = place.parts();
            properties.push(format!("file={}", property(file)));
            properties.push(format!("line={line}"));
            properties.push(format!("endLine={end_line}"));
            // GitHub takes columns only for places within one line.
            if line == end_line {
                properties.push(format!("col={column}"));
                properties.push(format!("endColumn={end_column}"));
            }
        }
        properties.push(format!("title={}", property(diagnostic.code.name)));
        text.push_str(&format!("::{level} {}::{}\n", properties.join(","), data(&super::words(diagnostic).join("\n"))));
    }
    text
}

/// The escapes of a command's data.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The escapes of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
