//! Conditions on labels, in each of Alertmanager's ways to write them.
#![allow(unreachable_pub, reason = "records with public fields hold them")]

use std::ops::Range;

use crate::decode::{Decode, Decoder};
use crate::diagnostics::Diagnostic;
use crate::promql::{MatchOp, is_plain_label, regex};
use crate::source::{Node, Span};
use crate::spec::values::Written;

use super::super::texts::Texts;
use super::problems::INVALID_ALERTMANAGER;

/// A condition on one label.
#[derive(Debug, Clone, PartialEq)]
pub struct Matcher {
    /// The label; an alert without it has the empty value.
    pub label: String,
    /// How its value is compared.
    pub op: MatchOp,
    /// With what.
    pub value: String,
    /// Where it stands.
    pub place: Span,
}

/// A list of conditions, as `matchers`, `source_matchers` and `target_matchers` have it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matchers(pub Vec<Matcher>);

impl Decode for Matchers {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let mut all = Vec::new();
        for text in Vec::<Written>::decode(node, decoder)? {
            match read(text.as_str()) {
                Ok(found) => {
                    for one in found {
                        let (place, value) = (text.locate(one.at), text.locate(one.value_at));
                        let matcher = Matcher { label: one.label, op: one.op, value: one.value, place };
                        check(&matcher, value, decoder);
                        all.push(matcher);
                    }
                }
                Err(fault) => {
                    let help = "write `label=\"value\"`, with `=`, `!=`, `=~` or `!~`";
                    let place = text.locate(fault.at);
                    decoder.report(Diagnostic::new(&INVALID_ALERTMANAGER, place, fault.message).help(help));
                }
            }
        }
        Some(Self(all))
    }
}

crate::spec::values::inline_schema!(Matchers, "Matchers", { "type": "array", "items": { "type": "string" } });

/// Conditions in the words before 0.22: `match` and `match_re`.
pub(super) fn of_map(texts: Option<Texts>, op: MatchOp, decoder: &mut Decoder) -> Vec<Matcher> {
    let texts = texts.unwrap_or_default();
    let matcher = |(label, value): &(crate::source::Spanned<String>, Written)| {
        let place = label.span.to(value.span);
        let matcher = Matcher { label: label.value.clone(), op, value: value.as_str().to_owned(), place };
        check(&matcher, value.span, decoder);
        matcher
    };
    texts.as_slice().iter().map(matcher).collect()
}

fn check(matcher: &Matcher, value: Span, decoder: &mut Decoder) {
    if !matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex) {
        return;
    }
    if let Err(fault) = regex::matches_empty(&matcher.value) {
        let mut diagnostic = Diagnostic::new(&INVALID_ALERTMANAGER, value, fault.message);
        diagnostic.help = fault.help;
        decoder.report(diagnostic);
    }
}

#[derive(Debug, PartialEq)]
struct Found {
    label: String,
    op: MatchOp,
    value: String,
    at: Range<usize>,
    value_at: Range<usize>,
}

#[derive(Debug, PartialEq)]
struct Fault {
    message: String,
    at: Range<usize>,
}

/// Reads `a="b"`, `{a="b", c=~"d|e"}` or `a=b`.
fn read(text: &str) -> Result<Vec<Found>, Fault> {
    let whole = trimmed(text, 0..text.len());
    let written = text.get(whole.clone()).unwrap_or_default();
    let inside = match (written.starts_with('{'), written.ends_with('}')) {
        (true, true) if written.len() > 1 => whole.start + 1..whole.end - 1,
        (true, _) => return Err(Fault { message: "this `{` is not closed".to_owned(), at: whole }),
        (false, _) => whole,
    };
    let pieces = pieces(text, inside)?;
    pieces.into_iter().map(|piece| one(text, trimmed(text, piece))).collect()
}

