//! A spec in several files.
//!
//! `include` names files whose content joins that of the file that names them. Each says a part: maps are joined key
//! by key, and what two files say differently is an error. Files that replace what others say would have an order
//! that nobody sees; that is what environments and templates are for.

use super::node::{Map, Node, Value};
use super::{Span, Spanned, problems};
use crate::diagnostics::{Diagnostic, Diagnostics};

/// The key under which a file names those that it includes.
const INCLUDE: &str = "include";

/// Takes the paths that a file includes out of its tree.
///
/// Reports what is no path.
pub fn take(root: &mut Node, diagnostics: &mut Diagnostics) -> Vec<Spanned<String>> {
    let Value::Map(map) = &mut root.value else { return Vec::new() };
    let Some(at) = map.entries.iter().position(|entry| entry.key.text == INCLUDE) else { return Vec::new() };
    let taken = map.entries.remove(at).value;
    let nodes = match taken.value {
        Value::Null => Vec::new(),
        Value::List(items) => items,
        _ => vec![taken],
    };
    let mut paths = Vec::new();
    for node in nodes {
        match &node.value {
            Value::Text(text) => paths.push(Spanned::new(text.value.clone(), node.span)),
            Value::Invalid => {}
            _ => diagnostics.push(
                Diagnostic::new(&problems::INVALID_INCLUDE, node.span, "`include` names files")
                    .label(format!("this is {}", node.kind()))
                    .help("write the path of a file, or a list of paths, as seen from this file"),
            ),
        }
    }
    paths
}

/// The content of two files as one: keys of `first`, then those that only `second` has.
///
/// Reports what both say, and not the same; what `first` says is kept.
pub fn joined(first: Node, second: Node, diagnostics: &mut Diagnostics) -> Node {
    let (Value::Map(mut map), Value::Map(more)) = (first.value, second.value) else {
        return Node { span: first.span, value: Value::Invalid };
    };
    for entry in more.entries {
        let Some(known) = map.entries.iter_mut().find(|known| known.key.text == entry.key.text) else {
            map.entries.push(entry);
            continue;
        };
        if matches!((&known.value.value, &entry.value.value), (Value::Map(_), Value::Map(_))) {
            let nothing = Node { span: known.value.span, value: Value::Null };
            let below = std::mem::replace(&mut known.value, nothing);
            known.value = joined(below, entry.value, diagnostics);
        } else if !same(&known.value, &entry.value) {
            diagnostics.push(conflict(&entry.key.text, known.key.span, entry.key.span));
        }
    }
    Node { span: first.span, value: Value::Map(map) }
}

fn conflict(key: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(&problems::INCLUDE_CONFLICT, second, format!("two files say `{key}`, and not the same"))
        .label("said otherwise here")
        .also(first, "and here")
        .note("files that are included are joined, and none of them replaces what another says")
        .help("keep one of them; what differs by environment belongs under `environments`")
}

/// Whether two trees hold the same, wherever they are written. What a reader complained about is like anything.
fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Invalid, _) | (_, Value::Invalid) | (Value::Null, Value::Null) => true,
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Number(one), Value::Number(other)) => one == other,
        (Value::Text(one), Value::Text(other)) => one.value == other.value,
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Map(one), Value::Map(other)) => same_entries(one, other),
        _ => false,
    }
}

fn same_entries(one: &Map, other: &Map) -> bool {
    let in_other = |key: &str, value: &Node| other.get(key).is_some_and(|found| same(value, found));
    one.entries.len() == other.entries.len() && one.entries.iter().all(|entry| in_other(&entry.key.text, &entry.value))
}
