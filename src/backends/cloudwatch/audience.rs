//! Whom an alarm tells: its severity's channels, or those of the first route that matches.

use crate::model::{Channel, Platform, Route, Service, Threshold};
use crate::source::Spanned;

/// Most actions that an alarm can have for one state.
pub(in crate::backends) const MOST_TOPICS: usize = 5;

/// Who hears of a threshold in a cloud.
#[derive(Debug)]
pub(in crate::backends) struct Audience<'a> {
    /// Channels that the cloud reaches, each once, in the order told.
    pub(in crate::backends) topics: Vec<&'a Channel>,
    /// The route that decides instead of the severity.
    pub(in crate::backends) route: Option<&'a Route>,
}

/// Who hears of the threshold, before any limit on their number.
pub(in crate::backends) fn audience<'a>(
    platform: &'a Platform,
    service: &Service,
    threshold: &Threshold,
    reaches: fn(&Channel) -> bool,
) -> Audience<'a> {
    let route = platform.routes.iter().find(|route| matches(route, platform, service, threshold));
    let severity = platform.severity(&threshold.severity.value);
    let notified: &[Spanned<String>] = match (route.and_then(|route| route.notify.as_ref()), severity) {
        (Some(notify), _) => notify,
        (None, Some(severity)) => &severity.notify,
        (None, None) => &[],
    };
    let mut topics: Vec<&Channel> = Vec::new();
    for channel in notified.iter().filter_map(|name| platform.channel(&name.value)) {
        if reaches(channel) && !topics.iter().any(|known| known.name == channel.name) {
            topics.push(channel);
        }
    }
    Audience { topics, route }
}

fn matches(route: &Route, platform: &Platform, service: &Service, threshold: &Threshold) -> bool {
    let among = |names: &[Spanned<String>], name: &str| names.is_empty() || names.iter().any(|one| one.value == name);
    among(&route.services, &service.name.value)
        && among(&route.severities, &threshold.severity.value)
        && among(&route.alerts, &threshold.name.value)
        && route.labels.iter().all(|(label, value)| carried(platform, service, threshold, label) == Some(value))
}

/// The value of a label that the alert would carry in Prometheus.
fn carried<'a>(
    platform: &'a Platform,
    service: &'a Service,
    threshold: &'a Threshold,
    label: &str,
) -> Option<&'a String> {
    match label {
        "severity" => Some(&threshold.severity.value),
        "service" => Some(&service.name.value),
        "alertname" => Some(&threshold.name.value),
        _ => threshold
            .labels
            .get(label)
            .or_else(|| service.labels.get(label))
            .or(if label == "team" { platform.team.as_ref() } else { None })
            .or_else(|| platform.labels.get(label)),
    }
}
