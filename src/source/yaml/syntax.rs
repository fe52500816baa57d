//! Why a text is not YAML, in the words of someone who wrote it.

use granit_parser::{ErrorKind, ScanError};

use super::{Frame, Reader};
use crate::diagnostics::Diagnostic;
use crate::source::origin::boundary;
use crate::source::{Span, problems};

/// The one diagnostic for a break of YAML's grammar.
pub(super) fn explain(error: &ScanError, reader: &Reader<'_>) -> Diagnostic {
    let at = boundary(reader.text, error.marker().byte_offset().unwrap_or(reader.text.len()));
    let place = Place { reader, at };
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => problems::too_deep(place.character()),
        ErrorKind::TabInIndentation
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar
        | ErrorKind::InvalidBlockEntryWhitespace
        | ErrorKind::InvalidMappingValueWhitespace => place.tab(),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => place.colon(),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => place.no_colon(),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::MappingKeyNotAllowed => place.indentation(),
        ErrorKind::ExpectedBlockSequenceEntry => place.not_an_item(),
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => place.misplaced_item(),
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => place.unclosed_quote(),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            place.after_quote()
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => place.escape(),
        ErrorKind::UnclosedFlowCollection { open } => place.unclosed(*open),
        ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::InvalidFlowScalarIndent => place.separator(),
        ErrorKind::MisplacedFlowCollectionEnd => place
            .say("a closing bracket without an opening one")
            .label("closes nothing")
            .help("remove it, open it before, or quote the value"),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => place.mismatched(*open, *close),
        ErrorKind::UnexpectedCharacter { character } => place.reserved(*character),
        other => place
            .say(format!("this is not YAML: {}", in_words(&format!("{other:?}"))))
            .label("here")
            .help("quote the value if it is text; check the indentation of this line and the one above"),
    }
}

struct Place<'r, 'a> {
    reader: &'r Reader<'a>,
    at: usize,
}

