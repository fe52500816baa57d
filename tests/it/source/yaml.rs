//! YAML: the core schema, and everything that is refused.

use bellwether::source::Format;

use super::{Outcome, at, read};

fn yaml(text: &str) -> Outcome {
    read(Format::Yaml, text)
}

#[test]
fn scalars_follow_the_core_schema() {
    let text = "[5, -0.5, 1e3, 0x1F, 0o17, true, False, null, ~, , 5%, 30d, 10/s, '5', 22:22, 1_000, .inf, .nan, 2026-01-01, \
                '#ims-alerts', 99.9%, 99.90, !!str 5, ! 6]";
    let outcome = yaml(&text.replace(" ,", " null,"));
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.complaints());
    assert_eq!(
        outcome.shown(),
        "[5, -0.5, 1000, 31, 15, true, false, null, null, null, \"5%\", \"30d\", \"10/s\", \"5\", \"22:22\", \"1_000\", \
         \".inf\", \".nan\", \"2026-01-01\", \"#ims-alerts\", \"99.9%\", 99.9, \"5\", \"6\"]"
    );
}

#[test]
fn an_old_boolean_is_text_with_a_warning_and_a_sure_fix() {
    let outcome = yaml("country: no\n");
    assert_eq!(outcome.shown(), "{country: \"no\"}");
    let problem = outcome.only();
    assert_eq!(problem.code.name, "yaml-1-1-boolean");
    assert_eq!(problem.severity.name(), "warning");
    let fix = problem.fix.as_ref().expect("a fix");
    assert_eq!((outcome.sources.slice(fix.span), fix.replacement.as_str()), ("no", "\"no\""));
    for word in ["y", "N", "Yes", "OFF", "on"] {
        assert_eq!(yaml(&format!("- {word}")).only().code.name, "yaml-1-1-boolean", "{word}");
    }
    // Quoted, in the place of a key, or not one of the words.
    let fine = yaml("on: 'no'\nyes: \"off\"\na: nope\nb: oN\n");
    assert!(fine.diagnostics.is_empty(), "{:?}", fine.complaints());
}

#[test]
fn a_leading_zero_keeps_its_digits() {
    let outcome = yaml("account: 0123\nzero: 0\nhalf: 0.5\n");
    assert_eq!(outcome.shown(), "{account: \"0123\", zero: 0, half: 0.5}");
    assert_eq!(outcome.only().code.name, "yaml-leading-zero");
}

#[test]
fn both_places_of_a_double_key_are_shown_and_the_first_counts() {
    let outcome = yaml("a: 1\nb: 2\na: 3\n");
    assert_eq!(outcome.shown(), "{a: 1, b: 2}");
    let problem = outcome.only();
    assert_eq!(problem.code.name, "duplicate-key");
    assert_eq!(problem.span.expect("a place").start, 10);
    assert_eq!(problem.labels[0].span.start, 0);
}

#[test]
fn all_that_is_wrong_is_said_in_one_run() {
    let outcome = yaml("a: *nowhere\nb: !secret x\n[c]: 1\nd: 1e99\nd: 2\ne: 3\n");
    assert_eq!(outcome.shown(), "{a: !, b: \"x\", d: !, e: 3}");
    assert_eq!(
        outcome.complaints(),
        [
            "error unknown-anchor:1:4 \"*nowhere\" no anchor `nowhere` before this alias",
            "error foreign-tag:2:4 \"!secret\" the tag `!secret` means nothing here",
            "error key-not-text:3:1 \"[c]\" a key must be plain text",
            "error number-out-of-range:4:4 \"1e99\" `1e99` does not fit into 28 digits",
            "error duplicate-key:5:1 \"d\" the key `d` is given twice",
        ]
    );
}

#[test]
fn a_template_without_quotes_is_one_error_that_names_the_cure() {
    let outcome = yaml("summary: {{ $value }}\nnext: 1\n");
    let problem = outcome.only();
    assert_eq!(problem.code.name, "key-not-text");
    assert!(problem.help.as_deref().expect("help").contains("quote"), "{problem:?}");
    assert_eq!(at(&outcome.node, &["next"]).kind(), "a number");
}

#[test]
fn aliases_keep_the_place_of_their_anchor() {
    let outcome = yaml("base: &b {every: 5m}\ncopy: *b\n");
    assert_eq!(outcome.shown(), "{base: {every: \"5m\"}, copy: {every: \"5m\"}}");
    assert_eq!(at(&outcome.node, &["copy", "every"]).span, at(&outcome.node, &["base", "every"]).span);
}

