//! Words of alerts: MiniJinja when the compiler runs, Go templates when Prometheus does.
//!
//! The author's `{{ value }}` and `{{ labels.x }}` are only known when an alert fires. Here they become
//! marks, MiniJinja fills in the rest, everything the author wrote is escaped for Go templates, and the
//! marks become Go template actions last. So nothing in a spec can open or break a Go template.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, Value};
use minijinja::{Environment, UndefinedBehavior};

use crate::quantity::Unit;
use crate::words::TemplateError;

/// Opens a mark; a private-use character, of which none is left in words that people wrote.
const OPEN: char = '\u{E000}';
/// Closes a mark.
const CLOSE: char = '\u{E001}';

/// What the words of one alert may speak of.
#[derive(Debug)]
pub(super) struct Vocabulary<'a> {
    /// Unit of the alert's value, if it has one that means something to people.
    pub unit: Option<Unit>,
    /// Names with what they stand for: `bound`, `service`, `signal`.
    pub names: Vec<(&'a str, String)>,
}

/// Fills in words and makes them a Go template that Prometheus expands.
pub(super) fn annotation(words: &str, vocabulary: &Vocabulary) -> Result<String, TemplateError> {
    let words: String = words.chars().filter(|c| !matches!(*c, OPEN | CLOSE)).collect();
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(10_000));
    let mut context: std::collections::BTreeMap<&str, Value> =
        vocabulary.names.iter().map(|(name, value)| (*name, Value::from(without_marks(value)))).collect();
    context.insert("value", Value::from(format!("{OPEN}{CLOSE}")));
    context.insert("labels", Value::from_object(Labels));
    let filled = environment.render_str(&words, context).map_err(|error| TemplateError {
        message: error
            .detail()
            .map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind())),
        range: error.range(),
    })?;
    Ok(go_template(&filled, vocabulary.unit))
}

fn without_marks(text: &str) -> String {
    text.chars().filter(|c| !matches!(*c, OPEN | CLOSE)).collect()
}

/// Any label, as a mark that names it.
#[derive(Debug)]
struct Labels;

impl Object for Labels {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        crate::promql::is_plain_label(name).then(|| Value::from(format!("{OPEN}{name}{CLOSE}")))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("labels")
    }
}

/// The text as a Go template that prints it.
pub(super) fn escaped(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

/// The value of an alert, as people read its unit.
pub(super) fn value(unit: Option<Unit>) -> &'static str {
    match unit {
        Some(Unit::Ratio) => "{{ $value | humanizePercentage }}",
        Some(Unit::Seconds) => "{{ $value | humanizeDuration }}",
        Some(Unit::Bytes) => "{{ $value | humanize1024 }}B",
        Some(Unit::BytesPerSecond) => "{{ $value | humanize1024 }}B/s",
        Some(Unit::PerSecond) => "{{ $value | humanize }}/s",
        Some(Unit::Celsius) => "{{ $value | printf \"%.1f\" }} °C",
        Some(Unit::Watts) => "{{ $value | humanize }}W",
        Some(Unit::Joules) => "{{ $value | humanize }}J",
        Some(Unit::Count | Unit::Money | Unit::Number) | None => "{{ $value | humanize }}",
    }
}

/// The value of a label of the alert.
pub(super) fn label(name: &str) -> String {
    format!("{{{{ $labels.{name} }}}}")
}

/// Escapes everything but the marks, which become actions.
fn go_template(filled: &str, unit: Option<Unit>) -> String {
    let mut text = String::new();
    for (index, piece) in filled.split(OPEN).enumerate() {
        match piece.split_once(CLOSE) {
            Some((name, rest)) if index > 0 => {
                // A brace right before an action would open it one byte early.
                if text.ends_with('{') {
                    text.pop();
                    text.push_str("{{ \"{\" }}");
                }
                if name.is_empty() {
                    text.push_str(value(unit));
                } else {
                    text.push_str(&label(name));
                }
                text.push_str(&escaped(rest));
            }
            _ => text.push_str(&escaped(piece)),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(words: &str, unit: Unit) -> String {
        let names = vec![("bound", "5%".to_owned()), ("service", "{{ evil }}".to_owned())];
        annotation(words, &Vocabulary { unit: Some(unit), names }).unwrap()
    }

    #[test]
    fn what_is_known_now_and_what_is_known_later() {
        assert_eq!(
            filled("{{ labels.endpoint }} fails {{ value }}, more than {{ bound }}", Unit::Ratio),
            "{{ $labels.endpoint }} fails {{ $value | humanizePercentage }}, more than 5%"
        );
        assert_eq!(filled("{{ value }}", Unit::Seconds), "{{ $value | humanizeDuration }}");
    }

    #[test]
    fn nothing_written_opens_a_go_template() {
        let hostile = "{{ '{{ query \"up\" }}' }} {{ service }}";
        assert_eq!(filled(hostile, Unit::Count), "{{ \"{{\" }} query \"up\" }} {{ \"{{\" }} evil }}");
        assert_eq!(filled("{{ '{' }}{{ value }}", Unit::Number), "{{ \"{\" }}{{ $value | humanize }}");
        // Marks written by hand are no marks, and braces cannot join across one.
        assert_eq!(
            filled("\u{E000}instance\u{E001} {{ '{' }}{{ '{ $labels }}' }}", Unit::Count),
            "instance {{ \"{{\" }} $labels }}"
        );
    }

    #[test]
    fn faults_are_told() {
        let vocabulary = Vocabulary { unit: None, names: Vec::new() };
        assert!(annotation("{{ nothing }}", &vocabulary).is_err());
        assert!(annotation("{{ labels['a b'] }}", &vocabulary).is_err());
        assert!(annotation("{{ value", &vocabulary).is_err());
    }
}
