//! The small values of the language: names, durations, quantities, references to secrets.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::decode::{Decode, Decoder, INVALID_NAME, INVALID_VALUE, LITERAL_SECRET, Table};
use crate::diagnostics::Diagnostic;
use crate::quantity::{Duration, Quantity};
use crate::source::{Node, Span, Spanned, Text, Value};

/// Implements a JSON Schema that is not referenced but written in place.
macro_rules! inline_schema {
    ($type:ty, $name:literal, $schema:tt) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}
pub(crate) use inline_schema;

impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// Declares a name type: which characters it may have, and an example.
macro_rules! name_type {
    ($(#[$meta:meta])* $type:ident, $what:literal, $pattern:literal, $accepts:expr, $help:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(String);

        impl $type {
            /// Checks a name.
            pub fn new(text: &str) -> Option<Self> {
                let accepts: fn(&str) -> bool = $accepts;
                (accepts(text) && text.len() <= 128).then(|| Self(text.to_owned()))
            }

            /// As text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Decode for $type {
            fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
                let Value::Text(text) = &node.value else {
                    decoder.wrong_type(node, concat!($what, " as text"));
                    return None;
                };
                Self::decode_key(&text.value, node.span, decoder)
            }
        }

        impl DecodeKey for $type {
            fn decode_key(text: &str, span: Span, decoder: &mut Decoder) -> Option<Self> {
                let name = Self::new(text);
                if name.is_none() {
                    let message = format!("`{text}` is no {}", $what.trim_start_matches("a ").trim_start_matches("an "));
                    decoder.report(Diagnostic::new(&INVALID_NAME, span, message).help($help));
                }
                name
            }
        }

        inline_schema!($type, $what, { "type": "string", "pattern": $pattern, "maxLength": 128 });
    };
}

/// A type that can be a map's key.
pub trait DecodeKey: Sized {
    /// Reads the key, or reports why not.
    fn decode_key(text: &str, span: Span, decoder: &mut Decoder) -> Option<Self>;
}

fn all_after_first(text: &str, first: fn(char) -> bool, rest: fn(char) -> bool) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(first) && chars.all(rest)
}

name_type!(
    /// A name of a platform, service, channel, severity, dashboard, objective or signal.
    Name,
    "a name",
    "^[A-Za-z0-9][A-Za-z0-9_-]*$",
    |text| all_after_first(text, |c| c.is_ascii_alphanumeric(), |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')),
    "letters, digits, `-` and `_`, beginning with a letter or digit"
);
name_type!(
    /// A Prometheus metric name.
    MetricName,
    "a metric name",
    "^[a-zA-Z_:][a-zA-Z0-9_:]*$",
    |text| all_after_first(
        text,
        |c| c.is_ascii_alphabetic() || matches!(c, '_' | ':'),
        |c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':')
    ),
    "letters, digits, `_` and `:`, not beginning with a digit"
);
name_type!(
    /// A Prometheus label name.
    LabelName,
    "a label name",
    "^[a-zA-Z_][a-zA-Z0-9_]*$",
    |text| all_after_first(text, |c| c.is_ascii_alphabetic() || c == '_', |c| c.is_ascii_alphanumeric() || c == '_'),
    "letters, digits and `_`, not beginning with a digit"
);
name_type!(
    /// A path-like name: a CloudWatch log group.
    GroupName,
    "a log group name",
    "^[.\\-_/#A-Za-z0-9]+$",
    |text| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_/#".contains(c)),
    "letters, digits and `. - _ / #`"
);
name_type!(
    /// The name of a field of a log line, or its path: `http.status`.
    FieldName,
    "a field's name",
    "^[A-Za-z_@][A-Za-z0-9_-]*([.][A-Za-z_@][A-Za-z0-9_-]*)*$",
    |text| text.split('.').all(|part| {
        all_after_first(
            part,
            |c| c.is_ascii_alphabetic() || matches!(c, '_' | '@'),
            |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'),
        )
    }),
    "letters, digits, `_` and `-`, with a dot between a field and one inside it"
);
name_type!(
    /// The name of an environment variable.
    VariableName,
    "an environment variable's name",
    "^[A-Za-z_][A-Za-z0-9_]*$",
    |text| all_after_first(text, |c| c.is_ascii_alphabetic() || c == '_', |c| c.is_ascii_alphanumeric() || c == '_'),
    "letters, digits and `_`, not beginning with a digit"
);

