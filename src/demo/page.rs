//! What one target answers: metric families, and what their series do.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use indexmap::IndexMap;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::incidents::{Incident, Shown, by_job};
use crate::backends::rules::{Behaviour, Motion, steady};
use crate::model::{Metric, MetricType, Platform, Service, Shape, Signal};
use crate::promql::{MatchOp, Selector};
use crate::signals::stored_bound;

/// What one target answers.
#[derive(Debug, Default)]
pub struct Page {
    /// Where Prometheus looks for it: `host:port`.
    pub targets: Vec<String>,
    /// Under which path.
    pub path: String,
    /// The service that it tells of.
    pub service: String,
    families: BTreeMap<String, Family>,
}

/// A metric and what its series usually do.
#[derive(Debug)]
struct Family {
    r#type: MetricType,
    help: String,
    steady: Vec<Behaviour>,
    /// What counters have come to, by name and labels as they are written.
    counted: BTreeMap<String, f64>,
}

/// The suffixes under which a histogram's series are told.
const SUFFIXES: [&str; 3] = ["_bucket", "_count", "_sum"];

/// A page for each job, on which all is well.
pub(super) fn pages(platform: &Platform) -> IndexMap<String, Page> {
    let mut pages = IndexMap::new();
    for service in &platform.services {
        let page = |targets: Vec<String>, path: &str| Page {
            targets,
            path: path.to_owned(),
            service: service.name.value.clone(),
            families: BTreeMap::new(),
        };
        for job in &service.jobs {
            pages.insert(job.name.value.clone(), page(job.targets.clone(), &job.path));
        }
        for probe in &service.probes {
            let probed = pages.entry(probe.job.clone()).or_insert_with(|| page(Vec::new(), "/probe"));
            probed.targets.push(probe.target.value.clone());
        }
        fill(&mut pages, service);
    }
    pages
}

/// Fills the pages of a service: first what signals of several metrics need, then the others, then metrics that no
/// signal is about. A metric does what the first signal wants that is about it.
fn fill(pages: &mut IndexMap<String, Page>, service: &Service) {
    let mut signals: Vec<&Signal> = service.signals.values().collect();
    signals.sort_by_key(|signal| match &signal.shape {
        Some(Shape::Ratio { .. }) => 0,
        Some(Shape::Latency { .. } | Shape::Fraction { .. }) => 1,
        Some(Shape::Gauge { .. } | Shape::Age { .. }) => 2,
        _ => 3,
    });
    for signal in signals {
        let behaviours = steady(service, signal).unwrap_or_default();
        let placed: Vec<(String, Behaviour)> = behaviours.into_iter().filter_map(by_job).collect();
        let taken = |pages: &IndexMap<String, Page>, job: &str, name: &str| {
            pages.get(job).is_some_and(|page| page.families.contains_key(name))
        };
        let free: Vec<(String, String, Behaviour)> = placed
            .into_iter()
            .map(|(job, behaviour)| (job, family_of(service, &behaviour.metric).to_owned(), behaviour))
            .filter(|(job, family, _)| !taken(pages, job, family))
            .collect();
        for (job, family, behaviour) in free {
            add(pages, service, &job, &family, behaviour);
        }
    }
    for metric in service.metrics.values() {
        let untold = pages.get(&metric.job).is_some_and(|page| !page.families.contains_key(&metric.name));
        for behaviour in untold.then(|| usual(metric)).into_iter().flatten() {
            add(pages, service, &metric.job.clone(), &metric.name, behaviour);
        }
    }
}

fn add(pages: &mut IndexMap<String, Page>, service: &Service, job: &str, family: &str, behaviour: Behaviour) {
    let Some(page) = pages.get_mut(job) else { return };
    let Some(metric) = service.metrics.get(family) else { return };
    let behaviour = labelled(service, metric, behaviour);
    let family = page.families.entry(family.to_owned()).or_insert_with(|| Family {
        r#type: metric.r#type,
        help: metric.help.clone().unwrap_or_default(),
        steady: Vec::new(),
        counted: BTreeMap::new(),
    });
    family.count(&behaviour, 0.0);
    if let Some(sum) = sum(&behaviour, &family.steady) {
        family.count(&sum, 0.0);
        family.steady.push(sum);
    }
    family.steady.push(behaviour);
}