impl Place<'_, '_> {
    fn say(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(&problems::YAML_SYNTAX, self.character(), message)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.reader.file, start, end)
    }

    /// The character at the error.
    fn character(&self) -> Span {
        let length = self.text(self.at..).chars().next().map_or(0, char::len_utf8);
        self.span(self.at, self.at + length)
    }

    fn text(&self, range: impl std::slice::SliceIndex<str, Output = str>) -> &str {
        self.reader.text.get(range).unwrap_or("")
    }

    /// The line around a byte, without its blanks at both ends.
    fn line(&self, at: usize) -> Span {
        let start = self.text(..at).rfind('\n').map_or(0, |line_break| line_break + 1);
        let end = self.text(at..).find('\n').map_or(self.reader.text.len(), |line_break| at + line_break);
        let line = self.text(start..end);
        let indentation = line.len() - line.trim_start().len();
        self.span(start + indentation, start + line.trim_end().len().max(indentation))
    }

    fn tab(&self) -> Diagnostic {
        let before = self.text(..self.at);
        let start = before.len() - before.trim_end_matches('\t').len();
        let end = self.at + self.text(self.at..).len() - self.text(self.at..).trim_start_matches('\t').len();
        let span = if start + (end - self.at) == 0 { self.character() } else { self.span(self.at - start, end) };
        Diagnostic::new(&problems::YAML_SYNTAX, span, "a tab where YAML wants spaces")
            .label("tab")
            .help("indent with spaces only, two for each level")
    }

    /// A colon that makes no key here: the commonest slips all end up in this error.
    fn colon(&self) -> Diagnostic {
        let last = self.text(self.reader.last.clone());
        let line = self.line(self.at);
        let before = self.text(line.start as usize..self.at);
        if let Some((first_line, _)) = last.split_once('\n') {
            let first_line = first_line.trim_end();
            let start = self.reader.last.start;
            let span = self.span(start, start + first_line.len());
            let is_value = self.text(..start).trim_end_matches([' ', '\t']).ends_with([':', '-']);
            return match first_line.find(':').filter(|_| !is_value) {
                Some(colon) => {
                    let place = self.span(start + colon, start + colon + 1);
                    Diagnostic::new(&problems::YAML_SYNTAX, place, "a space is missing after this `:`")
                        .label("`key: value` needs a space here")
                        .help("write a space after the colon")
                        .fix(place, ": ")
                }
                None if is_value => self
                    .say("this line is indented too far for a key")
                    .label("a key cannot begin inside a value")
                    .also(span, "the line continues this value")
                    .help("line the key up with the one above, or remove the value above it"),
                None => Diagnostic::new(&problems::YAML_SYNTAX, span, format!("`{first_line}` is followed by no `:`"))
                    .label("a key needs a colon and a value")
                    .help("write `key: value`"),
            };
        }
        if before.contains(": ") {
            return self
                .say("a second `: ` on this line")
                .label("ends a value that is not quoted")
                .help("quote the value if it contains `: `, or put the inner key on a line of its own");
        }
        self.say("a `:` that makes no key here")
            .label("not expected here")
            .help("quote the value if it contains `: `; check the indentation of this line and the one above")
    }

    fn no_colon(&self) -> Diagnostic {
        let span = self.line(self.at);
        let line = self.text(span.range());
        let colon = line.find(':').map(|colon| span.start as usize + colon);
        match colon {
            Some(colon) if !self.text(colon + 1..).starts_with([' ', '\n', '\r']) => {
                let place = self.span(colon, colon + 1);
                Diagnostic::new(&problems::YAML_SYNTAX, place, "a space is missing after this `:`")
                    .label("`key: value` needs a space here")
                    .help("write a space after the colon")
                    .fix(place, ": ")
            }
            _ => Diagnostic::new(&problems::YAML_SYNTAX, span, format!("`{}` is followed by no `:`", shorten(line)))
                .label("a key needs a colon and a value")
                .help("write `key: value`; a long text goes behind `key: |`, indented"),
        }
    }

    fn indentation(&self) -> Diagnostic {
        Diagnostic::new(&problems::YAML_SYNTAX, self.line(self.at), "this line lines up with nothing above it")
            .label("unexpected indentation")
            .help("keys of one map begin in the same column; indent what belongs to a key by two more spaces")
    }

    fn not_an_item(&self) -> Diagnostic {
        Diagnostic::new(&problems::YAML_SYNTAX, self.line(self.at), "a list goes on here with something that is no item")
            .label("`- ` expected")
            .help("begin each item with `- `; a key after a list is indented less than the list, or as far as the list's own key")
    }

    fn misplaced_item(&self) -> Diagnostic {
        self.say("a list item cannot begin here")
            .label("item")
            .help("put `- ` on a line of its own below the key, write `[a, b]`, or quote a text that begins with `- `")
    }

    fn unclosed_quote(&self) -> Diagnostic {
        let from = self.reader.last.end.min(self.at);
        let opening = self.text(from..).char_indices().find(|(_, character)| matches!(character, '"' | '\''));
        let (start, quote) = opening.map_or((self.at, '"'), |(offset, quote)| (from + offset, quote));
        Diagnostic::new(&problems::YAML_SYNTAX, self.span(start, start + 1), "this quoted text is never closed")
            .label("opened here")
            .help(format!("close it with `{quote}`; in a text over several lines each line is indented"))
    }

    fn after_quote(&self) -> Diagnostic {
        self.say("something follows a quoted text")
            .label("not part of the text")
            .help("quote the whole value: inside \"...\" write \\\" for a quote, inside '...' write ''")
    }

    fn escape(&self) -> Diagnostic {
        let quoted = self.text(self.at..);
        let known = |kind: char| "0abt\tnvfre \"/\\N_LPxuU\n\r".contains(kind);
        let mut characters = quoted.char_indices();
        while let Some((offset, character)) = characters.next() {
            let Some((_, kind)) = (if character == '\\' { characters.next() } else { None }) else { continue };
            if !known(kind) {
                let start = self.at + offset;
                let span = self.span(start, start + 1 + kind.len_utf8());
                return Diagnostic::new(&problems::YAML_SYNTAX, span, format!("`\\{kind}` is no escape of YAML"))
                    .label("in a double-quoted text")
                    .help("write the backslash twice, or use single quotes, where a backslash is itself");
            }
        }
        self.say("an escape in this text is not complete")
            .label("double-quoted text")
            .help("\\x takes two, \\u four and \\U eight hexadecimal digits; in single quotes a backslash is itself")
    }

    fn unclosed(&self, open: char) -> Diagnostic {
        let closing = if open == '[' { ']' } else { '}' };
        self.say(format!("this `{open}` is never closed"))
            .label("opened here")
            .help(format!("close it with `{closing}`; quote a text that begins with `{open}`"))
    }

    fn separator(&self) -> Diagnostic {
        let opening = self.reader.frames.iter().rev().map(Frame::start).find(|start| start.end > start.start);
        let bracket = opening.map_or("{", |opening| self.text(opening.range()));
        let closing = if bracket == "[" { ']' } else { '}' };
        let problem = self
            .say(format!("`,` or `{closing}` is missing"))
            .label("expected before this")
            .help(format!("separate with commas and close with `{closing}`; quote a text that contains `: ` or `, `"));
        match opening {
            Some(opening) => problem.also(opening, "opened here"),
            None => problem,
        }
    }

    /// The parser stands at the opening bracket here.
    fn mismatched(&self, open: char, close: char) -> Diagnostic {
        let from = self.reader.last.end.max(self.at);
        let closing = self
            .text(from..)
            .find(close)
            .map_or(self.character(), |offset| self.span(from + offset, from + offset + close.len_utf8()));
        Diagnostic::new(&problems::YAML_SYNTAX, closing, format!("`{open}` is closed by `{close}`"))
            .label("the wrong bracket")
            .also(self.character(), "opened here")
            .help("close each bracket with its own kind, the inner one first")
    }

    fn reserved(&self, character: char) -> Diagnostic {
        if character.is_control() {
            return self
                .say(format!("the control character U+{:04X} in the text", u32::from(character)))
                .label("here")
                .help("remove it; inside a double-quoted text write it as an escape");
        }
        self.say(format!("a value cannot begin with `{character}` unless it is quoted"))
            .label("reserved by YAML")
            .help("put the value in quotes")
    }
}

/// `InvalidTagEscape` as "invalid tag escape".
fn in_words(name: &str) -> String {
    let end = name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len());
    let mut words = String::new();
    for letter in name.get(..end).unwrap_or(name).chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

fn shorten(line: &str) -> String {
    const SHOWN: usize = 40;
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    }
}
