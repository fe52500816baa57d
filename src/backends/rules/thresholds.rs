//! Thresholds as alerts, in the groups that the spec gives them.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::config::{AlertingRule, Files, RecordingRule, Rule};
use super::labels::alert_labels;
use super::panels;
use super::words::{self as text, Vocabulary, annotation, escaped};
use crate::conventions::{DASHBOARD_ANNOTATION, RUNBOOK_ANNOTATION};
use crate::dashboards::Addresses;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{Condition, Evaluator, Measure, Platform, Service, Signal, Threshold};
use crate::quantity::{Duration, Unit, print_decimal, print_percent};
use crate::resolve::BAD_TEMPLATE;
use crate::signals;
use crate::spec::values::Written;

/// File and group of series that conditions look back on.
pub(super) const SIGNALS: &str = "signals";

/// Adds every threshold that Prometheus evaluates.
pub(super) fn lower(platform: &Platform, addresses: &Addresses, files: &mut Files, diagnostics: &mut Diagnostics) {
    for (service, threshold) in platform.thresholds() {
        if !threshold.on.contains(&Evaluator::Prometheus) {
            continue;
        }
        let signal = signal_of(service, threshold);
        let Some(expr) = signals::condition(threshold, signal) else { continue };
        if let Some(recording) = signals::recording(threshold, signal) {
            record(recording, files);
        }
        let mut alert = AlertingRule {
            alert: threshold.name.value.clone(),
            expr,
            hold: Some(hold(threshold)).filter(|hold| !hold.is_zero()),
            keep_firing_for: threshold.keep_firing.filter(|keep| !keep.is_zero()),
            labels: labels(platform, service, threshold),
            annotations: annotations(service, threshold, signal, diagnostics),
        };
        panels::of_threshold(addresses, service, threshold, signal, &mut alert);
        files.group(&threshold.group, &threshold.group).rules.push(Rule::Alerting(alert));
    }
}

/// What every system that evaluates a threshold says of it alike.
#[derive(Debug)]
pub(in crate::backends) struct Words {
    /// Labels, by which alerts are routed.
    pub(in crate::backends) labels: IndexMap<String, String>,
    /// Words and links.
    pub(in crate::backends) annotations: IndexMap<String, String>,
}

/// The words of a threshold that another system than Prometheus evaluates.
pub(in crate::backends) fn words(
    platform: &Platform,
    addresses: &Addresses,
    service: &Service,
    threshold: &Threshold,
    signal: Option<&Signal>,
    diagnostics: &mut Diagnostics,
) -> Words {
    let mut annotations = annotations(service, threshold, signal, diagnostics);
    if let Some(url) = panels::whole_panel(addresses, service, threshold, signal) {
        annotations.insert(DASHBOARD_ANNOTATION.to_owned(), url);
    }
    Words { labels: labels(platform, service, threshold), annotations }
}

/// The signal that a threshold is on.
pub(super) fn signal_of<'s>(service: &'s Service, threshold: &Threshold) -> Option<&'s Signal> {
    threshold.signal.as_ref().and_then(|name| service.signals.get(&name.value))
}

/// Absence is waited for like any other condition.
pub(super) fn hold(threshold: &Threshold) -> Duration {
    match &threshold.condition {
        Condition::Absent { wait } => wait.value.max(threshold.hold.value),
        _ => threshold.hold.value,
    }
}

/// Two thresholds on one signal share what is recorded for them.
fn record(recording: signals::Recording, files: &mut Files) {
    let rule = Rule::Recording(RecordingRule {
        record: recording.name,
        expr: recording.expr,
        labels: recording.labels.into_iter().collect(),
    });
    let group = files.group(SIGNALS, SIGNALS);
    if !group.rules.contains(&rule) {
        group.rules.push(rule);
    }
}

/// The labels that a threshold's rule sets.
pub(super) fn labels(platform: &Platform, service: &Service, threshold: &Threshold) -> IndexMap<String, String> {
    let mut labels = alert_labels(platform, service, &threshold.severity);
    labels.extend(threshold.labels.iter().map(|(label, value)| (label.clone(), escaped(value))));
    labels
}

