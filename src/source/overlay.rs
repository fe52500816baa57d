//! One tree laid over another, and the environments of a spec.

use indexmap::IndexMap;

use super::node::{Map, Node, Value};
use super::{Sources, problems, templates};
use crate::diagnostics::{Diagnostic, Diagnostics, listed, nearest};

/// The key under which a spec keeps its environments.
const ENVIRONMENTS: &str = "environments";

/// `over` laid over `base`: maps merge key by key, all the way down; lists, text, numbers replace;
/// null removes the key. Keys of `base` keep their order, new ones follow in the order of `over`.
/// Every value keeps the place it was written at.
pub fn overlay(base: Node, over: &Node) -> Node {
    let Value::Map(additions) = &over.value else { return over.clone() };
    let (span, entries) = match base.value {
        Value::Map(map) => (base.span, map.entries),
        // A map in the place of something else: only the removals in it have to go.
        _ => (over.span, Vec::new()),
    };
    let keyed = entries.into_iter().map(|entry| (entry.key.text.clone(), entry));
    let mut merged: IndexMap<String, super::Entry> = keyed.collect();
    for addition in &additions.entries {
        let key = &addition.key.text;
        if matches!(addition.value.value, Value::Null) {
            merged.shift_remove(key);
        } else if let Some(existing) = merged.get_mut(key) {
            let nothing = Node { span: existing.value.span, value: Value::Null };
            let below = std::mem::replace(&mut existing.value, nothing);
            // The key is where the value that counts was written, unless both have a part in it.
            if !matches!((&below.value, &addition.value.value), (Value::Map(_), Value::Map(_))) {
                existing.key = addition.key.clone();
            }
            existing.value = overlay(below, &addition.value);
        } else {
            let nothing = Node { span: addition.value.span, value: Value::Null };
            let value = overlay(nothing, &addition.value);
            merged.insert(key.clone(), super::Entry { key: addition.key.clone(), value });
        }
    }
    Node { span, value: Value::Map(Map { entries: merged.into_values().collect() }) }
}

/// The spec of one environment: `environments` is taken out of `root`, the overlay called `chosen` is laid over
/// the rest, and services are written out (see [`super::templates`]). Without a choice the rest is the spec.
///
/// Reports a chosen name that the spec does not have, and environments that are no map of maps;
/// the rest is then returned as it is.
pub fn environment(root: Node, chosen: Option<&str>, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Node {
    let (rest, over) = split(root, chosen, diagnostics);
    templates::written_out(rest, over.as_ref(), sources, diagnostics)
}

/// The spec without its environments, and what the chosen one lays over it.
fn split(root: Node, chosen: Option<&str>, diagnostics: &mut Diagnostics) -> (Node, Option<Node>) {
    let Node { span, value: Value::Map(mut map) } = root else { return (root, None) };
    let at = map.entries.iter().position(|entry| entry.key.text == ENVIRONMENTS);
    let taken = at.map(|at| map.entries.remove(at).value);
    let rest = Node { span, value: Value::Map(map) };
    let environments = match taken {
        None => Map::default(),
        Some(Node { value: Value::Map(map), .. }) => map,
        Some(Node { value: Value::Null, .. }) => Map::default(),
        Some(Node { value: Value::Invalid, .. }) => return (rest, None),
        Some(other) => {
            diagnostics.push(not_a_map(&other, "`environments` must be a map of names to changes"));
            return (rest, None);
        }
    };
    let mut known = Vec::new();
    for entry in &environments.entries {
        known.push(entry.key.text.as_str());
        if !matches!(entry.value.value, Value::Map(_) | Value::Null | Value::Invalid) {
            let message = format!("the environment `{}` must be a map of changes", entry.key.text);
            diagnostics.push(not_a_map(&entry.value, &message));
        }
    }
    let Some(chosen) = chosen else { return (rest, None) };
    match environments.get(chosen) {
        Some(over @ Node { value: Value::Map(_), .. }) => (rest, Some(over.clone())),
        Some(_) => (rest, None),
        None => {
            diagnostics.push(unknown(chosen, &known));
            (rest, None)
        }
    }
}

fn not_a_map(node: &Node, message: &str) -> Diagnostic {
    Diagnostic::new(&problems::ENVIRONMENT_NOT_A_MAP, node.span, message)
        .label(format!("this is {}", node.kind()))
        .help("name each environment and write below it what differs, as in the spec itself")
}

fn unknown(chosen: &str, known: &[&str]) -> Diagnostic {
    let problem =
        Diagnostic::new(&problems::UNKNOWN_ENVIRONMENT, None, format!("the spec has no environment `{chosen}`"))
            .note("nothing was laid over the spec");
    let near = nearest(chosen, known.iter().copied()).map(|near| format!("did you mean `{near}`? "));
    match known {
        [] => problem.help("the spec has no `environments`; leave out `--env`, or add them"),
        _ => problem.help(format!("{}known environments: {}", near.unwrap_or_default(), listed(known))),
    }
}
