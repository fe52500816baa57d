//! The routing tree: the dead man's switch, exceptions, then a node for each severity.

use super::config::{MatchCondition, Matcher, Route};
use super::receivers::{HEARTBEAT, NOBODY, reached, receiver_name};
use crate::conventions::WATCHDOG_ALERT;
use crate::model::{Platform, Route as Exception, Severity, Urgency};
use crate::quantity::Duration;
use crate::source::Spanned;

/// The dead man's switch is called this often. Its repeat interval is a little shorter, so that every
/// look at the group finds the last call old enough.
const HEARTBEAT_EVERY: Duration = Duration::minutes(1);
const HEARTBEAT_REPEAT: Duration = Duration::seconds(50);

/// The whole tree.
pub(super) fn tree(platform: &Platform) -> Route {
    let fallback = fallback(platform);
    let mut routes: Vec<Route> = Vec::new();
    let (before, after) = platform.routes.split_at(exceptions_before_watchdog(platform));
    routes.extend(before.iter().flat_map(|exception| exceptional(platform, exception)));
    routes.push(watchdog(platform));
    routes.extend(after.iter().flat_map(|exception| exceptional(platform, exception)));
    for severity in &platform.severities {
        routes.extend(nodes(platform, severity, None, vec![equal("severity", &severity.name)]));
    }
    Route {
        receiver: Some(fallback.map_or(NOBODY.to_owned(), |severity| receiver_name(platform, &severity.notify))),
        group_by: group_by(platform),
        group_wait: fallback.map(|severity| severity.group_wait.to_string()),
        group_interval: fallback.map(|severity| severity.group_interval.to_string()),
        repeat_interval: fallback.map(|severity| severity.repeat.to_string()),
        routes,
        ..Route::default()
    }
}

/// The severity that an alert is treated as whose own nobody declared: a ticket if possible, so that
/// somebody reads it and nobody is woken. `None` when nobody is ever told of anything.
pub(super) fn fallback(platform: &Platform) -> Option<&Severity> {
    let told = |severity: &&Severity| !reached(platform, &severity.notify).is_empty();
    let ticket = platform.severities.iter().filter(told).find(|severity| severity.urgency == Urgency::Ticket);
    ticket.or_else(|| platform.severities.iter().find(told))
}

/// The dead man's switch concerns nobody, so it comes before every exception, except those up to the
/// last that names it.
pub(super) fn exceptions_before_watchdog(platform: &Platform) -> usize {
    let names_it = |exception: &Exception| exception.alerts.iter().any(|alert| alert.value == WATCHDOG_ALERT);
    platform.routes.iter().rposition(names_it).map_or(0, |last| last + 1)
}

fn watchdog(platform: &Platform) -> Route {
    let silent = Route {
        receiver: Some(NOBODY.to_owned()),
        matchers: vec![equal("alertname", WATCHDOG_ALERT)],
        ..Route::default()
    };
    if platform.stack.heartbeat.is_none() {
        return silent;
    }
    Route {
        receiver: Some(HEARTBEAT.to_owned()),
        group_by: vec!["alertname".to_owned()],
        group_wait: Some(Duration::ZERO.to_string()),
        group_interval: Some(HEARTBEAT_EVERY.to_string()),
        repeat_interval: Some(HEARTBEAT_REPEAT.to_string()),
        ..silent
    }
}

/// Alertmanager takes no label twice.
fn group_by(platform: &Platform) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for label in &platform.stack.group_by {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    labels
}

/// The nodes of one exception. One that speaks of several severities has a child for each of them,
/// because each has its own intervals and escalation.
fn exceptional(platform: &Platform, exception: &Exception) -> Vec<Route> {
    let mut matchers = Vec::new();
    matchers.extend(one_of("service", &exception.services));
    matchers.extend(one_of("severity", &exception.severities));
    matchers.extend(one_of("alertname", &exception.alerts));
    matchers.extend(exception.labels.iter().map(|(label, value)| equal(label, value)));
    let receiver = exception.notify.as_ref().map(|names| receiver_name(platform, names));
    if exception.notify.as_ref().is_some_and(Vec::is_empty) {
        return vec![Route { receiver, matchers, ..Route::default() }];
    }
    let of_severity = |name: &Spanned<String>| platform.severity(name);
    if let [only] = exception.severities.as_slice()
        && let Some(severity) = of_severity(only)
    {
        return nodes(platform, severity, Some(exception), matchers);
    }
    let concerned: Vec<&Severity> = if exception.severities.is_empty() {
        platform.severities.iter().collect()
    } else {
        exception.severities.iter().filter_map(of_severity).collect()
    };
    let child = |severity: &Severity| {
        let matchers = vec![equal("severity", &severity.name)];
        nodes(platform, severity, Some(exception), matchers)
    };
    vec![Route {
        receiver,
        matchers,
        repeat_interval: exception.repeat.map(|repeat| repeat.to_string()),
        mute_time_intervals: texts(&exception.mute_during),
        active_time_intervals: texts(&exception.active_during),
        routes: concerned.into_iter().flat_map(child).collect(),
        ..Route::default()
    }]
}

/// The node that tells a severity's channels, and before it the one that tells more people later.
/// Times are not inherited in Alertmanager: each node has its own.
fn nodes(
    platform: &Platform,
    severity: &Severity,
    exception: Option<&Exception>,
    matchers: Vec<Matcher>,
) -> Vec<Route> {
    let notify = exception.and_then(|exception| exception.notify.as_ref()).unwrap_or(&severity.notify);
    let repeat = exception.and_then(|exception| exception.repeat).unwrap_or(severity.repeat);
    let node = Route {
        receiver: Some(receiver_name(platform, notify)),
        matchers,
        group_wait: Some(severity.group_wait.to_string()),
        group_interval: Some(severity.group_interval.to_string()),
        repeat_interval: Some(repeat.to_string()),
        mute_time_intervals: exception.map_or(Vec::new(), |exception| texts(&exception.mute_during)),
        active_time_intervals: exception.map_or(Vec::new(), |exception| texts(&exception.active_during)),
        ..Route::default()
    };
    let escalation = severity.escalate.as_ref().filter(|escalation| !reached(platform, &escalation.notify).is_empty());
    let later = escalation.map(|escalation| Route {
        receiver: Some(receiver_name(platform, &escalation.notify)),
        group_wait: Some(escalation.after.to_string()),
        r#continue: true,
        ..node.clone()
    });
    later.into_iter().chain([node]).map(without_idle_intervals).collect()
}

/// A node that tells nobody has nothing to wait for.
fn without_idle_intervals(node: Route) -> Route {
    if node.receiver.as_deref() != Some(NOBODY) {
        return node;
    }
    Route { receiver: node.receiver, matchers: node.matchers, r#continue: node.r#continue, ..Route::default() }
}

/// A condition that a label has this value.
pub(super) fn equal(label: &str, value: &str) -> Matcher {
    Matcher { label: label.to_owned(), condition: MatchCondition::Equal(value.to_owned()) }
}

/// A condition that a label has one of these values; none if there are none.
pub(super) fn one_of(label: &str, values: &[Spanned<String>]) -> Option<Matcher> {
    match values {
        [] => None,
        [only] => Some(equal(label, only)),
        several => Some(Matcher { label: label.to_owned(), condition: MatchCondition::OneOf(texts(several)) }),
    }
}

fn texts(names: &[Spanned<String>]) -> Vec<String> {
    names.iter().map(|name| name.value.clone()).collect()
}
