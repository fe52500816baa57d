//! Routes of a platform that a spec describes: its exceptions and inhibitions, as they are written.

use super::alerts::{of_expr, written};
use super::conditions::{Condition, Wants};
use super::{Alert, Inhibition, Interval, Node, Routings, Tree};
use crate::backends::rules;
use crate::lint::facts::Facts;
use crate::model::{self, Platform};
use crate::plain::alertmanager::{NamedTime, Times, WEEK, clock};
use crate::quantity::Duration;
use crate::source::Spanned;

impl Routings<'_> {
    /// Of a platform. What it does not say has no place, and is not complained about.
    pub(in crate::lint) fn of(platform: &Platform, rules: &rules::Config, facts: &Facts) -> Self {
        if platform.routes.is_empty() && platform.inhibitions.is_empty() {
            return Self { alerts: Vec::new(), trees: Vec::new() };
        }
        let exceptions = platform.routes.iter().enumerate();
        let mut root = node(0, Vec::new());
        root.children = exceptions.map(|(index, route)| exception(index + 1, route)).collect();
        let tree = Tree {
            root,
            inhibitions: platform.inhibitions.iter().map(inhibition).collect(),
            times: platform.times.iter().map(time).collect(),
            file: None,
        };
        Self { alerts: alerts(rules, facts), trees: vec![tree] }
    }
}

fn alerts(rules: &rules::Config, facts: &Facts) -> Vec<Alert> {
    let files = [rules.prometheus(), rules.thanos()];
    let groups = files.iter().flatten().flat_map(|file| &file.groups);
    let alerts = groups.flat_map(|group| group.alerts().map(move |alert| (group, alert)));
    let of_alert = |(group, alert): (&rules::RuleGroup, &rules::AlertingRule)| {
        let labels = group.labels.iter().chain(&alert.labels);
        let set = labels.map(|(label, text)| (label.clone(), (written(text), None))).collect();
        of_expr(&alert.alert, set, &alert.expr, facts)
    };
    alerts.map(of_alert).collect()
}

fn node(number: usize, conditions: Vec<Condition>) -> Node {
    let interval = Interval { value: Duration::ZERO, place: None };
    Node {
        number,
        receiver: None,
        conditions,
        continues: false,
        group_by: Vec::new(),
        group_wait: Duration::ZERO,
        group_interval: interval,
        repeat_interval: interval,
        mute: Vec::new(),
        active: Vec::new(),
        children: Vec::new(),
        place: None,
    }
}

fn exception(number: usize, route: &model::Route) -> Node {
    let one_of = |label: &str, names: &[Spanned<String>]| {
        let place = names.first().map(|first| first.span);
        let texts: Vec<String> = names.iter().map(|name| name.value.clone()).collect();
        (!texts.is_empty()).then(|| Condition { label: label.to_owned(), wants: Wants::OneOf(texts), place })
    };
    let named =
        [one_of("service", &route.services), one_of("severity", &route.severities), one_of("alertname", &route.alerts)];
    let conditions = named.into_iter().flatten().chain(route.labels.iter().map(equal)).collect();
    Node {
        mute: route.mute_during.clone(),
        active: route.active_during.clone(),
        place: Some(route.origin.0),
        ..node(number, conditions)
    }
}

fn equal((label, value): &(String, String)) -> Condition {
    Condition { label: label.clone(), wants: Wants::OneOf(vec![value.clone()]), place: None }
}

fn inhibition(inhibition: &model::Inhibition) -> Inhibition {
    Inhibition {
        source: inhibition.when.iter().map(equal).collect(),
        target: inhibition.quiet.iter().map(equal).collect(),
        equal: inhibition.equal.iter().map(|label| (label.clone(), None)).collect(),
        place: inhibition.origin.0,
    }
}

fn time(time: &model::TimeInterval) -> NamedTime {
    let day = |name: &str| WEEK.iter().position(|day| *day == name);
    let days = |text: &String| match text.split_once(':') {
        None => day(text).into_iter().collect(),
        Some((from, to)) => match (day(from), day(to)) {
            (Some(from), Some(to)) => (from..=to).collect::<Vec<usize>>(),
            _ => Vec::new(),
        },
    };
    let hours = time.hours.iter().filter_map(|(from, to)| Some((clock(from)?, clock(to)?)));
    let times = Times {
        hours: hours.collect(),
        weekdays: time.weekdays.iter().flat_map(days).collect(),
        has_dates: false,
        location: time.zone.clone().unwrap_or_else(|| "UTC".to_owned()),
    };
    NamedTime { name: time.name.clone(), times: vec![times] }
}