/// Lets the counters of an incident stand at zero before it begins, as those of a service do that has not failed yet.
pub(super) fn prepare(pages: &mut IndexMap<String, Page>, platform: &Platform, incident: &Incident) {
    let Shown::Series(series) = &incident.shown else { return };
    let Some(service) = platform.service(&incident.service) else { return };
    for (job, behaviour) in series {
        let family = family_of(service, &behaviour.metric);
        if let Some(family) = pages.get_mut(job).and_then(|page| page.families.get_mut(family)) {
            family.count(behaviour, 0.0);
        }
    }
}

/// The declared metric that a series belongs to.
fn family_of<'a>(service: &Service, series: &'a str) -> &'a str {
    let base = SUFFIXES.iter().find_map(|suffix| series.strip_suffix(suffix));
    base.filter(|base| service.metrics.contains_key(*base)).unwrap_or(series)
}

/// With every label that the metric is declared to have, as long as each selector of the service sees the series as
/// before.
fn labelled(service: &Service, metric: &Metric, mut behaviour: Behaviour) -> Behaviour {
    for label in metric.labels.iter().flatten() {
        if behaviour.labels.contains_key(label) || service.labels.contains_key(label) {
            continue;
        }
        let value = match label.as_str() {
            "method" => "GET".to_owned(),
            "endpoint" | "path" | "route" => "/".to_owned(),
            "status" | "code" => "200".to_owned(),
            _ => format!("{label}-1"),
        };
        let mentions = |selector: &Selector| {
            selector.metric.as_deref() == Some(&behaviour.metric)
                && selector
                    .matchers
                    .iter()
                    .any(|matcher| matcher.label == *label && matcher.op == MatchOp::Equal && matcher.value == value)
        };
        if !selectors(service).iter().any(|selector| mentions(selector)) {
            behaviour.labels.insert(label.clone(), value);
        }
    }
    behaviour
}

fn selectors(service: &Service) -> Vec<&Selector> {
    let mut found = Vec::new();
    for signal in service.signals.values() {
        match &signal.shape {
            Some(Shape::Rate { of } | Shape::Increase { of }) => found.extend(of.iter().map(|one| &one.value)),
            Some(Shape::Ratio { part, total, .. }) => found.extend(part.iter().chain(total).map(|one| &one.value)),
            Some(Shape::Gauge { of, .. } | Shape::Age { of, .. }) => found.push(&of.value),
            _ => {}
        }
    }
    found
}

/// What a metric does that no signal is about.
fn usual(metric: &Metric) -> Vec<Behaviour> {
    let behaviour = |suffix: &str, more: Option<(&str, String)>, motion| Behaviour {
        metric: format!("{}{suffix}", metric.name),
        labels: more.into_iter().map(|(label, value)| (label.to_owned(), value)).collect(),
        motion,
    };
    match metric.r#type {
        MetricType::Counter => vec![behaviour("", None, Motion::Grows(Decimal::ONE))],
        MetricType::Gauge | MetricType::Untyped => vec![behaviour("", None, Motion::Stands(Decimal::ONE))],
        MetricType::Summary => ["_count", "_sum"].map(|end| behaviour(end, None, Motion::Grows(Decimal::ONE))).into(),
        MetricType::Histogram => {
            let bounds: &[Decimal] = metric.buckets.as_ref().map_or(&[], |buckets| &buckets.value);
            let middle = bounds.len() / 2;
            let share = |at: usize| if at < middle { Decimal::ZERO } else { Decimal::ONE };
            let bucket = |(at, bound): (usize, &Decimal)| {
                behaviour("_bucket", Some(("le", stored_bound(*bound))), Motion::Grows(share(at)))
            };
            let all = behaviour("_bucket", Some(("le", "+Inf".to_owned())), Motion::Grows(Decimal::ONE));
            let count = behaviour("_count", None, Motion::Grows(Decimal::ONE));
            bounds.iter().enumerate().map(bucket).chain([all, count]).collect()
        }
    }
}

