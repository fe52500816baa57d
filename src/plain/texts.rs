//! Names with text, as Prometheus reads them: a number or a truth value is text, too.

use crate::decode::{Decode, Decoder};
use crate::source::node::Origin;
use crate::source::{Node, Spanned, Text, Value};
use crate::spec::values::{DecodeKey, LabelName, Written};

/// Names with text, in the order written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Texts(Vec<(Spanned<String>, Written)>);

impl Texts {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn as_slice(&self) -> &[(Spanned<String>, Written)] {
        &self.0
    }

    /// The text under a name.
    pub fn get(&self, name: &str) -> Option<&Written> {
        self.0.iter().find(|(known, _)| known.value == name).map(|(_, text)| text)
    }

    /// Names and texts without their places.
    pub fn plain(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().map(|(name, text)| (name.value.clone(), text.as_str().to_owned()))
    }
}

impl Decode for Texts {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let map = decoder.map(node, "a map of names to text")?;
        let mut texts = Vec::new();
        for entry in &map.entries {
            let name = LabelName::decode_key(&entry.key.text, entry.key.span, decoder);
            if let (Some(name), Some(text)) = (name, scalar(&entry.value, decoder)) {
                texts.push((Spanned::new(name.to_string(), entry.key.span), text));
            }
        }
        Some(Self(texts))
    }
}

crate::spec::values::inline_schema!(Texts, "Texts", {
    "type": "object",
    "additionalProperties": { "type": ["string", "number", "boolean"] }
});

fn scalar(node: &Node, decoder: &mut Decoder) -> Option<Written> {
    let computed = |value: String| Written { text: Text { value, origin: Origin::Whole }, span: node.span };
    match &node.value {
        Value::Number(number) => Some(computed(number.to_string())),
        Value::Bool(value) => Some(computed(value.to_string())),
        Value::Null => Some(computed(String::new())),
        _ => Written::decode(node, decoder),
    }
}
