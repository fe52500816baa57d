//! Labels and runbooks that alerts carry.

use indexmap::IndexMap;

use super::words::escaped;
use crate::conventions::RUNBOOK_ANNOTATION;
use crate::model::{Platform, Service};

/// What every alert of a service carries: the service's own labels, `team`, `service`, `severity`.
/// Routing counts on exactly these.
pub(super) fn alert_labels(platform: &Platform, service: &Service, severity: &str) -> IndexMap<String, String> {
    let mut labels =
        IndexMap::from([("severity".to_owned(), escaped(severity)), ("service".to_owned(), escaped(&service.name))]);
    if let Some(team) = &platform.team {
        labels.insert("team".to_owned(), escaped(team));
    }
    for (label, value) in &service.labels {
        labels.entry(label.clone()).or_insert_with(|| escaped(value));
    }
    labels
}

/// The runbook of an alert that the compiler makes up, by the platform's pattern.
pub(super) fn runbook(platform: &Platform, service: &Service, alert: &str, severity: &str) -> Option<(String, String)> {
    let values = [("alert", alert), ("service", service.name.as_str()), ("severity", severity)];
    // A pattern that cannot be filled in was reported where the spec's own alerts were resolved.
    let address = crate::words::fill(platform.runbooks.as_ref()?, &values).ok()?;
    Some((RUNBOOK_ANNOTATION.to_owned(), escaped(&address)))
}
