//! Levels: what the spec wants to become of a finding.

use super::LINTS;
use crate::diagnostics::Family::Spec as SpecFamily;
use crate::diagnostics::code::warning;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, nearest};
use crate::spec::{LintLevel, Spec};

/// A level for a lint that does not exist.
pub(super) static UNKNOWN_LINT: Code = warning(
    "unknown-lint",
    SpecFamily,
    "A level for a lint that does not exist",
    r"
The spec sets the level of a lint that nothing is called by. It has no effect: the lint was renamed, or misspelt.
Only lints have levels; errors of the language and of names cannot be allowed.
",
);

/// All of this file.
pub(super) static CODES: &[&Code] = &[&UNKNOWN_LINT];

/// Names of the codes that levels apply to: lints, and what other stages find worth a warning.
fn settable() -> impl Iterator<Item = &'static str> {
    let is_lint = |code: &Code| LINTS.iter().any(|lint| lint.code.name == code.name);
    let codes = super::all_codes().into_iter();
    codes.filter(move |code| is_lint(code) || code.severity < Severity::Error).map(|code| code.name)
}

/// Applies the spec's levels to the findings of lints.
pub(super) fn apply(spec: &Spec, diagnostics: &mut Diagnostics) {
    for (name, _) in spec.lint.iter() {
        if settable().any(|known| known == name.as_str()) {
            continue;
        }
        let message = format!("there is no lint `{name}`");
        let mut diagnostic = Diagnostic::new(&UNKNOWN_LINT, name.span, message);
        diagnostic.help = nearest(name.as_str(), settable()).map(|near| format!("did you mean `{near}`?"));
        diagnostics.push(diagnostic);
    }
    diagnostics.retain_mut(|diagnostic| {
        let is_settable = settable().any(|known| known == diagnostic.code.name);
        let level = spec.lint.iter().find(|(name, _)| name.as_str() == diagnostic.code.name).map(|(_, level)| *level);
        match level.filter(|_| is_settable) {
            Some(LintLevel::Allow) => return false,
            Some(LintLevel::Warn) => diagnostic.severity = Severity::Warning,
            Some(LintLevel::Deny) => diagnostic.severity = Severity::Error,
            None => {}
        }
        true
    });
}
