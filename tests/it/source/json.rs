//! JSON: strict, one error a text, with its place.

use bellwether::source::Format;

use super::{Outcome, at, read};

fn json(text: &str) -> Outcome {
    read(Format::Json, text)
}

#[test]
fn values_and_places() {
    let text = " {\"a\" : [1, -0.50, 1e3, true, false, null, \"\\u00e9\\n\"], \"b\":{}, \"c\": []} \n";
    let outcome = json(text);
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.complaints());
    assert_eq!(outcome.shown(), "{a: [1, -0.5, 1000, true, false, null, \"é\\n\"], b: {}, c: []}");
    assert_eq!(outcome.sources.slice(outcome.node.span), text.trim());
    assert_eq!(outcome.sources.slice(at(&outcome.node, &["a", "1"]).span), "-0.50");
    assert_eq!(outcome.sources.slice(outcome.node.as_map().expect("a map").entries[1].key.span), "\"b\"");
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    for (text, message, underlined) in [
        ("{\"a\": 1,}", "a comma before `}`", ","),
        ("[1,]", "a comma before `]`", ","),
        ("[1 2]", "`,` or `]` expected, found `2`", "2"),
        ("{\"a\" 1}", "`:` is missing after the key `a`", "1"),
        ("{a: 1}", "a key is expected, found `a`", "a"),
        ("{\"a\": 'x'}", "a value is expected, found `'`", "'"),
        ("{\"é\": yes}", "`yes` is no value of JSON", "yes"),
        ("[1, // x\n2]", "a value is expected, found `/`", "/"),
        ("[01]", "`01` is no number of JSON", "01"),
        ("[1.]", "`1.` is no number of JSON", "1."),
        ("[1.e5]", "`1.e5` is no number of JSON", "1.e5"),
        ("[-]", "`-` is no number of JSON", "-"),
        ("[NaN]", "`NaN` is no value of JSON", "NaN"),
        ("[5%]", "`5%` is no number of JSON", "5%"),
        ("{\"a\": [1, 2", "`[` is never closed", "["),
        ("{\"a\": 1", "`{` is never closed", "{"),
        ("{", "`{` is never closed", "{"),
        ("{\"a\":", "the text ends where a value should follow", ""),
        ("[\"abc", "this text is never closed", "\""),
        ("[\"a\nb\"]", "this text is never closed", "\""),
        ("[\"\\x\"]", "`\\x` is no escape of JSON", "\\x"),
        ("[\"\\ud800\"]", "`\\ud800` is no escape of JSON", "\\ud800"),
        ("[\"\\u12é4\"]", "`\\u` is no escape of JSON", "\\u"),
        ("{} {}", "`{` after the end of the value", "{"),
        ("[\"a\tb\"]", "a tab inside a text", "\t"),
    ] {
        let outcome = json(text);
        let problem = outcome.only();
        assert_eq!((problem.code.name, problem.message.as_str()), ("json-syntax", message), "{text}");
        assert_eq!(outcome.underlined(), underlined, "{text}");
    }
}

#[test]
fn double_keys_and_large_numbers_do_not_stop_the_reading() {
    let outcome = json("{\"a\": 1, \"a\": 2, \"b\": 1e99, \"c\": 3}");
    assert_eq!(outcome.shown(), "{a: 1, b: !, c: 3}");
    let codes: Vec<&str> = outcome.diagnostics.iter().map(|problem| problem.code.name).collect();
    assert_eq!(codes, ["duplicate-key", "number-out-of-range"]);
}

#[test]
fn nothing_written_is_said_once() {
    assert_eq!(json("  \n").only().code.name, "empty-spec");
}
