//! Text to tokens, each with its bytes.
//!
//! A fault ends the tokens: what follows a stray quote is not the expression the author meant.

use std::ops::Range;

use super::error::SyntaxError;
use super::{number, text};

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A number as written: `1e3`, `0x1f`.
    Number,
    /// `5m`, `1h30m`.
    Duration,
    /// A string, unquoted.
    Text(String),
    /// A name or keyword; may hold colons outside braces and brackets.
    Word,
    /// `$name` or `${name}`: a dashboard variable.
    Variable,
    /// Punctuation.
    Sign(&'static str),
    /// Nothing left.
    End,
}

/// A token and its bytes.
#[derive(Debug, Clone)]
pub(super) struct Lexed {
    pub(super) token: Token,
    pub(super) range: Range<usize>,
}

/// Longest first. The single `&`, `|` and `!` exist only to be named in a message.
const SIGNS: [&str; 33] = [
    "==", "=~", "!=", "!~", "<=", ">=", "</", ">/", "&&", "||", "<>", "**", "(", ")", "{", "}", "[", "]", ",", "=",
    "<", ">", "+", "-", "*", "/", "%", "^", "@", "!", "&", "|", ";",
];

/// All tokens, the last of which is [`Token::End`], and the fault that ended them early.
pub(super) fn lex(text: &str) -> (Vec<Lexed>, Option<SyntaxError>) {
    let mut lexer = Lexer { text, at: 0, in_braces: false, in_brackets: false };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blank();
        let start = lexer.at;
        match lexer.next() {
            Ok(token) => {
                let done = token == Token::End;
                tokens.push(Lexed { token, range: start..lexer.at });
                if done {
                    return (tokens, None);
                }
            }
            Err(error) => {
                tokens.push(Lexed { token: Token::End, range: start..start });
                return (tokens, Some(error));
            }
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    in_braces: bool,
    in_brackets: bool,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.bytes().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
            self.at += blank;
            if !self.rest().starts_with('#') {
                return;
            }
            self.at += self.rest().find(['\n', '\r']).unwrap_or(self.rest().len());
        }
    }

    fn next(&mut self) -> Result<Token, SyntaxError> {
        let rest = self.rest();
        let mut characters = rest.chars();
        let (first, second) = (characters.next(), characters.next());
        match first {
            None => Ok(Token::End),
            Some('0'..='9') => self.number(),
            Some('.') if second.is_some_and(|c| c.is_ascii_digit()) => self.number(),
            Some('"' | '\'' | '`') => self.string(),
            Some(':') if self.in_brackets => {
                self.at += 1;
                Ok(Token::Sign(":"))
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' || c == ':' => {
                self.at += rest.bytes().take_while(|b| self.in_word(*b)).count();
                Ok(Token::Word)
            }
            Some('$') => self.variable(),
            Some(c) => self.sign(c),
        }
    }

    fn in_word(&self, byte: u8) -> bool {
        byte.is_ascii_alphanumeric() || byte == b'_' || (byte == b':' && !self.in_brackets)
    }

    fn sign(&mut self, first: char) -> Result<Token, SyntaxError> {
        let rest = self.rest();
        let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) else {
            let range = self.at..self.at + first.len_utf8();
            let error = SyntaxError::new(range, format!("`{}` means nothing in PromQL", first.escape_debug()));
            return Err(match first {
                '“' | '”' | '‘' | '’' => error.help("use plain quotes: \"...\""),
                '\u{a0}' => error.help("this is a no-break space: replace it with a plain one"),
                c if c.is_alphabetic() => error.help("quote names beyond ASCII inside braces: {\"...\"}"),
                _ => error,
            });
        };
        self.at += sign.len();
        match *sign {
            "{" => self.in_braces = true,
            "}" => self.in_braces = false,
            "[" if !self.in_braces => self.in_brackets = true,
            "]" => self.in_brackets = false,
            _ => {}
        }
        Ok(Token::Sign(sign))
    }

    fn variable(&mut self) -> Result<Token, SyntaxError> {
        let rest = self.rest();
        let name = |text: &str| text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let length = match rest.strip_prefix("${") {
            Some(inner) => inner.find('}').map(|end| end + 3),
            None => Some(name(rest.get(1..).unwrap_or("")) + 1).filter(|length| *length > 1),
        };
        let Some(length) = length else {
            return Err(SyntaxError::new(self.at..self.at + 1, "`$` means nothing in PromQL"));
        };
        self.at += length;
        Ok(Token::Variable)
    }

    /// A number, or a duration when a letter that no number has follows.
    fn number(&mut self) -> Result<Token, SyntaxError> {
        let rest = self.rest();
        let length = number::written_length(rest);
        let written = rest.get(..length).unwrap_or("");
        let range = self.at..self.at + length;
        self.at += length;
        if number::is_duration_shaped(written) {
            return Ok(Token::Duration);
        }
        if number::is_number_shaped(written) {
            return Ok(Token::Number);
        }
        let error = SyntaxError::new(range, format!("`{written}` is neither a number nor a duration"));
        Err(match written.bytes().next_back() {
            Some(b'M' | b'k' | b'K' | b'G' | b'B') => error.help("PromQL has no size suffixes: write 1e6 or 1024 ^ 2"),
            _ => error.help("durations look like 5m, 1h30m or 500ms, largest unit first"),
        })
    }

    fn string(&mut self) -> Result<Token, SyntaxError> {
        let (value, length) = text::unquote(self.rest()).map_err(|fault| {
            let range = self.at + fault.range.start..self.at + fault.range.end;
            SyntaxError { range, ..fault }
        })?;
        self.at += length;
        Ok(Token::Text(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<&str> {
        let (tokens, error) = lex(text);
        assert_eq!(error, None, "{text}");
        tokens.iter().filter_map(|t| text.get(t.range.clone())).filter(|t| !t.is_empty()).collect()
    }

    #[test]
    fn cuts_where_prometheus_cuts() {
        assert_eq!(tokens("a:b[5m:1m]"), ["a:b", "[", "5m", ":", "1m", "]"]);
        assert_eq!(tokens("x<=1e-3#no\n>/0x1F"), ["x", "<=", "1e-3", ">/", "0x1F"]);
        assert_eq!(tokens("{a=~'b'}"), ["{", "a", "=~", "'b'", "}"]);
        assert_eq!(tokens("[$__rate_interval]"), ["[", "$__rate_interval", "]"]);
        assert_eq!(tokens("1-1"), ["1", "-", "1"]);
    }

    #[test]
    fn points_at_the_stray_byte() {
        let fault = |text: &str| lex(text).1.map(|e| (e.range, e.message));
        assert_eq!(fault("a ? b"), Some((2..3, "`?` means nothing in PromQL".to_owned())));
        assert_eq!(fault("a > 5Mx").map(|(range, _)| range), Some(4..7));
        assert!(fault("a \"b").is_some_and(|(range, _)| range == (2..4)));
    }
}
