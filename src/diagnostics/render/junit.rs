//! For servers that know nothing but tests: JUnit's XML. A file is a suite, a finding a test that failed.

use std::collections::BTreeMap;

use super::Run;
use crate::diagnostics::{Diagnostic, Severity};
use crate::source::Sources;

/// Name of the suite of problems that have no place.
const NOWHERE: &str = "bellwether";

/// Renders the messages of all specs. A spec that nothing is said of is a suite with one test that passed.
pub fn render_all<'a>(runs: impl IntoIterator<Item = Run<'a>>) -> String {
    let mut suites: BTreeMap<&str, Vec<(&Diagnostic, &Sources)>> = BTreeMap::new();
    for (diagnostics, sources) in runs {
        if let Some((_, spec)) = sources.iter().next() {
            suites.entry(spec.name()).or_default();
        }
        for diagnostic in diagnostics.iter() {
            let file = diagnostic.span.map_or(NOWHERE, |span| sources.file(span.file).name());
            suites.entry(file).or_default().push((diagnostic, sources));
        }
    }
    let all: Vec<(&Diagnostic, &Sources)> = suites.values().flatten().copied().collect();
    let tests: usize = suites.values().map(|findings| findings.len().max(1)).sum();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str(&format!("<testsuites name=\"bellwether\" tests=\"{tests}\" failures=\"{}\">\n", failures(&all)));
    for (name, findings) in &suites {
        let tests = findings.len().max(1);
        let (name, failures) = (escaped(name), failures(findings));
        text.push_str(&format!("  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\">\n"));
        if findings.is_empty() {
            text.push_str(&format!("    <testcase classname=\"{name}\" name=\"lint\"/>\n"));
        }
        for (diagnostic, sources) in findings {
            text.push_str(&test(&name, diagnostic, sources));
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

/// What is only good to know is no failure.
fn is_failure(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity > Severity::Info
}

fn failures(findings: &[(&Diagnostic, &Sources)]) -> usize {
    findings.iter().filter(|(diagnostic, _)| is_failure(diagnostic)).count()
}

fn test(suite: &str, diagnostic: &Diagnostic, sources: &Sources) -> String {
    let (code, severity) = (diagnostic.code.name, diagnostic.severity.name());
    let mut attributes = format!("classname=\"{suite}\" name=\"{code}\"");
    let mut place = String::new();
    if let Some(span) = diagnostic.span {
        let (line, _) = sources.file(span.file).line_column(span.start);
        attributes.push_str(&format!(" file=\"{suite}\" line=\"{line}\""));
        place = format!("{}\n", crate::diagnostics::place(sources, span));
    }
    let body = escaped(&format!("{place}{}", super::words(diagnostic).join("\n")));
    let message = escaped(&diagnostic.message);
    let result = if is_failure(diagnostic) {
        format!("<failure type=\"{severity}\" message=\"{message}\">{body}</failure>")
    } else {
        format!("<system-out>{body}</system-out>")
    };
    format!("    <testcase {attributes}>\n      {result}\n    </testcase>\n")
}

/// Text in XML. What XML cannot hold at all (most control characters) becomes the replacement character.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' => escaped.push(character),
            '\r' => escaped.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}
