//! Where HCL's lines break and how they align, as `terraform fmt` has it.

use super::escape;
use super::{Body, Expression, Item, Part, Reference, Step};
use crate::quantity::print_decimal;
use std::iter::repeat_n;

/// A list of scalars stands on one line up to this width, indentation and name included.
const LINE: usize = 100;

pub(super) fn file(body: &Body, banner: &[&str]) -> String {
    let mut out = String::new();
    for line in banner.iter().flat_map(|text| escape::comment_lines(text)) {
        out.push_str(&line);
        out.push('\n');
    }
    if !banner.is_empty() && !body.items.is_empty() {
        out.push('\n');
    }
    write_body(body, 0, &mut out);
    out
}

fn write_body(body: &Body, depth: usize, out: &mut String) {
    let mut rest = body.items.as_slice();
    let mut before = None;
    while let Some(item) = rest.first() {
        if separated(before, rest) {
            out.push('\n');
        }
        before = Some(item);
        match item {
            Item::Comment(text) => {
                for line in escape::comment_lines(text) {
                    push_line(out, depth, &line);
                }
                rest = &rest[1..];
            }
            Item::Block(block) => {
                let labels: String = block.labels.iter().map(|label| format!(" {}", escape::quoted(label))).collect();
                let head = format!("{}{labels} {{", block.kind);
                if block.body.items.is_empty() {
                    push_line(out, depth, &format!("{head}}}"));
                } else {
                    push_line(out, depth, &head);
                    write_body(&block.body, depth + 1, out);
                    push_line(out, depth, "}");
                }
                rest = &rest[1..];
            }
            Item::Attribute(_) => {
                let attributes: Vec<(&str, &Expression)> = rest
                    .iter()
                    .map_while(|item| match item {
                        Item::Attribute(attribute) => Some((attribute.name.as_str(), &attribute.value)),
                        _ => None,
                    })
                    .collect();
                write_assignments(&attributes, depth, out);
                rest = &rest[attributes.len()..];
            }
        }
    }
}

/// Whether an empty line stands before the first of `rest`: around blocks, and a comment goes with
/// what follows it.
fn separated(before: Option<&Item>, rest: &[Item]) -> bool {
    match before {
        None | Some(Item::Comment(_)) => false,
        Some(Item::Block(_)) => true,
        Some(Item::Attribute(_)) => matches!(rest.first(), Some(Item::Block(_) | Item::Comment(_))),
    }
}

/// Writes `name = value` lines. The formatter aligns the `=` of neighbours that leave no bracket open
/// on their first line.
fn write_assignments(assignments: &[(&str, &Expression)], depth: usize, out: &mut String) {
    let written: Vec<(&str, String, bool)> = assignments
        .iter()
        .map(|&(name, value)| {
            let text = expression(value, depth, name.len() + 3);
            let open = text.contains('\n') && !text.starts_with("<<");
            (name, text, open)
        })
        .collect();
    for run in written.chunk_by(|left, right| left.2 == right.2) {
        let width = match run.first() {
            Some((_, _, false)) => run.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0),
            _ => 0,
        };
        for (name, text, _) in run {
            push_line(out, depth, &format!("{name:width$} = {text}"));
        }
    }
}

/// The text of an expression. Lines after the first are indented for `depth`; `before` is what
/// stands before it on its line, without the indentation.
fn expression(value: &Expression, depth: usize, before: usize) -> String {
    match value {
        Expression::Null => "null".to_owned(),
        Expression::Bool(flag) => flag.to_string(),
        Expression::Number(number) => print_decimal(*number),
        Expression::Float(number) => serde_json::Value::from(*number).to_string(),
        Expression::String(text) => escape::quoted(text),
        Expression::Template(parts) => template(parts, depth),
        Expression::Heredoc(text) => heredoc(text, depth),
        Expression::Reference(path) => reference(path),
        Expression::Call { function, arguments } => call(function, arguments, depth, before),
        Expression::List(items) => list(items, depth, before),
        Expression::Object(entries) => object(entries, depth),
    }
}

fn template(parts: &[Part], depth: usize) -> String {
    if let Some(only) = only_interpolation(parts) {
        return expression(only, depth, 0);
    }
    let mut text = String::new();
    let mut literal = String::new();
    for part in parts {
        match part {
            Part::Literal(more) => literal.push_str(more),
            Part::Interpolation(inner) => {
                text.push_str(&escape::literal(&literal, true));
                literal.clear();
                text.push_str(&format!("${{{}}}", inline(inner)));
            }
        }
    }
    text.push_str(&escape::literal(&literal, false));
    format!("\"{text}\"")
}

