//! Who is told of an alert: as the generated tree says it, and as the platform promises it.

use std::collections::BTreeMap;

use super::config::{Config, MatchCondition, Matcher, Route};
use super::receivers::{AND, HEARTBEAT, NOBODY, reached, receiver_name};
use super::routes::{exceptions_before_watchdog, fallback};
use crate::conventions::{BURN_RATE_ALERT, TIER_LABEL, WATCHDOG_ALERT};
use crate::model::{Platform, Route as Exception, Service, Severity};
use crate::quantity::Duration;

/// Labels of an alert.
type Labels = BTreeMap<String, String>;

/// Alertmanager's own `group_wait` and `group_interval`, where no node of the tree says another.
const USUAL_GROUP_WAIT: Duration = Duration::seconds(30);
const USUAL_GROUP_INTERVAL: Duration = Duration::minutes(5);

/// A message that alerts become: to whom, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delivery<'a> {
    /// Name of the receiver.
    pub receiver: &'a str,
    /// Wait before the first message of a group.
    pub group_wait: Duration,
    /// Wait before telling of an alert that joins a group that has been told of.
    pub group_interval: Duration,
    /// Names of times during which the node tells nobody.
    pub mute_times: &'a [String],
    /// Names of times outside which the node tells nobody.
    pub active_times: &'a [String],
}

/// What becomes of alerts with these labels, in the order in which Alertmanager finds it; empty only when
/// there is no tree.
pub fn deliveries<'a>(config: &'a Config, labels: &BTreeMap<String, String>) -> Vec<Delivery<'a>> {
    let mut found = Vec::new();
    let inherited = Delivery {
        receiver: "",
        group_wait: USUAL_GROUP_WAIT,
        group_interval: USUAL_GROUP_INTERVAL,
        mute_times: &[],
        active_times: &[],
    };
    if let Some(root) = &config.route {
        walk(root, inherited, labels, &mut found);
    }
    found
}

/// Names of the receivers that alerts with these labels reach, in the order in which Alertmanager
/// finds them; empty only when there is no tree. What `amtool config routes test` says of the file.
pub fn resolve_route(config: &Config, labels: &BTreeMap<String, String>) -> Vec<String> {
    deliveries(config, labels).into_iter().map(|delivery| delivery.receiver.to_owned()).collect()
}

/// Adds what the node and those under it deliver; whether it matched. Times are not inherited.
fn walk<'a>(route: &'a Route, inherited: Delivery<'a>, labels: &Labels, found: &mut Vec<Delivery<'a>>) -> bool {
    if !route.matchers.iter().all(|matcher| holds(matcher, labels)) {
        return false;
    }
    let interval =
        |own: &Option<String>, inherited| own.as_deref().and_then(|own| Duration::parse(own).ok()).unwrap_or(inherited);
    let delivery = Delivery {
        receiver: route.receiver.as_deref().unwrap_or(inherited.receiver),
        group_wait: interval(&route.group_wait, inherited.group_wait),
        group_interval: interval(&route.group_interval, inherited.group_interval),
        mute_times: &route.mute_time_intervals,
        active_times: &route.active_time_intervals,
    };
    let before = found.len();
    for child in &route.routes {
        if walk(child, delivery, labels, found) && !child.r#continue {
            break;
        }
    }
    if found.len() == before {
        found.push(delivery);
    }
    true
}

fn holds(matcher: &Matcher, labels: &Labels) -> bool {
    let value = labels.get(&matcher.label).map_or("", String::as_str);
    match &matcher.condition {
        MatchCondition::Equal(wanted) => value == wanted,
        MatchCondition::OneOf(wanted) => wanted.iter().any(|wanted| value == wanted),
        MatchCondition::Present => !value.is_empty(),
    }
}

/// Names of the channels that a receiver tells.
pub fn receiver_channels(receiver: &str) -> Vec<&str> {
    match receiver {
        NOBODY | HEARTBEAT => Vec::new(),
        name => name.split(AND).collect(),
    }
}

/// Names of the receivers that the platform promises for alerts with these labels, said without the
/// tree: the first exception that matches, else the severity, else where unknown severities go.
/// Those that are told later, by escalation, come first.
pub fn expected_receivers(platform: &Platform, labels: &BTreeMap<String, String>) -> Vec<String> {
    let label = |name: &str| labels.get(name).map_or("", String::as_str);
    let is_watchdog = label("alertname") == WATCHDOG_ALERT;
    let considered = if is_watchdog { exceptions_before_watchdog(platform) } else { platform.routes.len() };
    let exception = platform.routes.iter().take(considered).find(|exception| applies(exception, labels));
    if is_watchdog && exception.is_none() {
        return vec![if platform.stack.heartbeat.is_some() { HEARTBEAT } else { NOBODY }.to_owned()];
    }
    let instead = exception.and_then(|exception| exception.notify.as_ref());
    if instead.is_some_and(Vec::is_empty) {
        return vec![NOBODY.to_owned()];
    }
    let severity = platform.severity(label("severity"));
    let notify = instead.or_else(|| severity.or(fallback(platform)).map(|severity| &severity.notify));
    let first = notify.map_or(NOBODY.to_owned(), |names| receiver_name(platform, names));
    let later = severity.and_then(|severity| severity.escalate.as_ref()).map(|escalation| &escalation.notify);
    let later = later.filter(|names| !reached(platform, names).is_empty());
    later.map(|names| receiver_name(platform, names)).into_iter().chain([first]).collect()
}

