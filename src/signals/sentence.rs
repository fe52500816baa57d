//! A threshold in words that are final: without the value, which only the moment of the alert knows.

use rust_decimal::Decimal;

use crate::model::{Bound, Condition, Measure, Service, Signal, Threshold};
use crate::quantity::{print_decimal, print_percent};
use crate::spec::values::Written;
use crate::words;

/// The words with everything filled in that is known beforehand; `None` if they speak of the value.
pub fn filled(written: &Written, service: &Service, signal: Option<&Signal>, threshold: &Threshold) -> Option<String> {
    let bound = bound(&threshold.condition).unwrap_or_default();
    let values = [
        ("bound", bound.as_str()),
        ("service", &service.name.value),
        ("signal", signal.map_or("", |signal| signal.title.as_str())),
        ("alert", &threshold.name.value),
        ("severity", &threshold.severity.value),
    ];
    words::fill(written.as_str(), &values).ok().map(|text| text.trim().to_owned())
}

fn bound(condition: &Condition) -> Option<String> {
    match condition {
        Condition::Above(bound) | Condition::Below(bound) => Some(bound.written.value.text.clone()),
        Condition::AboveBaseline { times, .. } | Condition::BelowBaseline { times, .. } => {
            Some(print_decimal(times.value))
        }
        Condition::DropsBy { by, .. } => Some(print_percent(by.value)),
        Condition::Absent { wait } => Some(wait.value.to_string()),
        Condition::Expr { .. } => None,
    }
}

/// A condition as a sentence: `CPU of orders is above 80% for 10m`.
pub fn sentence(service: &Service, signal: Option<&Signal>, threshold: &Threshold) -> String {
    let title = signal.map_or(threshold.name.value.as_str(), |signal| signal.title.as_str());
    let subject = format!("{title}{} of {}", asked(&threshold.measure), service.title);
    let exceeded = |word: &str, bound: &Bound| format!("is {word} {}", bound.written.value.text);
    let state = match &threshold.condition {
        Condition::Above(bound) => exceeded("above", bound),
        Condition::Below(bound) => exceeded("below", bound),
        Condition::AboveBaseline { .. } => "is higher than usual".to_owned(),
        Condition::BelowBaseline { .. } | Condition::DropsBy { .. } => "is lower than usual".to_owned(),
        Condition::Absent { wait } => return format!("{subject}: no data for {}", wait.value),
        Condition::Expr { .. } => "is bad".to_owned(),
    };
    let hold = threshold.hold.value;
    if hold.is_zero() { format!("{subject} {state}") } else { format!("{subject} {state} for {hold}") }
}

fn asked(measure: &Measure) -> String {
    match measure {
        Measure::Value => String::new(),
        Measure::Mean => " (mean)".to_owned(),
        Measure::Quantile(quantile) => format!(" (p{})", print_decimal(*quantile * Decimal::ONE_HUNDRED)),
        Measure::Within(bound) => format!(" (share within {}s)", print_decimal(bound.value)),
    }
}
