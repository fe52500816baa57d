//! TOML into the tree: what is broken is reported, all of it, and the rest is read.

use toml::de::{DeTable, DeValue, Error};

use super::format::empty;
use super::node::{Entry, Key, Map, Node, Text, Value};
use super::origin::{Escapes, Indentation, Notation, align, boundary};
use super::{FileId, Span, number, problems};
use crate::diagnostics::{Diagnostic, Diagnostics};

/// Above this many broken lines the rest is not listed.
const SHOWN: usize = 20;

/// Reads one TOML document. Dates and times are text here. Every broken line is reported, and the
/// value on it becomes [`Value::Invalid`].
pub fn read(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Node {
    let (table, mut errors) = DeTable::parse_recoverable(text);
    errors.sort_by_key(|error| error.span().map_or(usize::MAX, |span| span.start));
    let mut reader = Reader { file, text, broken: Vec::new(), diagnostics };
    let fatal = reader.report(&errors);
    let whole = Span::new(file, 0, text.len());
    if fatal {
        return Node { span: whole, value: Value::Invalid };
    }
    if table.get_ref().is_empty() && errors.is_empty() {
        reader.diagnostics.push(empty(file, text));
        return Node { span: whole, value: Value::Invalid };
    }
    let map = reader.map(table.get_ref());
    Node { span: whole, value: Value::Map(map) }
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    /// Where the syntax is broken: values that touch one of these hold nothing that was meant.
    broken: Vec<std::ops::Range<usize>>,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// Reports the first error of each line, and says whether nothing useful could be read.
    fn report(&mut self, errors: &[Error]) -> bool {
        let mut lines = std::collections::BTreeSet::new();
        for error in errors {
            let span = self.place(error);
            if error.message().contains("recursion") || error.message().contains("recurse") {
                self.diagnostics.push(problems::too_deep(span));
                return true;
            }
            if error.message() == "duplicate key" {
                let problem = self.duplicate(span);
                self.diagnostics.push(problem);
                continue;
            }
            let line_start = self.text.get(..span.start as usize).and_then(|before| before.rfind('\n'));
            self.broken.push(span.range());
            if error.message().starts_with("unclosed") {
                // What follows an open bracket was read as part of it.
                let opening = self.opening_bracket(span.start as usize).unwrap_or(span);
                let first = self.broken.first().map_or(span.start as usize, |first| first.start);
                self.diagnostics.push(unclosed(error, opening, Span::new(self.file, first, first)));
                return true;
            }
            let is_first = lines.insert(line_start);
            let opened_only = errors.iter().any(|error| error.message().starts_with("unclosed"));
            if is_first && lines.len() <= SHOWN && !opened_only {
                self.diagnostics.push(syntax(error, span, self.text));
            }
        }
        false
    }

    /// The bytes of an error; a whole line's end when the parser names none.
    fn place(&self, error: &Error) -> Span {
        let range = error.span().unwrap_or(0..0);
        let start = boundary(self.text, range.start);
        let end = boundary(self.text, range.end).max(start);
        Span::new(self.file, start, end)
    }

    /// The last bracket before `at` that no other one closes (texts and comments are not looked into).
    fn opening_bracket(&self, at: usize) -> Option<Span> {
        let mut open = 0_usize;
        for (offset, byte) in self.text.as_bytes().get(..at)?.iter().enumerate().rev() {
            match byte {
                b']' | b'}' => open += 1,
                b'[' | b'{' if open == 0 => return Some(Span::new(self.file, offset, offset + 1)),
                b'[' | b'{' => open -= 1,
                _ => {}
            }
        }
        None
    }

    fn duplicate(&self, span: Span) -> Diagnostic {
        let key = self.text.get(span.range()).unwrap_or("").trim();
        match self.first_place(key, span) {
            Some(first) => problems::duplicate_key(key.trim_matches(['"', '\'']), first, span),
            None => Diagnostic::new(&problems::DUPLICATE_KEY, span, format!("`{key}` is given twice"))
                .label("given before")
                .note("the first one counts here")
                .help("keep one of them"),
        }
    }

    /// The first line before the second place that gives the same key in the same table, or opens the same table.
    fn first_place(&self, key: &str, second: Span) -> Option<Span> {
        let before = self.text.get(..second.start as usize)?;
        let line_start = before.rfind('\n').map_or(0, |line_break| line_break + 1);
        let header = self.text.get(line_start..)?.lines().next()?.trim();
        let mut offset = 0;
        let mut found = None;
        for line in before.get(..line_start)?.split_inclusive('\n') {
            let content = line.trim();
            let indentation = line.len() - line.trim_start().len();
            if header.starts_with('[') {
                if content == header {
                    found = found.or(Some(Span::new(
                        self.file,
                        offset + indentation,
                        offset + indentation + content.len(),
                    )));
                }
            } else if content.starts_with('[') {
                found = None;
            } else if content.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', '.'])) {
                found = found.or(Some(Span::new(self.file, offset + indentation, offset + indentation + key.len())));
            }
            offset += line.len();
        }
        found
    }

    fn map(&mut self, table: &DeTable<'_>) -> Map {
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table.iter() {
            let span = self.span(key.span());
            // A line without a key has been reported; there is nothing to file it under.
            if span.start == span.end {
                continue;
            }
            let value = self.value(value.get_ref(), value.span());
            entries.push(Entry { key: Key { text: key.get_ref().to_string(), span }, value });
        }
        Map { entries }
    }

    fn value(&mut self, value: &DeValue<'_>, range: std::ops::Range<usize>) -> Node {
        let span = self.span(range.clone());
        let touches = |broken: &std::ops::Range<usize>| broken.start >= range.start && broken.start <= range.end;
        let is_header = matches!(value, DeValue::Table(_))
            && !self.text.get(range.clone()).is_some_and(|text| text.starts_with('{'));
        if !is_header && self.broken.iter().any(touches) {
            return Node { span, value: Value::Invalid };
        }
        let value = match value {
            DeValue::String(text) => self.string(text, &range),
            DeValue::Integer(integer) if integer.radix() == 10 => self.number(number::exact(integer.as_str()), span),
            DeValue::Integer(integer) => self.number(number::of_base(integer.as_str(), integer.radix()), span),
            DeValue::Float(float) if number::looks_decimal(float.as_str()) => {
                self.number(number::exact(float.as_str()), span)
            }
            // `inf`, `nan` and dates: words of no use in a spec except as text.
            DeValue::Float(_) | DeValue::Datetime(_) => {
                let written = self.text.get(range.clone()).unwrap_or("");
                Value::Text(Text { value: written.to_owned(), origin: super::node::Origin::Verbatim(span.start) })
            }
            DeValue::Boolean(boolean) => Value::Bool(*boolean),
            DeValue::Array(items) => {
                Value::List(items.iter().map(|item| self.value(item.get_ref(), item.span())).collect())
            }
            DeValue::Table(table) => Value::Map(self.map(table)),
        };
        Node { span, value }
    }

    fn number(&mut self, number: Option<rust_decimal::Decimal>, span: Span) -> Value {
        match number {
            Some(number) => Value::Number(number),
            None => {
                let written = self.text.get(span.range()).unwrap_or("");
                self.diagnostics.push(problems::out_of_range(written, span));
                Value::Invalid
            }
        }
    }

    fn string(&self, value: &str, range: &std::ops::Range<usize>) -> Value {
        let written = self.text.get(range.clone()).unwrap_or("");
        let long = written.starts_with("\"\"\"") || written.starts_with("\'\'\'");
        let quotes = if long { 3 } else { 1 };
        let inner = written.get(quotes..written.len().saturating_sub(quotes)).unwrap_or("");
        // A line break right after the opening quotes is not text.
        let content = inner.strip_prefix("\r\n").or_else(|| inner.strip_prefix('\n')).unwrap_or(inner);
        let escapes = if written.starts_with('"') { Escapes::Backslash } else { Escapes::None };
        let notation = Notation { escapes, indentation: Indentation::Exactly(0) };
        let base = range.start + quotes + inner.len() - content.len();
        Value::Text(Text { value: value.to_owned(), origin: align(value, content, base, notation) })
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }
}

