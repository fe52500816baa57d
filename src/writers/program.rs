//! Text inside programs: literals that mean themselves, comments that stay comments.

/// A text literal of Python.
pub fn python_text(text: &str) -> String {
    literal(text, '"')
}

/// A text literal of JavaScript.
pub fn javascript_text(text: &str) -> String {
    literal(text, '\'')
}

/// Both languages read these escapes alike.
fn literal(text: &str, quote: char) -> String {
    let mut escaped = String::from(quote);
    for letter in text.chars() {
        match letter {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '\\' => escaped.push_str("\\\\"),
            letter if letter == quote => {
                escaped.push('\\');
                escaped.push(letter);
            }
            // Also the two that end a line in JavaScript.
            letter if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => {
                escaped.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => escaped.push(letter),
        }
    }
    escaped.push(quote);
    escaped
}

/// Words on one line, for a comment that the line's end closes.
pub fn comment(text: &str) -> String {
    let ends = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    text.chars().map(|letter| if ends(letter) { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_mean_themselves() {
        assert_eq!(python_text("a \"b\"\n\\ 'c'"), r#""a \"b\"\n\\ 'c'""#);
        assert_eq!(javascript_text("it's \u{2028}\u{7}"), r"'it\'s \u2028\u0007'");
    }

    #[test]
    fn comments_end_with_their_line() {
        assert_eq!(comment("a\nimport os\r\u{2028}b"), "a import os  b");
    }
}
