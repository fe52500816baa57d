//! JSON into the tree: strict, with the bytes of every key and value.

use indexmap::IndexMap;

use super::format::{DEPTH_LIMIT, empty};
use super::node::{Entry, Key, Map, Node, Origin, Text, Value};
use super::origin::{Escapes, Indentation, Notation, align};
use super::{FileId, Span, number, problems};
use crate::diagnostics::{Diagnostic, Diagnostics};

/// Reads one JSON text. The first break of JSON's grammar ends the reading: one diagnostic, and
/// [`Value::Invalid`]. Doubled keys and numbers out of range are reported, and reading goes on.
pub fn read(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Node {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { file, text, at: start, depth: 0, diagnostics };
    reader.skip_blanks();
    if reader.peek().is_none() {
        reader.diagnostics.push(empty(file, text));
        return Node { span: Span::new(file, 0, text.len()), value: Value::Invalid };
    }
    let tree = reader.value().and_then(|node| reader.finish().map(|()| node));
    match tree {
        Ok(node) => node,
        Err(problem) => {
            diagnostics.push(*problem);
            Node { span: Span::new(file, 0, text.len()), value: Value::Invalid }
        }
    }
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
    depth: usize,
    diagnostics: &'a mut Diagnostics,
}

type Step<T> = Result<T, Box<Diagnostic>>;

impl<'a> Reader<'a> {
    fn value(&mut self) -> Step<Node> {
        let start = self.at;
        let value = match self.peek() {
            Some('{') => self.nested(Self::map)?,
            Some('[') => self.nested(Self::list)?,
            Some('"') => {
                let (value, origin) = self.string()?;
                Value::Text(Text { value, origin })
            }
            Some('-' | '0'..='9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node { span: self.since(start), value })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Step<Value>) -> Step<Value> {
        if self.depth == DEPTH_LIMIT {
            return Err(Box::new(problems::too_deep(self.here())));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn map(&mut self) -> Step<Value> {
        let opening = self.take_bracket();
        let mut entries: IndexMap<String, (Span, Node)> = IndexMap::new();
        self.skip_blanks();
        while self.peek() != Some('}') {
            let start = self.at;
            if self.peek() != Some('"') {
                return Err(Box::new(self.no_key(opening)));
            }
            let (key, _) = self.string()?;
            let span = self.since(start);
            self.skip_blanks();
            if !self.take(':') {
                let problem = self.syntax(format!("`:` is missing after the key `{key}`"), "expected `:` here");
                return Err(Box::new(problem.also(span, "this key")));
            }
            self.skip_blanks();
            let value = self.value()?;
            match entries.get(&key) {
                Some((first, _)) => self.diagnostics.push(problems::duplicate_key(&key, *first, span)),
                None => {
                    entries.insert(key, (span, value));
                }
            }
            self.separator('}', opening)?;
        }
        self.take('}');
        let entries =
            entries.into_iter().map(|(text, (span, value))| Entry { key: Key { text, span }, value }).collect();
        Ok(Value::Map(Map { entries }))
    }

    fn list(&mut self) -> Step<Value> {
        let opening = self.take_bracket();
        let mut items = Vec::new();
        self.skip_blanks();
        while self.peek() != Some(']') {
            if self.peek().is_none() {
                return Err(Box::new(self.unclosed(opening)));
            }
            items.push(self.value()?);
            self.separator(']', opening)?;
        }
        self.take(']');
        Ok(Value::List(items))
    }

    /// A comma with something behind it, or the closing bracket (which stays).
    fn separator(&mut self, closing: char, opening: Span) -> Step<()> {
        self.skip_blanks();
        let comma = self.here();
        if self.take(',') {
            self.skip_blanks();
            if self.peek() == Some(closing) {
                let problem = Diagnostic::new(&problems::JSON_SYNTAX, comma, format!("a comma before `{closing}`"));
                return Err(Box::new(problem.label("JSON has no trailing comma").help("remove it").fix(comma, "")));
            }
            return Ok(());
        }
        match self.peek() {
            Some(next) if next == closing => Ok(()),
            None => Err(Box::new(self.unclosed(opening))),
            Some(next) => {
                let problem = self.syntax(format!("`,` or `{closing}` expected, found `{next}`"), "not expected here");
                Err(Box::new(problem.also(opening, "opened here")))
            }
        }
    }

    /// The text of a string, and where its bytes are; the opening quote is next.
    fn string(&mut self) -> Step<(String, Origin)> {
        let opening = self.here();
        self.take('"');
        let start = self.at;
        let mut value = String::new();
        loop {
            match self.peek() {
                None | Some('\n' | '\r') => {
                    let problem = Diagnostic::new(&problems::JSON_SYNTAX, opening, "this text is never closed");
                    let help = "close it with `\"` on the same line; a line break inside is written `\\n`";
                    return Err(Box::new(problem.label("opened here").help(help)));
                }
                Some('"') => break,
                Some('\\') => value.push(self.escape()?),
                Some(control) if control < ' ' => {
                    let problem = self.syntax("a tab inside a text".to_owned(), "here");
                    return Err(Box::new(problem.help("write it as `\\t`").fix(self.here(), "\\t")));
                }
                Some(other) => {
                    value.push(other);
                    self.at += other.len_utf8();
                }
            }
        }
        let written = self.text.get(start..self.at).unwrap_or("");
        let notation = Notation { escapes: Escapes::Backslash, indentation: Indentation::Exactly(0) };
        let origin = align(&value, written, start, notation);
        self.take('"');
        Ok((value, origin))
    }

    /// One escape, taken.
    fn escape(&mut self) -> Step<char> {
        let start = self.at;
        self.at += 1;
        let kind = self.peek();
        self.at += kind.map_or(0, char::len_utf8);
        let read = match kind {
            Some(plain @ ('"' | '\\' | '/')) => Some(plain),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('u') => self.unicode(),
            _ => None,
        };
        read.ok_or_else(|| {
            let end = self.at.min(self.text.len());
            let span = Span::new(self.file, start, end);
            let written = self.text.get(start..end).unwrap_or("\\");
            let help = "JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX; a backslash itself is written \\\\";
            let problem = Diagnostic::new(&problems::JSON_SYNTAX, span, format!("`{written}` is no escape of JSON"));
            Box::new(problem.label("here").help(help))
        })
    }

    /// The four digits after `\u`, and the second half of a pair.
    fn unicode(&mut self) -> Option<char> {
        let first = self.four_digits()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first);
        }
        let rest = self.text.get(self.at..)?;
        if !rest.starts_with("\\u") {
            return None;
        }
        self.at += 2;
        let second = self.four_digits().filter(|code| (0xDC00..0xE000).contains(code))?;
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    fn number(&mut self) -> Step<Value> {
        let start = self.at;
        let written = self.token();
        let span = self.since(start);
        if !is_json_number(written) {
            let problem = Diagnostic::new(&problems::JSON_SYNTAX, span, format!("`{written}` is no number of JSON"));
            let help = "numbers look like 5, -0.5 or 1e3, without leading zeros; quote anything else: \"5m\"";
            return Err(Box::new(problem.label("here").help(help)));
        }
        Ok(match number::exact(written) {
            Some(number) => Value::Number(number),
            None => {
                self.diagnostics.push(problems::out_of_range(written, span));
                Value::Invalid
            }
        })
    }

    /// `true`, `false`, `null`, or a complaint about what stands here.
    fn word(&mut self) -> Step<Value> {
        let start = self.at;
        match self.token() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "null" => Ok(Value::Null),
            written => {
                let problem = match self.text.get(start..).and_then(|rest| rest.chars().next()) {
                    None => {
                        let span = Span::new(self.file, self.text.len(), self.text.len());
                        let message = "the text ends where a value should follow";
                        Diagnostic::new(&problems::JSON_SYNTAX, span, message).label("a value is missing")
                    }
                    Some(first) if written.is_empty() => {
                        self.at = start;
                        self.unexpected(first)
                    }
                    Some(_) => {
                        let span = self.since(start);
                        Diagnostic::new(&problems::JSON_SYNTAX, span, format!("`{written}` is no value of JSON"))
                            .label("here")
                            .help("text is written in double quotes; the words of JSON are true, false and null")
                    }
                };
                Err(Box::new(problem))
            }
        }
    }

    fn unexpected(&self, found: char) -> Diagnostic {
        let help = match found {
            '\'' => "JSON quotes text with `\"`",
            '/' | '#' => "JSON has no comments; YAML, TOML and Jsonnet have",
            ',' => "remove the comma, or write the value that is missing before it",
            _ => "write a value here: text in double quotes, a number, true, false, null, `[...]` or `{...}`",
        };
        self.syntax(format!("a value is expected, found `{found}`"), "not a value").help(help)
    }

    fn no_key(&self, opening: Span) -> Diagnostic {
        match self.peek() {
            None => self.unclosed(opening),
            Some(found) => {
                let help = match found {
                    '/' | '#' => "JSON has no comments; YAML, TOML and Jsonnet have",
                    _ => "keys are text in double quotes",
                };
                self.syntax(format!("a key is expected, found `{found}`"), "not a key").help(help)
            }
        }
    }

    fn unclosed(&self, opening: Span) -> Diagnostic {
        let bracket = self.text.get(opening.range()).unwrap_or("{");
        let closing = if bracket == "[" { ']' } else { '}' };
        Diagnostic::new(&problems::JSON_SYNTAX, opening, format!("`{bracket}` is never closed"))
            .label("opened here")
            .help(format!("close it with `{closing}`; the text ends without it"))
    }

    fn finish(&mut self) -> Step<()> {
        self.skip_blanks();
        match self.peek() {
            None => Ok(()),
            Some(next) => {
                let message = format!("`{next}` after the end of the value");
                Err(Box::new(self.syntax(message, "nothing may follow").help("one file holds one value")))
            }
        }
    }

    fn syntax(&self, message: String, label: &str) -> Diagnostic {
        Diagnostic::new(&problems::JSON_SYNTAX, self.here(), message).label(label)
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn take(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    fn take_bracket(&mut self) -> Span {
        let span = self.here();
        self.at += 1;
        span
    }

    /// Letters, digits and what numbers hold, taken.
    fn token(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or("");
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '-' | '.' | '_' | '%')));
        let token = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
        self.at += token.len();
        token
    }

    fn skip_blanks(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn here(&self) -> Span {
        Span::new(self.file, self.at, self.at + self.peek().map_or(0, char::len_utf8))
    }

    fn since(&self, start: usize) -> Span {
        Span::new(self.file, start, self.at)
    }
}

/// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
fn is_json_number(written: &str) -> bool {
    let unsigned = written.strip_prefix('-').unwrap_or(written);
    let whole = unsigned.split(['.', 'e', 'E']).next().unwrap_or("");
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    let point_ends = |end: char| unsigned.contains(&format!(".{end}")) || unsigned.ends_with('.');
    number::looks_decimal(written)
        && !written.starts_with('+')
        && !whole.is_empty()
        && !leading_zero
        && !point_ends('e')
        && !point_ends('E')
}
