//! The text of one YAML scalar: plain where every reader sees a string, quoted otherwise.

use serde_json::Number;

/// Where a scalar stands, which decides the styles it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The whole document.
    Root,
    /// The key of a mapping: one line.
    Key,
    /// The value of a key or an item of a list; a `|` block stands at `column`.
    Child { column: usize },
}

/// Plain words that some reader resolves to a boolean, a null or a number, in any letter case.
const RESERVED: [&str; 13] =
    ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nil", "inf", "nan", "infinity"];

/// The number as JSON prints it, except that an exponent gets a point and a sign: YAML 1.1 reads
/// `1e21` as a string.
pub(super) fn number(number: &Number) -> String {
    let text = number.to_string();
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return text };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['-', '+']) { "" } else { "+" };
    format!("{mantissa}{point}e{sign}{exponent}")
}

/// Writes a string in the lightest safe style. A `|` block ends in a newline; no other style does.
pub(super) fn string(out: &mut String, text: &str, place: Place) {
    match place {
        Place::Child { column } if fits_block(text) => block(out, text, column),
        _ if !all_stand_raw(text) => double_quoted(out, text),
        _ if is_plain(text) => out.push_str(text),
        _ => {
            out.push('\'');
            for (index, piece) in text.split('\'').enumerate() {
                out.push_str(if index == 0 { "" } else { "''" });
                out.push_str(piece);
            }
            out.push('\'');
        }
    }
}

/// The lines of a comment, without what could end it early.
pub(super) fn comment_lines(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
        .map(|line| line.chars().filter(|&character| stands_raw(character)).collect())
}

/// Whether every character stands raw; nearly all text is printable ASCII, which is quickly seen: without a way
/// out of the loop, sixteen bytes are looked at in one step.
fn all_stand_raw(text: &str) -> bool {
    let unusual = text.bytes().fold(0, |unusual, byte| unusual | u8::from(!matches!(byte, b' '..=b'~')));
    unusual == 0 || text.chars().all(stands_raw)
}

/// Whether every reader takes the character as it is. Everything else is escaped: controls (DEL and
/// C1 with NEL among them), the line breaks of YAML 1.1, byte order marks, and the invisible or
/// direction-changing characters that make a file read differently from what it says.
fn stands_raw(character: char) -> bool {
    match character {
        ' '..='~' => true,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => false,
        '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{ad}' => false,
        '\u{a1}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => true,
        _ => false,
    }
}

/// A string of several lines that reads well as a block: no line ends in white space that nobody
/// would see, none starts with a tab, and there is something to see.
fn fits_block(text: &str) -> bool {
    text.contains('\n')
        && text.bytes().any(|byte| byte != b'\n' && byte != b' ')
        && text.split('\n').all(|line| {
            !line.ends_with([' ', '\t'])
                && !line.starts_with('\t')
                && (all_stand_raw(line) || line.chars().all(|character| character == '\t' || stands_raw(character)))
        })
}

fn block(out: &mut String, text: &str, column: usize) {
    // Without it a reader takes the indentation of the first line that is not empty.
    let indentation = if text.starts_with([' ', '\n']) { "2" } else { "" };
    let body = text.trim_end_matches('\n');
    let newlines = text.len() - body.len();
    let chomping = match newlines {
        0 => "-",
        1 => "",
        _ => "+",
    };
    out.push('|');
    out.push_str(indentation);
    out.push_str(chomping);
    out.push('\n');
    for line in body.split('\n') {
        if !line.is_empty() {
            indent(out, column);
            out.push_str(line);
        }
        out.push('\n');
    }
    out.extend(std::iter::repeat_n('\n', newlines.saturating_sub(1)));
}

/// So many blanks.
pub(super) fn indent(out: &mut String, column: usize) {
    const BLANKS: &str = "                                ";
    let mut rest = column;
    while rest > 0 {
        let some = rest.min(BLANKS.len());
        out.push_str(BLANKS.get(..some).unwrap_or(BLANKS));
        rest -= some;
    }
}

fn double_quoted(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            raw if stands_raw(raw) => out.push(raw),
            other => out.push_str(&match u32::from(other) {
                code @ 0..=0xff => format!("\\x{code:02x}"),
                code @ 0x100..=0xffff => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            }),
        }
    }
    out.push('"');
}

/// Whether the string needs no quotes. The rule allows what is known to be safe and nothing more.
fn is_plain(text: &str) -> bool {
    starts_plain(text) && !text.ends_with([' ', ':']) && !breaks_off(text) && !is_reserved(text) && !looks_numeric(text)
}

fn is_reserved(text: &str) -> bool {
    let may_be = text.len() <= "infinity".len()
        && text.starts_with(['y', 'n', 'o', 't', 'f', 'i', 'Y', 'N', 'O', 'T', 'F', 'I']);
    may_be && RESERVED.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a key or a comment begins inside: `: ` or ` #`.
fn breaks_off(text: &str) -> bool {
    let (bytes, rest) = (text.as_bytes(), text.as_bytes().get(1..).unwrap_or_default());
    let ends = |one, next| ((one == b':') & (next == b' ')) | ((one == b' ') & (next == b'#'));
    bytes.iter().zip(rest).fold(0, |found, (&one, &next)| found | u8::from(ends(one, next))) != 0
}

/// No indicator, no white space and no sign stands first; a long option (`--flag`) is no document marker.
fn starts_plain(text: &str) -> bool {
    let rest = text.strip_prefix("--").unwrap_or(text);
    let option = rest.len() != text.len();
    rest.chars().next().is_some_and(|first| {
        if option {
            first.is_ascii_alphabetic()
        } else {
            first.is_alphabetic() || first.is_ascii_digit() || matches!(first, '_' | '/' | '$' | '(')
        }
    })
}

/// Whether some reader may take the text for an integer (any base, with `_`), a float, a base-60
/// number or a timestamp. All of them start with a digit here, and use few letters.
fn looks_numeric(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && !is_duration(text)
        && text.chars().all(|character| {
            character.is_ascii_hexdigit()
                || matches!(character, ' ' | '+' | ',' | '-' | '.' | ':' | '_')
                || matches!(character.to_ascii_lowercase(), 'i' | 'n' | 'o' | 'p' | 't' | 'x' | 'z')
        })
}

/// `30d`, `1h30m`: the form of Prometheus, which is a number nowhere.
fn is_duration(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let after_digits = rest.trim_start_matches(|character: char| character.is_ascii_digit());
        if after_digits.len() == rest.len() {
            return false;
        }
        let unit = ["ms", "s", "m", "h", "d", "w", "y"].iter().find_map(|unit| after_digits.strip_prefix(unit));
        match unit {
            Some(after_unit) => rest = after_unit,
            None => return false,
        }
    }
    true
}
