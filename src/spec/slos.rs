//! The SLOs of a service, and the short ways to write them.
//!
//! A short form is written out as the long form before it is read, word by word where it stands, so that whatever is
//! wrong with it is told at the word that the user wrote.

use std::borrow::Cow;
use std::ops::Deref;

use rust_decimal::Decimal;

use super::slo::{Slo, SloDetail};
use super::values::{Name, Named};
use crate::decode::{DUPLICATE_NAME, Decode, Decoder, INVALID_VALUE, UNKNOWN_KEY};
use crate::diagnostics::Diagnostic;
use crate::quantity::{Dimension, Quantity, print_percent};
use crate::source::node::Origin;
use crate::source::{Entry, Key, Map, Node, Span, Text, Value};

/// The signal of an SLO that says how many may be bad.
const ERROR_RATIO: &str = "error_ratio";
/// Allows this share of bad events: `errors: {below: 0.1%}`.
const BELOW: &str = "below";
/// What a quantile says by itself.
const SAID_BY_QUANTILE: [&str; 4] = ["objective", "within", "good_below", "good_above"];

/// SLOs by name, short forms written out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Slos(Named<Name, Slo>);

impl Deref for Slos {
    type Target = Named<Name, Slo>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Decode for Slos {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let map = decoder.map(node, "a map of names")?;
        let mut entries: Vec<Entry> = Vec::new();
        let long: Vec<Entry> = map.entries.iter().flat_map(|entry| written_out(entry, decoder)).collect();
        for entry in long {
            match entries.iter().find(|known| known.key.text == entry.key.text) {
                Some(first) => decoder.report(
                    Diagnostic::new(
                        &DUPLICATE_NAME,
                        entry.key.span,
                        format!("two SLOs are called `{}`", entry.key.text),
                    )
                    .label("this one,")
                    .also(first.key.span, "and this one")
                    .help("a quantile of `latency` is an SLO of its own: `latency-p95`; rename the other"),
                ),
                None => entries.push(entry),
            }
        }
        let node = Node { span: node.span, value: Value::Map(Map { entries }) };
        Named::decode(&node, decoder).map(Self)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

impl schemars::JsonSchema for Slos {
    fn schema_name() -> Cow<'static, str> {
        "Slos".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Named::<Name, Slo>::json_schema(generator)
    }
}

/// The schema of one SLO, in every form.
pub(super) fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let (share, detail) = (generator.subschema_for::<Quantity>(), generator.subschema_for::<SloDetail>());
    let bound = generator.subschema_for::<super::metric::Bucket>();
    schemars::json_schema!({
        "anyOf": [
            share,
            detail,
            {
                "description": "Quantiles of a latency and their bounds, each an SLO of its own: `latency: {p95: 200ms}` is `latency-p95: {signal: latency, within: 200ms, objective: 95%}`. Other keys of an SLO may stand beside them and hold for each.",
                "type": "object",
                "patternProperties": { "^p[0-9]+([.][0-9]+)?$": bound },
                "not": { "anyOf": [{ "required": ["objective"] }, { "required": ["within"] }, { "required": ["below"] }] }
            },
            {
                "description": "The share of bad events that is allowed: `errors: {below: 0.1%}` is `errors: {signal: error_ratio, objective: 99.9%}`. Other keys of an SLO may stand beside it.",
                "type": "object",
                "properties": { "below": share },
                "required": ["below"],
                "not": { "required": ["objective"] }
            }
        ]
    })
}

/// The SLOs that one entry stands for, in long form.
fn written_out(entry: &Entry, decoder: &mut Decoder) -> Vec<Entry> {
    let Value::Map(map) = &entry.value.value else { return vec![entry.clone()] };
    let quantiles: Vec<&Entry> = map.entries.iter().filter(|entry| percent(&entry.key.text).is_some()).collect();
    if !quantiles.is_empty() {
        let (said, rest): (Vec<&Entry>, Vec<&Entry>) = map
            .entries
            .iter()
            .filter(|entry| percent(&entry.key.text).is_none())
            .partition(|entry| entry.key.text == BELOW || SAID_BY_QUANTILE.contains(&entry.key.text.as_str()));
        for key in said {
            contradiction(&key.key, quantiles.first().map(|quantile| &quantile.key), decoder);
        }
        return quantiles.into_iter().map(|quantile| of_quantile(entry, quantile, &rest)).collect();
    }
    match map.entry(BELOW) {
        Some(below) => vec![of_share(entry, map, below, decoder)],
        None => vec![entry.clone()],
    }
}

