//! Stable names for problems, and the registry that `explain` and the docs read.

use super::Severity;

/// Which part of a platform a problem belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// The language itself: syntax, keys, types, names.
    Spec,
    /// Quantities and their units.
    Unit,
    /// Expressions.
    Promql,
    /// Metrics and signals.
    Metric,
    /// Objectives and burn rates.
    Slo,
    /// Thresholds and alerts.
    Alert,
    /// Severities, channels, routes.
    Route,
    /// What is kept, and for how long.
    Retention,
    /// Dashboards.
    Dashboard,
    /// Cloud alarms and logs.
    Cloud,
    /// What runs.
    Stack,
    /// Secrets and exposure.
    Security,
    /// What it costs.
    Cost,
}

impl Family {
    /// The word in lists and docs.
    pub fn name(self) -> &'static str {
        match self {
            Family::Spec => "spec",
            Family::Unit => "unit",
            Family::Promql => "promql",
            Family::Metric => "metric",
            Family::Slo => "slo",
            Family::Alert => "alert",
            Family::Route => "route",
            Family::Retention => "retention",
            Family::Dashboard => "dashboard",
            Family::Cloud => "cloud",
            Family::Stack => "stack",
            Family::Security => "security",
            Family::Cost => "cost",
        }
    }
}

/// One kind of problem. Codes are never reused for another meaning.
#[derive(Debug)]
pub struct Code {
    /// Kebab-case; reads well after "allow".
    pub name: &'static str,
    /// What it is about.
    pub family: Family,
    /// How bad it is unless a level says otherwise.
    pub severity: Severity,
    /// One line: what is wrong.
    pub summary: &'static str,
    /// The page that `explain` prints, in Markdown: what, why it hurts, what to do; bad and good
    /// specs in ```` ```yaml bad ```` and ```` ```yaml good ```` blocks, which tests execute.
    pub page: &'static str,
}

/// Shorthand for a constant [`Code`] whose default severity is error.
pub const fn error(name: &'static str, family: Family, summary: &'static str, page: &'static str) -> Code {
    Code { name, family, severity: Severity::Error, summary, page }
}

/// Shorthand for a constant [`Code`] that is only worth knowing.
pub const fn note(name: &'static str, family: Family, summary: &'static str, page: &'static str) -> Code {
    Code { name, family, severity: Severity::Info, summary, page }
}

/// Shorthand for a constant [`Code`] whose default severity is warning.
pub const fn warning(name: &'static str, family: Family, summary: &'static str, page: &'static str) -> Code {
    Code { name, family, severity: Severity::Warning, summary, page }
}

/// Shorthand for a constant [`Code`] that by default only informs.
pub const fn info(name: &'static str, family: Family, summary: &'static str, page: &'static str) -> Code {
    Code { name, family, severity: Severity::Info, summary, page }
}
