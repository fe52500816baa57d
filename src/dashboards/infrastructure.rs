//! The dashboard of everything an exporter watches: databases, caches, hosts.

use super::service::{jobs, signals};
use super::{Item, Plan, PlannedRow};
use crate::model::{JobOrigin, Platform, Service};

/// Name of the dashboard.
const NAME: &str = "infrastructure";

/// A row for each service that an exporter watches; the first is open. None if there is no such service.
pub(super) fn plan(platform: &Platform) -> Option<Plan<'_>> {
    let services: Vec<&Service> = platform.services.iter().filter(|service| is_infrastructure(service)).collect();
    if services.is_empty() {
        return None;
    }
    let targets = PlannedRow {
        title: None,
        collapsed: false,
        items: vec![
            Item::Targets(services.iter().flat_map(|service| jobs(service)).collect()),
            Item::Firing(services.iter().map(|service| service.name.value.as_str()).collect()),
        ],
    };
    let rows = services.iter().enumerate().map(|(index, service)| PlannedRow {
        title: Some(service.title.clone()),
        collapsed: index > 0,
        items: signals(service),
    });
    Some(Plan {
        name: NAME.to_owned(),
        title: "Infrastructure".to_owned(),
        description: Some("Databases, caches and hosts, as their exporters see them".to_owned()),
        refresh: platform.stack.grafana.refresh,
        range: platform.stack.grafana.range,
        tags: vec!["infrastructure".to_owned()],
        rows: std::iter::once(targets).chain(rows.filter(|row| !row.items.is_empty())).collect(),
        of: None,
    })
}

fn is_infrastructure(service: &Service) -> bool {
    service.jobs.iter().any(|job| matches!(job.from, JobOrigin::Exporter(_)))
}
