//! Counters: several as one rate, and those that may not be there yet.
//!
//! A counter with a matcher (`status=~"5.."`) has no series until the first such event. Absent is not
//! zero to PromQL: `errors / all` has no value as long as nothing has failed. Whatever may be absent is
//! therefore `or`-ed with zero times something that is there.

use crate::promql::build::{add, aggregate, aggregate_by, increase, mul, number, or, rate};
use crate::promql::{AggregateOp, Expr, Selector, Window};
use crate::source::Spanned;

/// An aggregation by labels, or down to one series if there are none.
pub(super) fn aggregated(op: AggregateOp, labels: &[String], expr: impl Into<Expr>) -> Expr {
    if labels.is_empty() { aggregate(op, expr) } else { aggregate_by(op, labels, expr) }
}

/// The same metric under another suffix: `x` to `x_bucket`.
pub(super) fn suffixed(selector: &Selector, suffix: &str) -> Selector {
    let mut selector = selector.clone();
    selector.metric = selector.metric.map(|name| format!("{name}{suffix}"));
    selector
}

/// How a counter becomes a number.
#[derive(Debug, Clone, Copy)]
pub(super) enum Counting {
    /// Events a second.
    Rate,
    /// Events in the window.
    Increase,
}

impl Counting {
    fn of(self, selector: &Selector, window: Window) -> Expr {
        match self {
            Counting::Rate => rate(selector.clone(), window),
            Counting::Increase => increase(selector.clone(), window),
        }
    }
}

/// `expr or 0 * other`
pub(super) fn or_zero(expr: Expr, other: Expr) -> Expr {
    or(expr, mul(number(0), other))
}

/// Whether a counter is there from its target's first scrape on: it has no matcher but its job's.
pub(crate) fn always_there(selector: &Selector) -> bool {
    selector.matchers.iter().all(|matcher| matcher.label == "job")
}

/// Counters added up, by labels; there as long as any of them is.
pub(super) fn added_up(
    counting: Counting,
    selectors: &[Spanned<Selector>],
    window: Window,
    labels: &[String],
) -> Option<Expr> {
    let terms: Vec<Expr> = selectors
        .iter()
        .map(|selector| aggregated(AggregateOp::Sum, labels, counting.of(&selector.value, window)))
        .collect();
    if terms.len() < 2 || selectors.iter().all(|selector| always_there(&selector.value)) {
        return terms.into_iter().reduce(add);
    }
    let with_zero = |index: usize, term: &Expr| {
        let others = terms.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, term)| term.clone());
        others.reduce(or).map_or(term.clone(), |others| or_zero(term.clone(), others))
    };
    terms.iter().enumerate().map(|(index, term)| with_zero(index, term)).reduce(add)
}

/// Counters added up, each zero where it is absent and `all` is there.
pub(super) fn part_of(
    counting: Counting,
    part: &[Spanned<Selector>],
    all: &Expr,
    window: Window,
    labels: &[String],
) -> Option<Expr> {
    let terms = part.iter().map(|selector| {
        or_zero(aggregated(AggregateOp::Sum, labels, counting.of(&selector.value, window)), all.clone())
    });
    terms.reduce(add)
}
