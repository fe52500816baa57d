//! Thresholds, resolved.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::Measure;
use crate::promql::Expr;
use crate::quantity::{Duration, Quantity};
use crate::source::{Place, Spanned};
pub use crate::spec::threshold::Evaluator;

/// A condition that raises an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// The alert's name, unique in the platform.
    pub name: Spanned<String>,
    /// The service it belongs to.
    pub service: String,
    /// The signal; `None` only for [`Condition::Expr`].
    pub signal: Option<Spanned<String>>,
    /// What is asked of the signal.
    pub measure: Measure,
    /// When it is bad.
    pub condition: Condition,
    /// Window of rates, increases and cloud statistics.
    pub window: Spanned<Duration>,
    /// How long it must hold.
    pub hold: Spanned<Duration>,
    /// How long the alert stays after it.
    pub keep_firing: Option<Duration>,
    /// Name of the severity.
    pub severity: Spanned<String>,
    /// Name of the rule group.
    pub group: String,
    /// Labels kept apart: the signal's `per` and the threshold's `by`.
    pub by: Vec<String>,
    /// Where it is evaluated; never empty.
    pub on: Vec<Evaluator>,
    /// One line, MiniJinja with `value`, `bound`, `labels`, `service`, `signal`; `None`: made from the condition.
    pub summary: Option<crate::spec::values::Written>,
    /// More words, MiniJinja likewise.
    pub description: Option<crate::spec::values::Written>,
    /// The runbook's address, filled in.
    pub runbook: Option<String>,
    /// What people wrote for its page, in Markdown.
    pub advice: Option<String>,
    /// Labels on the alert beside `severity`, `service` and `team`.
    pub labels: IndexMap<String, String>,
    /// Who declared it.
    pub declared: ThresholdOrigin,
    /// Where it is declared.
    pub origin: Place,
}

impl Threshold {
    /// Whether Alertmanager hears of it: from Prometheus, or from Loki's ruler.
    pub fn is_routed(&self) -> bool {
        self.on.iter().any(|evaluator| matches!(evaluator, Evaluator::Prometheus | Evaluator::Loki))
    }
}

/// Who declared a threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThresholdOrigin {
    /// The service, in the spec.
    Spec,
    /// A pack's usual thresholds.
    Pack(String),
    /// An SLO's `alert_below` or `alert_above`: the SLO's name.
    Slo(String),
}

/// A bound in the signal's unit, and how it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// In the signal's base unit: 5 % is 0.05, 500ms is 0.5.
    pub value: Decimal,
    /// As written.
    pub written: Spanned<Quantity>,
}

/// When a signal is bad.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Higher than a bound. (`any: true` is above 0.)
    Above(Bound),
    /// Lower than a bound.
    Below(Bound),
    /// So many times a trailing average, or more.
    AboveBaseline {
        /// Times.
        times: Spanned<Decimal>,
        /// Averaged over.
        over: Spanned<Duration>,
    },
    /// So many times a trailing average, or less.
    BelowBaseline {
        /// Times.
        times: Spanned<Decimal>,
        /// Averaged over.
        over: Spanned<Duration>,
    },
    /// Lower by a share than some time before.
    DropsBy {
        /// The share, 0 to 1.
        by: Spanned<Decimal>,
        /// How long before.
        against: Spanned<Duration>,
    },
    /// No data for so long.
    Absent {
        /// How long.
        wait: Spanned<Duration>,
    },
    /// Raw PromQL, true when bad.
    Expr {
        /// The expression; its places are offsets in `text`.
        expr: Spanned<Expr>,
        /// As written.
        text: crate::spec::values::Written,
    },
}
