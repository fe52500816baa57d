//! What an SLO measures: which events or times are good and which are bad.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::jobs::Reached;
use super::problems::{
    AMBIGUOUS_SLI, EVENTS_WITHOUT_WINDOW, NOT_AN_SLI, RESERVED_LABEL, UNIT_MISMATCH, WITHIN_MISSING,
};
use super::services::Surroundings;
use super::{Resolver, metrics, shapes, thresholds};
use crate::diagnostics::Diagnostic;
use crate::model::{Better, Counted, Measure, Shape, Signal, Sli};
use crate::promql::ask::windows;
use crate::promql::build::{aggregate, aggregate_by, compared, greater_equal, number, sub};
use crate::promql::{self, AggregateOp, BinaryOp, Expr, Window};
use crate::quantity::{Duration, Quantity, Unit};
use crate::signals::{self, sli::selectors};
use crate::source::Spanned;
use crate::spec::slo as written;
use crate::spec::values::{Name, Written};

/// What an SLO measures, and how often its series have samples.
#[derive(Debug)]
pub(super) struct Measured {
    /// The signal it speaks of.
    pub(super) signal: Option<Signal>,
    /// What counts as good and bad.
    pub(super) sli: Sli,
    /// The longest time between two samples of its series.
    pub(super) scrape: Duration,
}

/// Labels that alerts carry anyway, or that histograms need for themselves.
const TAKEN: [&str; 11] =
    ["alertname", "environment", "le", "month", "platform", "quantile", "service", "severity", "slo", "team", "tier"];

/// What an SLO of a service measures: its own events or its signal's.
pub(super) fn measured(
    name: &Spanned<Name>,
    detail: Option<&written::SloDetail>,
    signals: &IndexMap<String, Signal>,
    reached: &Reached,
    resolver: &mut Resolver,
) -> Option<Measured> {
    if let Some((detail, events)) = detail.and_then(|detail| Some((detail, detail.events.as_ref()?))) {
        let others = [
            detail.signal.as_ref().map(|signal| signal.span),
            detail.within.as_ref().map(|within| within.span),
            detail.good_bound().map(|bound| bound.span),
        ];
        if let Some(other) = others.into_iter().flatten().next() {
            let message = format!("`{}` counts its own events and has a signal, too", name.value);
            let diagnostic = Diagnostic::new(&AMBIGUOUS_SLI, other, message).also(events.span.0, "the events");
            resolver.report(diagnostic.help("keep one of them"));
            return None;
        }
        let sli = raw(name, events, resolver)?;
        return Some(Measured { signal: None, scrape: scrape_interval(&sli, reached, resolver), sli });
    }
    let spoken = detail.and_then(|detail| detail.signal.as_ref()).unwrap_or(name);
    let known: Vec<&str> = signals.keys().map(String::as_str).collect();
    let found = resolver.known("signal", spoken.as_str(), spoken.span, known);
    let signal = found.then(|| signals.get(spoken.as_str())).flatten()?;
    let by: Vec<String> =
        detail.into_iter().flat_map(|detail| &detail.by).flatten().map(|label| label.to_string()).collect();
    let sli = match detail.filter(|detail| detail.good_bound().is_some()) {
        Some(detail) => times(detail, good_bound(detail, resolver)?, signal, &by, resolver)?,
        None => of_signal(name, spoken, detail, signal, &by, resolver)?,
    };
    Some(Measured { signal: Some(signal.clone()), scrape: scrape_interval(&sli, reached, resolver), sli })
}

/// The labels that each have a budget: those that name no other thing on alerts.
pub(super) fn grouped_by(
    around: &Surroundings,
    detail: Option<&written::SloDetail>,
    resolver: &mut Resolver,
) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for label in detail.into_iter().flat_map(|detail| &detail.by).flatten() {
        let taken =
            TAKEN.contains(&label.as_str()) || around.written.labels.iter().any(|(own, _)| own.value == label.value);
        if taken {
            let message = format!("a budget for each `{}`: that label has another meaning on alerts", label.value);
            let diagnostic = Diagnostic::new(&RESERVED_LABEL, label.span, message);
            resolver.report(diagnostic.help("group by a label of the metric, like `endpoint`"));
        } else if !labels.iter().any(|other| other == label.as_str()) {
            labels.push(label.to_string());
        }
    }
    labels
}