fn unclosed(error: &Error, opening: Span, first: Span) -> Diagnostic {
    let what = error.message().split(',').next().unwrap_or("unclosed bracket");
    Diagnostic::new(&problems::TOML_SYNTAX, opening, format!("{what}: the text ends without a closing bracket"))
        .label("opened here")
        .also(first, "the first thing that does not fit inside")
        .note("what follows could not be read")
        .help("close it")
}

fn syntax(error: &Error, span: Span, text: &str) -> Diagnostic {
    let written = text.get(span.range()).unwrap_or("");
    let message = error.message();
    let problem = |message: String| Diagnostic::new(&problems::TOML_SYNTAX, span, message).label("here");
    if message.starts_with("string values must be quoted") {
        if written.is_empty() {
            return problem("a value is missing after `=`".to_owned())
                .help("write a value; remove the key if there is none");
        }
        let problem = problem(format!("`{written}` is text, and text is quoted in TOML"));
        let simple = !written.contains(['"', '\\', '\'', '#']) && !written.contains(char::is_control);
        return match simple {
            true => problem.help(format!("write \"{written}\"")).fix(span, format!("\"{written}\"")),
            false => problem.help("put it in quotes"),
        };
    }
    if message.starts_with("unexpected key or value") {
        return problem("something follows the value".to_owned())
            .help("one `key = value` a line; quote a value with spaces");
    }
    if message.starts_with("invalid basic string") || message.starts_with("invalid literal string") {
        return problem("this quoted text is not closed on its line".to_owned())
            .help("close the quote; a text over several lines stands in three quotes");
    }
    problem(format!("this is not TOML: {message}"))
        .help("`key = value`, `[table]` and `[[list of tables]]` are all there is")
}
