//! From the bytes of a scalar's text back to the bytes of its file.
//!
//! Parsers hand out the finished text and the range it came from. Both are walked side by side:
//! what is not white space and not an escape appears in both, in the same order.

use super::node::Origin;

/// How a notation turns written bytes into text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notation {
    /// What stands for something else.
    pub(crate) escapes: Escapes,
    /// How much of a line's leading blanks is not text.
    pub(crate) indentation: Indentation,
}

/// Which characters stand for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escapes {
    /// None: plain text, blocks, TOML literals.
    None,
    /// Two single quotes are one.
    DoubledQuote,
    /// Backslash sequences.
    Backslash,
}

/// What a line break drops of the next line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Indentation {
    /// All blanks (flow scalars, where lines are folded).
    Every,
    /// At most so many spaces (blocks).
    Exactly(usize),
}

/// The origin of `text`, written as `written` (quotes excluded) from byte `base` of the file on.
pub(crate) fn align(text: &str, written: &str, base: usize, notation: Notation) -> Origin {
    let base = u32::try_from(base).unwrap_or(u32::MAX);
    if text == written {
        return Origin::Verbatim(base);
    }
    let mut walk = Walk { written, at: 0, notation, base, runs: Vec::new() };
    for (offset, character) in text.char_indices() {
        walk.step(offset, character);
    }
    Origin::Runs(walk.runs.into_boxed_slice())
}

struct Walk<'a> {
    written: &'a str,
    at: usize,
    notation: Notation,
    base: u32,
    runs: Vec<(u32, u32)>,
}

impl Walk<'_> {
    /// Finds one character of the text and moves past it.
    fn step(&mut self, offset: usize, character: char) {
        while self.skip_continuation() {}
        if character.is_ascii_whitespace() {
            self.skip_dropped_blanks();
            self.record(offset);
            if self.at_blank() {
                self.take_blank();
            } else if let Some((length, true)) = self.escape() {
                self.advance(length);
            }
            // Otherwise a fold that has been passed already: the text goes on here.
            return;
        }
        loop {
            match self.escape() {
                Some((length, true)) => self.advance(length),
                _ if self.at_blank() => self.advance(1),
                _ if self.skip_continuation() || self.skip_comment() => {}
                _ => break,
            }
        }
        self.record(offset);
        let length = self.escape().map(|(length, _)| length).or_else(|| self.peek().map(char::len_utf8));
        self.advance(length.unwrap_or(0));
    }

    fn at_blank(&self) -> bool {
        self.peek().is_some_and(|next| next.is_ascii_whitespace())
    }

    /// Blanks at the end of a folded line are not text.
    fn skip_dropped_blanks(&mut self) {
        let rest = self.written.get(self.at..).unwrap_or("");
        let line_end = rest.trim_start_matches([' ', '\t']);
        if self.notation.indentation == Indentation::Every && line_end.starts_with(['\n', '\r']) {
            self.advance(rest.len() - line_end.len());
        }
    }

    fn peek(&self) -> Option<char> {
        self.written.get(self.at..)?.chars().next()
    }

    fn advance(&mut self, bytes: usize) {
        let mut at = (self.at + bytes).min(self.written.len());
        while !self.written.is_char_boundary(at) {
            at += 1;
        }
        self.at = at;
    }

    fn record(&mut self, offset: usize) {
        let text = u32::try_from(offset).unwrap_or(u32::MAX);
        let file = self.base.saturating_add(u32::try_from(self.at).unwrap_or(u32::MAX));
        let goes_on = self
            .runs
            .last()
            .is_some_and(|&(last_text, last_file)| file.checked_sub(last_file) == Some(text - last_text));
        if !goes_on {
            self.runs.push((text, file));
        }
    }

    /// A comment between the lines of a plain text, which some parsers let pass.
    fn skip_comment(&mut self) -> bool {
        let plain = self.notation.escapes == Escapes::None && self.notation.indentation == Indentation::Every;
        let rest = self.written.get(self.at..).unwrap_or("");
        let before = self.written.get(..self.at).unwrap_or("");
        let is_comment = plain && rest.starts_with('#') && before.ends_with(|last: char| last.is_ascii_whitespace());
        if is_comment {
            self.advance(rest.find(['\n', '\r']).unwrap_or(rest.len()));
        }
        is_comment
    }

    /// One blank, or one line break with the indentation behind it.
    fn take_blank(&mut self) {
        let rest = self.written.get(self.at..).unwrap_or("");
        let line_break = if rest.starts_with("\r\n") {
            2
        } else if rest.starts_with(['\n', '\r']) {
            1
        } else {
            self.advance(1);
            return;
        };
        self.advance(line_break);
        let line = self.written.get(self.at..).unwrap_or("");
        let skipped = match self.notation.indentation {
            Indentation::Every => line.len() - line.trim_start_matches([' ', '\t']).len(),
            Indentation::Exactly(most) => line.bytes().take(most).take_while(|byte| *byte == b' ').count(),
        };
        self.advance(skipped);
    }

    /// A backslash before a line break: neither it nor the next line's indentation is text.
    fn skip_continuation(&mut self) -> bool {
        if self.notation.escapes != Escapes::Backslash {
            return false;
        }
        let rest = self.written.get(self.at..).unwrap_or("");
        let Some(after) = rest.strip_prefix('\\') else { return false };
        let line_end = after.trim_start_matches([' ', '\t']);
        if !line_end.starts_with(['\n', '\r']) {
            return false;
        }
        let next = line_end.strip_prefix("\r\n").unwrap_or_else(|| line_end.get(1..).unwrap_or(""));
        let content = next.trim_start_matches([' ', '\t']);
        self.advance(rest.len() - content.len());
        true
    }

    /// Bytes of the escape here, if there is one, and whether it stands for white space.
    fn escape(&self) -> Option<(usize, bool)> {
        let rest = self.written.get(self.at..)?;
        match self.notation.escapes {
            Escapes::None => None,
            Escapes::DoubledQuote => rest.starts_with("''").then_some((2, false)),
            Escapes::Backslash => {
                let kind = rest.strip_prefix('\\')?.chars().next()?;
                let code = |digits: usize| {
                    let code = rest.get(2..2 + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                    code.unwrap_or(u32::MAX)
                };
                let is_blank = |code: u32| u8::try_from(code).is_ok_and(|byte| byte.is_ascii_whitespace());
                Some(match kind {
                    'x' => (4, is_blank(code(2))),
                    // Two halves of a pair are one character.
                    'u' if (0xD800..0xDC00).contains(&code(4)) && rest.get(6..8) == Some("\\u") => (12, false),
                    'u' => (6, is_blank(code(4))),
                    'U' => (10, is_blank(code(8))),
                    other => (1 + other.len_utf8(), matches!(other, 'n' | 'r' | 't' | 'f' | ' ' | '\t')),
                })
            }
        }
    }
}

/// The start of the character that byte `at` belongs to.
pub(crate) fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