/// The sum of a histogram whose count is told: each event takes what the first bucket that holds them all allows.
fn sum(count: &Behaviour, buckets: &[Behaviour]) -> Option<Behaviour> {
    let base = count.metric.strip_suffix("_count")?;
    let Motion::Grows(events) = count.motion else { return None };
    let name = format!("{base}_bucket");
    let full = buckets.iter().filter(|bucket| bucket.metric == name && bucket.motion == count.motion);
    let bounds = full.filter_map(|bucket| bucket.labels.get("le")?.parse::<Decimal>().ok());
    let each = bounds.min().unwrap_or(Decimal::ONE);
    let metric = format!("{base}_sum");
    Some(Behaviour { metric, labels: count.labels.clone(), motion: Motion::Grows(events * each) })
}

impl Family {
    /// Lets a counter grow; anything else is not counted.
    fn count(&mut self, behaviour: &Behaviour, seconds: f64) {
        if let Motion::Grows(growth) = behaviour.motion {
            let growth = growth.to_f64().unwrap_or_default();
            *self.counted.entry(name(behaviour)).or_insert(0.0) += growth * seconds;
        }
    }

    /// What its series do now: as an incident wants it, or as usual. `None` where it is gone.
    fn doing<'a>(&'a self, of: &str, job: &str, active: &[&'a Incident]) -> Option<Vec<&'a Behaviour>> {
        let shown = active.iter().find_map(|incident| match &incident.shown {
            Shown::Gone(metrics) if metrics.iter().any(|metric| metric == of) => Some(None),
            Shown::Series(series) => {
                let own = series.iter().filter(|(at, behaviour)| at == job && self.is_of(of, behaviour));
                let own: Vec<&Behaviour> = own.map(|(_, behaviour)| behaviour).collect();
                (!own.is_empty()).then_some(Some(own))
            }
            _ => None,
        });
        shown.unwrap_or_else(|| Some(self.steady.iter().collect()))
    }

    fn is_of(&self, name: &str, behaviour: &Behaviour) -> bool {
        let rest = behaviour.metric.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || (self.r#type == MetricType::Histogram && SUFFIXES.contains(&rest)))
    }
}

impl Page {
    /// Lets time pass for what is counted.
    pub(super) fn advance(&mut self, job: &str, seconds: f64, active: &[&Incident]) {
        for (of, family) in &mut self.families {
            let doing: Vec<Behaviour> =
                family.doing(of, job, active).unwrap_or_default().into_iter().cloned().collect();
            for behaviour in &doing {
                family.count(behaviour, seconds);
            }
        }
    }

    /// In Prometheus' text format.
    pub(super) fn render(&self, job: &str, now: f64, active: &[&Incident]) -> String {
        let mut text = String::new();
        for (of, family) in &self.families {
            let Some(doing) = family.doing(of, job, active) else { continue };
            let help = family.help.replace('\\', "\\\\").replace('\n', "\\n");
            let _ = writeln!(text, "# HELP {of} {help}\n# TYPE {of} {}", family.r#type.word());
            for (series, value) in &family.counted {
                let _ = writeln!(text, "{series} {value}");
            }
            for behaviour in doing {
                let value = match behaviour.motion {
                    Motion::Grows(_) => continue,
                    Motion::Stands(value) => value.to_f64().unwrap_or_default(),
                    Motion::Ago(age) => now - age.to_f64().unwrap_or_default(),
                };
                let _ = writeln!(text, "{} {value}", name(behaviour));
            }
        }
        text
    }
}

/// Name and labels as Prometheus reads them.
fn name(behaviour: &Behaviour) -> String {
    let escaped = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let labels: Vec<String> =
        behaviour.labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
    if labels.is_empty() {
        return behaviour.metric.clone();
    }
    format!("{}{{{}}}", behaviour.metric, labels.join(","))
}