/// The interval of the jobs that bring the SLI's series, the longest of them.
fn scrape_interval(sli: &Sli, reached: &Reached, resolver: &Resolver) -> Duration {
    let interval = |job: &str| {
        let jobs = reached.jobs.iter().map(|job| (job.name.as_str(), job.interval.value));
        let probes = reached.probes.iter().map(|probe| (probe.job.as_str(), probe.interval.value));
        jobs.chain(probes).find(|(name, _)| *name == job).map(|(_, interval)| interval)
    };
    let selectors = selectors(sli);
    let matchers = selectors.iter().flat_map(|selector| &selector.matchers).filter(|matcher| matcher.label == "job");
    matchers.filter_map(|matcher| interval(&matcher.value)).max().unwrap_or(resolver.scrape.value)
}

/// Events that PromQL counts.
fn raw(name: &Spanned<Name>, events: &written::SloEvents, resolver: &mut Resolver) -> Option<Sli> {
    let (part, part_is_bad) = match (&events.good, &events.bad) {
        (Some(good), None) => (good, false),
        (None, Some(bad)) => (bad, true),
        (good, _) => {
            let message = match good {
                Some(_) => format!("`{}` counts good and bad events; one follows from the other", name.value),
                None => format!("`{}` counts all events, but which are good or bad?", name.value),
            };
            let diagnostic = Diagnostic::new(&AMBIGUOUS_SLI, events.span.0, message);
            resolver.report(diagnostic.help("write `total` and one of `good` and `bad`"));
            return None;
        }
    };
    let part = counted(part, resolver);
    let total = counted(&events.total, resolver);
    Some(Sli::Raw { part: Box::new(part?), total: Box::new(total?), part_is_bad })
}

/// PromQL over `$window`, typed.
fn counted(written: &Written, resolver: &mut Resolver) -> Option<Counted> {
    let read = promql::parse_events(written.as_str()).and_then(|expr| promql::types::check(&expr).map(|_| expr));
    let expr = shapes::read_expression(written, read, resolver)?;
    if windows(&expr.value).iter().any(|used| used.window == Window::Objective) {
        return Some(Counted { expr, text: written.clone() });
    }
    let message = "these events are asked over no window";
    let diagnostic = Diagnostic::new(&EVENTS_WITHOUT_WINDOW, written.span, message);
    resolver.report(diagnostic.help("write `$window` where the window stands: sum(rate(errors_total[$window]))"));
    None
}

/// The bound between good and bad times, and whether good is above it.
fn good_bound<'d>(detail: &'d written::SloDetail, resolver: &mut Resolver) -> Option<(&'d Spanned<Quantity>, bool)> {
    match (&detail.good_below, &detail.good_above) {
        (Some(below), Some(above)) => {
            let message = "good is below one bound and above another";
            let diagnostic = Diagnostic::new(&AMBIGUOUS_SLI, above.span, message).also(below.span, "good below");
            resolver.report(diagnostic.help("write two SLOs, or one of the two"));
            None
        }
        (Some(below), None) => Some((below, false)),
        (None, Some(above)) => Some((above, true)),
        (None, None) => None,
    }
}

/// Time in which a signal is on the good side of a bound.
fn times(
    detail: &written::SloDetail,
    (bound, good_is_above): (&Spanned<Quantity>, bool),
    signal: &Signal,
    by: &[String],
    resolver: &mut Resolver,
) -> Option<Sli> {
    if let Some(within) = &detail.within {
        let message = "a bound for each event, and one for the time as a whole";
        let diagnostic = Diagnostic::new(&AMBIGUOUS_SLI, bound.span, message).also(within.span, "for each event");
        resolver.report(diagnostic.help("`within` counts slow events, `good_below` counts slow times: keep one"));
        return None;
    }
    let is_latency = matches!(signal.shape, Some(Shape::Latency { .. }));
    let measure = match (&detail.quantile, is_latency) {
        (Some(quantile), true) => Measure::Quantile(thresholds::quantile(quantile, resolver)?),
        (None, true) => Measure::Quantile(Decimal::new(95, 2)),
        (Some(quantile), false) => {
            let message = format!("only a latency has quantiles; `{}` is none", signal.name);
            resolver.report(Diagnostic::new(&NOT_AN_SLI, quantile.span, message));
            return None;
        }
        (None, false) => Measure::Value,
    };
    let limit = thresholds::bound(bound, signal, &measure, resolver)?.value;
    let Some(value) = signals::expression(signal, &measure, signal.window.value.into(), by) else {
        let message = format!("`{}` is not measured in Prometheus, where SLOs are computed", signal.name);
        resolver.report(Diagnostic::new(&NOT_AN_SLI, bound.span, message));
        return None;
    };
    // A quantile of nothing is NaN, and NaN in a sum would stay for the whole window.
    let value = if is_latency { greater_equal(value, number(0)) } else { value };
    let op = if good_is_above { BinaryOp::Less } else { BinaryOp::Greater };
    let bad = compared(op, value, number(limit));
    Some(Sli::Share { bad: one_for_each(AggregateOp::Max, by, bad) })
}

