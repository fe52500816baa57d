//! Text inside HCL's quotes and heredocs.

use std::iter::repeat_n;

/// A quoted string that holds exactly `text`.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", literal(text, false))
}

/// The inside of a quoted string. `before_interpolation` says that `${` follows at once.
///
/// `$${` and `%%{` stand for `${` and `%{`. In a longer run of `$` readers differ on which two make
/// the escape, so there each sign is spelled by its code, which no reader takes for a template.
pub(super) fn literal(text: &str, before_interpolation: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if matches!(character, '$' | '%') {
            let after = rest.trim_start_matches(character);
            let run = rest.len() - after.len();
            let opens = after.starts_with('{');
            if opens && run == 1 {
                out.extend(repeat_n(character, 2));
            } else if opens || (after.is_empty() && before_interpolation) {
                out.extend(repeat_n(unicode(character), run));
            } else {
                out.push_str(&rest[..run]);
            }
            rest = after;
            continue;
        }
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            hidden if is_hidden(hidden) => out.push_str(&unicode(hidden)),
            plain => out.push(plain),
        }
        rest = &rest[character.len_utf8()..];
    }
    out
}

/// The key of an object: bare where the language allows it. Beyond ASCII it is spelled by codes, so
/// that its width is the same to every formatter.
pub(super) fn key(text: &str) -> String {
    // `for` opens a comprehension; the others read as values.
    if super::is_identifier(text) && !matches!(text, "for" | "if" | "in" | "null" | "true" | "false") {
        return text.to_owned();
    }
    let escaped: String = literal(text, false)
        .chars()
        .map(|character| if character.is_ascii() { character.to_string() } else { unicode(character) })
        .collect();
    format!("\"{escaped}\"")
}

/// The lines of a heredoc that holds exactly `text`, or nothing where a heredoc cannot: it always
/// ends in a newline, knows no escape but those of templates, and loses shared indentation.
pub(super) fn heredoc_lines(text: &str) -> Option<Vec<String>> {
    let body = text.strip_suffix('\n')?;
    let lines: Vec<&str> = body.split('\n').collect();
    let holds = lines.first().is_some_and(|line| !line.is_empty() && !line.starts_with(char::is_whitespace))
        && lines.iter().all(|line| {
            line.trim() != HEREDOC_END
                && (line.is_empty() || !line.trim().is_empty())
                && !line.contains(|character: char| is_hidden(character) || character == '\t')
                && !["$${", "%%{"].iter().any(|run| line.contains(run))
        });
    holds.then(|| lines.iter().map(|line| line.replace("${", "$${").replace("%{", "%%{")).collect())
}

/// The word that closes a heredoc.
pub(super) const HEREDOC_END: &str = "EOT";

/// The lines of a comment, without what could end it early.
pub(super) fn comment_lines(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(['\n', '\r']).map(|line| {
        let shown: String = line.chars().filter(|&character| !is_hidden(character)).collect();
        format!("# {shown}").trim_end().to_owned()
    })
}

/// Controls, other line breaks, byte order marks and what changes the direction of text.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn unicode(character: char) -> String {
    match u32::from(character) {
        code @ 0..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}
