//! What panels say of signals and alerts, in words.

use rust_decimal::Decimal;

use crate::model::{Condition, Measure, Threshold};
use crate::quantity::{Duration, print_decimal};

/// The name of an alert among others: with its service where two services share the name.
pub(super) fn name(threshold: &Threshold, others: &[&Threshold]) -> String {
    let name = &threshold.name.value;
    let shared = others.iter().any(|other| other.name == threshold.name && other.service != threshold.service);
    if shared { format!("{name} of {}", threshold.service) } else { name.clone() }
}

/// An alert among others in a line of Markdown: ``- **HighErrorRate** (critical): above 5% for 2m``.
pub(super) fn alert(threshold: &Threshold, others: &[&Threshold]) -> String {
    let asked = match &threshold.measure {
        Measure::Value => String::new(),
        other => format!("{} ", other.in_words()),
    };
    let hold = match threshold.hold.value {
        hold if hold.is_zero() => String::new(),
        hold => format!(" for {hold}"),
    };
    let (name, severity) = (name(threshold, others), &threshold.severity.value);
    format!("- **{name}** ({severity}): {asked}{}{hold}", condition(&threshold.condition))
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Above(bound) => format!("above {}", bound.written.value),
        Condition::Below(bound) => format!("below {}", bound.written.value),
        Condition::AboveBaseline { times, over } => format!("above {}", baseline(times.value, over.value)),
        Condition::BelowBaseline { times, over } => format!("below {}", baseline(times.value, over.value)),
        Condition::DropsBy { by, against } => {
            format!("{} % lower than {} before", print_decimal(by.value * Decimal::ONE_HUNDRED), against.value)
        }
        Condition::Absent { wait } => format!("no data for {}", wait.value),
        Condition::Expr { text, .. } => format!("`{}`", text.as_str().trim()),
    }
}

/// A bound that moves with what is usual.
pub(super) fn baseline(times: Decimal, over: Duration) -> String {
    format!("{} times its average of {over}", print_decimal(times))
}