/// `95` of `p95`, `99.9` of `p99.9`.
fn percent(key: &str) -> Option<&str> {
    let digits = key.strip_prefix('p')?;
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit()) && digits.ends_with(|c: char| c.is_ascii_digit());
    (is_number && digits.parse::<Decimal>().is_ok()).then_some(digits)
}

/// `latency: {p95: 200ms}` says `latency-p95: {signal: latency, within: 200ms, objective: 95%}`.
fn of_quantile(slo: &Entry, quantile: &Entry, rest: &[&Entry]) -> Entry {
    let name = format!("{}-{}", slo.key.text, quantile.key.text.replace('.', "_"));
    let objective = format!("{}%", percent(&quantile.key.text).unwrap_or_default());
    let mut entries: Vec<Entry> = rest.iter().map(|entry| (*entry).clone()).collect();
    signal(&mut entries, &slo.key.text, slo.key.span);
    entries.push(Entry { key: key("within", quantile.key.span), value: quantile.value.clone() });
    entries.push(Entry { key: key("objective", quantile.key.span), value: text(objective, quantile.key.span) });
    let value = Node { span: slo.value.span, value: Value::Map(Map { entries }) };
    Entry { key: key(&name, quantile.key.span), value }
}

/// `errors: {below: 0.1%}` says `errors: {signal: error_ratio, objective: 99.9%}`.
fn of_share(slo: &Entry, map: &Map, below: &Entry, decoder: &mut Decoder) -> Entry {
    let mut entries: Vec<Entry> = map.entries.iter().filter(|entry| entry.key.text != BELOW).cloned().collect();
    if let Some(objective) = map.entry("objective") {
        contradiction(&objective.key, Some(&below.key), decoder);
        entries.retain(|entry| entry.key.text != "objective");
    }
    signal(&mut entries, ERROR_RATIO, slo.key.span);
    let span = below.value.span;
    let objective = match Quantity::decode(&below.value, decoder) {
        Some(share) if share.dimension == Dimension::Ratio => text(print_percent(Decimal::ONE - share.value), span),
        Some(other) => {
            let message = format!("`{}` is no share of bad events", other.text);
            let diagnostic = Diagnostic::new(&INVALID_VALUE, span, message).label(other.dimension.describe());
            decoder.report(diagnostic.help("write it with a percent sign: `below: 0.1%`; a latency has `p95: 200ms`"));
            Node { span, value: Value::Invalid }
        }
        None => Node { span, value: Value::Invalid },
    };
    entries.push(Entry { key: key("objective", below.key.span), value: objective });
    let value = Node { span: slo.value.span, value: Value::Map(Map { entries }) };
    Entry { key: slo.key.clone(), value }
}

/// The signal, unless the entry says which.
fn signal(entries: &mut Vec<Entry>, usual: &str, span: Span) {
    if entries.iter().all(|entry| entry.key.text != "signal") {
        entries.push(Entry { key: key("signal", span), value: text(usual.to_owned(), span) });
    }
}

fn contradiction(key: &Key, short: Option<&Key>, decoder: &mut Decoder) {
    let Some(short) = short else { return };
    let message = format!("`{}` and `{}` say the same thing of an SLO", short.text, key.text);
    decoder.report(
        Diagnostic::new(&UNKNOWN_KEY, key.span, message)
            .label("said again here")
            .also(short.span, "said here")
            .help(format!("leave out `{}`, or write the SLO in its long form", key.text)),
    );
}

fn key(text: &str, span: Span) -> Key {
    Key { text: text.to_owned(), span }
}

fn text(value: String, span: Span) -> Node {
    Node { span, value: Value::Text(Text { value, origin: Origin::Whole }) }
}
