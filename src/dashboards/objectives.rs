//! The dashboard of all SLOs.

use super::{Item, ObjectivePanel, Plan, PlannedRow};
use crate::conventions::SLO_DASHBOARD;
use crate::model::{Platform, Slo};
use crate::quantity::Duration;

/// The dashboard, if anything is promised: all SLOs in a table, then a row for each.
pub(super) fn plan(platform: &Platform) -> Option<Plan<'_>> {
    let longest = platform.slos().map(|(_, slo)| slo.window.value).max()?;
    let table = PlannedRow { title: None, collapsed: false, items: vec![Item::Objectives] };
    let rows = platform.slos().map(|(service, slo)| PlannedRow {
        title: Some(format!("{}: {}", service.title, slo.name.value)),
        collapsed: false,
        items: panels(slo).into_iter().map(|panel| Item::Objective(panel, slo)).collect(),
    });
    Some(Plan {
        name: SLO_DASHBOARD.to_owned(),
        title: "Objectives".to_owned(),
        description: Some("What was promised, what was kept, and how fast the error budgets go".to_owned()),
        // A budget of weeks does not change between two glances.
        refresh: platform.stack.grafana.refresh.max(Duration::minutes(1)),
        range: longest,
        tags: vec!["slo".to_owned()],
        rows: std::iter::once(table).chain(rows).collect(),
        of: None,
    })
}

fn panels(slo: &Slo) -> Vec<ObjectivePanel> {
    use ObjectivePanel as P;
    // Without a tier nothing records how fast the budget goes.
    if slo.tiers.is_empty() {
        return vec![P::Reached, P::Promised, P::BudgetLeft, P::BudgetOverTime];
    }
    vec![P::Reached, P::Promised, P::BudgetLeft, P::BurnRate, P::TimeLeft, P::BudgetOverTime, P::BurnRates, P::Events]
}
