//! TOML: several mistakes in one run, and what is left is read.

use bellwether::source::Format;

use super::{Outcome, at, read};

fn toml(text: &str) -> Outcome {
    read(Format::Toml, text)
}

#[test]
fn values_are_exact_and_dates_are_text() {
    let outcome = toml(
        "a = 1_000\nb = 0xFF\nc = 99.90\nd = 1.5e3\ne = 1979-05-27T07:32:00Z\nf = inf\ng = true\n\"h i\" = 'x'\n[t.u]\nv = [1, {w = -0}]\n",
    );
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.complaints());
    assert_eq!(
        outcome.shown(),
        "{a: 1000, b: 255, c: 99.9, d: 1500, e: \"1979-05-27T07:32:00Z\", f: \"inf\", g: true, h i: \"x\", \
         t: {u: {v: [1, {w: 0}]}}}"
    );
}

#[test]
fn every_broken_line_is_reported_and_the_rest_is_read() {
    let outcome = toml("a = yes\nb = 1\nc =\nb = 2\nd = é\ne = 1e99\nf = \"open\ng = 7\n");
    assert_eq!(outcome.shown(), "{a: !, b: 1, c: !, d: !, e: !, f: !, g: 7}");
    assert_eq!(
        outcome.complaints(),
        [
            "error toml-syntax:1:5 \"yes\" `yes` is text, and text is quoted in TOML",
            "error toml-syntax:3:4 \"\" a value is missing after `=`",
            "error duplicate-key:4:1 \"b\" the key `b` is given twice",
            "error toml-syntax:5:5 \"é\" `é` is text, and text is quoted in TOML",
            "error number-out-of-range:6:5 \"1e99\" `1e99` does not fit into 28 digits",
            "error toml-syntax:7:10 \"\" this quoted text is not closed on its line",
        ]
    );
}

#[test]
fn the_first_place_of_a_double_key_is_shown() {
    let outcome = toml("[s]\na = 1\n[t]\na = 1\nb = 2\na = 3\n");
    let problem = outcome.only();
    assert_eq!(outcome.sources.slice(problem.labels[0].span), "a");
    assert_eq!(outcome.sources.file(problem.labels[0].span.file).line_column(problem.labels[0].span.start), (4, 1));
    assert_eq!(outcome.shown(), "{s: {a: 1}, t: {a: 1, b: 2}}");
    let table = toml("[s]\na = 1\n[s]\nb = 2\n");
    assert_eq!(table.only().code.name, "duplicate-key");
    assert_eq!(table.only().labels[0].span.start, 0);
}

#[test]
fn an_open_bracket_is_one_error_at_the_bracket() {
    let outcome = toml("a = 1\nb = [1, 2\nc = 3\nd = 4\n[e]\nf = 5\n");
    assert_eq!(outcome.only().code.name, "toml-syntax");
    assert_eq!(
        outcome
            .sources
            .file(outcome.only().span.expect("a place").file)
            .line_column(outcome.only().span.expect("a place").start),
        (2, 5)
    );
}

#[test]
fn nothing_written_is_said_once() {
    for text in ["", "# only a comment\n"] {
        assert_eq!(toml(text).only().code.name, "empty-spec", "{text:?}");
    }
}

#[test]
fn keys_have_places() {
    let outcome = toml("[services.\"a b\"]\nport = 1\n");
    let services = at(&outcome.node, &["services"]).as_map().expect("a map");
    assert_eq!(outcome.sources.slice(services.entries[0].key.span), "\"a b\"");
}
