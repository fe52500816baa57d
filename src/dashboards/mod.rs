//! Which dashboards there are, and what stands on them. Nothing is asked or drawn yet: Grafana's backend draws
//! them, alerts link to their panels.

mod infrastructure;
mod objectives;
mod service;

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
    /// Every SLO in a table.
    Objectives,
    /// Alerts that fire now, of these services.
    Firing(Vec<&'a str>),
    /// Which targets answer, of these jobs.
    Targets(Vec<&'a str>),
}

/// What of an SLO a panel shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum ObjectivePanel {
    Reached,
    Promised,
    BudgetLeft,
    BurnRate,
    TimeLeft,
    BudgetOverTime,
    BurnRates,
    Events,
}

impl Item<'_> {
    /// What makes it this panel and no other: its id comes from it, and stays when others come and go.
    pub fn key(&self) -> String {
        match self {
            Item::Signals(panel) => panel.queries.iter().map(|query| query_key(&query.measure)).collect(),
            Item::Objective(panel, slo) => format!("objective {} {panel:?}", slo.id()),
            Item::Objectives => "objectives".to_owned(),
            Item::Firing(_) => "firing".to_owned(),
            Item::Targets(_) => "targets".to_owned(),
        }
    }

    /// Whether it shows this signal of this service.
    fn shows(&self, service: &str, signal: &str) -> bool {
        let asks = |measure: &PanelMeasure| matches!(measure, PanelMeasure::Signal { service: of, signal: shown, .. } if of == service && shown.value == signal);
        matches!(self, Item::Signals(panel) if panel.queries.iter().any(|query| asks(&query.measure)))
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

    /// Id of the panel that shows a signal.
    fn panel_of(&self, service: &str, signal: &str) -> Option<u32> {
        let items = self.rows.iter().flat_map(|row| &row.items);
        items.zip(self.ids().into_iter().flatten()).find(|(item, _)| item.shows(service, signal)).map(|(_, id)| id)
    }
}

/// Panel ids are 1 to this; rows count from above it.
pub const IDS: u32 = 999_999;

/// FNV-1a, folded into the range of ids: an id that depends on the key alone.
fn hash(key: &str) -> u32 {
    let hash = key.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash % IDS + 1
}

/// Every dashboard of a platform: those declared, then those made up. A name that people declared is theirs.
pub fn plans(platform: &Platform) -> Vec<Plan<'_>> {
    let mut plans: Vec<Plan<'_>> = platform.dashboards.iter().map(declared).collect();
    let made = std::iter::once(objectives::plan(platform))
        .chain(std::iter::once(infrastructure::plan(platform)))
        .chain(platform.services.iter().map(|service| service::plan(platform, service)));
    for plan in made.flatten() {
        if plans.iter().all(|other| other.name != plan.name) {
            plans.push(plan);
        }
    }
    plans
}

fn declared(dashboard: &crate::model::Dashboard) -> Plan<'_> {
    let rows = dashboard.rows.iter().map(|row| PlannedRow {
        title: row.title.clone(),
        collapsed: row.collapsed,
        items: row.panels.iter().map(|panel| Item::Signals(Cow::Borrowed(panel))).collect(),
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

/// Path of a dashboard in any Grafana.
pub fn path(platform: &Platform, dashboard: &str) -> String {
    format!("/d/{}", dashboard_uid(&platform.name.value, dashboard))
}

/// Path of the SLO dashboard, if there is one.
pub fn objectives_path(platform: &Platform) -> Option<String> {
    platform.slos().next().map(|_| path(platform, SLO_DASHBOARD))
}

/// Address of the panel that shows a signal best: on its service's dashboard, or on the first that shows it.
///
/// `None` when nothing shows it, or when nobody has said where Grafana is reached.
pub fn panel_link(platform: &Platform, service: &str, signal: &str) -> Option<String> {
    let url = platform.stack.grafana.url.as_ref()?.trim_end_matches('/');
    let own = platform.service(service).and_then(|service| service::plan(platform, service));
    let all = own.into_iter().chain(platform.dashboards.iter().map(declared));
    let (name, panel) = all.filter_map(|plan| Some((plan.name.clone(), plan.panel_of(service, signal)?))).next()?;
    Some(format!("{url}{}?viewPanel={panel}", path(platform, &name)))
}

/// Address of the dashboard of all SLOs, if there is one and somebody has said where Grafana is reached.
pub fn objectives_link(platform: &Platform) -> Option<String> {
    let url = platform.stack.grafana.url.as_ref()?.trim_end_matches('/');
    objectives_path(platform).map(|path| format!("{url}{path}"))
}