/// Whether people are always told of alerts with these labels: somebody at all, and at any time.
pub(super) fn is_always_told(platform: &Platform, labels: &Labels) -> bool {
    let exception = platform.routes.iter().find(|exception| applies(exception, labels));
    let has_times = |exception: &Exception| !exception.mute_during.is_empty() || !exception.active_during.is_empty();
    let at_once = expected_receivers(platform, labels).pop();
    at_once.is_some_and(|receiver| !receiver_channels(&receiver).is_empty()) && !exception.is_some_and(has_times)
}

fn applies(exception: &Exception, labels: &Labels) -> bool {
    let label = |name: &str| labels.get(name).map_or("", String::as_str);
    let among = |names: &[crate::source::Spanned<String>], value: &str| {
        names.is_empty() || names.iter().any(|name| name.value == value)
    };
    among(&exception.services, label("service"))
        && among(&exception.severities, label("severity"))
        && among(&exception.alerts, label("alertname"))
        && exception.labels.iter().all(|(name, value)| label(name) == value)
}

/// An alert and the receivers that are promised to hear of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteCase {
    /// The alert's labels.
    pub labels: BTreeMap<String, String>,
    /// Names of receivers, as [`expected_receivers`] has them.
    pub receivers: Vec<String>,
}

/// Every severity, every exception in each combination of its services, severities and alerts, every
/// alert that Prometheus raises, the dead man's switch, and an alert of a severity that is unknown.
pub fn route_cases(platform: &Platform) -> Vec<RouteCase> {
    let mut all: Vec<Labels> = vec![labels(&[("alertname", WATCHDOG_ALERT)]), labels(&[("severity", "unknown")])];
    all.extend(platform.severities.iter().map(|severity| labels(&[("severity", &severity.name)])));
    for exception in &platform.routes {
        all.extend(combinations(platform, exception));
    }
    for (service, threshold) in platform.thresholds() {
        if threshold.is_routed() {
            all.push(threshold_labels(platform, service, threshold));
        }
    }
    for (service, slo) in platform.slos() {
        all.extend(slo.tiers.iter().map(|tier| tier_labels(platform, service, slo, tier)));
    }
    let mut cases: Vec<RouteCase> = Vec::new();
    for labels in all {
        if !cases.iter().any(|case| case.labels == labels) {
            cases.push(RouteCase { receivers: expected_receivers(platform, &labels), labels });
        }
    }
    cases
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect()
}

/// Labels of alerts that an exception speaks of, and of ones whose severity it does not know.
fn combinations(platform: &Platform, exception: &Exception) -> Vec<Labels> {
    let or_any = |names: &[crate::source::Spanned<String>], any: &[&str]| -> Vec<String> {
        match names {
            [] => any.iter().map(|name| (*name).to_owned()).collect(),
            some => some.iter().map(|name| name.value.clone()).collect(),
        }
    };
    let known: Vec<&str> = platform.severities.iter().map(|severity: &Severity| severity.name.as_str()).collect();
    let any_severity: Vec<&str> = known.into_iter().chain(["unknown"]).collect();
    let mut all = Vec::new();
    for service in or_any(&exception.services, &["some-service"]) {
        for severity in or_any(&exception.severities, &any_severity) {
            for alert in or_any(&exception.alerts, &["SomeAlert"]) {
                let mut labels = labels(&[("service", &service), ("severity", &severity), ("alertname", &alert)]);
                labels.extend(exception.labels.iter().cloned());
                all.push(labels);
            }
        }
    }
    all
}

/// What every alert of a service carries, with the external labels that Prometheus adds.
fn service_labels(platform: &Platform, service: &Service, severity: &str) -> Labels {
    let mut labels: Labels = platform.labels.iter().map(|(label, value)| (label.clone(), value.clone())).collect();
    labels.extend(service.labels.iter().map(|(label, value)| (label.clone(), value.clone())));
    labels.extend(platform.team.iter().map(|team| ("team".to_owned(), team.clone())));
    labels.insert("service".to_owned(), service.name.value.clone());
    labels.insert("severity".to_owned(), severity.to_owned());
    labels
}

/// Labels of a threshold's alert that are known before it fires.
pub(super) fn threshold_labels(platform: &Platform, service: &Service, threshold: &crate::model::Threshold) -> Labels {
    let mut labels = service_labels(platform, service, &threshold.severity);
    labels.extend(threshold.labels.iter().map(|(label, value)| (label.clone(), value.clone())));
    labels.insert("alertname".to_owned(), threshold.name.value.clone());
    labels
}

/// Labels of a tier's alert that are known before it fires.
pub fn tier_labels(
    platform: &Platform,
    service: &Service,
    slo: &crate::model::Slo,
    tier: &crate::model::Tier,
) -> Labels {
    let mut labels = service_labels(platform, service, &tier.severity);
    labels.insert(crate::conventions::SLO_LABEL.to_owned(), slo.id());
    labels.insert(TIER_LABEL.to_owned(), tier.name.name().to_owned());
    labels.insert("alertname".to_owned(), BURN_RATE_ALERT.to_owned());
    labels
}