name_type!(
    /// A name in a Kubernetes cluster.
    ClusterName,
    "a name in a cluster",
    "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
    |text| text.len() <= 63
        && !text.ends_with('-')
        && all_after_first(
            text,
            |c| c.is_ascii_lowercase() || c.is_ascii_digit(),
            |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
        ),
    "at most 63 small letters, digits and `-`, beginning and ending with a letter or digit"
);
name_type!(
    /// The key of a label in a Kubernetes cluster, with or without a prefix.
    ClusterLabel,
    "a key of a label in a cluster",
    "^([a-z0-9.-]+/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$",
    is_cluster_label,
    "letters, digits, `-`, `_` and `.`, perhaps after a domain and `/`: `app.kubernetes.io/name`"
);
name_type!(
    /// The value of a label in a Kubernetes cluster.
    ClusterLabelValue,
    "a value of a label in a cluster",
    "^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$",
    |text| text.is_empty() || is_cluster_word(text),
    "at most 63 letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit"
);

/// What Kubernetes takes as a label's value, and as its key behind the prefix.
fn is_cluster_word(text: &str) -> bool {
    let ends = |c: char| c.is_ascii_alphanumeric();
    text.len() <= 63
        && text.ends_with(ends)
        && all_after_first(text, |c| c.is_ascii_alphanumeric(), |c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

fn is_cluster_label(text: &str) -> bool {
    let (prefix, name) = text.split_once('/').unwrap_or(("x", text));
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
    !prefix.is_empty() && prefix.chars().all(fits) && is_cluster_word(name)
}

/// Named things in the order written: a map whose keys are names.
#[derive(Debug, Clone, PartialEq)]
pub struct Named<K, T> {
    /// Name and thing.
    pub entries: Vec<(Spanned<K>, T)>,
}

impl<K, T> Default for Named<K, T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<K, T> Named<K, T> {
    /// In the order written.
    pub fn iter(&self) -> impl Iterator<Item = (&Spanned<K>, &T)> {
        self.entries.iter().map(|(name, thing)| (name, thing))
    }
}

impl<K: DecodeKey, T: Decode> Decode for Named<K, T> {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let map = decoder.map(node, "a map of names")?;
        let read: Vec<Option<(Spanned<K>, T)>> = map
            .entries
            .iter()
            .map(|entry| {
                let key = K::decode_key(&entry.key.text, entry.key.span, decoder);
                let thing = T::decode(&entry.value, decoder);
                Some((Spanned::new(key?, entry.key.span), thing?))
            })
            .collect();
        let entries = read.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Self { entries })
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

impl<K: JsonSchema, T: JsonSchema> JsonSchema for Named<K, T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Map_of_{}", T::schema_name()).into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let names = K::json_schema(generator);
        let things = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "propertyNames": names, "additionalProperties": things })
    }
}

/// Points into a text at the bytes that an inner parser complained about.
fn complain(text: &Text, node: &Node, range: Range<usize>, message: String, decoder: &mut Decoder, help: &str) {
    let span = text.locate(range, node.span);
    decoder.report(Diagnostic::new(&INVALID_VALUE, span, message).help(help));
}

const DURATION_HELP: &str = "durations look like 15s, 5m, 1h30m or 30d: units y w d h m s ms, largest first";

impl Decode for Duration {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Text(text) => match Duration::parse(&text.value) {
                Ok(duration) => Some(duration),
                Err(error) => {
                    let message = format!("bad duration `{}`: {}", text.value, error.message);
                    complain(text, node, error.range, message, decoder, DURATION_HELP);
                    None
                }
            },
            Value::Number(number) => {
                let message = format!("the duration {number} has no unit");
                decoder.report(Diagnostic::new(&INVALID_VALUE, node.span, message).help(DURATION_HELP));
                None
            }
            _ => {
                decoder.wrong_type(node, "a duration (30d, 5m) as text");
                None
            }
        }
    }
}

inline_schema!(Duration, "Duration", {
    "type": "string",
    "pattern": "^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$",
    "minLength": 1
});