fn annotations(
    service: &Service,
    threshold: &Threshold,
    signal: Option<&Signal>,
    diagnostics: &mut Diagnostics,
) -> IndexMap<String, String> {
    let vocabulary = Vocabulary {
        unit: value_unit(threshold, signal),
        names: vec![
            ("bound", bound(&threshold.condition)),
            ("service", service.title.clone()),
            ("signal", signal.map_or(String::new(), |signal| signal.title.clone())),
        ],
    };
    let mut fill = |written: &Written| match annotation(written.as_str(), &vocabulary) {
        Ok(text) => Some(text),
        Err(fault) => {
            let span = fault.range.map_or(written.span, |range| written.locate(range));
            let help = "an annotation may speak of `value`, `bound`, `labels.<name>`, `service` and `signal`";
            diagnostics.push(Diagnostic::new(&BAD_TEMPLATE, span, fault.message).help(help));
            None
        }
    };
    let mut annotations = IndexMap::new();
    let summary = threshold.summary.as_ref().and_then(&mut fill);
    annotations.insert("summary".to_owned(), summary.unwrap_or_else(|| usual_summary(service, threshold, signal)));
    let description = threshold.description.as_ref().and_then(&mut fill);
    let usual = || signal.and_then(|signal| signal.description.as_deref()).map(escaped);
    if let Some(description) = description.or_else(usual) {
        annotations.insert("description".to_owned(), description);
    }
    if let Some(runbook) = &threshold.runbook {
        annotations.insert(RUNBOOK_ANNOTATION.to_owned(), escaped(runbook));
    }
    annotations
}

/// Unit of an alert's `$value`.
fn value_unit(threshold: &Threshold, signal: Option<&Signal>) -> Option<Unit> {
    match (&threshold.condition, &threshold.measure) {
        (Condition::Absent { .. } | Condition::Expr { .. }, _) => None,
        (_, Measure::Within(_)) => Some(Unit::Ratio),
        _ => signal.map(|signal| signal.unit),
    }
}

/// The bound in words: as written, or what a relative condition compares with.
fn bound(condition: &Condition) -> String {
    let times = |times: Decimal, over: Duration| format!("{} times its average of {over}", print_decimal(times));
    match condition {
        Condition::Above(bound) | Condition::Below(bound) => bound.written.value.text.clone(),
        Condition::AboveBaseline { times: factor, over } | Condition::BelowBaseline { times: factor, over } => {
            times(factor.value, over.value)
        }
        Condition::DropsBy { by, .. } => print_percent(by.value),
        Condition::Absent { wait } => wait.value.to_string(),
        Condition::Expr { .. } => String::new(),
    }
}

/// `Backend API: Response time (p95) is 1.2s, above 1s`
fn usual_summary(service: &Service, threshold: &Threshold, signal: Option<&Signal>) -> String {
    let Some(signal) = signal else {
        return format!("{}: the condition of {} holds", escaped(&service.title), escaped(&threshold.name));
    };
    let measure = match &threshold.measure {
        Measure::Value => String::new(),
        Measure::Quantile(quantile) => format!(" (p{})", print_decimal(*quantile * Decimal::ONE_HUNDRED)),
        Measure::Within(bound) => format!(" (share within {}s)", print_decimal(bound.value)),
        Measure::Mean => " (mean)".to_owned(),
    };
    let whose: Vec<String> =
        signals::prometheus::kept_labels(signal, &threshold.by).iter().map(|l| text::label(l)).collect();
    let whose = if whose.is_empty() { String::new() } else { format!(" of {}", whose.join(", ")) };
    let subject = format!("{}: {}{}{whose}", escaped(&service.title), escaped(&signal.title), escaped(&measure));
    let value = text::value(value_unit(threshold, Some(signal)));
    let bound = escaped(&bound(&threshold.condition));
    match &threshold.condition {
        Condition::Above(limit) if limit.value.is_zero() => format!("{subject} is {value}, and should be none"),
        Condition::Above(_) | Condition::AboveBaseline { .. } => format!("{subject} is {value}, above {bound}"),
        Condition::Below(_) | Condition::BelowBaseline { .. } => format!("{subject} is {value}, below {bound}"),
        Condition::DropsBy { against, .. } => {
            format!("{subject} is {value}, more than {bound} lower than {} before", against.value)
        }
        Condition::Absent { .. } => format!("{subject}: no data for {bound}"),
        Condition::Expr { .. } => subject,
    }
}
