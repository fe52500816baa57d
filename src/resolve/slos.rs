//! SLOs: what counts as bad, how much of it is allowed, burn-rate tiers, and alerts on what is measured.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::jobs::Reached;
use super::problems::{INVALID_OBJECTIVE, NOT_AN_SLI, WITHIN_MISSING};
use super::services::Surroundings;
use super::{Resolver, metrics, text, thresholds};
use crate::diagnostics::Diagnostic;
use crate::model::{
    Bound, Condition, Evaluator, Measure, Shape, Signal, Sli, Slo, Threshold, ThresholdOrigin, Urgency,
};
use crate::quantity::{Dimension, Duration, Quantity, Unit, print_decimal};
use crate::source::Spanned;
use crate::spec::slo as written;
use crate::spec::values::{Name, Named};
use crate::words::camel;

/// The window of objectives that name none.
const WINDOW: Duration = Duration::days(30);
/// Over what an alert on a share is measured, unless it says.
const SHARE_WINDOW: Duration = Duration::hours(1);
/// Over what an alert on a quantile is measured, unless it says.
const QUANTILE_WINDOW: Duration = Duration::minutes(5);

/// Every SLO of a service, and the thresholds that come with them.
pub(super) fn resolve(
    around: &Surroundings,
    signals: &IndexMap<String, Signal>,
    reached: &Reached,
    resolver: &mut Resolver,
) -> (Vec<Slo>, Vec<Threshold>) {
    let (mut slos, mut alerts) = (Vec::new(), Vec::new());
    for (name, written) in around.written.slos.iter() {
        let Some((slo, mut more)) = slo(around, name, written, signals, reached, resolver) else { continue };
        slos.push(slo);
        alerts.append(&mut more);
    }
    (slos, alerts)
}

fn slo(
    around: &Surroundings,
    name: &Spanned<Name>,
    written: &written::Slo,
    signals: &IndexMap<String, Signal>,
    reached: &Reached,
    resolver: &mut Resolver,
) -> Option<(Slo, Vec<Threshold>)> {
    let (detail, objective) = match written {
        written::Slo::Short(objective) => (None, objective),
        written::Slo::Long(detail) => (Some(detail.as_ref()), &detail.objective),
    };
    let objective = share(objective, resolver);
    let spoken = detail.and_then(|detail| detail.signal.as_ref()).unwrap_or(name);
    let known: Vec<&str> = signals.keys().map(String::as_str).collect();
    let found = resolver.known("signal", spoken.as_str(), spoken.span, known);
    let signal = found.then(|| signals.get(spoken.as_str())).flatten()?;
    let sli = sli(name, spoken, detail, signal, resolver)?;
    let objective = objective?;
    let window = detail.and_then(|detail| detail.window).unwrap_or(Spanned::new(WINDOW, name.span));
    let severity_of = |urgency| {
        let severity = around.severities.iter().find(|severity| severity.urgency == urgency);
        severity.map(|severity| severity.name.as_str())
    };
    let scrape = scrape_interval(&sli, reached, resolver);
    let no_tiers = Named::default();
    let tiers = crate::slo::tiers(
        detail.map_or(&no_tiers, |detail| &detail.tiers),
        &objective,
        &window,
        scrape,
        resolver.evaluate.value,
        (severity_of(Urgency::Page), severity_of(Urgency::Ticket)),
        resolver.diagnostics,
    );
    let traffic = detail.and_then(|detail| detail.traffic.as_ref()).and_then(|traffic| rate(traffic, resolver));
    let slo = Slo {
        name: text(name),
        service: around.name.to_string(),
        description: detail.and_then(|detail| detail.description.clone()).unwrap_or_else(|| signal.title.clone()),
        signal: signal.name.clone(),
        sli,
        objective,
        window,
        min_failures: detail.and_then(|detail| detail.min_failures).map(|failures| failures.value),
        traffic,
        grain: crate::slo::windows::grain(scrape, resolver.evaluate.value),
        tiers,
        origin: detail.map_or(name.span.into(), |detail| detail.span),
    };
    let mut alerts = Vec::new();
    if let Some(alert) = detail.and_then(|detail| detail.alert_below.as_ref()) {
        alerts.extend(alert_below(around, &slo, signal, alert, resolver));
    }
    if let Some(alert) = detail.and_then(|detail| detail.alert_above.as_ref()) {
        alerts.extend(alert_above(around, &slo, signal, alert, resolver));
    }
    Some((slo, alerts))
}