/// Cuts at commas outside of quotes. A comma at the end is allowed.
fn pieces(text: &str, inside: Range<usize>) -> Result<Vec<Range<usize>>, Fault> {
    let (mut found, mut start) = (Vec::new(), inside.start);
    let (mut quote, mut escaped) = (None, false);
    for (at, letter) in text.get(inside.clone()).unwrap_or_default().char_indices() {
        let at = inside.start + at;
        match letter {
            _ if escaped => escaped = false,
            '\\' if quote.is_some() => escaped = true,
            '"' if quote.is_some() => quote = None,
            '"' => quote = Some(at),
            ',' if quote.is_none() => {
                found.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    if let Some(at) = quote {
        return Err(Fault { message: "this quote is not closed".to_owned(), at: at..at + 1 });
    }
    if !trimmed(text, start..inside.end).is_empty() {
        found.push(start..inside.end);
    }
    Ok(found)
}

fn one(text: &str, at: Range<usize>) -> Result<Found, Fault> {
    let written = text.get(at.clone()).unwrap_or_default();
    let fault = |message: &str| Fault { message: message.to_owned(), at: at.clone() };
    let name_end = match written.strip_prefix('"') {
        Some(rest) => 2 + rest.find('"').ok_or_else(|| fault("this quote is not closed"))?,
        None => written.find(['=', '!']).ok_or_else(|| fault("this is no condition on a label"))?,
    };
    let name = written.get(..name_end).unwrap_or_default().trim();
    let rest = written.get(name_end..).unwrap_or_default();
    let sign = rest.trim_start();
    const OPS: [(&str, MatchOp); 4] =
        [("=~", MatchOp::Regex), ("!~", MatchOp::NotRegex), ("!=", MatchOp::NotEqual), ("=", MatchOp::Equal)];
    let Some((word, op)) = OPS.into_iter().find(|(word, _)| sign.starts_with(word)) else {
        return Err(fault("this is no condition on a label"));
    };
    let label = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    if label.is_empty() || (label == name && !is_plain_label(label)) {
        return Err(fault("a condition begins with the name of a label"));
    }
    let value_at = trimmed(text, at.start + name_end + (rest.len() - sign.len()) + word.len()..at.end);
    let value = text.get(value_at.clone()).unwrap_or_default();
    let value = if value.starts_with('"') {
        let inner = value.get(1..).and_then(|rest| rest.strip_suffix('"'));
        unescaped(inner.ok_or_else(|| fault("a quoted value ends with its quote"))?)
    } else if value.contains('"') {
        return Err(fault("a value with a quote in it must be quoted as a whole"));
    } else {
        value.to_owned()
    };
    Ok(Found { label: label.to_owned(), op, value, at, value_at })
}

fn unescaped(text: &str) -> String {
    let (mut out, mut letters) = (String::new(), text.chars());
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => out.push('\n'),
            Some(kept @ ('"' | '\\')) => out.push(kept),
            // Alertmanager's older syntax keeps the backslash of what is no escape.
            other => out.extend(std::iter::once('\\').chain(other)),
        }
    }
    out
}

fn trimmed(text: &str, at: Range<usize>) -> Range<usize> {
    let written = text.get(at.clone()).unwrap_or_default();
    let start = at.start + (written.len() - written.trim_start().len());
    start..(start + written.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let found = read(text).unwrap();
        found
            .iter()
            .map(|one| format!("{} {:?} {} at {}", one.label, one.op, one.value, &text[one.at.clone()]))
            .collect()
    }

    #[test]
    fn both_syntaxes() {
        assert_eq!(shown("severity=critical"), ["severity Equal critical at severity=critical"]);
        assert_eq!(shown(" a =~ \"x|y\" "), ["a Regex x|y at a =~ \"x|y\""]);
        assert_eq!(shown("{a=\"b,c\", \"d e\"!~'f',}").len(), 2);
        assert_eq!(shown("a=\"b,c\",d!=\"\""), ["a Equal b,c at a=\"b,c\"", "d NotEqual  at d!=\"\""]);
        assert_eq!(shown(r#"a="x\"y\\z\d""#), [r#"a Equal x"y\z\d at a="x\"y\\z\d""#]);
        assert_eq!(shown("a="), ["a Equal  at a="]);
    }

    #[test]
    fn what_is_wrong() {
        for text in ["severity", "=x", "{a=\"b\"", "a=\"b", "a=b\"c\"", "a b=c", "\"a=b"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
