//! Reading a map key by key, and noticing what nobody asked for.

use super::{Decode, Decoder, INVALID_VALUE, MISSING_KEY, UNKNOWN_KEY, WRONG_TYPE};
use crate::diagnostics::{Diagnostic, listed};
use crate::source::{Entry, Map, Node, Span, Value};

/// A map that is being read into a record.
#[derive(Debug)]
pub struct Table<'n> {
    map: &'n Map,
    span: Span,
    record: &'static str,
    asked: Vec<&'static str>,
}

impl<'n> Table<'n> {
    /// Opens a node as a map; `record` is the word for it in messages.
    pub fn open(node: &'n Node, record: &'static str, decoder: &mut Decoder) -> Option<Self> {
        let map = decoder.map(node, &format!("a map ({record})"))?;
        Some(Self { map, span: node.span, record, asked: Vec::new() })
    }

    /// The only entry of a map whose one key chooses what it is.
    pub fn single(
        node: &'n Node,
        choice: &'static str,
        known: &[&'static str],
        decoder: &mut Decoder,
    ) -> Option<&'n Entry> {
        let map = decoder.map(node, &format!("{choice}: a map with one of the keys {}", listed(known)))?;
        match map.entries.as_slice() {
            [entry] if known.contains(&entry.key.text.as_str()) => Some(entry),
            [entry] => {
                let message = format!("`{}` is no {}", entry.key.text, bare(choice));
                let diagnostic = Diagnostic::new(&UNKNOWN_KEY, entry.key.span, message).label("not known here");
                decoder.report(diagnostic.suggest(&entry.key.text, known.iter().copied()));
                None
            }
            entries => {
                let message = format!("{choice} has exactly one key, found {}", entries.len());
                let span = entries.get(1).map_or(node.span, |second| second.key.span);
                let help = format!("choose one of {}", listed(known));
                decoder.report(Diagnostic::new(&WRONG_TYPE, span, message).help(help));
                None
            }
        }
    }

    /// One of a few words.
    pub fn word(
        node: &Node,
        what: &'static str,
        known: &[&'static str],
        decoder: &mut Decoder,
    ) -> Option<&'static str> {
        let Value::Text(text) = &node.value else {
            decoder.wrong_type(node, &format!("{what} as text: {}", listed(known)));
            return None;
        };
        let found = known.iter().copied().find(|word| *word == text.value);
        if found.is_none() {
            let message = format!("`{}` is no {}", text.value, bare(what));
            let diagnostic = Diagnostic::new(&INVALID_VALUE, node.span, message).label("not known here");
            decoder.report(diagnostic.suggest(&text.value, known.iter().copied()));
        }
        found
    }

    /// Reads the value under `key`; an absent required key is reported. `None` only after a report.
    pub fn field<T: Decode>(&mut self, key: &'static str, decoder: &mut Decoder) -> Option<T> {
        self.asked.push(key);
        match self.map.get(key) {
            Some(node) => T::decode(node, decoder),
            None => {
                let absent = T::absent();
                if absent.is_none() {
                    self.missing(key, decoder);
                }
                absent
            }
        }
    }

    /// Reports a required key that is not there, unless a misspelt one stands in its place.
    fn missing(&self, key: &'static str, decoder: &mut Decoder) {
        let message = format!("{} lacks `{key}`", self.record);
        // The place of a long map is its first key: underlining forty lines helps nobody.
        let span = self.map.entries.first().map_or(self.span, |first| first.key.span);
        decoder.report(
            Diagnostic::new(&MISSING_KEY, span, message)
                .label(format!("`{key}` is required here"))
                .help(format!("add `{key}:`")),
        );
    }

    /// Reports every key that was not asked for.
    pub fn finish(self, decoder: &mut Decoder) {
        for entry in &self.map.entries {
            let key = entry.key.text.as_str();
            if self.asked.contains(&key) {
                continue;
            }
            let message = format!("{} has no key `{key}`", self.record);
            let absent = self.asked.iter().copied().filter(|known| self.map.get(known).is_none());
            decoder.report(
                Diagnostic::new(&UNKNOWN_KEY, entry.key.span, message).label("not a key here").suggest(key, absent),
            );
        }
    }
}

/// The words without their article, for "is no ...".
fn bare(words: &str) -> &str {
    words.strip_prefix("a ").or_else(|| words.strip_prefix("an ")).unwrap_or(words)
}