/// The formatter takes the quotes off a template that is nothing but one interpolation, so do we.
fn only_interpolation(parts: &[Part]) -> Option<&Expression> {
    let mut parts = parts.iter().filter(|part| !matches!(part, Part::Literal(text) if text.is_empty()));
    match (parts.next(), parts.next()) {
        (Some(Part::Interpolation(only)), None) => Some(only),
        _ => None,
    }
}

fn heredoc(text: &str, depth: usize) -> String {
    let Some(lines) = escape::heredoc_lines(text) else { return escape::quoted(text) };
    let mut out = format!("<<-{}\n", escape::HEREDOC_END);
    for line in lines {
        if line.is_empty() {
            out.push('\n');
        } else {
            push_line(&mut out, depth + 1, &line);
        }
    }
    out.push_str(&indentation(depth));
    out.push_str(escape::HEREDOC_END);
    out
}

fn reference(path: &Reference) -> String {
    let mut out = path.root.clone();
    for step in &path.steps {
        match step {
            Step::Attribute(name) => out.push_str(&format!(".{name}")),
            Step::Index(index) => out.push_str(&format!("[{index}]")),
            Step::Key(key) => out.push_str(&format!("[{}]", escape::quoted(key))),
            Step::Splat => out.push_str("[*]"),
        }
    }
    out
}

/// `jsonencode({` keeps its braces on one line: brackets that open together indent once.
fn call(function: &str, arguments: &[Expression], depth: usize, before: usize) -> String {
    let flat: Vec<String> = arguments.iter().map(inline).collect();
    let line = format!("{function}({})", flat.join(", "));
    let Some((last, leading)) = arguments.split_last() else { return line };
    if !arguments.iter().any(must_break) && depth * 2 + before + line.len() <= LINE {
        return line;
    }
    match last {
        Expression::Object(_) | Expression::List(_) if !leading.iter().any(must_break) => {
            let leading: String = leading.iter().map(|argument| format!("{}, ", inline(argument))).collect();
            format!("{function}({leading}{})", expression(last, depth, LINE))
        }
        _ if !arguments.iter().any(must_break) => line,
        _ => bracketed(&format!("{function}("), ")", arguments, depth),
    }
}

fn list(items: &[Expression], depth: usize, before: usize) -> String {
    if !items.iter().any(must_break) {
        let line = format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", "));
        if items.is_empty() || depth * 2 + before + line.len() <= LINE {
            return line;
        }
    }
    bracketed("[", "]", items, depth)
}

/// One element a line, each with a comma.
fn bracketed(open: &str, close: &str, items: &[Expression], depth: usize) -> String {
    let mut out = format!("{open}\n");
    for item in items {
        push_line(&mut out, depth + 1, &format!("{},", expression(&quoted_heredoc(item), depth + 1, 1)));
    }
    out.push_str(&indentation(depth));
    out.push_str(close);
    out
}

fn object(entries: &[(String, Expression)], depth: usize) -> String {
    if entries.is_empty() {
        return "{}".to_owned();
    }
    let keys: Vec<String> = entries.iter().map(|(key, _)| escape::key(key)).collect();
    let assignments: Vec<(&str, &Expression)> =
        keys.iter().map(String::as_str).zip(entries.iter().map(|(_, value)| value)).collect();
    let mut out = "{\n".to_owned();
    write_assignments(&assignments, depth + 1, &mut out);
    out.push_str(&indentation(depth));
    out.push('}');
    out
}

/// Whether the expression takes several lines wherever it stands.
fn must_break(value: &Expression) -> bool {
    match value {
        Expression::Object(entries) => !entries.is_empty(),
        Expression::List(items) => items.iter().any(must_break),
        Expression::Call { arguments, .. } => arguments.iter().any(must_break),
        Expression::Template(parts) => only_interpolation(parts).is_some_and(must_break),
        _ => false,
    }
}

/// The expression on one line, for the inside of a template, an argument or a short list.
fn inline(value: &Expression) -> String {
    match value {
        Expression::Heredoc(text) => escape::quoted(text),
        Expression::List(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Expression::Object(entries) if !entries.is_empty() => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{} = {}", escape::key(key), inline(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Expression::Call { function, arguments } => {
            format!("{function}({})", arguments.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        Expression::Template(parts) => only_interpolation(parts).map_or_else(|| template(parts, 0), inline),
        other => expression(other, 0, 0),
    }
}

/// A heredoc may not be followed by a comma on its last line: in a list it is a quoted string.
fn quoted_heredoc(value: &Expression) -> std::borrow::Cow<'_, Expression> {
    match value {
        Expression::Heredoc(text) => std::borrow::Cow::Owned(Expression::String(text.clone())),
        other => std::borrow::Cow::Borrowed(other),
    }
}

fn push_line(out: &mut String, depth: usize, text: &str) {
    out.push_str(&indentation(depth));
    out.push_str(text);
    out.push('\n');
}

fn indentation(depth: usize) -> String {
    repeat_n("  ", depth).collect()
}
