//! Events counted: several counters as one rate, and the bad and all events of an SLO.
//!
//! A counter with a matcher (`status=~"5.."`) has no series until the first such event. Absent is not
//! zero to PromQL: `errors / all` has no value as long as nothing has failed. Whatever may be absent is
//! therefore `or`-ed with zero times something that is there.

use crate::model::Sli;
use crate::promql::build::{
    add, aggregate, aggregate_by, call, div, greater, greater_equal, increase, mul, number, or, over_time, rate, sub,
    vector,
};
use crate::promql::{AggregateOp, Expr, Selector, Window};
use crate::source::Spanned;

use super::bucket::bound_matcher;

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
fn or_zero(expr: Expr, other: Expr) -> Expr {
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

/// Bad and all events a second, as two expressions that are there at the same times.
#[derive(Debug, Clone, PartialEq)]
pub struct BadAndAll {
    /// Bad events a second: zero where none has happened.
    pub bad: Expr,
    /// All events a second.
    pub all: Expr,
}

/// What an SLO counts, a second, over a window, for each value of the labels `by`. Samples of a 0/1 gauge
/// are events, too.
///
/// `None` only for a list of counters that is empty, which a resolved model does not have.
pub fn bad_and_all(sli: &Sli, window: Window, by: &[String]) -> Option<BadAndAll> {
    let sum = |expr: Expr| aggregated(AggregateOp::Sum, by, expr);
    match sli {
        Sli::Events { part, total, part_is_bad } => {
            let all = added_up(Counting::Rate, total, window, by)?;
            let part = part_of(Counting::Rate, part, &all, window, by)?;
            let bad = if *part_is_bad { part } else { sub(all.clone(), part) };
            Some(BadAndAll { bad, all })
        }
        Sli::Within { histogram, native: false, bound } => {
            let all = sum(rate(suffixed(&histogram.value, "_count"), window));
            // No zero for an absent bucket: it was never there, and every event would look slow.
            Some(BadAndAll { bad: sub(all.clone(), sum(rate(bucket(&histogram.value, bound.value), window))), all })
        }
        Sli::Within { histogram, native: true, bound } => {
            let rates = sum(rate(histogram.value.clone(), window));
            let all = call("histogram_count", [rates.clone()]);
            let share = call("histogram_fraction", [number(0), number(bound.value), rates]);
            // Without events the share is NaN, which the comparison drops.
            let good = mul(greater_equal(share, number(0)), all.clone());
            Some(BadAndAll { bad: or_zero(sub(all.clone(), good), all.clone()), all })
        }
        Sli::Boolean { gauge } => {
            let count = |function| sum(over_time(function, gauge.value.clone(), window));
            let all = per_second(count("count_over_time"), window);
            let bad = sub(count("count_over_time"), count("sum_over_time"));
            Some(BadAndAll { bad: per_second(bad, window), all })
        }
    }
}

/// The share of bad events over a window, for each value of the labels `by`: what [`bad_and_all`] divides
/// to, asking for less. There is no sample without events.
pub fn bad_share(sli: &Sli, window: Window, by: &[String]) -> Option<Expr> {
    let sum = |expr: Expr| aggregated(AggregateOp::Sum, by, expr);
    let some = |all: Expr| greater(all, number(0));
    match sli {
        Sli::Events { part, total, part_is_bad } => {
            let all = added_up(Counting::Rate, total, window, by)?;
            let counted = if by.is_empty() {
                // Over events of none of these there is nothing to divide, so the zero may stand alone.
                let terms = part.iter().map(|part| or(sum(rate(part.value.clone(), window)), vector(number(0))));
                terms.reduce(add)?
            } else {
                part_of(Counting::Rate, part, &all, window, by)?
            };
            let share = div(counted, some(all));
            Some(if *part_is_bad { share } else { sub(number(1), share) })
        }
        Sli::Within { histogram, native: false, bound } => {
            let fast = sum(rate(bucket(&histogram.value, bound.value), window));
            let all = sum(rate(suffixed(&histogram.value, "_count"), window));
            Some(sub(number(1), div(fast, some(all))))
        }
        Sli::Within { histogram, native: true, bound } => {
            let rates = sum(rate(histogram.value.clone(), window));
            let share = call("histogram_fraction", [number(0), number(bound.value), rates]);
            // Without events the share is NaN, which the comparison drops.
            Some(sub(number(1), greater_equal(share, number(0))))
        }
        Sli::Boolean { gauge } => {
            // Counts are whole numbers: their difference is exact, one minus a share would not be.
            let count = |function| sum(over_time(function, gauge.value.clone(), window));
            Some(div(sub(count("count_over_time"), count("sum_over_time")), count("count_over_time")))
        }
    }
}

/// The events of a classic histogram at or below a bound.
fn bucket(histogram: &Selector, bound: rust_decimal::Decimal) -> Selector {
    let mut bucket = suffixed(histogram, "_bucket");
    bucket.matchers.push(bound_matcher(bound));
    bucket
}

/// A count over a window as a rate; over a dashboard's window it stays a count, which a ratio cannot tell.
fn per_second(count: Expr, window: Window) -> Expr {
    match window.fixed() {
        Some(duration) => div(count, number(crate::slo::seconds(duration))),
        None => count,
    }
}

/// The selectors of an SLO's events: those whose silence means that nothing is known.
pub fn selectors(sli: &Sli) -> Vec<Selector> {
    match sli {
        Sli::Events { total, .. } => total.iter().map(|selector| selector.value.clone()).collect(),
        Sli::Within { histogram, native: true, .. } => vec![histogram.value.clone()],
        Sli::Within { histogram, native: false, .. } => vec![suffixed(&histogram.value, "_count")],
        Sli::Boolean { gauge } => vec![gauge.value.clone()],
    }
}
