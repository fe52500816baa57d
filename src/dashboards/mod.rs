//! Which dashboards there are, and what stands on them. Nothing is asked or drawn yet: Grafana's backend draws
//! them, alerts link to their panels.

mod addresses;
mod declared;
mod infrastructure;
mod objectives;
mod service;

pub use addresses::{Address, Addresses};
pub use objectives::dimensions;
pub use service::jobs;

use std::borrow::Cow;

use crate::conventions::{SLO_DASHBOARD, dashboard_uid};
use crate::model::{Panel, PanelMeasure, Platform, Service, Slo};
use crate::quantity::Duration;

/// A dashboard to be.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Its name, unique in the platform.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// How often it refreshes.
    pub refresh: Duration,
    /// The time it shows at first.
    pub range: Duration,
    /// Tags of its own, beside the platform's.
    pub tags: Vec<String>,
    /// Its rows.
    pub rows: Vec<PlannedRow<'a>>,
    /// The one service it is about, whose instances can be chosen among.
    pub of: Option<&'a Service>,
}

/// A row to be.
#[derive(Debug)]
pub struct PlannedRow<'a> {
    /// Its title; panels without a head if there is none.
    pub title: Option<String>,
    /// Whether it is folded at first.
    pub collapsed: bool,
    /// Its panels.
    pub items: Vec<Item<'a>>,
}

/// A panel to be.
#[derive(Debug)]
pub enum Item<'a> {
    /// Signals.
    Signals(Cow<'a, Panel>),
    /// Something of an SLO.
    Objective(ObjectivePanel, &'a Slo),
    /// Something of all SLOs, or of those of one service.
    Overview(Overview, Option<&'a Service>),
    /// Something that was promised, as a declared panel wants it.
    Promised(&'a Panel, Box<Item<'a>>),
    /// Alerts that fire now, of these services.
    Firing(Vec<&'a str>),
    /// Which targets answer, of these jobs.
    Targets(Vec<&'a str>),
    /// The lines that a service writes.
    Lines(&'a Service),
}

/// What of an SLO a panel shows. The names make the panels' ids: another name is another address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectivePanel {
    /// The share of good events over the window.
    Reached,
    /// The objective.
    Promised,
    /// The share of the budget that is left.
    BudgetLeft,
    /// How long everything may still fail.
    OutageLeft,
    /// How fast the budget goes.
    BurnRate,
    /// When it will be gone.
    TimeLeft,
    /// Since when there are data.
    Since,
    /// The share of good events since the month began.
    MonthReached,
    /// The share of the month's budget that is left.
    MonthBudgetLeft,
    /// What was left of it at each moment of the month.
    MonthBudgetOverTime,
    /// Alerts that fire now.
    Firing,
    /// Alerts that fired.
    History,
    /// The budget that was left at each moment.
    BudgetOverTime,
    /// How fast the budget went, by window.
    BurnRates,
    /// The share of good events at each moment, beside the objective.
    Attained,
    /// Good and bad events.
    Events,
    /// How long events took.
    Distribution,
    /// Who spends the budget.
    Spenders,
}

/// What of several SLOs a panel shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overview {
    /// Each in a line of a table.
    Table,
    /// Each month of the calendar in a line of a table.
    Months,
    /// What was left of the budgets at each moment.
    Budgets,
    /// Alerts that fire now.
    Firing,
    /// Alerts that fired.
    History,
}

impl Item<'_> {
    /// What makes it this panel and no other: its id comes from it, and stays when others come and go.
    pub fn key(&self) -> String {
        match self {
            Item::Signals(panel) => panel.queries.iter().map(|query| query_key(&query.measure)).collect(),
            Item::Objective(panel, slo) => format!("objective {} {panel:?}", slo.id()),
            Item::Overview(panel, of) => {
                format!("overview {panel:?} {}", of.map_or("", |service| service.name.value.as_str()))
            }
            Item::Promised(_, item) => item.key(),
            Item::Firing(_) => "firing".to_owned(),
            Item::Targets(_) => "targets".to_owned(),
            Item::Lines(service) => format!("lines {}", service.name.value),
        }
    }
}

/// The signals alone: asking for one more quantile does not make it another panel.
fn query_key(measure: &PanelMeasure) -> String {
    match measure {
        PanelMeasure::Signal { service, signal, .. } => format!("signal {service} {} ", signal.value),
        PanelMeasure::Expr { text, .. } => format!("expr {} ", text.as_str()),
    }
}

impl Plan<'_> {
    /// Ids of its panels, row by row: from their keys, each once.
    pub fn ids(&self) -> Vec<Vec<u32>> {
        let mut taken = std::collections::BTreeSet::new();
        let mut ids = |key: &str| {
            let mut id = hash(key);
            while !taken.insert(id) {
                id = id % IDS + 1;
            }
            id
        };
        self.rows.iter().map(|row| row.items.iter().map(|item| ids(&item.key())).collect()).collect()
    }
}

/// Panel ids are 1 to this; rows count from above it. So many that two of a dashboard's thousand panels hardly
/// ever meet: only one that does has an id that depends on its neighbours.
pub const IDS: u32 = 999_999_999;

/// FNV-1a, folded into the range of ids: an id that depends on the key alone.
fn hash(key: &str) -> u32 {
    let hash = key.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash % IDS + 1
}

/// Every dashboard of a platform: those declared, then those made up. A name that people declared is theirs.
pub fn plans(platform: &Platform) -> Vec<Plan<'_>> {
    let mut plans: Vec<Plan<'_>> =
        platform.dashboards.iter().map(|dashboard| declared::plan(platform, dashboard)).collect();
    let made = std::iter::once(objectives::overview(platform))
        .chain(platform.services.iter().map(|service| objectives::of_service(platform, service)))
        .chain(std::iter::once(infrastructure::plan(platform)))
        .chain(platform.services.iter().map(|service| service::plan(platform, service)));
    for plan in made.flatten() {
        if plans.iter().all(|other| other.name != plan.name) {
            plans.push(plan);
        }
    }
    plans
}

/// Path of a dashboard in any Grafana.
pub fn path(platform: &Platform, dashboard: &str) -> String {
    format!("/d/{}", dashboard_uid(&platform.name.value, dashboard))
}

/// Path of the dashboard of all SLOs, if there is one.
pub fn objectives_path(platform: &Platform) -> Option<String> {
    platform.slos().next().map(|_| path(platform, SLO_DASHBOARD))
}
