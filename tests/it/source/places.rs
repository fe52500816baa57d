//! A word inside a text is found again in the file, however the text was written.

use bellwether::source::{Format, Value};

use super::{at, read};

/// Reads `text`, takes the text at `path`, and checks that `word` in it leads to `written` in the file.
#[track_caller]
fn locates(format: Format, text: &str, path: &[&str], words: &[(&str, &str)]) {
    let outcome = read(format, text);
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.complaints());
    let node = at(&outcome.node, path);
    let Value::Text(value) = &node.value else { panic!("no text at {path:?}: {}", outcome.shown()) };
    for (word, written) in words {
        let start = value.value.find(word).unwrap_or_else(|| panic!("no {word:?} in {:?}", value.value));
        let span = value.locate(start..start + word.len(), node.span);
        assert_eq!(outcome.sources.slice(span), *written, "{word:?} in {:?} of {text:?}", value.value);
    }
    // Every byte range between two characters stays inside the value and between characters.
    let source = outcome.sources.file(node.span.file).text();
    let bounds: Vec<usize> =
        value.value.char_indices().map(|(at, _)| at).chain(std::iter::once(value.value.len())).collect();
    for (index, start) in bounds.iter().enumerate() {
        for end in bounds.iter().skip(index) {
            let span = value.locate(*start..*end, node.span);
            assert!(source.get(span.range()).is_some(), "{start}..{end} of {:?}: {span:?}", value.value);
            assert!(span.start >= node.span.start && span.end <= node.span.end, "{start}..{end}: {span:?} outside");
        }
    }
}

#[test]
fn plain_text_on_one_line_and_over_several() {
    locates(Format::Yaml, "é: sum of ümläute\n", &["é"], &[("of", "of"), ("ümläute", "ümläute")]);
    locates(
        Format::Yaml,
        "k: sum(rate(é[5m]))\n   by   (job)  \n\n\n   / ü\n",
        &["k"],
        &[
            ("sum", "sum"),
            ("by", "by"),
            ("é[5m]", "é[5m]"),
            ("(job)", "(job)"),
            ("ü", "ü"),
            ("by   (job)", "by   (job)"),
        ],
    );
}

#[test]
fn a_comment_that_the_parser_lets_pass_is_not_text() {
    locates(Format::Yaml, "- one\n\n\t# é two\n  é three\n", &["0"], &[("one", "one"), ("é", "é"), ("three", "three")]);
}

#[test]
fn single_quotes_double_inside() {
    locates(
        Format::Yaml,
        "k: 'it''s é ''quoted'''\n",
        &["k"],
        &[("it", "it"), ("s é", "s é"), ("quoted", "quoted"), ("é", "é"), ("t's", "t''s")],
    );
    locates(Format::Yaml, "k: 'one\n   two''s\n\n   thrée'\n", &["k"], &[("two's", "two''s"), ("thrée", "thrée")]);
}

#[test]
fn double_quotes_escape() {
    locates(
        Format::Yaml,
        "k: \"a\\tb \\u00e9\\n \\\"wörd\\\" \\U0001F600 end\"\n",
        &["k"],
        &[("a", "a"), ("b", "b"), ("wörd", "wörd"), ("end", "end"), ("😀 end", "\\U0001F600 end")],
    );
    locates(
        Format::Yaml,
        "k: \"one \\\n   two  \n   three\n\n   \\  four\\\n  five \\Lé \\N\"\n",
        &["k"],
        &[("one", "one"), ("two", "two"), ("three", "three"), ("four", "four"), ("five", "five"), ("é", "é")],
    );
    // A raw blank line beside an escaped line break.
    locates(
        Format::Yaml,
        "k: \"a\n\n  \\nb é  \n  \\n c\"\n",
        &["k"],
        &[("a", "a"), ("b", "b"), ("é", "é"), ("c", "c")],
    );
}

#[test]
fn literal_blocks_keep_lines() {
    let text = "k: |\n  sum(é)\n    / on (x)\n\n  rate ü\n\nz: 1\n";
    locates(
        Format::Yaml,
        text,
        &["k"],
        &[("sum(é)", "sum(é)"), ("on", "on"), ("rate ü", "rate ü"), ("/ on (x)", "/ on (x)")],
    );
    locates(Format::Yaml, "k: |2-\n    deep\n  é\n", &["k"], &[("deep", "deep"), ("é", "é")]);
    locates(Format::Yaml, "k: |+ # why\n\n\n   late é\n\n\n", &["k"], &[("late", "late"), ("é", "é")]);
    locates(Format::Yaml, "k:\n- - |\n    in é\n    list\n", &["k", "0", "0"], &[("in", "in"), ("list", "list")]);
}

#[test]
fn folded_blocks_join_lines() {
    let text = "k: >-\n  sum(é)\n  by (job)\n\n  new\n    more ü\n  back\n\n";
    locates(
        Format::Yaml,
        text,
        &["k"],
        &[("sum(é)", "sum(é)"), ("by (job)", "by (job)"), ("new", "new"), ("more ü", "more ü"), ("back", "back")],
    );
    locates(Format::Yaml, "k: >\r\n  é one\r\n  two\r\nz: 1\r\n", &["k"], &[("one", "one"), ("two", "two")]);
}

#[test]
fn windows_line_ends_and_a_mark() {
    locates(Format::Yaml, "\u{feff}k: |\r\n  é one\r\n  two\r\n", &["k"], &[("one", "one"), ("two", "two")]);
}

#[test]
fn toml_texts() {
    locates(Format::Toml, "k = \"a\\té \\u00e9 wörd\"\n", &["k"], &[("a", "a"), ("wörd", "wörd")]);
    locates(Format::Toml, "k = '\\d+ é'\n", &["k"], &[("\\d+", "\\d+"), ("é", "é")]);
    locates(
        Format::Toml,
        "k = \"\"\"\nsum é\n  by \\\n\n     (jöb)\"\"\"\n",
        &["k"],
        &[("sum é", "sum é"), ("by", "by"), ("(jöb)", "(jöb)")],
    );
    locates(Format::Toml, "k = '''\r\none\r\n two é'''\r\n", &["k"], &[("one", "one"), ("two é", "two é")]);
}

#[test]
fn json_texts() {
    locates(
        Format::Json,
        "{\"k\": \"a\\tb \\u00e9 \\ud83d\\ude00 wörd \\\\ \\/ end\"}",
        &["k"],
        &[("a", "a"), ("b", "b"), ("wörd", "wörd"), ("end", "end"), ("😀 wörd", "\\ud83d\\ude00 wörd")],
    );
}
