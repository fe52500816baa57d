//! The dashboard of one service: what it promises, what it does, what is wrong.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::{Item, ObjectivePanel, Plan, PlannedRow};
use crate::conventions::service_dashboard;
use crate::model::{JobOrigin, Measure, Panel, PanelMeasure, PanelSource, Platform, Query, Service, Shape, Signal};
use crate::quantity::Unit;
use crate::signals;
use crate::source::Spanned;

/// The dashboard of a service, if services have one and there is something to show.
pub(super) fn plan<'a>(platform: &'a Platform, service: &'a Service) -> Option<Plan<'a>> {
    if !platform.stack.grafana.per_service {
        return None;
    }
    let left = service.slos.iter().map(|slo| Item::Objective(ObjectivePanel::BudgetLeft, slo)).collect();
    let jobs = jobs(service);
    let mut state = vec![Item::Firing(vec![service.name.value.as_str()])];
    if !jobs.is_empty() {
        state.push(Item::Targets(jobs));
    }
    let rows =
        [("Objectives", left), ("Signals", signals(service)), ("Logs", lines(platform, service)), ("State", state)];
    let rows = rows.into_iter().filter(|(_, items): &(_, Vec<_>)| !items.is_empty());
    Some(Plan {
        name: service_dashboard(&service.name.value),
        title: service.title.clone(),
        description: service.description.clone(),
        refresh: platform.stack.grafana.refresh,
        range: platform.stack.grafana.range,
        tags: vec!["service".to_owned()],
        rows: rows
            .map(|(title, items)| PlannedRow { title: Some(title.to_owned()), collapsed: false, items })
            .collect(),
        of: Some(service),
    })
}

/// What it writes, where lines are kept: applications do, and exporters have little to say.
fn lines<'a>(platform: &Platform, service: &'a Service) -> Vec<Item<'a>> {
    let are_kept = platform.stack.loki.is_some() || platform.stack.elastic.is_some();
    let counts = service.signals.values().any(signals::logql::in_loki);
    let runs = service.jobs.iter().any(|job| matches!(job.from, JobOrigin::Scrape));
    let writes = are_kept && (counts || runs);
    writes.then_some(Item::Lines(service)).into_iter().collect()
}

/// Names of the jobs that bring a service's series, probes included.
pub fn jobs(service: &Service) -> Vec<&str> {
    let scraped = service.jobs.iter().map(|job| job.name.value.as_str());
    let mut names: Vec<&str> = Vec::new();
    for name in scraped.chain(service.probes.iter().map(|probe| probe.job.as_str())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A panel for each signal that a pack or a person wants to see, and for each that an alert watches.
pub(super) fn signals(service: &Service) -> Vec<Item<'_>> {
    let watched = service.thresholds.iter().filter_map(|threshold| threshold.signal.as_ref()).map(|name| &name.value);
    let mut names: Vec<&String> = Vec::new();
    for name in service.panels.iter().chain(watched) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let signals = names.into_iter().filter_map(|name| service.signals.get(name));
    signals.flat_map(|signal| panels(service, signal)).map(|panel| Item::Signals(Cow::Owned(panel))).collect()
}

/// A panel with the signal's values; for a latency, one of quantiles and means, and one of each share that an
/// alert watches.
fn panels(service: &Service, signal: &Signal) -> Vec<Panel> {
    let Some(source) = source(signal) else { return Vec::new() };
    let mut measures: Vec<Measure> = match &signal.shape {
        Some(Shape::Latency { .. }) => {
            [Decimal::new(5, 1), Decimal::new(95, 2), Decimal::new(99, 2)].map(Measure::Quantile).to_vec()
        }
        _ => vec![Measure::Value],
    };
    let mut shares = Vec::new();
    if matches!(signal.shape, Some(Shape::Latency { .. })) {
        let own = |name: &Option<Spanned<String>>| name.as_ref().is_some_and(|name| name.value == signal.name);
        for threshold in service.thresholds.iter().filter(|threshold| own(&threshold.signal)) {
            let group = if matches!(threshold.measure, Measure::Within(_)) { &mut shares } else { &mut measures };
            if !group.contains(&threshold.measure) && threshold.measure != Measure::Value {
                group.push(threshold.measure.clone());
            }
        }
    }
    let whole = panel(service, signal, source, signal.unit, measures);
    let shares = shares.into_iter().map(|share| panel(service, signal, source, Unit::Ratio, vec![share]));
    std::iter::once(whole).chain(shares).collect()
}

fn panel(service: &Service, signal: &Signal, source: PanelSource, unit: Unit, measures: Vec<Measure>) -> Panel {
    let query = |measure: Measure| Query {
        measure: PanelMeasure::Signal {
            service: service.name.value.clone(),
            signal: Spanned::new(signal.name.clone(), signal.origin.0),
            measure,
        },
        source,
        by: signal.per.clone(),
    };
    let title = match measures.first() {
        Some(within @ Measure::Within(_)) => format!("{} {}", signal.title, within.in_words()),
        _ => signal.title.clone(),
    };
    Panel {
        title,
        description: signal.description.clone(),
        promise: None,
        queries: measures.into_iter().map(query).collect(),
        unit: Some(unit),
        view: None,
        width: None,
        origin: signal.origin,
    }
}

/// Prometheus where it can answer, or else CloudWatch or Loki, whichever counts.
fn source(signal: &Signal) -> Option<PanelSource> {
    match &signal.shape {
        Some(_) => Some(PanelSource::Prometheus),
        None if signals::cloudwatch::in_cloudwatch(signal) => Some(PanelSource::CloudWatch),
        None if signals::logql::in_loki(signal) => Some(PanelSource::Loki),
        None => None,
    }
}
