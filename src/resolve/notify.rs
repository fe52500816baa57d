//! Channels, severities, routes, inhibitions, times.

use indexmap::IndexSet;

use super::problems::{INVALID_TIME, REPEATED_NAME};
use super::{Resolver, service_names, text};
use crate::diagnostics::Diagnostic;
use crate::model::{Channel, Escalation, Inhibition, Route, Service, Severity, TimeInterval, Urgency};
use crate::quantity::Duration;
use crate::source::Spanned;
use crate::spec;
use crate::spec::values::{Name, OneOrMany};

/// Repeat interval of a severity that says nothing: Alertmanager's own default.
const REPEAT: Duration = Duration::hours(4);
/// Wait before the first message of a group: long enough that one cause makes one message.
const GROUP_WAIT: Duration = Duration::seconds(30);
/// Wait before telling of new alerts of a group: Alertmanager's own default.
const GROUP_INTERVAL: Duration = Duration::minutes(5);

/// Every channel; there is nothing in one that could dangle.
pub(super) fn channels(resolver: &mut Resolver) -> Vec<Channel> {
    let declared = resolver.spec.channels.iter();
    declared.map(|(name, delivery)| Channel { name: text(name), delivery: delivery.clone() }).collect()
}

/// Severities, the most urgent first as written.
pub(super) fn severities(resolver: &mut Resolver) -> Vec<Severity> {
    let spec = resolver.spec;
    let by_order = [Urgency::Page, Urgency::Ticket];
    let mut severities = Vec::new();
    for (index, (name, written)) in spec.severities.iter().enumerate() {
        let usual = by_order.get(index).copied().unwrap_or(Urgency::Nothing);
        let or = |given: Option<Spanned<Duration>>, usual| given.unwrap_or(Spanned::new(usual, name.span));
        let escalate = written.escalate.as_ref().map(|escalation| Escalation {
            after: escalation.after,
            notify: channel_names(&escalation.notify, resolver),
        });
        severities.push(Severity {
            name: text(name),
            urgency: written.urgency.as_ref().map_or(usual, |urgency| urgency.value),
            notify: channel_names(written.notify.as_deref().unwrap_or_default(), resolver),
            notify_written: written.notify.is_some(),
            repeat: or(written.repeat, REPEAT),
            group_wait: or(written.group_wait, GROUP_WAIT),
            group_interval: or(written.group_interval, GROUP_INTERVAL),
            escalate,
            origin: written.span,
        });
    }
    severities
}

fn channel_names(names: &[Spanned<Name>], resolver: &mut Resolver) -> Vec<Spanned<String>> {
    let spec = resolver.spec;
    let known: Vec<&str> = spec.channels.iter().map(|(name, _)| name.as_str()).collect();
    let mut found: Vec<Spanned<String>> = Vec::new();
    for name in names {
        if !resolver.known("channel", name.as_str(), name.span, known.iter().copied()) {
            continue;
        }
        if let Some(first) = found.iter().find(|other| other.value == name.as_str()) {
            let message = format!("the channel `{}` is named twice", name.value);
            resolver.report(Diagnostic::new(&REPEATED_NAME, name.span, message).also(first.span, "first here"));
            continue;
        }
        found.push(text(name));
    }
    found
}

/// Exceptions to severities.
pub(super) fn routes(resolver: &mut Resolver, services: &[Service]) -> Vec<Route> {
    let spec = resolver.spec;
    let severities: Vec<&str> = spec.severities.iter().map(|(name, _)| name.as_str()).collect();
    let times: Vec<&str> = spec.times.iter().map(|(name, _)| name.as_str()).collect();
    // A route may speak of the alerts that the compiler adds by itself.
    let own = crate::conventions::OWN_ALERTS;
    let declared = services.iter().flat_map(|service| &service.thresholds).map(|threshold| threshold.name.as_str());
    let alerts: IndexSet<&str> = declared.chain(own).collect();
    let alerts: Vec<&str> = alerts.into_iter().collect();
    let mut routes = Vec::new();
    for written in spec.routes.iter().flatten() {
        let services = names(&written.service, "service", &service_names(services), resolver);
        let severities = names(&written.severity, "severity", &severities, resolver);
        let alerts = names(&written.alert, "alert", &alerts, resolver);
        routes.push(Route {
            services,
            severities,
            alerts,
            labels: written.labels.iter().map(|(label, value)| (label.to_string(), value.clone())).collect(),
            notify: written.notify.as_ref().map(|names| channel_names(names, resolver)),
            repeat: written.repeat,
            mute_during: names(&written.mute_during, "time", &times, resolver),
            active_during: names(&written.active_during, "time", &times, resolver),
            origin: written.span,
        });
    }
    routes
}

fn names(
    written: &Option<OneOrMany<Spanned<Name>>>,
    what: &str,
    known: &[&str],
    resolver: &mut Resolver,
) -> Vec<Spanned<String>> {
    let written = written.as_ref().map_or(&[][..], |names| &names.0);
    written
        .iter()
        .filter(|name| resolver.known(what, name.as_str(), name.span, known.iter().copied()))
        .map(text)
        .collect()
}

/// What keeps what quiet.
pub(super) fn inhibitions(resolver: &mut Resolver) -> Vec<Inhibition> {
    let pairs = |named: &spec::values::Named<spec::values::LabelName, String>| {
        named.iter().map(|(label, value)| (label.to_string(), value.clone())).collect()
    };
    let declared = resolver.spec.inhibit.iter().flatten();
    declared
        .map(|written| Inhibition {
            when: pairs(&written.when),
            quiet: pairs(&written.quiet),
            equal: written.equal.iter().flatten().map(|label| label.to_string()).collect(),
            origin: written.span,
        })
        .collect()
}

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Named times of the week.
pub(super) fn times(resolver: &mut Resolver) -> Vec<TimeInterval> {
    let spec = resolver.spec;
    let mut times = Vec::new();
    for (name, written) in spec.times.iter() {
        let mut weekdays = Vec::new();
        for range in written.weekdays.iter().flat_map(|days| &days.0) {
            let parts: Vec<&str> = range.split(':').collect();
            if parts.len() > 2 || parts.iter().any(|day| !DAYS.contains(day)) {
                let message = format!("`{}` is no day or range of days", range.value);
                let help = "days look like `monday` or `monday:friday`";
                resolver.report(Diagnostic::new(&INVALID_TIME, range.span, message).help(help));
                continue;
            }
            weekdays.push(range.value.clone());
        }
        let mut hours = Vec::new();
        for range in written.hours.iter().flat_map(|hours| &hours.0) {
            match range.split_once('-').filter(|(start, end)| is_clock(start) && is_clock(end) && start < end) {
                Some((start, end)) => hours.push((start.to_owned(), end.to_owned())),
                None => {
                    let message = format!("`{}` is no range of hours", range.value);
                    let help =
                        "hours look like `09:00-17:00`, the start before the end; past midnight takes two ranges";
                    resolver.report(Diagnostic::new(&INVALID_TIME, range.span, message).help(help));
                }
            }
        }
        let zone = written.zone.as_ref().map(|zone| zone.value.clone());
        times.push(TimeInterval { name: text(name), weekdays, hours, zone });
    }
    times
}

/// `00:00` to `24:00`.
fn is_clock(text: &str) -> bool {
    let Some((hour, minute)) = text.split_once(':') else { return false };
    let number = |part: &str| (part.len() == 2).then(|| part.parse::<u8>().ok()).flatten();
    matches!((number(hour), number(minute)), (Some(0..=23), Some(0..=59)) | (Some(24), Some(0)))
}
