//! What a YAML scalar is: YAML 1.2's core schema, and warnings where YAML 1.1 would read it otherwise.

use granit_parser::{ScalarStyle, Tag};

use super::Scalar;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::source::node::{Node, Text, Value};
use crate::source::origin::{Escapes, Indentation, Notation, align};
use crate::source::{Span, number, problems};

/// Whether a tag only says "this is text": `!` and `!!str`.
pub(super) fn is_plain_text_tag(tag: &Tag) -> bool {
    tag.is_yaml_core_schema_tag("str") || tag.original() == "!"
}

/// The node of a scalar in the place of a value.
pub(super) fn resolve(scalar: &Scalar<'_>, text: &str, diagnostics: &mut Diagnostics) -> Node {
    let written = text.get(scalar.span.range()).unwrap_or("");
    let forced = scalar.tag.as_deref().is_some_and(is_plain_text_tag);
    if scalar.style == ScalarStyle::Plain && !forced {
        let value = plain(&scalar.value, scalar.span, diagnostics);
        if let Some(value) = value {
            return Node { span: scalar.span, value };
        }
    }
    text_node(scalar, written)
}

/// Null, booleans and numbers; None for text.
fn plain(value: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<Value> {
    match value {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "true" | "True" | "TRUE" => return Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Value::Bool(false)),
        _ => {}
    }
    if is_old_boolean(value) {
        diagnostics.push(old_boolean(value, span));
        return None;
    }
    let based = |prefix: &str, base: u32| {
        let digits = value.strip_prefix(prefix)?;
        let all = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(base));
        all.then(|| number::of_base(digits, base))
    };
    let read = if number::looks_decimal(value) {
        if has_leading_zero(value) {
            diagnostics.push(leading_zero(value, span));
            return None;
        }
        number::exact(value)
    } else {
        based("0x", 16).or_else(|| based("0o", 8))?
    };
    Some(read.map_or_else(
        || {
            diagnostics.push(problems::out_of_range(value, span));
            Value::Invalid
        },
        Value::Number,
    ))
}

/// The words that YAML 1.1 reads as booleans and YAML 1.2 as text.
fn is_old_boolean(value: &str) -> bool {
    const WORDS: [&str; 6] = ["y", "n", "yes", "no", "on", "off"];
    let lower = value.to_ascii_lowercase();
    let capitalised = value.chars().skip(1).all(|rest| rest.is_ascii_lowercase());
    let shouted = value.chars().all(|letter| letter.is_ascii_uppercase());
    WORDS.contains(&lower.as_str()) && (capitalised || shouted)
}

fn old_boolean(value: &str, span: Span) -> Diagnostic {
    let is_true = matches!(value.to_ascii_lowercase().as_str(), "y" | "yes" | "on");
    Diagnostic::new(
        &problems::YAML_1_1_BOOLEAN,
        span,
        format!("unquoted `{value}` is text here, and {is_true} in YAML 1.1"),
    )
    .label("text")
    .note("tools that follow YAML 1.1 read this file differently")
    .help(format!("quote it if it is text, write `{is_true}` if it is a truth value"))
    .fix(span, format!("\"{value}\""))
}

/// Octal in YAML 1.1, decimal in YAML 1.2, and usually an identifier.
fn has_leading_zero(value: &str) -> bool {
    let unsigned = value.strip_prefix(['-', '+']).unwrap_or(value);
    let mut characters = unsigned.chars();
    characters.next() == Some('0') && characters.next().is_some_and(|next| next.is_ascii_digit())
}

fn leading_zero(value: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&problems::YAML_LEADING_ZERO, span, format!("`{value}` begins with a zero, and is read as text"))
        .label("text")
        .note("YAML 1.1 reads it as an octal number, YAML 1.2 as a decimal one")
        .help("quote it if it is text, drop the zero if it is a number")
        .fix(span, format!("\"{value}\""))
}

fn text_node(scalar: &Scalar<'_>, written: &str) -> Node {
    let start = scalar.span.range().start;
    let folded = |escapes| Notation { escapes, indentation: Indentation::Every };
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or("");
    let (written_text, base, notation) = match scalar.style {
        ScalarStyle::Plain => (written, start, folded(Escapes::None)),
        ScalarStyle::SingleQuoted => (inner, start + 1, folded(Escapes::DoubledQuote)),
        ScalarStyle::DoubleQuoted => (inner, start + 1, folded(Escapes::Backslash)),
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let indentation = Indentation::Exactly(scalar.place.indent.unwrap_or(0));
            (written, start, Notation { escapes: Escapes::None, indentation })
        }
    };
    let origin = align(&scalar.value, written_text, base, notation);
    let is_block = matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded);
    // The blank lines after a block are part of its range for the parser, not for people.
    let length = if is_block { written.trim_end().len() } else { written.len() };
    let span = Span::new(scalar.span.file, start, start + length);
    Node { span, value: Value::Text(Text { value: scalar.value.to_string(), origin }) }
}
