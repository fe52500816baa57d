//! The tree that every format ends in: YAML, TOML, JSON and evaluated Jsonnet are the same
//! thing from here on, each value with the bytes it was written in.

use rust_decimal::Decimal;

use super::Span;

/// One value and where it was written.
#[derive(Debug, Clone)]
pub struct Node {
    /// The bytes of the whole value (for text, quotes included).
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub enum Value {
    /// `null`, `~`, or nothing after the colon.
    Null,
    /// `true` or `false`; YAML 1.1's `yes`, `on`, `no`, `off` are text.
    Bool(bool),
    /// A number, exactly as written.
    Number(Decimal),
    /// Text.
    Text(Text),
    /// A sequence.
    List(Vec<Node>),
    /// Keys and values in the order written.
    Map(Map),
    /// Something the reader already complained about: later stages pass over it in silence.
    Invalid,
}

/// A piece of text, and where each of its bytes was written.
#[derive(Debug, Clone)]
pub struct Text {
    /// The text itself: unquoted, unescaped, unfolded.
    pub value: String,
    /// How to get from a byte of `value` back to the file.
    pub origin: Origin,
}

/// How the bytes of a text lie in its file.
#[derive(Debug, Clone)]
pub enum Origin {
    /// One to one from this byte of the file on (plain and simply quoted scalars).
    Verbatim(u32),
    /// In runs: `(offset in the text, offset in the file)`, ascending; between two runs the bytes
    /// lie one to one, clipped at the next run's start (escapes, folded and literal blocks).
    Runs(Box<[(u32, u32)]>),
    /// Computed (Jsonnet, included defaults): only the whole node has a place.
    Whole,
}

/// A map's entries in the order written. Keys are unique: readers complain about doubles and keep the first.
#[derive(Debug, Clone, Default)]
pub struct Map {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// One key and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// A key and where it was written.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key's text.
    pub text: String,
    /// Its bytes, quotes included.
    pub span: Span,
}

impl Map {
    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key.text == key).map(|entry| &entry.value)
    }

    /// The entry under `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.text == key)
    }
}

impl Text {
    /// The bytes of the file behind `range` of this text; `whole` is the node's own span.
    pub fn locate(&self, range: std::ops::Range<usize>, whole: Span) -> Span {
        match &self.origin {
            Origin::Whole => whole,
            Origin::Verbatim(start) => {
                let start = *start as usize;
                Span::new(whole.file, start + range.start, start + range.end)
            }
            Origin::Runs(runs) => {
                // A place, and the first byte that is no longer part of its run.
                let at = |offset: usize| {
                    let index = runs.partition_point(|&(text, _)| text as usize <= offset).max(1) - 1;
                    let (text, file) = runs.get(index).copied().unwrap_or((0, whole.start));
                    let limit = runs.get(index + 1).map_or(whole.end, |&(_, next)| next) as usize;
                    ((file as usize + offset.saturating_sub(text as usize)).min(limit), limit)
                };
                let start = at(range.start).0;
                // The end is one past the last byte: a range that stops where a run stops must not
                // leap over what lies between (indentation, a line break) to the next one.
                let end = if range.end > range.start {
                    let (last, limit) = at(range.end - 1);
                    (last + 1).min(limit)
                } else {
                    start
                };
                Span::new(whole.file, start, end)
            }
        }
    }
}

impl Node {
    /// The word for what this is, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
            Value::Invalid => "something invalid",
        }
    }

    /// The map inside, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }
}