/// An objective: a share that leaves a budget and promises something.
fn share(written: &Spanned<Quantity>, resolver: &mut Resolver) -> Option<Spanned<Decimal>> {
    let good = written.dimension == Dimension::Ratio
        && written.value.value > Decimal::ZERO
        && written.value.value < Decimal::ONE;
    if !good {
        let message = format!("`{}` is no objective", written.text);
        let help = if written.dimension == Dimension::Count {
            format!("write it with a percent sign: {}%", written.text)
        } else {
            "an objective lies between 0% and 100%; 100% leaves no budget: every failure breaks it".to_owned()
        };
        resolver.report(Diagnostic::new(&INVALID_OBJECTIVE, written.span, message).help(help));
    }
    good.then(|| Spanned::new(written.value.value, written.span))
}

fn rate(written: &Spanned<Quantity>, resolver: &mut Resolver) -> Option<Decimal> {
    let value = written.as_dimension(Dimension::Rate);
    if value.is_none() {
        let message = format!("`{}` is {}, not a rate", written.text, written.dimension.describe());
        let diagnostic = Diagnostic::new(&super::problems::UNIT_MISMATCH, written.span, message);
        resolver.report(diagnostic.help("traffic looks like 10/s or 300/h"));
    }
    value
}

/// The interval of the job that brings the SLI's series.
fn scrape_interval(sli: &Sli, reached: &Reached, resolver: &Resolver) -> Duration {
    let selector = match sli {
        Sli::Events { total, .. } => total.first(),
        Sli::Within { histogram, .. } => Some(histogram),
        Sli::Boolean { gauge } => Some(gauge),
    };
    let matchers = selector.map_or(&[][..], |selector| selector.matchers.as_slice());
    let job = matchers.iter().find(|matcher| matcher.label == "job").map(|matcher| matcher.value.as_str());
    let jobs = reached.jobs.iter().map(|job| (job.name.as_str(), job.interval.value));
    let probes = reached.probes.iter().map(|probe| (probe.job.as_str(), probe.interval.value));
    let found = jobs.chain(probes).find(|(name, _)| Some(*name) == job);
    found.map_or(resolver.scrape.value, |(_, interval)| interval)
}

/// What counts as good and bad, from the signal's shape.
fn sli(
    name: &Spanned<Name>,
    spoken: &Spanned<Name>,
    detail: Option<&written::SloDetail>,
    signal: &Signal,
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
        (_, Some(within)) => {
            let message = format!("`{}` is no latency, so nothing is `within` a bound", signal.name);
            resolver.report(Diagnostic::new(&NOT_AN_SLI, within.span, message));
            None
        }
        _ => {
            let message = format!("`{}` has no good and bad events, so it cannot have an objective", signal.name);
            let help = "an SLO needs a signal that is a ratio, a latency, or a 0/1 gauge (unit: ratio) in Prometheus";
            resolver.report(Diagnostic::new(&NOT_AN_SLI, spoken.span, message).help(help));
            None
        }
    }
}

struct Alert<'a> {
    value: &'a Spanned<Quantity>,
    detail: Option<&'a written::SloAlertDetail>,
}

impl<'a> Alert<'a> {
    fn of(alert: &'a written::SloAlert) -> Self {
        match alert {
            written::SloAlert::Short(value) => Self { value, detail: None },
            written::SloAlert::Long(detail) => Self { value: &detail.value, detail: Some(detail) },
        }
    }
}

/// An alert when the share of good events falls below a bound.
fn alert_below(
    around: &Surroundings,
    slo: &Slo,
    signal: &Signal,
    alert: &written::SloAlert,
    resolver: &mut Resolver,
) -> Option<Threshold> {
    let alert = Alert::of(alert);
    let good = thresholds::share(alert.value, resolver)?;
    let (measure, condition) = match &slo.sli {
        Sli::Within { bound, .. } => (Measure::Within(*bound), Condition::Below(bound_of(good, alert.value))),
        // The signal counts the bad: fewer good than 99.8 % is more bad than 0.2 %.
        Sli::Events { part_is_bad: true, .. } => {
            let bad = (Decimal::ONE - good).normalize();
            let text = format!("{}%", print_decimal(bad * Decimal::ONE_HUNDRED));
            let written = Quantity { value: bad, dimension: Dimension::Ratio, text };
            (Measure::Value, Condition::Above(bound_of(bad, &Spanned::new(written, alert.value.span))))
        }
        _ => (Measure::Value, Condition::Below(bound_of(good, alert.value))),
    };
    threshold(around, slo, signal, &alert, measure, condition, SHARE_WINDOW, resolver)
}

