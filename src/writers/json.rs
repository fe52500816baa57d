//! JSON: two spaces a level, a newline at the end.

use serde::Serialize;

/// The text of `value`, indented by two spaces, with a final newline. Keys keep their order. Goes straight from the
/// struct to text: a tree of values between them would be most of the work. Nothing that is written here can
/// fail (keys are text, numbers finite).
pub fn write<T: Serialize + ?Sized>(value: &T) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// A value on a line of its own.
pub fn line<T: Serialize + ?Sized>(value: &T) -> String {
    let mut text = serde_json::to_string(value).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn keeps_the_order_of_keys_and_ends_in_a_newline() {
        let value = json!({"b": [1, {"a": "\u{1}\"\n"}], "a": {}, "empty": []});
        let text = write(&value);
        assert_eq!(
            text,
            "{\n  \"b\": [\n    1,\n    {\n      \"a\": \"\\u0001\\\"\\n\"\n    }\n  ],\n  \"a\": {},\n  \"empty\": []\n}\n"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
