//! A threshold's condition as an expression that has samples when, and only when, it is true.

use rust_decimal::Decimal;

use super::events::{aggregated, suffixed};
use super::prometheus::{expression, kept_labels};
use crate::model::{Bound, Condition, Measure, Part, Shape, Signal, Threshold, ThresholdOrigin};
use crate::promql::build::{
    absent, and, call, greater, greater_equal, less, metric, mul, number, or, over_time, sub, subquery, time, unless,
    vector,
};
use crate::promql::{AggregateOp, Expr, Kind, Selector};
use crate::quantity::{Duration, print_decimal};

/// How far back an alert on missing series remembers which there were.
const MEMORY: Duration = Duration::days(1);

/// How many values an average that nothing recorded is made of, at most.
const STEPS: u64 = 288;

/// A recorded series that a condition looks back on.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// Its name: `service:request_rate:5m`.
    pub name: String,
    /// Labels that the rule adds.
    pub labels: Vec<(String, String)>,
    /// What is recorded.
    pub expr: Expr,
}

impl Recording {
    /// The recorded series.
    pub fn selector(&self) -> Selector {
        metric(self.name.clone()).with_all(self.labels.clone())
    }
}

/// When the threshold is crossed. Conditions against a trailing average read the series that
/// [`recording`] describes; it must be recorded, or they are never true.
///
/// `None` when the signal cannot be asked in PromQL.
pub fn condition(threshold: &Threshold, signal: Option<&Signal>) -> Option<Expr> {
    if let Condition::Expr { expr, .. } = &threshold.condition {
        return Some(expr.value.clone());
    }
    let signal = signal?;
    let value = || value(threshold, signal);
    match &threshold.condition {
        Condition::Expr { expr, .. } => Some(expr.value.clone()),
        Condition::Above(bound) => Some(greater(value()?, number(bound.value))),
        Condition::Below(bound) => Some(less(value()?, number(bound.value))),
        Condition::AboveBaseline { times, over } => {
            let recorded = recording(threshold, Some(signal))?.selector();
            Some(against_average(&recorded, times.value, over.value, greater))
        }
        Condition::BelowBaseline { times, over } => {
            let recorded = recording(threshold, Some(signal))?.selector();
            Some(against_average(&recorded, times.value, over.value, less))
        }
        Condition::DropsBy { by, against } => {
            let past = shifted(value()?, against.value);
            Some(less(value()?, mul(number(Decimal::ONE - by.value), past)))
        }
        Condition::Absent { .. } => missing(signal, &kept_labels(signal, &threshold.by)),
    }
}

/// The same where nothing is recorded: a trailing average is asked of what the series were, at every evaluation.
pub fn condition_alone(threshold: &Threshold, signal: Option<&Signal>) -> Option<Expr> {
    let (times, over, compare): (_, _, fn(Expr, Expr) -> Expr) = match &threshold.condition {
        Condition::AboveBaseline { times, over } => (times.value, over.value, greater),
        Condition::BelowBaseline { times, over } => (times.value, over.value, less),
        _ => return condition(threshold, signal),
    };
    let value = recording(threshold, signal)?.expr;
    let minutes = (over.as_seconds() / STEPS / 60).max(1);
    let within = |window: Duration| subquery(value.clone(), window, Some(Duration::minutes(minutes)));
    let tenth = Duration::millis(over.as_millis() / 10).max(Duration::minutes(minutes));
    let first = Duration::millis(over.as_millis().saturating_sub(tenth.as_millis()));
    let known = call("present_over_time", [shifted(within(tenth), first)]);
    let average = call("avg_over_time", [within(over)]);
    Some(and(compare(value.clone(), mul(number(times), average)), known))
}

/// The value that a condition looks at, before it is compared: what an alert's text and a panel show.
///
/// An alert on an SLO that is measured with a 0/1 gauge asks for the share of good samples over the
/// window: one failed probe is not "below 99.8 %".
pub fn value(threshold: &Threshold, signal: &Signal) -> Option<Expr> {
    if let (ThresholdOrigin::Slo(_), Some(Shape::Gauge { of, .. })) = (&threshold.declared, &signal.shape) {
        let share = over_time("avg_over_time", of.value.clone(), threshold.window.value);
        return Some(aggregated(AggregateOp::Avg, &kept_labels(signal, &threshold.by), share));
    }
    expression(signal, &threshold.measure, threshold.window.value.into(), &threshold.by)
}

