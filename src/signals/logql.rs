//! A signal over log lines asked in LogQL: how many lines match.

use rust_decimal::Decimal;

use super::prometheus::kept_labels;
use crate::conventions::{LEVEL_LABEL, SERVICE_LABEL};
use crate::logql::{BinaryOp, Expr, Matcher, Query, Stage, TestOp};
use crate::model::{Condition, LogFilter, Logs, Signal, Threshold};
use crate::quantity::Duration;

/// Whether Loki counts the signal's lines: those of a CloudWatch group are counted there.
pub fn in_loki(signal: &Signal) -> bool {
    signal.log.as_ref().is_some_and(|log| log.group.is_none())
}

/// The signal's value: matching lines in the window, with the labels of its `per` and of `by` kept apart.
pub fn expression(logs: &Logs, signal: &Signal, window: Duration, by: &[String]) -> Option<Expr> {
    let filter = signal.log.as_ref().filter(|_| in_loki(signal))?;
    Some(counted(logs, signal, filter, &kept_labels(signal, by), window, Duration::ZERO))
}

/// The lines that the signal counts, as they are.
pub fn lines(logs: &Logs, signal: &Signal) -> Option<Query> {
    let filter = signal.log.as_ref().filter(|_| in_loki(signal))?;
    Some(query(logs, signal, filter, &[]))
}

/// Every line of a service.
pub fn lines_of(service: &str) -> Query {
    Query { streams: vec![equal(SERVICE_LABEL, service)], stages: Vec::new() }
}

/// When the threshold is crossed. `None` when Loki cannot tell.
pub fn condition(logs: &Logs, threshold: &Threshold, signal: &Signal) -> Option<Expr> {
    let filter = signal.log.as_ref().filter(|_| in_loki(signal))?;
    let labels = kept_labels(signal, &threshold.by);
    let window = threshold.window.value;
    let past = |range, offset| counted(logs, signal, filter, &labels, range, offset);
    let now = || past(window, Duration::ZERO);
    Some(match &threshold.condition {
        Condition::Expr { .. } => return None,
        Condition::Above(bound) => Expr::binary(BinaryOp::Greater, now(), Expr::Number(bound.value)),
        Condition::Below(bound) => {
            // No line at all is no series: less than any bound, and yet nothing to compare.
            let none = || Expr::binary(BinaryOp::Or, now(), Expr::Vector(Decimal::ZERO));
            let count = if labels.is_empty() { none() } else { now() };
            Expr::binary(BinaryOp::Less, count, Expr::Number(bound.value))
        }
        Condition::AboveBaseline { times, over } => {
            against_average(BinaryOp::Greater, times.value, over.value, window, past)
        }
        Condition::BelowBaseline { times, over } => {
            against_average(BinaryOp::Less, times.value, over.value, window, past)
        }
        Condition::DropsBy { by, against } => {
            let left = Expr::Number(Decimal::ONE - by.value);
            let then = Expr::binary(BinaryOp::Mul, left, past(window, against.value));
            let now =
                if labels.is_empty() { Expr::binary(BinaryOp::Or, now(), Expr::Vector(Decimal::ZERO)) } else { now() };
            Expr::binary(BinaryOp::Less, now, then)
        }
        Condition::Absent { wait } => {
            Expr::Absent { query: query(logs, signal, filter, &[]), range: wait.value.max(window) }
        }
    })
}

/// `now op times * average`, where the trailing time had lines when it began: a service of an hour has no usual day.
/// A count over a day holds the counts of all its windows, so that their average needs nothing recorded.
fn against_average(
    op: BinaryOp,
    times: Decimal,
    over: Duration,
    window: Duration,
    past: impl Fn(Duration, Duration) -> Expr,
) -> Expr {
    let tenth = Duration::millis(over.as_millis() / 10).max(Duration::minutes(1));
    let first = Duration::millis(over.as_millis().saturating_sub(tenth.as_millis()));
    let windows = Decimal::from(over.as_millis()) / Decimal::from(window.as_millis().max(1));
    let average =
        Expr::binary(BinaryOp::Div, past(over, Duration::ZERO), Expr::Number(windows.round_dp(6).normalize()));
    let usual = Expr::binary(BinaryOp::Mul, Expr::Number(times), average);
    Expr::binary(BinaryOp::And, Expr::binary(op, past(window, Duration::ZERO), usual), past(tenth, first))
}

fn counted(
    logs: &Logs,
    signal: &Signal,
    filter: &LogFilter,
    labels: &[String],
    range: Duration,
    offset: Duration,
) -> Expr {
    Expr::sum(labels, Expr::Count { query: query(logs, signal, filter, labels), range, offset })
}

/// The cheapest tests first: labels of the stream, then words, then fields.
fn query(logs: &Logs, signal: &Signal, filter: &LogFilter, labels: &[String]) -> Query {
    let mut streams = vec![equal(SERVICE_LABEL, &signal.service)];
    let mut stages = Vec::new();
    stages.extend(filter.contains.iter().cloned().map(Stage::Contains));
    let mut read: Vec<(String, Vec<String>)> = Vec::new();
    let mut tests = Vec::new();
    for (field, value) in &filter.fields {
        let (op, value) = pattern(value);
        if *field == logs.fields.level {
            streams.push(Matcher { label: LEVEL_LABEL.to_owned(), op, value });
            continue;
        }
        // A line without the word cannot have it as a value, and need not be read as JSON.
        if op == TestOp::Equal && is_plain(&value) {
            stages.push(Stage::Contains(value.clone()));
        }
        read.push((label_of(field), path(field)));
        tests.push(Stage::Test(Matcher { label: label_of(field), op, value }));
    }
    for label in labels {
        let on_stream = [SERVICE_LABEL, LEVEL_LABEL].contains(&label.as_str());
        if !on_stream && read.iter().all(|(known, _)| known != label) {
            read.push((label.clone(), path(label)));
        }
    }
    if !read.is_empty() {
        stages.push(Stage::Json(read));
        // A line that is no JSON would make the whole count an error.
        stages.push(Stage::Test(equal("__error__", "")));
    }
    stages.extend(tests);
    Query { streams, stages }
}

fn equal(label: &str, value: &str) -> Matcher {
    Matcher { label: label.to_owned(), op: TestOp::Equal, value: value.to_owned() }
}

/// A value in which `*` stands for anything.
fn pattern(value: &str) -> (TestOp, String) {
    if !value.contains('*') {
        return (TestOp::Equal, value.to_owned());
    }
    let parts: Vec<String> = value.split('*').map(regex_syntax::escape).collect();
    (TestOp::Regex, parts.join(".*"))
}

/// Whether a text stands in JSON as it is.
fn is_plain(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
}

/// The label that a field becomes.
fn label_of(field: &str) -> String {
    field.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// The path of a field inside another.
pub fn path(field: &str) -> Vec<String> {
    field.split('.').map(str::to_owned).collect()
}