fn one_for_each(op: AggregateOp, by: &[String], expr: Expr) -> Expr {
    if by.is_empty() { aggregate(op, expr) } else { aggregate_by(op, by, expr) }
}

/// What counts as good and bad, from the signal's shape.
fn of_signal(
    name: &Spanned<Name>,
    spoken: &Spanned<Name>,
    detail: Option<&written::SloDetail>,
    signal: &Signal,
    by: &[String],
    resolver: &mut Resolver,
) -> Option<Sli> {
    let within = detail.and_then(|detail| detail.within.as_ref());
    match (&signal.shape, within) {
        (Some(Shape::Ratio { part, total, part_is_bad }), None) => {
            Some(Sli::Events { part: part.clone(), total: total.clone(), part_is_bad: *part_is_bad })
        }
        (Some(Shape::Latency { histogram, native, .. }), Some(within)) => {
            let bound = metrics::bucket_value(within, signal.unit, within.span, resolver)?;
            let bound = Spanned::new(bound, within.span);
            Some(Sli::Within { histogram: histogram.clone(), native: *native, bound })
        }
        (Some(Shape::Latency { .. }), None) => {
            let message = format!("`{}` is a latency: how fast is good?", name.value);
            let diagnostic = Diagnostic::new(&WITHIN_MISSING, spoken.span, message);
            resolver.report(diagnostic.help("add `within: 500ms`, one of the histogram's buckets"));
            None
        }
        (Some(Shape::Gauge { of, .. }), None) if signal.unit == Unit::Ratio || signal.unit == Unit::Number => {
            Some(Sli::Boolean { gauge: of.clone() })
        }
        (Some(Shape::Expr { expr, .. }), None) => share(spoken, signal, &expr.value, by, resolver),
        (_, Some(within)) => {
            let message = format!("`{}` is no latency, so nothing is `within` a bound", signal.name);
            resolver.report(Diagnostic::new(&NOT_AN_SLI, within.span, message));
            None
        }
        _ => {
            let message = format!("`{}` has no good and bad events, so it cannot have an objective", signal.name);
            let help = "say which times are good: `good_below: ...` or `good_above: ...`; or take a signal that is a \
                        ratio, a latency, or a 0/1 gauge (unit: ratio) in Prometheus";
            resolver.report(Diagnostic::new(&NOT_AN_SLI, spoken.span, message).help(help));
            None
        }
    }
}

/// PromQL that is the share itself.
fn share(spoken: &Spanned<Name>, signal: &Signal, expr: &Expr, by: &[String], resolver: &mut Resolver) -> Option<Sli> {
    let (Unit::Ratio, Some(better)) = (signal.unit, signal.better) else {
        let message = format!("is `{}` a share of good or of bad events?", signal.name);
        let code = if signal.unit == Unit::Ratio { &NOT_AN_SLI } else { &UNIT_MISMATCH };
        let diagnostic = Diagnostic::new(code, spoken.span, message).also(signal.origin.0, "the signal");
        let help = "give the signal `unit: ratio` and `better: higher` (share of good) or `better: lower` (of bad), \
                    or the SLO `good_below` or `good_above`";
        resolver.report(diagnostic.help(help));
        return None;
    };
    // A share of nothing is NaN, which the comparison drops: in a sum it would stay for the whole window.
    let known = greater_equal(one_for_each(AggregateOp::Avg, by, expr.clone()), number(0));
    Some(Sli::Share { bad: if better == Better::Lower { known } else { sub(number(1), known) } })
}
