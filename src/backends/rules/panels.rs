//! The panel that each alert links to: the one that shows what the alert reads, over a time in which it can be
//! understood.

use super::config::{AlertingRule, Rule};
use super::words::escaped;
use crate::conventions::{BURN_RATE_ALERT, DASHBOARD_ANNOTATION, SLO_DATA_IMPOSSIBLE_ALERT, SLO_DATA_MISSING_ALERT};
use crate::dashboards::{Address, Addresses, ObjectivePanel};
use crate::model::{Condition, Service, Signal, Slo, Threshold};
use crate::promql::ask::labels;
use crate::quantity::Duration;

/// The label by which dashboards choose.
const INSTANCE: &str = "instance";

/// Shortest past that a link shows.
const SHORTEST: Duration = Duration::hours(3);

/// Links an alert to a panel; to nothing if there is no address.
fn link(alert: &mut AlertingRule, address: Option<&Address>, past: Duration) {
    let Some(address) = address else { return };
    let mut url = escaped(&address.looking_back(past.max(SHORTEST)));
    if address.chooses_instance && !labels(&alert.expr).fate(INSTANCE).is_never() {
        url.push_str("{{ with $labels.instance }}&var-instance={{ . | urlquery }}{{ end }}");
    }
    alert.annotations.insert(DASHBOARD_ANNOTATION.to_owned(), url);
}

/// Links a threshold's alert to the panel of its signal, or to its service's dashboard if there is no signal.
pub(super) fn of_threshold(
    addresses: &Addresses,
    service: &Service,
    threshold: &Threshold,
    signal: Option<&Signal>,
    alert: &mut AlertingRule,
) {
    let (address, past) = shown(addresses, service, threshold, signal);
    link(alert, address, past);
}

/// The panel of a threshold as a whole, whichever instance its alert is about.
pub(super) fn whole_panel(
    addresses: &Addresses,
    service: &Service,
    threshold: &Threshold,
    signal: Option<&Signal>,
) -> Option<String> {
    let (address, past) = shown(addresses, service, threshold, signal);
    address.map(|address| escaped(&address.looking_back(past.max(SHORTEST))))
}

fn shown<'a>(
    addresses: &'a Addresses,
    service: &Service,
    threshold: &Threshold,
    signal: Option<&Signal>,
) -> (Option<&'a Address>, Duration) {
    let shown = signal.and_then(|signal| addresses.signal(&service.name, &signal.name, &threshold.measure));
    let compared = match &threshold.condition {
        Condition::AboveBaseline { over, .. } | Condition::BelowBaseline { over, .. } => over.value,
        Condition::DropsBy { against, .. } => against.value,
        Condition::Absent { wait } => wait.value,
        Condition::Above(_) | Condition::Below(_) | Condition::Expr { .. } => Duration::ZERO,
    };
    let past = threshold.window.value.max(threshold.hold.value).times(3).max(compared.times(2));
    (shown.or_else(|| addresses.service(service)), past)
}

/// Links an alert on a target to the panel with the service's targets.
pub(super) fn of_target(addresses: &Addresses, service: &Service, alert: &mut AlertingRule) {
    link(alert, addresses.targets(service), SHORTEST);
}

/// Links alerts of an SLO: burn rates to the burn rates, doubts about its data to the events that it counts.
pub(super) fn of_slo(addresses: &Addresses, slo: &Slo, rules: &mut [Rule]) {
    for rule in rules {
        let Rule::Alerting(alert) = rule else { continue };
        let panel = match alert.alert.as_str() {
            BURN_RATE_ALERT => ObjectivePanel::BurnRates,
            SLO_DATA_MISSING_ALERT | SLO_DATA_IMPOSSIBLE_ALERT => ObjectivePanel::Events,
            _ => continue,
        };
        // Three times the window that made it fire: what was before, how it began, what it is now.
        let tier = alert.labels.get(crate::conventions::TIER_LABEL);
        let tier = slo.tiers.iter().find(|one| tier.is_some_and(|name| name == one.name.name()));
        let past = tier.map_or(Duration::ZERO, |tier| tier.long.times(3));
        link(alert, addresses.objective(slo, panel), past);
    }
}
