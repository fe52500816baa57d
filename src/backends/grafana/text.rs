//! Text in Grafana's dialects. Titles, legends and expressions have variables in them; nothing that a
//! person wrote may become one.

use serde::Serializer;

use crate::promql::{Expr, Kind, Selector};
use crate::quantity::Duration;

/// Invisible, joins what it stands between: breaks up `$name` and `{{name}}` without a visible trace.
const JOINER: char = '\u{2060}';

/// A character of no script stands for the dollars of a string until the expression is printed.
const DOLLAR: char = '\u{e000}';

/// The variable that chooses instances.
pub(super) const INSTANCE: &str = "$instance";

/// Words for a title, a description or a label: `$name`, `${name}` and `[[name]]` stay as they are written.
pub(super) fn words(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        safe.push(character);
        let begins_variable = match (character, characters.peek()) {
            ('$', Some(next)) => *next == '{' || *next == '_' || next.is_alphabetic(),
            ('[', Some('[')) => true,
            _ => false,
        };
        if begins_variable {
            safe.push(JOINER);
        }
    }
    safe
}

/// Words for a legend, where `{{name}}` is a label's value as well.
pub(super) fn legend(text: &str) -> String {
    words(text).replace("{{", &format!("{{{JOINER}{{"))
}

/// An address in a link: percent-encoded where it could be a variable.
pub(super) fn address(url: &str) -> String {
    url.replace('$', "%24").replace("[[", "%5B%5B")
}

/// A time for Grafana, which knows one unit at a time: `90m`, never `1h30m`.
pub(super) fn time(duration: Duration) -> String {
    let units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];
    let millis = duration.as_millis();
    match units.iter().find(|(_, size)| millis > 0 && millis.is_multiple_of(*size)) {
        Some((unit, size)) => format!("{}{unit}", millis / size),
        None => format!("{millis}ms"),
    }
}

/// An expression as a dashboard holds it.
pub(super) fn printed(expr: &Expr) -> String {
    let mut expr = expr.clone();
    hide_dollars(&mut expr);
    // PromQL reads the escape as a dollar; Grafana reads it as nothing of its own.
    expr.to_string().replace(DOLLAR, "\\x24")
}

/// For serde: an expression as text.
pub(super) fn expression<S: Serializer>(expr: &Expr, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&printed(expr))
}

/// For serde: an expression as text, if there is one.
pub(super) fn optional_expression<S: Serializer>(expr: &Option<Expr>, serializer: S) -> Result<S::Ok, S::Error> {
    match expr {
        Some(expr) => expression(expr, serializer),
        None => serializer.serialize_none(),
    }
}

fn hide_dollars(expr: &mut Expr) {
    each_part(expr, &mut |part| match part {
        Part::Selector(selector) => {
            for matcher in selector.matchers.iter_mut().filter(|matcher| matcher.value != INSTANCE) {
                matcher.value = matcher.value.replace('$', &DOLLAR.to_string());
            }
        }
        Part::Text(text) => *text = text.replace('$', &DOLLAR.to_string()),
    });
}

/// What an expression has of a person's words.
pub(super) enum Part<'a> {
    /// A series selector.
    Selector(&'a mut Selector),
    /// A string argument.
    Text(&'a mut String),
}

/// Visits every selector and string of an expression.
pub(super) fn each_part(expr: &mut Expr, visit: &mut dyn FnMut(Part<'_>)) {
    match &mut expr.kind {
        Kind::Number(_) | Kind::Float(_) => {}
        Kind::Text(text) => visit(Part::Text(text)),
        Kind::Selector(selector) | Kind::Matrix { selector, .. } => visit(Part::Selector(selector)),
        Kind::Subquery { expr, .. } | Kind::Unary { expr, .. } | Kind::Paren(expr) => each_part(expr, visit),
        Kind::Call(call) => call.args.iter_mut().for_each(|argument| each_part(argument, visit)),
        Kind::Aggregate(aggregate) => {
            if let Some(param) = &mut aggregate.param {
                each_part(param, visit);
            }
            each_part(&mut aggregate.expr, visit);
        }
        Kind::Binary(binary) => {
            each_part(&mut binary.left, visit);
            each_part(&mut binary.right, visit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_written_becomes_a_variable() {
        assert_eq!(words("5 $ a month, $5, a$"), "5 $ a month, $5, a$");
        assert_eq!(words("$datasource"), "$\u{2060}datasource");
        assert_eq!(words("${x} [[y]]"), "$\u{2060}{x} [\u{2060}[y]]");
        assert_eq!(legend("{{ job }}"), "{\u{2060}{ job }}");
        assert_eq!(address("https://x.example/$a"), "https://x.example/%24a");
    }

    #[test]
    fn strings_in_expressions_keep_their_dollars() {
        let written = r#"label_replace(rate(x{path=~"/a$|$datasource"}[$__rate_interval]), "b", "$1", "c", "(.*)")"#;
        let expr = crate::promql::parse_dashboard(written).unwrap();
        let text = printed(&expr);
        assert_eq!(text.matches('$').count(), 1, "only the window is a variable: {text}");
        assert_eq!(crate::promql::parse_dashboard(&text), Ok(expr));
    }

    #[test]
    fn one_unit_at_a_time() {
        for (text, printed) in [("1h30m", "90m"), ("30d", "30d"), ("15s", "15s"), ("1500ms", "1500ms"), ("1w", "7d")] {
            assert_eq!(time(Duration::parse(text).unwrap()), printed);
        }
    }
}
