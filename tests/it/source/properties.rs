//! Whatever the bytes: no panic, and every place lies between two characters of its file.

use bellwether::source::format::decode_utf8;
use bellwether::source::{Format, Node, Sources, Span, Value};
use proptest::prelude::*;

use super::{Outcome, read};

fn check_span(sources: &Sources, span: Span) -> Result<(), TestCaseError> {
    let text = sources.file(span.file).text();
    prop_assert!(span.start <= span.end && text.get(span.range()).is_some(), "{span:?} in {text:?}");
    Ok(())
}

/// A letter of a text is found as itself, or as the escape that stands for it.
fn check_character(sources: &Sources, character: &str, found: Span) -> Result<(), TestCaseError> {
    let (source, slice) = (sources.file(found.file).text(), sources.slice(found));
    if character.chars().all(char::is_alphanumeric) {
        prop_assert!(slice == character || slice.starts_with('\\'), "{character:?} leads to {slice:?} in {source:?}");
    }
    Ok(())
}

fn check_node(sources: &Sources, node: &Node) -> Result<(), TestCaseError> {
    check_span(sources, node.span)?;
    match &node.value {
        Value::Text(text) => {
            let bounds: Vec<usize> =
                text.value.char_indices().map(|(at, _)| at).chain(std::iter::once(text.value.len())).collect();
            for pair in bounds.windows(2) {
                let found = text.locate(pair[0]..pair[1], node.span);
                check_character(sources, &text.value[pair[0]..pair[1]], found)?;
                check_span(sources, text.locate(pair[0]..pair[1], node.span))?;
                check_span(sources, text.locate(0..pair[1], node.span))?;
                check_span(sources, text.locate(pair[0]..text.value.len(), node.span))?;
            }
        }
        Value::List(items) => items.iter().try_for_each(|item| check_node(sources, item))?,
        Value::Map(map) => {
            for entry in &map.entries {
                check_span(sources, entry.key.span)?;
                check_node(sources, &entry.value)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn check(outcome: &Outcome) -> Result<(), TestCaseError> {
    check_node(&outcome.sources, &outcome.node)?;
    for problem in outcome.diagnostics.iter() {
        let fix = problem.fix.iter().map(|fix| fix.span);
        for span in problem.span.into_iter().chain(problem.labels.iter().map(|label| label.span)).chain(fix) {
            check_span(&outcome.sources, span)?;
        }
    }
    // What cannot be read is never silent.
    let invalid = matches!(outcome.node.value, Value::Invalid);
    prop_assert!(!invalid || outcome.diagnostics.has_errors());
    Ok(())
}

/// Pieces that mean something to one of the formats.
const TOKENS: &[&str] = &[
    "a",
    "é",
    "😀",
    "key",
    ":",
    ": ",
    "- ",
    "-",
    "\n",
    "\n  ",
    "\n\t",
    "\r\n",
    "\r",
    " ",
    "  ",
    "\t",
    "{",
    "}",
    "[",
    "]",
    ",",
    ", ",
    "\"",
    "'",
    "''",
    "\"\"\"",
    "'''",
    "\\",
    "\\n",
    "\\u00e9",
    "\\ud83d\\ude00",
    "\\ud800",
    "\\x4",
    "\\q",
    "\\\n",
    "\\L",
    "\\_",
    "|",
    ">",
    "|-",
    ">2+",
    "|\n  é\n   x\n",
    ">\n  é\n\n  y\n",
    "&a ",
    "*a",
    "*b",
    "<<: ",
    "!",
    "!!str ",
    "!x ",
    "#",
    " # c",
    "%",
    "@",
    "`",
    "?",
    "? ",
    "---\n",
    "...\n",
    "~",
    "null",
    "yes",
    "no",
    "true",
    "0123",
    "1e5",
    "1e99",
    "0x1F",
    "-0.5",
    ".inf",
    "22:22",
    "=",
    " = ",
    "[[",
    "]]",
    ".",
    "1979-05-27",
    "/",
    "//",
    "local x = ",
    ";",
    "self",
    "|||\n  é\n|||",
    "+",
    "if ",
    "then ",
    "error ",
    "function(",
    ")",
    "(",
    "import ",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{7f}",
    "\u{0}",
];

fn soup() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(TOKENS), 0..40).prop_map(|tokens| tokens.concat())
}

/// Scalars in a frame that is whole, so that more of the soup gets past the grammar.
fn framed() -> impl Strategy<Value = (Format, String)> {
    let frames = proptest::sample::select(vec![
        (Format::Yaml, "k: \"", "\"\n"),
        (Format::Yaml, "k: '", "'\n"),
        (Format::Yaml, "k: |\n  ", "\n"),
        (Format::Yaml, "k: >\n  ", "\n"),
        (Format::Yaml, "k: ", "\nz: 1\n"),
        (Format::Yaml, "k: [", "]\n"),
        (Format::Json, "{\"k\": \"", "\"}"),
        (Format::Toml, "k = \"", "\"\n"),
        (Format::Toml, "k = \"\"\"", "\"\"\"\n"),
        (Format::Toml, "k = '''", "'''\n"),
    ]);
    (frames, soup()).prop_map(|((format, before, after), soup)| (format, format!("{before}{soup}{after}")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn token_soups_do_no_harm(text in soup()) {
        for format in Format::ALL {
            check(&read(format, &text))?;
        }
    }

    #[test]
    fn texts_of_every_notation_keep_their_places((format, text) in framed()) {
        check(&read(format, &text))?;
    }

    #[test]
    fn bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = decode_utf8("spec", bytes) {
            for format in Format::ALL {
                check(&read(format, &text))?;
            }
        }
    }

    #[test]
    fn any_value_survives_json(value in json(), indented in any::<bool>()) {
        let text = if indented { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.expect("writes");
        let outcome = read(Format::Json, &text);
        prop_assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.complaints());
        prop_assert_eq!(to_json(&outcome.node), value);
    }
}

#[cfg(feature = "jsonnet")]
proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn jsonnet_soups_do_no_harm(text in soup()) {
        use bellwether::source::jsonnet::{NoImports, evaluate, read};
        let mut sources = Sources::new();
        let file = sources.add("spec.jsonnet", text.as_str());
        let mut diagnostics = bellwether::diagnostics::Diagnostics::new();
        let node = read(&mut sources, file, evaluate("spec.jsonnet", &text, NoImports), &mut diagnostics);
        check(&Outcome { sources, node, diagnostics })?;
    }
}

/// Values that have a number both here and in `serde_json`.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<String>().prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            proptest::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn to_json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null | Value::Invalid => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => number.to_string().parse::<i64>().expect("an integer").into(),
        Value::Text(text) => text.value.clone().into(),
        Value::List(items) => items.iter().map(to_json).collect::<Vec<_>>().into(),
        Value::Map(map) => serde_json::Value::Object(
            map.entries.iter().map(|entry| (entry.key.text.clone(), to_json(&entry.value))).collect(),
        ),
    }
}
