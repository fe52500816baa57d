//! Which nodes of the tree an alert reaches: what Alertmanager does, with what is not known of the alert left open.

use std::collections::BTreeMap;

use super::Node;
use super::alerts::Alert;
use super::conditions::Known;
use crate::plain::alertmanager::Alertmanager;

/// A node that delivers an alert, surely or maybe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::lint) struct Reached<'n> {
    /// The node.
    pub(in crate::lint) node: &'n Node,
    /// Whether it surely delivers.
    pub(in crate::lint) surely: bool,
}

/// The nodes that deliver the alert, in the order in which Alertmanager finds them.
pub(in crate::lint) fn deliveries<'n>(root: &'n Node, alert: &Alert) -> Vec<Reached<'n>> {
    let mut found = Vec::new();
    match alert.meets(&root.conditions) {
        Known::No => {}
        met => walk(root, alert, met == Known::Yes, &mut found),
    }
    found
}

/// The node was reached, surely or maybe.
fn walk<'n>(node: &'n Node, alert: &Alert, surely: bool, found: &mut Vec<Reached<'n>>) {
    let (mut goes_on, mut taken) = (surely, Known::No);
    for child in &node.children {
        let met = alert.meets(&child.conditions);
        if met == Known::No {
            continue;
        }
        taken = taken.max(met);
        walk(child, alert, goes_on && met == Known::Yes, found);
        match (met, child.continues) {
            (_, true) => {}
            (Known::Yes, false) => break,
            (_, false) => goes_on = false,
        }
    }
    if taken != Known::Yes {
        found.push(Reached { node, surely: surely && taken == Known::No });
    }
}

/// Names of the receivers that alerts with these labels reach, in the order in which Alertmanager finds them: what
/// `amtool config routes test` says of the file.
pub fn receivers(file: &Alertmanager, labels: &BTreeMap<String, String>) -> Vec<String> {
    let root = super::files::root(file);
    let alert = Alert::with_labels(labels);
    let names = deliveries(&root, &alert).into_iter().filter(|reached| reached.surely);
    names.filter_map(|reached| reached.node.receiver.as_ref().map(|name| name.value.clone())).collect()
}
