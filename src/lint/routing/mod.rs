//! Who is told of which alert: the tree, the receivers, the inhibitions and the alerts, whoever wrote them.

mod alerts;
mod conditions;
mod files;
mod platform;
mod simulate;
mod times;

pub(in crate::lint) use alerts::Alert;
pub(in crate::lint) use conditions::{Condition, Known, Value, Wants, contradiction, covered};
pub use simulate::receivers;
pub(in crate::lint) use simulate::{Reached, deliveries};
pub(in crate::lint) use times::is_never;

use std::collections::BTreeMap;

use crate::diagnostics::nearest;
use crate::plain::alertmanager::{Alertmanager, NamedTime};
use crate::quantity::Duration;
use crate::source::{Span, Spanned};

/// What rules about routes see.
#[derive(Debug)]
pub struct Routing<'a> {
    /// The routing tree.
    pub(super) root: Node,
    /// Alerts that keep others quiet.
    pub(super) inhibitions: Vec<Inhibition>,
    /// Named times.
    pub(super) times: Vec<NamedTime>,
    /// The alerts, if they are known.
    pub(super) alerts: Option<&'a [Alert]>,
    /// The file, where nobody compiled it.
    pub(super) file: Option<&'a Alertmanager>,
}

/// A node of the routing tree.
#[derive(Debug, PartialEq)]
pub(super) struct Node {
    /// Which it is, from the root in the order of the text.
    pub(super) number: usize,
    /// Its receiver, inherited or its own.
    pub(super) receiver: Option<Spanned<String>>,
    /// All must hold.
    pub(super) conditions: Vec<Condition>,
    /// Whether later siblings are tried too.
    pub(super) continues: bool,
    /// Labels by which alerts are gathered, inherited or its own.
    pub(super) group_by: Vec<Spanned<String>>,
    /// Wait before the first message of a group, inherited or its own.
    pub(super) group_wait: Duration,
    /// Wait before telling of new alerts of a group, inherited or its own.
    pub(super) group_interval: Interval,
    /// Wait before a message is repeated, inherited or its own.
    pub(super) repeat_interval: Interval,
    /// Times during which it tells nobody.
    pub(super) mute: Vec<Spanned<String>>,
    /// Times outside which it tells nobody.
    pub(super) active: Vec<Spanned<String>>,
    /// Children; the first that matches takes the alert.
    pub(super) children: Vec<Node>,
    /// Where it is seen; none if nobody wrote it.
    pub(super) place: Option<Span>,
}

/// An interval, where it is said, and by which node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Interval {
    /// How long.
    pub(super) value: Duration,
    /// Where it is said; none if it is Alertmanager's own.
    pub(super) place: Option<Span>,
}

/// Alerts that keep others quiet.
#[derive(Debug)]
pub(super) struct Inhibition {
    /// While an alert fires for which these hold,
    pub(super) source: Vec<Condition>,
    /// nobody is told of those for which these hold,
    pub(super) target: Vec<Condition>,
    /// if these labels have the same values on both.
    pub(super) equal: Vec<(String, Option<Span>)>,
    /// Where it is seen.
    pub(super) place: Span,
}

impl Node {
    /// Visits every node, each with those above it, outermost first.
    pub(super) fn each<'n>(&'n self, visit: &mut impl FnMut(&'n Node, &[&'n Node])) {
        self.walk(&mut Vec::new(), visit);
    }

    fn walk<'n>(&'n self, above: &mut Vec<&'n Node>, visit: &mut impl FnMut(&'n Node, &[&'n Node])) {
        visit(self, above);
        above.push(self);
        for child in &self.children {
            child.walk(above, visit);
        }
        above.pop();
    }
}

