//! Maps and lists while they are read.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::source::node::{Entry, Key, Map, Node, Value};
use crate::source::{Span, problems};

/// A finished node, and what a copy of it costs.
#[derive(Clone)]
pub(super) struct Built {
    pub(super) node: Node,
    /// Nodes in it, and one more for every 64 bytes of text.
    pub(super) weight: usize,
    /// Maps and lists on the longest way down, itself included.
    pub(super) depth: usize,
}

impl Built {
    /// A node without children.
    pub(super) fn leaf(node: Node) -> Self {
        let bytes = match &node.value {
            Value::Text(text) => text.value.len(),
            _ => 0,
        };
        Self { node, weight: 1 + bytes / 64, depth: 0 }
    }
}

/// A map or list that is still open.
pub(super) enum Frame {
    Map(Box<OpenMap>),
    List(OpenList),
}

pub(super) struct OpenList {
    start: Span,
    anchor: usize,
    items: Vec<Node>,
    weight: usize,
    depth: usize,
}

pub(super) struct OpenMap {
    start: Span,
    anchor: usize,
    entries: IndexMap<String, (Span, Node)>,
    /// What `<<` brings in, with the number of entries written before it.
    merges: Vec<(usize, Vec<Map>)>,
    key: Option<PendingKey>,
    weight: usize,
    depth: usize,
}

/// A key whose value comes next.
enum PendingKey {
    Text(String, Span),
    Merge(Span),
    /// Complained about already; its value is passed over.
    Dropped,
}

impl Frame {
    pub(super) fn list(start: Span, anchor: usize) -> Self {
        Frame::List(OpenList { start, anchor, items: Vec::new(), weight: 1, depth: 0 })
    }

    pub(super) fn map(start: Span, anchor: usize) -> Self {
        Frame::Map(Box::new(OpenMap {
            start,
            anchor,
            entries: IndexMap::new(),
            merges: Vec::new(),
            key: None,
            weight: 1,
            depth: 0,
        }))
    }

    pub(super) fn anchor(&self) -> usize {
        match self {
            Frame::Map(map) => map.anchor,
            Frame::List(list) => list.anchor,
        }
    }

    /// The opening bracket, or an empty place where a block begins.
    pub(super) fn start(&self) -> Span {
        match self {
            Frame::Map(map) => map.start,
            Frame::List(list) => list.start,
        }
    }

    /// The node; `end` is the closing bracket, or an empty place after a block.
    pub(super) fn finish(self, end: Span) -> Built {
        // A block ends with its last value, not at the next token, which may be pages below.
        let is_block = self.start().start == self.start().end;
        let whole = |start: Span, last: Option<Span>| match last {
            Some(last) if is_block => start.to(last),
            _ => start.to(end),
        };
        match self {
            Frame::List(list) => {
                let span = whole(list.start, list.items.last().map(|item| item.span));
                let node = Node { span, value: Value::List(list.items) };
                Built { node, weight: list.weight, depth: list.depth + 1 }
            }
            Frame::Map(map) => {
                let (start, weight, depth, last) = (map.start, map.weight, map.depth, map.last_place());
                let node = Node { span: whole(start, last), value: Value::Map(map.into_map()) };
                Built { node, weight, depth: depth + 1 }
            }
        }
    }
}

impl OpenList {
    pub(super) fn push(&mut self, built: Built) {
        self.weight += built.weight;
        self.depth = self.depth.max(built.depth);
        self.items.push(built.node);
    }
}

impl OpenMap {
    pub(super) fn expects_key(&self) -> bool {
        self.key.is_none()
    }

    pub(super) fn key(&mut self, text: &str, plain: bool, span: Span) {
        self.weight += text.len() / 64;
        self.key = Some(match text {
            "<<" if plain => PendingKey::Merge(span),
            _ => PendingKey::Text(text.to_owned(), span),
        });
    }

    /// A key that nothing can be filed under.
    pub(super) fn drop_key(&mut self) {
        self.key = Some(PendingKey::Dropped);
    }

    /// The value of the pending key, or a map, list or alias in the place of a key.
    pub(super) fn value(&mut self, built: Built, diagnostics: &mut Diagnostics) {
        match self.key.take() {
            None => {
                let span = built.node.span;
                diagnostics.push(problems::no_text_key(span, "a key must be plain text"));
                self.key = Some(PendingKey::Dropped);
            }
            Some(PendingKey::Dropped) => {}
            Some(PendingKey::Merge(span)) => {
                self.weight += built.weight;
                self.depth = self.depth.max(built.depth);
                self.merge(span, built.node, diagnostics);
            }
            Some(PendingKey::Text(text, span)) => {
                self.weight += built.weight;
                self.depth = self.depth.max(built.depth);
                match self.entries.get(&text) {
                    Some((first, _)) => diagnostics.push(problems::duplicate_key(&text, *first, span)),
                    None => {
                        self.entries.insert(text, (span, built.node));
                    }
                }
            }
        }
    }

    fn merge(&mut self, key: Span, node: Node, diagnostics: &mut Diagnostics) {
        let candidates = match node.value {
            Value::List(items) => items,
            value => vec![Node { span: node.span, value }],
        };
        let mut maps = Vec::new();
        for candidate in candidates {
            match candidate.value {
                Value::Map(map) => maps.push(map),
                Value::Invalid => {}
                _ => diagnostics.push(
                    Diagnostic::new(&problems::MERGE_KEY, key, "`<<` merges maps only")
                        .label("merge key")
                        .also(candidate.span, format!("{} cannot be merged", candidate.kind()))
                        .help("give it an alias of a map, or a list of such aliases; quote `\"<<\"` if it is meant as a key"),
                ),
            }
        }
        self.merges.push((self.entries.len(), maps));
    }

    /// Where the last key or value that was written ends.
    fn last_place(&self) -> Option<Span> {
        let (key, node) = self.entries.values().last()?;
        // An alias leads elsewhere, and nothing at all lies right behind the key.
        Some(if node.span.start > key.start { node.span } else { *key })
    }

    /// Own keys win over merged ones, earlier merged maps over later ones.
    fn into_map(self) -> Map {
        let entry = |(text, (span, value)): (String, (Span, Node))| Entry { key: Key { text, span }, value };
        if self.merges.is_empty() {
            return Map { entries: self.entries.into_iter().map(entry).collect() };
        }
        let own: BTreeSet<String> = self.entries.keys().cloned().collect();
        let mut merges = self.merges.into_iter().peekable();
        let mut all: IndexMap<String, (Span, Node)> = IndexMap::new();
        let total = self.entries.len();
        let mut written = self.entries.into_iter();
        for position in 0..=total {
            while let Some((_, maps)) = merges.next_if(|(before, _)| *before == position) {
                for merged in maps.into_iter().flat_map(|map| map.entries) {
                    if !own.contains(&merged.key.text) {
                        all.entry(merged.key.text).or_insert((merged.key.span, merged.value));
                    }
                }
            }
            all.extend(written.next());
        }
        Map { entries: all.into_iter().map(entry).collect() }
    }
}
