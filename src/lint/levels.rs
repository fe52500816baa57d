//! Levels: what the spec, or who runs it, wants to become of a finding.

use std::collections::BTreeMap;

use crate::diagnostics::Family::Spec as SpecFamily;
use crate::diagnostics::code::warning;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, nearest};
use crate::source::Span;
use crate::spec::{LintLevel, Spec};

/// A level for a lint that does not exist.
pub(super) static UNKNOWN_LINT: Code = warning(
    "unknown-lint",
    SpecFamily,
    "A level for a lint that does not exist",
    r"
The spec sets the level of a lint that nothing is called by, or a comment suppresses one. It has no effect: the lint
was renamed, or misspelt. Only findings have levels and can be suppressed; errors of the language and of names cannot.
",
);

/// All of this file.
pub(super) static CODES: &[&Code] = &[&UNKNOWN_LINT];

/// What is said of a level for a code that has none.
pub(super) fn unknown(name: &str, span: Span) -> Diagnostic {
    if super::all_codes().iter().any(|code| code.name == name) {
        return Diagnostic::new(&UNKNOWN_LINT, span, format!("`{name}` is an error, not a finding"))
            .note("what it is found in has no meaning, so nothing could be compiled without mending it")
            .help("mend what it says");
    }
    let mut diagnostic = Diagnostic::new(&UNKNOWN_LINT, span, format!("there is no lint `{name}`"));
    diagnostic.help = nearest(name, super::settable()).map(|near| format!("did you mean `{near}`?"));
    diagnostic
}

/// Applies levels to the findings of lints: those of the run win over the spec's.
pub(super) fn apply(levels: &BTreeMap<String, LintLevel>, spec: Option<&Spec>, diagnostics: &mut Diagnostics) {
    for (name, _) in spec.iter().flat_map(|spec| spec.lint.iter()) {
        if !super::is_settable(name.as_str()) {
            diagnostics.push(unknown(name.as_str(), name.span));
        }
    }
    diagnostics.retain_mut(|diagnostic| {
        let code = diagnostic.code.name;
        let written = spec.and_then(|spec| spec.lint.iter().find(|(name, _)| name.as_str() == code));
        let level = levels.get(code).copied().or(written.map(|(_, level)| *level));
        match level.filter(|_| super::is_settable(code)) {
            Some(LintLevel::Allow) => return false,
            Some(LintLevel::Warn) => diagnostic.severity = Severity::Warning,
            Some(LintLevel::Deny) => diagnostic.severity = Severity::Error,
            None => {}
        }
        true
    });
}