/// The series that a condition against a trailing average needs: averaging a subquery over a day
/// would ask the raw series 1440 times at every evaluation, a recorded one is read once.
///
/// `None` for every other condition.
pub fn recording(threshold: &Threshold, signal: Option<&Signal>) -> Option<Recording> {
    let (Condition::AboveBaseline { .. } | Condition::BelowBaseline { .. }) = &threshold.condition else {
        return None;
    };
    let signal = signal?;
    let value = value(threshold, signal)?;
    let mut labels = kept_labels(signal, &threshold.by);
    labels.sort();
    let level: Vec<&str> = std::iter::once("service").chain(labels.iter().map(String::as_str)).collect();
    let measure = match &threshold.measure {
        Measure::Value => String::new(),
        Measure::Quantile(quantile) => format!("_p{}", print_decimal(*quantile * Decimal::ONE_HUNDRED)),
        Measure::Within(bound) => format!("_within_{}s", print_decimal(bound.value)),
        Measure::Mean => "_mean".to_owned(),
    };
    let name = format!("{}:{}{measure}:{}", level.join("_"), signal.name, threshold.window.value);
    // A quantile of nothing is NaN, and one NaN would make the average of a whole day NaN.
    let expr = match threshold.measure {
        Measure::Quantile(_) => greater_equal(value, number(0)),
        _ => value,
    };
    Some(Recording {
        name: name.chars().map(|c| if c.is_ascii_alphanumeric() || c == ':' { c } else { '_' }).collect(),
        labels: vec![("service".to_owned(), signal.service.clone())],
        expr,
    })
}

/// `now op times * average`, only once there is something to average: the series must have been there
/// when the first tenth of the trailing time ended. A service of an hour has no usual day.
fn against_average(recorded: &Selector, times: Decimal, over: Duration, compare: fn(Expr, Expr) -> Expr) -> Expr {
    let tenth = Duration::millis(over.as_millis() / 10).max(Duration::minutes(1));
    let first = Duration::millis(over.as_millis().saturating_sub(tenth.as_millis()));
    let average = over_time("avg_over_time", recorded.clone(), over);
    let known = over_time("present_over_time", recorded.clone().offset(first), tenth);
    and(compare(recorded.clone().into(), mul(number(times), average)), known)
}

/// True when the series that the signal is made of are missing. With labels kept apart, each value
/// that was there within a day is missed by itself, too.
fn missing(signal: &Signal, labels: &[String]) -> Option<Expr> {
    if let Shape::Expr { expr, .. } = signal.shape.as_ref()? {
        return Some(absent(expr.value.clone()));
    }
    let selectors = sources(signal);
    let any = selectors.iter().cloned().map(Expr::from).reduce(or)?;
    let all_gone = absent(any.clone());
    if labels.is_empty() {
        return Some(all_gone);
    }
    let before = selectors.into_iter().map(|selector| over_time("present_over_time", selector, MEMORY)).reduce(or)?;
    let (before, now) = (aggregated(AggregateOp::Group, labels, before), aggregated(AggregateOp::Group, labels, any));
    Some(or(unless(before, now), all_gone))
}

/// The series without which a signal has no value.
pub fn sources(signal: &Signal) -> Vec<Selector> {
    let plain = |selectors: &[crate::source::Spanned<Selector>]| selectors.iter().map(|s| s.value.clone()).collect();
    match &signal.shape {
        Some(Shape::Rate { of } | Shape::Increase { of }) => plain(of),
        Some(Shape::Ratio { total, .. }) => plain(total),
        Some(Shape::Latency { histogram, native: true, .. }) => vec![histogram.value.clone()],
        Some(Shape::Latency { histogram, native: false, .. }) => vec![suffixed(&histogram.value, "_count")],
        Some(Shape::Gauge { of, .. } | Shape::Age { of, .. }) => vec![of.value.clone()],
        Some(Shape::Fraction { part: Part::Used(selector) | Part::Free(selector), .. }) => vec![selector.value.clone()],
        Some(Shape::Expr { .. }) | None => Vec::new(),
    }
}

/// The same expression as it was some time before.
fn shifted(mut expr: Expr, by: Duration) -> Expr {
    shift(&mut expr, i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
    expr
}

fn shift(expr: &mut Expr, millis: i64) {
    match &mut expr.kind {
        Kind::Selector(selector) | Kind::Matrix { selector, .. } => {
            selector.offset.offset_millis = selector.offset.offset_millis.saturating_add(millis);
        }
        // What a subquery evaluates is shifted with it.
        Kind::Subquery { offset, .. } => offset.offset_millis = offset.offset_millis.saturating_add(millis),
        Kind::Call(call) if call.args.is_empty() && call.function != "pi" => past(expr, millis),
        Kind::Call(call) => call.args.iter_mut().for_each(|arg| shift(arg, millis)),
        Kind::Aggregate(aggregate) => shift(&mut aggregate.expr, millis),
        Kind::Binary(binary) => {
            shift(&mut binary.left, millis);
            shift(&mut binary.right, millis);
        }
        Kind::Unary { expr, .. } | Kind::Paren(expr) => shift(expr, millis),
        Kind::Number(_) | Kind::Float(_) | Kind::Text(_) => {}
    }
}

/// What asks for the time asks for the time then: `time()`, and `hour()` and its like, which mean the hour of now.
fn past(expr: &mut Expr, millis: i64) {
    let then = sub(time(), number(Decimal::new(millis, 3).normalize()));
    match &mut expr.kind {
        Kind::Call(call) if call.function != "time" => call.args.push(vector(then)),
        _ => *expr = then,
    }
}

/// The bound of a condition that has a fixed one: where a panel draws its line.
pub fn bound(condition: &Condition) -> Option<&Bound> {
    match condition {
        Condition::Above(bound) | Condition::Below(bound) => Some(bound),
        _ => None,
    }
}
