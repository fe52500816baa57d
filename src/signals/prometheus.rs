//! A signal asked in PromQL.

use rust_decimal::Decimal;

use super::bucket::bucket;
use super::events::{Counting, added_up, aggregated, part_of, suffixed};
use crate::model::{Aggregation, Measure, Part, Shape, Signal, Whole};
use crate::promql::build::{call, div, greater, greater_equal, histogram_quantile, number, rate, sub, time};
use crate::promql::{AggregateOp, Expr, Selector, Window};

/// The signal's value, with the labels of its `per` and of `by` kept apart.
///
/// `window` is that of rates and increases; gauges have none. The result has no sample, rather than
/// `NaN` or infinity, where a share is of nothing: idle ratios, wholes of zero (which mean "unlimited").
/// Only a quantile of nothing is `NaN`, which no comparison lets through.
///
/// `None` when the signal has no shape over Prometheus metrics, or is a latency asked for its plain value.
pub fn expression(signal: &Signal, measure: &Measure, window: Window, by: &[String]) -> Option<Expr> {
    let labels = kept_labels(signal, by);
    match signal.shape.as_ref()? {
        Shape::Rate { of } => added_up(Counting::Rate, of, window, &labels),
        Shape::Increase { of } => added_up(Counting::Increase, of, window, &labels),
        Shape::Ratio { part, total, .. } => {
            let all = added_up(Counting::Rate, total, window, &labels)?;
            let part = part_of(Counting::Rate, part, &all, window, &labels)?;
            Some(div(part, greater(all, number(0))))
        }
        Shape::Latency { histogram, native, .. } => latency(&histogram.value, *native, measure, window, &labels),
        Shape::Gauge { of, aggregate } => Some(aggregated(operator(*aggregate), &labels, of.value.clone())),
        Shape::Fraction { part, whole, aggregate } => Some(fraction(part, whole, *aggregate, &labels)),
        Shape::Age { of, aggregate } => Some(aggregated(operator(*aggregate), &labels, sub(time(), of.value.clone()))),
        Shape::Expr { expr, .. } => Some(expr.value.clone()),
    }
}

/// The labels that an expression of the signal keeps: its own `per`, then `by`, each once.
pub fn kept_labels(signal: &Signal, by: &[String]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for label in signal.per.iter().chain(by) {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    labels
}

/// PromQL's word for an aggregation.
fn operator(aggregation: Aggregation) -> AggregateOp {
    match aggregation {
        Aggregation::Sum => AggregateOp::Sum,
        Aggregation::Avg => AggregateOp::Avg,
        Aggregation::Max => AggregateOp::Max,
        Aggregation::Min => AggregateOp::Min,
        Aggregation::Count => AggregateOp::Count,
    }
}

fn latency(histogram: &Selector, native: bool, measure: &Measure, window: Window, labels: &[String]) -> Option<Expr> {
    let added = |selector: Selector| aggregated(AggregateOp::Sum, labels, rate(selector, window));
    let whole = || added(histogram.clone());
    match (measure, native) {
        (Measure::Value, _) => None,
        (Measure::Quantile(quantile), true) => Some(histogram_quantile(*quantile, whole())),
        (Measure::Quantile(quantile), false) => {
            let with_bound: Vec<String> = std::iter::once("le".to_owned()).chain(labels.iter().cloned()).collect();
            let buckets = rate(suffixed(histogram, "_bucket"), window);
            Some(histogram_quantile(*quantile, aggregated(AggregateOp::Sum, &with_bound, buckets)))
        }
        (Measure::Within(bound), _) => Some(share_within(histogram, native, bound.value, window, labels)),
        (Measure::Mean, true) => {
            let count = call("histogram_count", [whole()]);
            Some(div(call("histogram_sum", [whole()]), greater(count, number(0))))
        }
        (Measure::Mean, false) => {
            let count = greater(added(suffixed(histogram, "_count")), number(0));
            Some(div(added(suffixed(histogram, "_sum")), count))
        }
    }
}

/// The share of a histogram's events at or below a bound; no sample without events.
pub(super) fn share_within(
    histogram: &Selector,
    native: bool,
    bound: Decimal,
    window: Window,
    labels: &[String],
) -> Expr {
    let added = |selector: Selector| aggregated(AggregateOp::Sum, labels, rate(selector, window));
    if native {
        let share = call("histogram_fraction", [number(0), number(bound), added(histogram.clone())]);
        // The share of no events is NaN; the comparison drops it.
        return greater_equal(share, number(0));
    }
    let all = added(suffixed(histogram, "_count"));
    div(added(bucket(histogram, bound)), greater(all, number(0)))
}

fn fraction(part: &Part, whole: &Whole, aggregate: Aggregation, labels: &[String]) -> Expr {
    let (Part::Used(selector) | Part::Free(selector)) = part;
    let amount = aggregated(operator(aggregate), labels, selector.value.clone());
    let share = match whole {
        Whole::Constant(constant) => div(amount, number(*constant)),
        Whole::Gauge(gauge) => {
            let all = aggregated(operator(aggregate), labels, gauge.value.clone());
            div(amount, greater(all, number(0)))
        }
    };
    match part {
        Part::Used(_) => share,
        Part::Free(_) => sub(number(Decimal::ONE), share),
    }
}

#[cfg(test)]
#[path = "prometheus_tests.rs"]
mod tests;
