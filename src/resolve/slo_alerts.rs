//! Alerts on what an SLO measures, beside its burn rates.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::problems::NOT_AN_SLI;
use super::services::Surroundings;
use super::{Resolver, text, thresholds};
use crate::diagnostics::Diagnostic;
use crate::model::{
    Better, Bound, Condition, Evaluator, Measure, Signal, Sli, Slo, Threshold, ThresholdOrigin, Urgency,
};
use crate::quantity::{Dimension, Duration, Quantity, print_percent};
use crate::source::Spanned;
use crate::spec::slo as written;
use crate::words::camel;

/// Over what an alert on a share is measured, unless it says.
const SHARE_WINDOW: Duration = Duration::hours(1);
/// Over what an alert on a quantile is measured, unless it says.
const QUANTILE_WINDOW: Duration = Duration::minutes(5);

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
pub(super) fn alert_below(
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
        Sli::Events { part_is_bad: true, .. } => (Measure::Value, Condition::Above(bad_bound(good, alert.value))),
        Sli::Share { .. } if signal.better == Some(Better::Lower) => {
            (Measure::Value, Condition::Above(bad_bound(good, alert.value)))
        }
        _ => (Measure::Value, Condition::Below(bound_of(good, alert.value))),
    };
    threshold(around, slo, signal, &alert, measure, condition, SHARE_WINDOW, resolver)
}

/// An alert when the quantile that a latency objective names rises above a bound.
pub(super) fn alert_above(
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

/// The bound of what is bad, from the share of what is good.
fn bad_bound(good: Decimal, written: &Spanned<Quantity>) -> Bound {
    let bad = (Decimal::ONE - good).normalize();
    let text = print_percent(bad);
    let quantity = Quantity { value: bad, dimension: Dimension::Ratio, text };
    bound_of(bad, &Spanned::new(quantity, written.span))
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
        advice: slo.advice.clone(),
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
        by: slo.by.clone(),
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
