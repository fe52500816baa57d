//! JSON: two spaces a level, a newline at the end.

use serde_json::Value;

/// The text of `value`, indented by two spaces, with a final newline. Keys keep their order.
pub fn write(value: &Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