/// An alert when the quantile that a latency objective names rises above a bound.
fn alert_above(
    around: &Surroundings,
    slo: &Slo,
    signal: &Signal,
    alert: &written::SloAlert,
    resolver: &mut Resolver,
) -> Option<Threshold> {
    let alert = Alert::of(alert);
    if !matches!(slo.sli, Sli::Within { .. }) {
        let message = format!("`alert_above` is for latencies; `{}` is a share of good events", slo.name.value);
        resolver.report(
            Diagnostic::new(&NOT_AN_SLI, alert.value.span, message).help("use `alert_below` with a percentage"),
        );
        return None;
    }
    let measure = Measure::Quantile(slo.objective.value);
    let bound = thresholds::bound(alert.value, signal, &measure, resolver)?;
    threshold(around, slo, signal, &alert, measure, Condition::Above(bound), QUANTILE_WINDOW, resolver)
}

fn bound_of(value: Decimal, written: &Spanned<Quantity>) -> Bound {
    Bound { value, written: written.clone() }
}

#[allow(clippy::too_many_arguments, reason = "the parts of one threshold, each computed by its caller")]
fn threshold(
    around: &Surroundings,
    slo: &Slo,
    signal: &Signal,
    alert: &Alert,
    measure: Measure,
    condition: Condition,
    usual_window: Duration,
    resolver: &mut Resolver,
) -> Option<Threshold> {
    let detail = alert.detail;
    let severity = match detail.and_then(|detail| detail.severity.as_ref()) {
        Some(severity) => {
            let known: Vec<&str> = around.severities.iter().map(|severity| severity.name.as_str()).collect();
            resolver.known("severity", severity.as_str(), severity.span, known).then(|| text(severity))?
        }
        None => {
            let ticket = around.severities.iter().find(|severity| severity.urgency == Urgency::Ticket);
            let severity = ticket.or(around.severities.first())?;
            Spanned::new(severity.name.value.clone(), alert.value.span)
        }
    };
    let made_up = || Spanned::new(alert_name(around.name.as_str(), slo.name.as_str()), slo.name.span);
    let name = detail.and_then(|detail| detail.name.as_ref()).map_or_else(made_up, text);
    let group = detail.and_then(|detail| detail.group.as_ref());
    let usual = Spanned::new(usual_window, alert.value.span);
    let pattern = resolver.spec.runbooks.as_ref();
    Some(Threshold {
        runbook: thresholds::runbook_address(pattern, &name, around.name.as_str(), &severity, resolver),
        name,
        service: around.name.to_string(),
        signal: Some(Spanned::new(signal.name.clone(), slo.name.span)),
        measure,
        condition,
        window: detail.and_then(|detail| detail.over).unwrap_or(usual),
        hold: detail.and_then(|detail| detail.r#for).unwrap_or(Spanned::new(Duration::minutes(5), alert.value.span)),
        keep_firing: None,
        severity,
        group: group.map_or_else(|| "slo_alerts".to_owned(), |group| group.to_string()),
        by: Vec::new(),
        on: vec![Evaluator::Prometheus],
        summary: None,
        description: Some(description(slo, alert)),
        labels: IndexMap::from([(crate::conventions::SLO_LABEL.to_owned(), slo.id())]),
        declared: ThresholdOrigin::Slo(slo.name.value.clone()),
        origin: slo.origin,
    })
}

fn description(slo: &Slo, alert: &Alert) -> crate::spec::values::Written {
    let promise = slo.description.trim_end_matches('.');
    let unit = if alert.value.dimension == Dimension::Ratio { " of good events" } else { "" };
    let value = format!("{promise}. The alert threshold of this objective is {}{unit}.", alert.value.text);
    // Words that the user typed are words, not a template.
    let value = value.replace("{{", "{ {").replace("{%", "{ %");
    crate::spec::values::Written {
        text: crate::source::Text { value, origin: crate::source::node::Origin::Whole },
        span: slo.name.span,
    }
}

/// `backend-api` and `latency-p95` make `BackendApiLatencyP95Missed`.
fn alert_name(service: &str, slo: &str) -> String {
    format!("{}{}Missed", camel(service), camel(slo))
}
