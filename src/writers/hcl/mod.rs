//! HCL, the language of Terraform: a tree, and its text as `terraform fmt` leaves it.

mod escape;
mod layout;

use rust_decimal::Decimal;
use serde_json::Value;

/// The items of a file or a block, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// Attributes, blocks and comments.
    pub items: Vec<Item>,
}

/// One item of a body.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `name = value`
    Attribute(Attribute),
    /// `kind "label" { ... }`
    Block(Block),
    /// A comment, one `#` line for each line of text; it belongs to the item that follows.
    Comment(String),
}

/// `name = value`
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// An identifier: see [`is_identifier`].
    pub name: String,
    /// What it is set to.
    pub value: Expression,
}

/// `kind "label" { ... }`
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// An identifier: `resource`, `metric_query`.
    pub kind: String,
    /// Written as quoted strings. Terraform wants identifiers here, and its formatter drops what is not.
    pub labels: Vec<String>,
    /// What stands between the braces.
    pub body: Body,
}

/// The right side of an attribute, an element of a list, the argument of a function.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An exact number.
    Number(Decimal),
    /// A number that came as a binary float and is beyond the range of a decimal.
    Float(f64),
    /// Text as it is: nothing in it is interpolated.
    String(String),
    /// Text with interpolated expressions.
    Template(Vec<Part>),
    /// Text of several lines as it is, as a heredoc where one can hold it and as a quoted string
    /// otherwise. Use it for text that people read in the file.
    Heredoc(String),
    /// `aws_sns_topic.alerts.arn`
    Reference(Reference),
    /// `jsonencode(...)`
    Call {
        /// An identifier.
        function: String,
        /// In order.
        arguments: Vec<Expression>,
    },
    /// `[a, b]`
    List(Vec<Expression>),
    /// `{ key = value }`; keys are text and are quoted where they have to be.
    Object(Vec<(String, Expression)>),
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text as it is.
    Literal(String),
    /// `${expression}`
    Interpolation(Expression),
}

/// A path to a value: a name, then steps into it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// An identifier: `var`, `aws_sns_topic`, or the keyword of a type such as `string`.
    pub root: String,
    /// What follows the root.
    pub steps: Vec<Step>,
}

/// One step of a reference.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `.name`
    Attribute(String),
    /// `[0]`
    Index(u64),
    /// `["key"]`
    Key(String),
    /// `[*]`
    Splat,
}

/// The text of a file: a comment line for each line of `banner`, an empty line, then the body.
///
/// `terraform fmt` finds nothing to change in it. A body without items gives the banner only.
pub fn write(body: &Body, banner: &[&str]) -> String {
    layout::file(body, banner)
}

/// Whether the text can be the name of an attribute, a block, a function or a step of a reference.
pub fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-'))
}

impl Body {
    /// A body without items.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `name = value`.
    pub fn attribute(mut self, name: &str, value: impl Into<Expression>) -> Self {
        self.items.push(Item::Attribute(Attribute { name: name.to_owned(), value: value.into() }));
        self
    }

    /// Adds `name = value` where there is a value.
    pub fn optional(self, name: &str, value: Option<impl Into<Expression>>) -> Self {
        match value {
            Some(value) => self.attribute(name, value),
            None => self,
        }
    }

    /// Adds a block.
    pub fn block(mut self, kind: &str, labels: &[&str], body: Body) -> Self {
        let labels = labels.iter().map(|&label| label.to_owned()).collect();
        self.items.push(Item::Block(Block { kind: kind.to_owned(), labels, body }));
        self
    }

    /// Adds a comment that belongs to the next item.
    pub fn comment(mut self, text: &str) -> Self {
        self.items.push(Item::Comment(text.to_owned()));
        self
    }
}

impl Expression {
    /// `first.second.third`: every segment is an identifier.
    pub fn reference<'a>(segments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut segments = segments.into_iter().map(str::to_owned);
        let root = segments.next().unwrap_or_default();
        Self::Reference(Reference { root, steps: segments.map(Step::Attribute).collect() })
    }

    /// `function(arguments)`
    pub fn call(function: &str, arguments: Vec<Expression>) -> Self {
        Self::Call { function: function.to_owned(), arguments }
    }

    /// An object with its keys in the order given.
    pub fn object<'a, V: Into<Expression>>(entries: impl IntoIterator<Item = (&'a str, V)>) -> Self {
        Self::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect())
    }

    /// A list.
    pub fn list<V: Into<Expression>>(items: impl IntoIterator<Item = V>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl From<&str> for Expression {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Expression {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Expression {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<i64> for Expression {
    fn from(number: i64) -> Self {
        Self::Number(Decimal::from(number))
    }
}

impl From<Decimal> for Expression {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<Reference> for Expression {
    fn from(reference: Reference) -> Self {
        Self::Reference(reference)
    }
}

impl From<&Value> for Expression {
    /// The same structure; no string of it is taken for a template.
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Number(number) => {
                let text = number.to_string();
                match Decimal::from_str_exact(&text) {
                    Ok(exact) => Self::Number(exact),
                    Err(_) => Self::Float(number.as_f64().unwrap_or_default()),
                }
            }
            Value::String(text) => Self::String(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(entries) => {
                Self::Object(entries.iter().map(|(key, value)| (key.clone(), Self::from(value))).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests;