#[test]
fn merge_keys_give_way_to_what_is_written() {
    let outcome = yaml(
        "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {w: 0, <<: *a, y: 5}\nd:\n  <<: [*b, *a]\n  v: 6\ne: {\"<<\": 7}\n",
    );
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.complaints());
    assert!(
        outcome.shown().ends_with("c: {w: 0, x: 1, y: 5}, d: {y: 3, z: 4, x: 1, v: 6}, e: {<<: 7}}"),
        "{}",
        outcome.shown()
    );
    assert_eq!(yaml("a: {<<: 5}").only().code.name, "merge-key");
}

#[test]
fn misspelt_aliases_get_a_suggestion_and_cycles_end() {
    let outcome = yaml("a: &defaults {x: 1}\nb: *default\n");
    assert_eq!(outcome.only().help.as_deref(), Some("did you mean `defaults`?"));
    let cycle = yaml("a: &a [1, *a]\nb: 2\n");
    assert_eq!(cycle.only().message, "the anchor `a` contains itself");
    assert_eq!(cycle.shown(), "{a: [1, !], b: 2}");
    assert_eq!(yaml("a: &a x\n*a : z\n").only().message, "an alias cannot be a key");
}

#[test]
fn one_file_is_one_document() {
    assert!(yaml("---\na: 1\n...\n").diagnostics.is_empty());
    let outcome = yaml("a: 1\n---\nb: 2\n");
    assert_eq!(outcome.only().code.name, "several-documents");
    assert_eq!(outcome.underlined(), "---");
}

#[test]
fn nothing_written_is_said_once() {
    for text in ["", "\n\n", "# only a comment\n", "---\n", "---\n...\n", "   "] {
        assert_eq!(yaml(text).only().code.name, "empty-spec", "{text:?}");
    }
}

#[test]
fn blocks_end_with_their_last_value() {
    let outcome = yaml("a:\n  b: 1\n  c: [2, 3]\n\n# far\n\nd:\n- x\n- y\ne: |\n  text\n\n\n");
    let slice = |path: &[&str]| outcome.sources.slice(at(&outcome.node, path).span).to_owned();
    assert_eq!(slice(&["a"]), "b: 1\n  c: [2, 3]");
    assert!(slice(&["d"]).ends_with("x\n- y"));
    assert_eq!(slice(&["a", "c"]), "[2, 3]");
    assert_eq!(slice(&["e"]), "text");
}

#[test]
fn common_slips_are_named() {
    for (text, message, underlined) in [
        ("a:\n\tb: 1\n", "a tab where YAML wants spaces", "\t"),
        ("a:1\nb: 2\n", "a space is missing after this `:`", ":"),
        ("b: 2\na:1\n", "a space is missing after this `:`", ":"),
        ("a: 1\n  b: 2\n", "this line is indented too far for a key", ":"),
        ("a:\n  - b\n c: 1\n", "this line lines up with nothing above it", "c: 1"),
        ("a: \"x\nb: 2\n", "this quoted text is never closed", "\""),
        ("é: 'x\nb: 2\n", "this quoted text is never closed", "'"),
        ("a: \"x\n", "this quoted text is never closed", "\""),
        ("a: x: y\n", "a second `: ` on this line", ":"),
        ("a: [1, 2\n", "this `[` is never closed", "["),
        ("a: {x: 1\nb: 2\n", "`,` or `}` is missing", ":"),
        ("a: @x\n", "a value cannot begin with `@` unless it is quoted", "@"),
        ("a: %x\n", "a value cannot begin with `%` unless it is quoted", "%"),
        ("a: - b\n", "a list item cannot begin here", "-"),
        ("- a\nb: 1\n", "a list goes on here with something that is no item", "b: 1"),
        ("a: 1\nno colon here\nb: 1\n", "`no colon here` is followed by no `:`", "no colon here"),
        ("no colon\nb: 1\n", "`no colon` is followed by no `:`", "no colon"),
        ("a: \"\\q\"\n", "`\\q` is no escape of YAML", "\\q"),
        ("a: \"x\" y\n", "something follows a quoted text", "y"),
        ("a: ]\n", "a closing bracket without an opening one", "]"),
        ("a: [1}\n", "`[` is closed by `}`", "}"),
    ] {
        let outcome = yaml(text);
        let problem = outcome.only();
        assert_eq!((problem.code.name, problem.message.as_str()), ("yaml-syntax", message), "{text:?}");
        assert_eq!(outcome.underlined(), underlined, "{text:?}");
        assert!(problem.help.is_some(), "{text:?}");
        assert_eq!(outcome.shown(), "!", "{text:?}");
    }
}