impl Routing<'_> {
    /// The alerts for which all conditions hold, surely or maybe.
    pub(super) fn meeting<'s>(&'s self, conditions: &'s [Condition]) -> impl Iterator<Item = &'s Alert> {
        let alerts = self.alerts.unwrap_or_default().iter();
        alerts.filter(|alert| alert.meets(conditions) != Known::No)
    }

    /// Every alert with the nodes that deliver it.
    pub(super) fn delivered(&self) -> Vec<(&Alert, Vec<Reached<'_>>)> {
        let alerts = self.alerts.unwrap_or_default().iter();
        alerts.map(|alert| (alert, deliveries(&self.root, alert))).collect()
    }

    /// The condition for which no alert fits, although alerts are known, and the value that was meant. A severity that
    /// no alert has yet is no mistake, unless it looks like one that some have.
    pub(super) fn unmet<'c>(&self, conditions: &'c [Condition]) -> Option<Unmet<'c>> {
        let alerts = self.alerts.filter(|alerts| !alerts.is_empty())?;
        if self.meeting(conditions).next().is_some() {
            return None;
        }
        let alone = conditions.iter().find(|condition| {
            alerts.iter().all(|alert| condition.wants.holds(&alert.value(&condition.label)) == Known::No)
        });
        let Some(condition) = alone else {
            // A team without critical alerts so far is no mistake either; of an alert all is known.
            let named = conditions.iter().any(|one| one.label == "alertname" && one.wants.listed().is_some());
            return named.then_some(Unmet { condition: None, meant: None });
        };
        let values: Vec<String> = alerts
            .iter()
            .filter_map(|alert| match alert.value(&condition.label) {
                Value::Is(value) if !value.is_empty() => Some(value),
                _ => None,
            })
            .collect();
        let listed = condition.wants.listed().unwrap_or_default();
        let meant = listed.iter().find_map(|text| nearest(text, values.iter().map(String::as_str)));
        if condition.label == "severity" && meant.is_none() {
            return None;
        }
        Some(Unmet { condition: Some(condition), meant: meant.map(str::to_owned) })
    }

    /// Whether some route is for a severity, surely or maybe.
    pub(super) fn knows_severity(&self, severity: &str) -> bool {
        let value = Value::Is(severity.to_owned());
        let mut known = false;
        self.root.each(&mut |node, _| {
            let own = node.conditions.iter().filter(|condition| condition.label == "severity");
            known |= own.into_iter().any(|condition| condition.wants.holds(&value) != Known::No);
        });
        known
    }

    /// What a file says of a receiver.
    pub(super) fn receiver(&self, name: &str) -> Option<&crate::plain::alertmanager::Receiver> {
        self.file?.receivers.iter().find(|receiver| receiver.name.value == name)
    }

    /// Named times by name.
    pub(super) fn times(&self) -> BTreeMap<&str, &NamedTime> {
        self.times.iter().map(|time| (time.name.value.as_str(), time)).collect()
    }
}

/// Why no alert fits.
#[derive(Debug)]
pub(super) struct Unmet<'c> {
    /// The one condition that none meets; none if they are met one by one, but not together.
    pub(super) condition: Option<&'c Condition>,
    /// What its value should perhaps be.
    pub(super) meant: Option<String>,
}

/// Everything that is to be routed, and where: one for each file, or one for a platform.
#[derive(Debug)]
pub(super) struct Routings<'a> {
    alerts: Vec<Alert>,
    trees: Vec<Tree<'a>>,
}

#[derive(Debug)]
struct Tree<'a> {
    root: Node,
    inhibitions: Vec<Inhibition>,
    times: Vec<NamedTime>,
    file: Option<&'a Alertmanager>,
}

impl<'a> Routings<'a> {
    /// Each, with the alerts that all of them share. Without any alert nothing is known of them.
    pub(super) fn all(&'a mut self) -> Vec<Routing<'a>> {
        let alerts = (!self.alerts.is_empty()).then_some(self.alerts.as_slice());
        let routing = |tree: Tree<'a>| Routing {
            root: tree.root,
            inhibitions: tree.inhibitions,
            times: tree.times,
            alerts,
            file: tree.file,
        };
        std::mem::take(&mut self.trees).into_iter().map(routing).collect()
    }
}
