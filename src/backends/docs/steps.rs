//! What to look at first: by what the condition is, then by the technology, then whom to call.

use std::collections::BTreeSet;

use super::facts::Facts;
use crate::model::{Condition, Service, Shape, Signal, Threshold};
use crate::promql::Selector;
use crate::quantity::Duration;
use crate::signals::logql;
use crate::signals::metric_names;
use crate::writers::page::{Inline, cell, code, link, text};

/// The steps of a threshold.
pub(super) fn of(facts: &Facts, service: &Service, threshold: &Threshold, signal: Option<&Signal>) -> Vec<Vec<Inline>> {
    let mut steps = Vec::new();
    let address = signal.and_then(|signal| facts.addresses.signal(&service.name, &signal.name, &threshold.measure));
    let began = "When did it begin, and what happened then: a deployment, a job, a change of traffic?";
    steps.push(match address {
        Some(address) => {
            vec![text("Open "), link("the panel", address.looking_back(Duration::hours(6))), text(format!(". {began}"))]
        }
        None => vec![text(format!("Look at the last hours. {began}"))],
    });
    steps.extend(by_shape(threshold, signal));
    for pack in packs(service, signal) {
        steps.extend(service.first_steps.get(pack).into_iter().flatten().map(|step| cell(step.as_str())));
    }
    let escalation = facts.platform.severity(&threshold.severity).and_then(|severity| severity.escalate.as_ref());
    if let Some(escalation) = escalation {
        let names: Vec<String> = escalation.notify.iter().map(|name| name.value.clone()).collect();
        let who = super::channels::listed(facts, &names);
        steps.push(cell(format!(
            "After {} {who} will be told as well. Silence the alert once you have it.",
            escalation.after.value
        )));
    }
    steps
}

fn by_shape(threshold: &Threshold, signal: Option<&Signal>) -> Vec<Vec<Inline>> {
    if let Condition::Absent { .. } = threshold.condition {
        return vec![cell("See whether the target answers at all, and whether the metric was renamed in a release.")];
    }
    let Some(signal) = signal else {
        return vec![cell("Run the query, then its parts one by one: which of them is not what it usually is?")];
    };
    let Some(shape) = &signal.shape else { return elsewhere(signal) };
    match shape {
        Shape::Rate { of } | Shape::Increase { of } => vec![split(of, "Split it by its labels: who causes it?")],
        Shape::Ratio { part, .. } => vec![
            split(part, "Split the events that count by their labels: one endpoint, one instance, one client, or all?"),
            cell("See how many events there are at all: of a handful, one is a large share."),
        ],
        Shape::Latency { histogram, .. } => vec![
            cell(
                "Compare the median with the slowest: if both are slow, it is the service or what it calls; if only the slowest are, it is some requests.",
            ),
            split(std::slice::from_ref(histogram), "Split it by its labels: which requests are slow?"),
        ],
        Shape::Gauge { of, .. } => vec![split(
            std::slice::from_ref(of),
            "See which series it comes from, and how it got there: at once or slowly?",
        )],
        Shape::Fraction { .. } => vec![
            cell("See how fast it grows: at this pace, when is nothing left?"),
            cell("Free some or add some first, then look for what uses it."),
        ],
        Shape::Age { .. } => vec![cell(
            "What writes this moment has not succeeded since then: look at its own log, then run it by hand.",
        )],
        Shape::Expr { .. } => {
            vec![cell("Run the query, then its parts one by one: which of them is not what it usually is?")]
        }
    }
}

/// A step that leads to the metrics themselves.
fn split(selectors: &[crate::source::Spanned<Selector>], words: &str) -> Vec<Inline> {
    let mut names: Vec<&str> = selectors.iter().filter_map(|selector| selector.metric_name()).collect();
    names.dedup();
    let mut line = vec![text(words.to_owned())];
    for (index, name) in names.into_iter().enumerate() {
        line.push(text(if index == 0 { " The metric is " } else { ", " }));
        line.push(code(name));
    }
    line.push(text("."));
    line
}

/// Signals that only CloudWatch or logs know.
fn elsewhere(signal: &Signal) -> Vec<Vec<Inline>> {
    let mut steps = Vec::new();
    if let Some(log) = &signal.log {
        let (words, place) = match &log.group {
            Some(group) => ("Read the lines that count, in ", group.value.clone()),
            None => ("Read the lines that count, in Loki among ", logql::lines_of(&signal.service).to_string()),
        };
        let mut line = vec![text(words), code(place)];
        for (field, value) in &log.fields {
            line.extend([text(" with "), code(format!("{field} = {value}"))]);
        }
        line.extend(log.contains.iter().flat_map(|words| [text(" containing "), code(words.clone())]));
        line.push(text("."));
        steps.push(line);
    }
    if signal.cloud.is_some() {
        steps.push(cell("Open the alarm in CloudWatch and compare the metric with the same hours of the days before."));
    }
    steps
}

/// The packs whose metrics a signal is made of, and those it has no metric of but is named by.
fn packs<'s>(service: &'s Service, signal: Option<&Signal>) -> Vec<&'s str> {
    let names = signal.and_then(|signal| signal.shape.as_ref()).map(metric_names).unwrap_or_default();
    let from: BTreeSet<&str> = names.iter().filter_map(|name| service.metrics.get(*name)?.pack.as_deref()).collect();
    let all = service.packs.iter().map(|pack| pack.value.as_str());
    all.filter(|pack| from.contains(pack) || (names.is_empty() && service.first_steps.contains_key(*pack))).collect()
}
