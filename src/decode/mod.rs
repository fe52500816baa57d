//! From the tree to the language's types, collecting every complaint on the way.
//!
//! A record pulls its keys out of a map through a [`Table`], which remembers what was asked for; what
//! is left over is unknown, and the nearest known key is suggested. A value that cannot be read is
//! reported and left out, and reading goes on: one run shows all structural errors.

mod problems;
mod record;
mod table;

pub use problems::{
    CODES, DUPLICATE_NAME, INVALID_NAME, INVALID_VALUE, LITERAL_SECRET, MISSING_KEY, UNKNOWN_KEY, WRONG_TYPE,
};
pub(crate) use record::{choice, record, words};
pub use table::Table;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::source::{Map, Node, Spanned, Value};

/// A type of the language that can be read from a node.
pub trait Decode: Sized {
    /// Reads it, or reports why not.
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self>;

    /// What an absent key means; `None` makes the key required.
    fn absent() -> Option<Self> {
        None
    }
}

/// Collects complaints while a tree is read.
#[derive(Debug)]
pub struct Decoder<'a> {
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Decoder<'a> {
    /// Complaints go to `diagnostics`.
    pub fn new(diagnostics: &'a mut Diagnostics) -> Self {
        Self { diagnostics }
    }

    /// Adds a complaint.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Complains that something else was expected here. Silent about nodes the reader complained about.
    pub fn wrong_type(&mut self, node: &Node, expected: &str) {
        if matches!(node.value, Value::Invalid) {
            return;
        }
        let message = format!("expected {expected}, found {}", node.kind());
        let mut diagnostic = Diagnostic::new(&WRONG_TYPE, node.span, message).label(format!("expected {expected}"));
        if matches!(node.value, Value::Number(_) | Value::Bool(_)) && expected.contains("text") {
            diagnostic = diagnostic.help("put quotes around it to make it text");
        }
        if let Some(meant) = truth(node).filter(|_| expected == TRUTH) {
            diagnostic = diagnostic.help(format!("write `{meant}`")).fix(node.span, meant);
        }
        self.report(diagnostic);
    }

    /// The map inside a node, or a complaint.
    pub fn map<'n>(&mut self, node: &'n Node, expected: &str) -> Option<&'n Map> {
        match &node.value {
            Value::Map(map) => Some(map),
            _ => {
                self.wrong_type(node, expected);
                None
            }
        }
    }
}

/// What a key takes that is on or off.
const TRUTH: &str = "true or false";

/// The truth value that a text can only have been meant as, where one is wanted.
fn truth(node: &Node) -> Option<&'static str> {
    let Value::Text(text) = &node.value else { return None };
    match text.value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "on" => Some("true"),
        "false" | "no" | "n" | "off" => Some("false"),
        _ => None,
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match node.value {
            Value::Null => Some(None),
            _ => T::decode(node, decoder).map(Some),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        T::decode(node, decoder).map(Box::new)
    }
}

impl<T: Decode> Decode for Spanned<T> {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        T::decode(node, decoder).map(|value| Spanned::new(value, node.span))
    }
}

/// A list; every item is read even when one fails.
impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::List(items) => {
                let read: Vec<Option<T>> = items.iter().map(|item| T::decode(item, decoder)).collect();
                read.into_iter().collect()
            }
            _ => {
                decoder.wrong_type(node, "a list");
                None
            }
        }
    }
}

impl Decode for bool {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match node.value {
            Value::Bool(value) => Some(value),
            _ => {
                decoder.wrong_type(node, TRUTH);
                None
            }
        }
    }
}

impl Decode for String {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Text(text) => Some(text.value.clone()),
            _ => {
                decoder.wrong_type(node, "text");
                None
            }
        }
    }
}

impl Decode for u64 {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let whole = match &node.value {
            Value::Number(number) if number.fract().is_zero() => u64::try_from(*number).ok(),
            _ => None,
        };
        if whole.is_none() {
            decoder.wrong_type(node, "a whole number");
        }
        whole
    }
}

impl Decode for u16 {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let whole = u64::decode(node, decoder)?;
        let small = u16::try_from(whole).ok();
        if small.is_none() {
            decoder.report(Diagnostic::new(&INVALID_VALUE, node.span, format!("{whole} is above 65535")));
        }
        small
    }
}
