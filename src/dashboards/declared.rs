//! The dashboards that people declared.

use std::borrow::Cow;

use super::{Item, ObjectivePanel, Overview, Plan, PlannedRow};
use crate::model::{Dashboard, Objective, Objectives, Panel, Platform, Promise};

/// A declared dashboard, panel by panel as declared.
pub(super) fn plan<'a>(platform: &'a Platform, dashboard: &'a Dashboard) -> Plan<'a> {
    let rows = dashboard.rows.iter().map(|row| PlannedRow {
        title: row.title.clone(),
        collapsed: row.collapsed,
        items: row.panels.iter().filter_map(|panel| item(platform, panel)).collect(),
    });
    Plan {
        name: dashboard.name.value.clone(),
        title: dashboard.title.clone(),
        description: dashboard.description.clone(),
        refresh: dashboard.refresh,
        range: dashboard.range,
        tags: dashboard.tags.clone(),
        rows: rows.collect(),
        of: None,
    }
}

fn item<'a>(platform: &'a Platform, panel: &'a Panel) -> Option<Item<'a>> {
    let shown = match &panel.promise {
        None => return Some(Item::Signals(Cow::Borrowed(panel))),
        Some(Promise::Several { view, service }) => {
            Item::Overview(several(*view), service.as_ref().and_then(|name| platform.service(name)))
        }
        Some(Promise::One { view, slo }) => {
            let (_, slo) = platform.slos().find(|(_, known)| known.id() == *slo)?;
            Item::Objective(one(*view), slo)
        }
    };
    Some(Item::Promised(panel, Box::new(shown)))
}

fn several(view: Objectives) -> Overview {
    match view {
        Objectives::Table => Overview::Table,
        Objectives::Months => Overview::Months,
        Objectives::Budgets => Overview::Budgets,
        Objectives::Firing => Overview::Firing,
        Objectives::History => Overview::History,
    }
}

fn one(view: Objective) -> ObjectivePanel {
    use ObjectivePanel as P;
    match view {
        Objective::Reached => P::Reached,
        Objective::Promised => P::Promised,
        Objective::BudgetLeft => P::BudgetLeft,
        Objective::OutageLeft => P::OutageLeft,
        Objective::BurnRate => P::BurnRate,
        Objective::TimeLeft => P::TimeLeft,
        Objective::MonthReached => P::MonthReached,
        Objective::MonthBudgetLeft => P::MonthBudgetLeft,
        Objective::Attained => P::Attained,
        Objective::BudgetOverTime => P::BudgetOverTime,
        Objective::MonthBudgetOverTime => P::MonthBudgetOverTime,
        Objective::BurnRates => P::BurnRates,
        Objective::Events => P::Events,
    }
}
