//! For code scanning: SARIF 2.1.0, with every code declared as a rule.

use serde_json::{Value, json};

use super::Run;
use super::fingerprint::Fingerprints;
use super::json::Place;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Fix, Severity};
use crate::source::{Sources, Span};

/// Renders a log with one run. `codes` are all that the tool knows, found or not.
pub fn render(diagnostics: &Diagnostics, sources: &Sources, codes: &[&'static Code]) -> String {
    render_all([(diagnostics, sources)], codes)
}

/// Renders the messages of several specs as one log with one run.
pub fn render_all<'a>(runs: impl IntoIterator<Item = Run<'a>>, codes: &[&'static Code]) -> String {
    let rules: Vec<Value> = codes.iter().map(|code| rule(code)).collect();
    let (mut results, mut fingerprints) = (Vec::new(), Fingerprints::default());
    for (diagnostics, sources) in runs {
        results.extend(diagnostics.iter().map(|diagnostic| {
            let fingerprint = fingerprints.of(diagnostic, sources);
            result(diagnostic, sources, codes, &fingerprint)
        }));
    }
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "bellwether", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results
        }]
    });
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.name,
        "shortDescription": { "text": code.summary },
        "help": { "text": code.page.trim(), "markdown": code.page.trim() },
        "defaultConfiguration": { "level": level(code.severity) },
        "properties": { "tags": [code.family.name()] }
    })
}

fn result(diagnostic: &Diagnostic, sources: &Sources, codes: &[&'static Code], fingerprint: &str) -> Value {
    let mut result = json!({
        "ruleId": diagnostic.code.name,
        "level": level(diagnostic.severity),
        "message": { "text": super::words(diagnostic).join(". ") },
        "partialFingerprints": { "bellwether/v1": fingerprint }
    });
    let Some(members) = result.as_object_mut() else { return result };
    if let Some(index) = codes.iter().position(|code| code.name == diagnostic.code.name) {
        members.insert("ruleIndex".to_owned(), index.into());
    }
    if let Some(span) = diagnostic.span {
        members.insert("locations".to_owned(), json!([location(span, sources, None)]));
    }
    if !diagnostic.labels.is_empty() {
        let related: Vec<Value> =
            diagnostic.labels.iter().map(|label| location(label.span, sources, Some(&label.text))).collect();
        members.insert("relatedLocations".to_owned(), related.into());
    }
    if let Some(mend) = &diagnostic.fix {
        members.insert("fixes".to_owned(), json!([fix(mend, sources)]));
    }
    result
}

fn fix(fix: &Fix, sources: &Sources) -> Value {
    let place = super::json::place(fix.span, sources);
    json!({
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(place.parts().0) },
            "replacements": [{ "deletedRegion": region(&place), "insertedContent": { "text": fix.replacement } }]
        }]
    })
}

fn region(place: &Place) -> Value {
    let (_, line, column, end_line, end_column) = place.parts();
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

fn location(span: Span, sources: &Sources, words: Option<&str>) -> Value {
    let place = super::json::place(span, sources);
    let mut location = json!({
        "physicalLocation": { "artifactLocation": { "uri": uri(place.parts().0) }, "region": region(&place) }
    });
    if let (Some(words), Some(members)) = (words, location.as_object_mut()) {
        members.insert("message".to_owned(), json!({ "text": words }));
    }
    location
}

/// A file name as a URI reference.
fn uri(file: &str) -> String {
    let mut uri = String::new();
    for byte in file.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte as char),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
