//! The dashboards of what was promised: an overview of all SLOs, and one dashboard for each service that
//! promises something.
//!
//! One dashboard with a row for each of fifty SLOs would be seven hundred panels: slow to load, long to scroll,
//! and a row has no address that a table could link to. A dashboard has one; within a service the rows are few,
//! and all but the first are folded.

use super::{Item, ObjectivePanel, Overview, Plan, PlannedRow};
use crate::conventions::{SLO_DASHBOARD, slo_dashboard};
use crate::model::{Platform, Service, Sli, Slo};
use crate::promql::{MatchOp, Selector};
use crate::quantity::Duration;

/// The overview, if anything is promised.
pub(super) fn overview(platform: &Platform) -> Option<Plan<'_>> {
    let longest = platform.slos().map(|(_, slo)| slo.window.value).max()?;
    let months = platform.slos().any(|(_, slo)| slo.calendar_month).then_some(Overview::Months);
    let table = std::iter::once(Overview::Table).chain(months);
    let panels = table.chain([Overview::Budgets, Overview::Firing, Overview::History]);
    let items = panels.map(|panel| Item::Overview(panel, None)).collect();
    Some(Plan {
        name: SLO_DASHBOARD.to_owned(),
        title: "Objectives".to_owned(),
        description: Some("What was promised, what was kept, and how fast the error budgets go".to_owned()),
        rows: vec![PlannedRow { title: None, collapsed: false, items }],
        ..frame(platform, longest)
    })
}

/// The dashboard of a service's SLOs, if it has any: a table if there are several, then a row for each.
pub(super) fn of_service<'a>(platform: &'a Platform, service: &'a Service) -> Option<Plan<'a>> {
    let longest = service.slos.iter().map(|slo| slo.window.value).max()?;
    let table = if service.slos.len() > 1 { vec![Item::Overview(Overview::Table, Some(service))] } else { Vec::new() };
    let rows = service.slos.iter().enumerate().map(|(index, slo)| PlannedRow {
        title: Some(slo.name.value.clone()),
        collapsed: index > 0,
        items: panels(service, slo).into_iter().map(|panel| Item::Objective(panel, slo)).collect(),
    });
    let table = PlannedRow { title: None, collapsed: false, items: table };
    Some(Plan {
        name: slo_dashboard(&service.name.value),
        title: format!("Objectives of {}", service.title),
        description: Some(format!("What {} promises, what it kept, and where its error budgets go", service.title)),
        rows: std::iter::once(table).chain(rows).collect(),
        ..frame(platform, longest)
    })
}

/// What all these dashboards have in common.
fn frame(platform: &Platform, range: Duration) -> Plan<'_> {
    Plan {
        name: String::new(),
        title: String::new(),
        description: None,
        // A budget of weeks does not change between two glances.
        refresh: platform.stack.grafana.refresh.max(Duration::minutes(1)),
        range,
        tags: vec!["slo".to_owned()],
        rows: Vec::new(),
        of: None,
    }
}

/// The panels of an SLO, in their order. Without a tier, nothing records how fast the budget goes.
fn panels(service: &Service, slo: &Slo) -> Vec<ObjectivePanel> {
    use ObjectivePanel as P;
    let burns = !slo.tiers.is_empty();
    let timed = matches!(slo.sli, Sli::Within { .. });
    let told_apart = !dimensions(service, slo).is_empty();
    let all = [
        (P::Reached, true),
        (P::Promised, true),
        (P::BudgetLeft, true),
        (P::OutageLeft, true),
        (P::BurnRate, burns),
        (P::TimeLeft, burns),
        (P::Since, true),
        (P::MonthReached, slo.calendar_month),
        (P::MonthBudgetLeft, slo.calendar_month),
        (P::Firing, true),
        (P::History, true),
        (P::BudgetOverTime, true),
        (P::MonthBudgetOverTime, slo.calendar_month),
        (P::BurnRates, burns),
        (P::Attained, true),
        (P::Events, true),
        (P::Distribution, timed),
        (P::Spenders, told_apart),
    ];
    all.into_iter().filter(|(_, there)| *there).map(|(panel, _)| panel).collect()
}

/// The labels by which an SLO's events can be told apart: those that all its metrics are declared to have, without
/// those that its selectors pin to one value. Of a 0/1 gauge, its instances.
pub fn dimensions(service: &Service, slo: &Slo) -> Vec<String> {
    let selectors: Vec<&Selector> = match &slo.sli {
        Sli::Events { part, total, .. } => part.iter().chain(total).map(|selector| &selector.value).collect(),
        Sli::Within { histogram, .. } => vec![&histogram.value],
        Sli::Boolean { .. } => return vec!["instance".to_owned()],
        // What PromQL counts has the labels that it keeps, and what is only a share counts nothing.
        Sli::Raw { .. } | Sli::Share { .. } | Sli::Composed { .. } => return slo.by.clone(),
    };
    let declared = |selector: &&Selector| -> &[String] {
        let metric = selector.metric.as_ref().and_then(|name| service.metrics.get(name));
        metric.and_then(|metric| metric.labels.as_deref()).unwrap_or_default()
    };
    let pinned = |label: &String| {
        let pins = |selector: &&Selector| selector.matchers.iter().any(|m| m.label == *label && m.op == MatchOp::Equal);
        selectors.iter().any(pins)
    };
    let Some(first) = selectors.first() else { return Vec::new() };
    let common = declared(first).iter().filter(|label| selectors.iter().all(|one| declared(one).contains(label)));
    common.filter(|label| !pinned(label)).cloned().collect()
}
