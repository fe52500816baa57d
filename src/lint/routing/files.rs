//! Routes of files that nobody compiled.

use super::alerts::of_groups;
use super::conditions::Condition;
use super::{Inhibition, Interval, Node, Routings, Tree};
use crate::lint::facts::Facts;
use crate::plain::Files;
use crate::plain::alertmanager::{Alertmanager, Matcher, Route};
use crate::quantity::Duration;
use crate::source::Spanned;

/// Alertmanager's own intervals.
const GROUP_INTERVAL: Interval = Interval { value: Duration::minutes(5), place: None };
const REPEAT_INTERVAL: Interval = Interval { value: Duration::hours(4), place: None };

impl<'a> Routings<'a> {
    /// Of files that nobody compiled.
    pub(in crate::lint) fn of_files(files: &'a Files, facts: &Facts) -> Self {
        if files.alertmanagers.is_empty() {
            return Self { alerts: Vec::new(), trees: Vec::new() };
        }
        let relabelled = files.prometheus.iter().any(|prometheus| prometheus.relabels_alerts);
        let trees = files.alertmanagers.iter().map(tree).collect();
        Self { alerts: of_groups(&files.groups, facts, relabelled), trees }
    }
}

/// The routing tree of a file.
pub(super) fn root(file: &Alertmanager) -> Node {
    let outermost = Node {
        number: 0,
        receiver: None,
        conditions: Vec::new(),
        continues: false,
        group_by: Vec::new(),
        group_wait: Duration::seconds(30),
        group_interval: GROUP_INTERVAL,
        repeat_interval: REPEAT_INTERVAL,
        mute: Vec::new(),
        active: Vec::new(),
        children: Vec::new(),
        place: None,
    };
    node(&file.route, &outermost, &mut 0)
}

fn tree(file: &Alertmanager) -> Tree<'_> {
    let inhibition = |one: &crate::plain::alertmanager::Inhibition| Inhibition {
        source: conditions(&one.source),
        target: conditions(&one.target),
        equal: one.equal.iter().map(|label| (label.value.clone(), Some(label.span))).collect(),
        place: one.place,
    };
    Tree {
        root: root(file),
        inhibitions: file.inhibitions.iter().map(inhibition).collect(),
        times: file.times.clone(),
        file: Some(file),
    }
}

fn conditions(matchers: &[Matcher]) -> Vec<Condition> {
    matchers.iter().map(Condition::from).collect()
}

fn node(route: &Route, parent: &Node, number: &mut usize) -> Node {
    let said = |own: Option<Spanned<Duration>>, inherited: Interval| {
        own.map_or(inherited, |own| Interval { value: own.value, place: Some(own.span) })
    };
    let mut node = Node {
        number: *number,
        receiver: route.receiver.clone().or_else(|| parent.receiver.clone()),
        conditions: conditions(&route.matchers),
        continues: route.continues.is_some_and(|continues| continues.value),
        group_by: route.group_by.clone().unwrap_or_else(|| parent.group_by.clone()),
        group_wait: route.group_wait.map_or(parent.group_wait, |own| own.value),
        group_interval: said(route.group_interval, parent.group_interval),
        repeat_interval: said(route.repeat_interval, parent.repeat_interval),
        mute: route.mute.clone(),
        active: route.active.clone(),
        children: Vec::new(),
        place: Some(route.place),
    };
    for child in &route.routes {
        *number += 1;
        let child = self::node(child, &node, number);
        node.children.push(child);
    }
    node
}