impl Decode for Quantity {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let help = "quantities look like 99.9%, 500ms, 5GB, 10/s or 80";
        match &node.value {
            Value::Text(text) => match Quantity::parse(&text.value) {
                Ok(quantity) => Some(quantity),
                Err(error) => {
                    let message = format!("bad quantity `{}`: {}", text.value, error.message);
                    complain(text, node, error.range, message, decoder, help);
                    None
                }
            },
            Value::Number(number) => Some(Quantity {
                value: *number,
                dimension: crate::quantity::Dimension::Count,
                text: crate::quantity::print_decimal(*number),
            }),
            _ => {
                decoder.wrong_type(node, "a quantity (5%, 500ms, 5GB, 10/s, 80)");
                None
            }
        }
    }
}

inline_schema!(Quantity, "Quantity", { "type": ["string", "number"] });

impl Decode for Decimal {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match node.value {
            Value::Number(number) => Some(number),
            _ => {
                decoder.wrong_type(node, "a number");
                None
            }
        }
    }
}

/// A number without a unit. (A type of our own only for the schema's sake.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(pub Decimal);

impl Decode for Number {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        Decimal::decode(node, decoder).map(Number)
    }
}

inline_schema!(Number, "Number", { "type": "number" });

/// Where a secret is to be found; never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Secret {
    /// In this environment variable of whoever starts the stack.
    Env(VariableName),
    /// In this file on the machine that starts the stack.
    File(String),
}

impl Decode for Secret {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        if matches!(node.value, Value::Text(_) | Value::Number(_)) {
            let message = "a secret is written here in plain sight";
            let diagnostic = Diagnostic::new(&LITERAL_SECRET, node.span, message)
                .label("name where the secret is, not the secret")
                .note("everyone who can read the spec, its history or a build log has it")
                .help("write {env: NAME} or {file: PATH}, and replace the secret: it has been written down");
            decoder.report(diagnostic);
            return None;
        }
        let entry = Table::single(node, "a reference to a secret", &["env", "file"], decoder)?;
        match entry.key.text.as_str() {
            "env" => VariableName::decode(&entry.value, decoder).map(Secret::Env),
            _ => String::decode(&entry.value, decoder).map(Secret::File),
        }
    }
}

/// A value that may differ from machine to machine: written out, or named as an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// The value itself.
    Literal(String),
    /// The value of this environment variable where the stack is started (a Terraform variable of
    /// the same name in lower case).
    Env(VariableName),
}

impl Decode for Setting {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Text(text) => Some(Setting::Literal(text.value.clone())),
            Value::Number(number) => Some(Setting::Literal(number.to_string())),
            Value::Bool(value) => Some(Setting::Literal(value.to_string())),
            _ => {
                let entry = Table::single(node, "a setting (text, or {env: NAME})", &["env"], decoder)?;
                VariableName::decode(&entry.value, decoder).map(Setting::Env)
            }
        }
    }
}

inline_schema!(Setting, "Setting", {
    "oneOf": [
        { "type": ["string", "number", "boolean"] },
        {
            "type": "object",
            "properties": { "env": { "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" } },
            "required": ["env"],
            "additionalProperties": false
        }
    ]
});

/// PromQL, or words with `{{ }}` in them: text whose bytes can be pointed at.
#[derive(Debug, Clone)]
pub struct Written {
    /// The text.
    pub text: Text,
    /// The whole scalar.
    pub span: Span,
}

impl Written {
    /// The place of some bytes of the text.
    pub fn locate(&self, range: Range<usize>) -> Span {
        self.text.locate(range, self.span)
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.text.value
    }
}

impl PartialEq for Written {
    fn eq(&self, other: &Self) -> bool {
        self.text.value == other.text.value
    }
}

impl Decode for Written {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Text(text) => Some(Self { text: text.clone(), span: node.span }),
            _ => {
                decoder.wrong_type(node, "text");
                None
            }
        }
    }
}

inline_schema!(Written, "Text", { "type": "string" });

/// One or several, written as one or as a list.
#[derive(Debug, Clone, PartialEq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T: Decode> Decode for OneOrMany<T> {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::List(_) => Vec::decode(node, decoder).map(OneOrMany),
            _ => T::decode(node, decoder).map(|one| OneOrMany(vec![one])),
        }
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("One_or_many_{}", T::schema_name()).into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "oneOf": [one, { "type": "array", "items": one }] })
    }
}
