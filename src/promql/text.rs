//! Strings as PromQL quotes them, by the rules of Go.

use std::ops::Range;

use super::error::SyntaxError;

fn fault(range: Range<usize>, message: impl Into<String>) -> SyntaxError {
    SyntaxError::new(range, message)
}

/// Reads the quoted string a text begins with: its value, and how many bytes it took with its quotes.
pub(super) fn unquote(text: &str) -> Result<(String, usize), SyntaxError> {
    let quote = text.chars().next().unwrap_or('"');
    let body = text.get(1..).unwrap_or("");
    if quote == '`' {
        let Some(end) = body.find('`') else {
            return Err(fault(0..text.len(), "string is never closed").help("put a closing ` at its end"));
        };
        let value = body.get(..end).unwrap_or("");
        return replacement_at(value, 1).map_or_else(|| Ok((value.to_owned(), end + 2)), Err);
    }
    let mut bytes = Vec::new();
    let mut at = 1;
    loop {
        let rest = text.get(at..).unwrap_or("");
        let Some(next) = rest.chars().next().filter(|c| *c != '\n') else {
            return Err(fault(0..at, "string is never closed").help(format!("put a closing {quote} at its end")));
        };
        at += next.len_utf8();
        match next {
            '\\' => at += escape(rest, quote, at - 1, &mut bytes)?,
            '\u{fffd}' => return Err(bad_encoding(at - 3..at)),
            _ if next == quote => break,
            _ => bytes.extend_from_slice(next.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    let value = String::from_utf8(bytes).map_err(|_| fault(0..at, "the escapes of this string make no valid UTF-8"))?;
    Ok((value, at))
}

fn replacement_at(value: &str, offset: usize) -> Option<SyntaxError> {
    value.find('\u{fffd}').map(|at| bad_encoding(offset + at..offset + at + 3))
}

fn bad_encoding(range: Range<usize>) -> SyntaxError {
    fault(range, "broken encoding: Prometheus refuses the character U+FFFD").help("write \\ufffd if it is meant")
}

/// Reads the escape a text begins with (at `at` of the whole): appends its bytes, returns how many
/// bytes follow the backslash.
fn escape(text: &str, quote: char, at: usize, bytes: &mut Vec<u8>) -> Result<usize, SyntaxError> {
    let Some(letter) = text.chars().nth(1) else {
        return Err(fault(at..at + 1, "string ends inside an escape"));
    };
    let simple = match letter {
        'a' => Some(7),
        'b' => Some(8),
        'f' => Some(12),
        'n' => Some(b'\n'),
        'r' => Some(b'\r'),
        't' => Some(b'\t'),
        'v' => Some(11),
        '\\' => Some(b'\\'),
        c if c == quote => u8::try_from(c).ok(),
        _ => None,
    };
    if let Some(byte) = simple {
        bytes.push(byte);
        return Ok(1);
    }
    let (digits, radix, skipped) = match letter {
        'x' => (2, 16, 1),
        'u' => (4, 16, 1),
        'U' => (8, 16, 1),
        '0'..='7' => (3, 8, 0),
        _ => {
            let range = at..at + 1 + letter.len_utf8();
            let error = fault(range, format!("unknown escape `\\{}`", letter.escape_debug()));
            return Err(error.help("double the backslash: regular expressions in quotes write \\\\. and \\\\d"));
        }
    };
    let written: String = text.chars().skip(1 + skipped).take(digits).collect();
    let whole = at..at + 1 + skipped + written.len();
    let code = Some(written.as_str())
        .filter(|w| w.len() == digits && w.chars().all(|c| c.is_digit(radix)))
        .and_then(|w| u32::from_str_radix(w, radix).ok());
    let Some(code) = code else {
        return Err(fault(whole, format!("this escape needs {digits} digits")));
    };
    if matches!(letter, 'u' | 'U') {
        let Some(character) = char::from_u32(code) else {
            return Err(fault(whole, "this escape names no Unicode character"));
        };
        bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    } else if let Ok(byte) = u8::try_from(code) {
        bytes.push(byte);
    } else {
        return Err(fault(whole, "this escape is beyond one byte"));
    }
    Ok(skipped + digits)
}

/// Writes a value in quotes, so that [`unquote`] gives it back.
pub(super) fn quote(out: &mut String, value: &str) {
    out.push('"');
    // Nearly every value is printable ASCII, and stands as it is.
    let special = |byte| !matches!(byte, b' '..=b'~') | (byte == b'"') | (byte == b'\\');
    if value.bytes().fold(0, |found, byte| found | u8::from(special(byte))) == 0 {
        out.push_str(value);
    } else {
        value.chars().for_each(|character| escaped(out, character));
    }
    out.push('"');
}

fn escaped(out: &mut String, character: char) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if is_hidden(c) => {
            let code = u32::from(c);
            out.push_str(&if code <= 0xffff { format!("\\u{code:04x}") } else { format!("\\U{code:08x}") });
        }
        c => out.push(c),
    }
}

/// Characters that a reader could not see, or that would reorder what stands beside them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{fffd}' | '\u{feff}' | '\u{ad}' | '\u{a0}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_escape() {
        let read = |text: &str| unquote(text).map(|(value, _)| value).map_err(|e| e.range);
        assert_eq!(read(r#""a\n\t\\\"\x41\102é\U0001F600'" rest"#), Ok("a\n\t\\\"ABé😀'".to_owned()));
        assert_eq!(read(r"'it\'s'"), Ok("it's".to_owned()));
        assert_eq!(read(r"`\d\.`"), Ok(r"\d\.".to_owned()));
        assert_eq!(read(r#""\xc3\xa9""#), Ok("é".to_owned()));
        assert_eq!(read(r#""a\d""#), Err(2..4));
        assert_eq!(read(r#""\'""#), Err(1..3));
        assert_eq!(read(r#""\ud800""#), Err(1..7));
        assert_eq!(read(r#""\xff""#), Err(0..6));
        assert_eq!(read("\"a\nb\""), Err(0..2));
        assert_eq!(read("\"\\"), Err(1..2));
        assert_eq!(read("\"\\777\""), Err(1..5));
    }

    #[test]
    fn quoting_gives_the_value_back() {
        for value in ["", "a\"b\\c", "\n\r\t\0\u{7f}", "\u{fffd}\u{202e}x", "é😀$x"] {
            let mut quoted = String::new();
            quote(&mut quoted, value);
            assert_eq!(unquote(&quoted), Ok((value.to_owned(), quoted.len())), "{quoted}");
        }
    }
}
