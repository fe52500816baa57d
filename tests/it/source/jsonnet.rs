//! Jsonnet: evaluated without touching anything, and its errors in their places.
#![cfg_attr(not(feature = "jsonnet"), allow(dead_code))]

use std::collections::BTreeMap;

use bellwether::diagnostics::Diagnostics;
use bellwether::source::jsonnet::{Evaluation, Imports, NoImports, evaluate, read, stopped};
use bellwether::source::{Node, Sources, Value};

#[cfg(feature = "jsonnet")]
use super::at;
use super::{complaint, show};

/// Imports from memory.
pub(crate) struct Files(BTreeMap<String, Vec<u8>>);

/// Files by name.
pub(crate) fn files(list: &[(&str, &str)]) -> Files {
    Files(list.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect())
}

impl Imports for Files {
    fn load(&self, from: &str, path: &str) -> Result<(String, Vec<u8>), String> {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let name = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
        match self.0.get(&name) {
            Some(bytes) => Ok((name, bytes.clone())),
            None => Err(format!("no file `{path}` beside `{from}`")),
        }
    }
}

/// Evaluates and reads `text` as `spec.jsonnet`, over the wire format that a child process uses.
pub(crate) fn evaluated(text: &str, imports: impl Imports + Send + 'static) -> (Node, Sources, Diagnostics) {
    let wire = serde_json::to_string(&evaluate("spec.jsonnet", text, imports)).expect("serialises");
    let evaluation: Evaluation = serde_json::from_str(&wire).expect("reads back");
    let mut sources = Sources::new();
    let file = sources.add("spec.jsonnet", text);
    let mut diagnostics = Diagnostics::new();
    let node = read(&mut sources, file, evaluation, &mut diagnostics);
    diagnostics.sort();
    (node, sources, diagnostics)
}

fn complaints(text: &str, imports: impl Imports + Send + 'static) -> Vec<String> {
    let (node, sources, diagnostics) = evaluated(text, imports);
    assert!(matches!(node.value, Value::Invalid), "{}", show(&node));
    diagnostics.iter().map(|problem| complaint(&sources, problem)).collect()
}

#[cfg(not(feature = "jsonnet"))]
#[test]
fn a_build_without_jsonnet_says_so() {
    let complaints = complaints("{}", NoImports);
    assert_eq!(complaints.len(), 1);
    assert!(complaints[0].starts_with("error jsonnet-unavailable"), "{complaints:?}");
}

#[cfg(feature = "jsonnet")]
mod evaluation {
    use super::*;

    #[test]
    fn values_are_read_from_the_evaluated_text() {
        let (node, sources, diagnostics) =
            evaluated("{ b: 1, a: self.b + 99.9, c:: 1, d: std.length('é') }", NoImports);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(show(&node), "{b: 1, a: 100.9, d: 1}");
        let number = at(&node, &["a"]);
        assert_eq!(sources.file(number.span.file).name(), "spec.jsonnet (evaluated)");
        assert_eq!(sources.slice(number.span), "100.9");
    }

    #[test]
    fn numbers_are_written_shortest() {
        let (node, _, _) = evaluated("[99.9, 0.1, 0.001, 1e3, 0.95, 99.95 / 100, 14.4, 1e-7]", NoImports);
        assert_eq!(show(&node), "[99.9, 0.1, 0.001, 1000, 0.95, 0.9995, 14.4, 0.0000001]");
    }

    #[test]
    fn imports_come_from_the_trait_alone() {
        let imports = files(&[
            ("lib/a.libsonnet", "{ x: (import 'b.libsonnet').y }"),
            ("lib/b.libsonnet", "{ y: 7 }"),
            ("t.txt", "hé"),
        ]);
        let (node, _, diagnostics) = evaluated("(import 'lib/a.libsonnet') + { t: importstr 't.txt' }", imports);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(show(&node), "{x: 7, t: \"hé\"}");
        let refused = complaints("{\n  a: importstr '/etc/passwd',\n}", NoImports);
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert!(refused[0].starts_with("error jsonnet-import:2:16 \"'/etc/passwd'\""), "{refused:?}");
        assert!(refused[0].contains("/etc/passwd"), "{refused:?}");
    }

    #[test]
    fn errors_have_places() {
        for (text, expected) in [
            ("{\n  'é': 1,\n  a: [1,\n}", "error jsonnet-syntax:"),
            ("{\n  a: 1 2\n}", "error jsonnet-syntax:2:"),
            ("{\n  'é': 'x',\n  a: error 'no ' + 'way',\n}", "error jsonnet-failed:3:"),
            ("local f(n) = f(n + 1) + 1;\nf(0)", "error jsonnet-limit:1:"),
            ("{ a: self.a }", "error jsonnet-failed:1:"),
            ("{ a: { b: 1 }.c }", "error jsonnet-failed:1:"),
        ] {
            let complaints = complaints(text, NoImports);
            assert_eq!(complaints.len(), 1, "{text}: {complaints:?}");
            assert!(complaints[0].starts_with(expected), "{text}: {complaints:?}");
        }
    }

    #[test]
    fn several_unknown_names_are_several_problems() {
        let complaints = complaints("{\n  a: foo,\n  b: bar,\n}", NoImports);
        assert_eq!(complaints.len(), 2, "{complaints:?}");
        assert!(complaints[0].starts_with("error jsonnet-syntax:2:6 \"foo\""), "{complaints:?}");
        assert!(complaints[1].starts_with("error jsonnet-syntax:3:6 \"bar\""), "{complaints:?}");
    }

    #[test]
    fn an_error_in_an_import_shows_the_import() {
        let (_, sources, diagnostics) =
            evaluated("import 'lib.libsonnet'", files(&[("lib.libsonnet", "{\n  a: error 'bad',\n}")]));
        let problem = diagnostics.iter().next().expect("one");
        let span = problem.span.expect("a place");
        assert_eq!(sources.file(span.file).name(), "lib.libsonnet");
        assert_eq!(sources.file(span.file).line_column(span.start).0, 2);
    }

    #[test]
    fn hostile_nesting_is_refused_before_the_parser_sees_it() {
        for text in [
            "[".repeat(100_000),
            "(".repeat(100_000),
            "-".repeat(100_000) + "1",
            "!".repeat(100_000),
            "{a:".repeat(50_000),
        ] {
            let complaints = complaints(&text, NoImports);
            assert!(complaints[0].starts_with("error jsonnet-limit:1:"), "{complaints:?}");
        }
    }

    /// Nesting without brackets: right below the limit it is evaluated, above it it is refused.
    #[test]
    fn long_chains_are_evaluated_or_refused() {
        let forms: [(&str, &str, &str); 7] = [
            ("", "local a = 1; ", "a"),
            ("", "if true then ", "1"),
            ("", "if false then 1 else ", "1"),
            ("local f = ", "function(x) ", "1; 1"),
            ("", "assert true; ", "1"),
            ("1", " + 1", ""),
            ("true", " && true", ""),
        ];
        for (before, link, after) in forms {
            let long = format!("{before}{}{after}", link.repeat(450));
            let (node, _, diagnostics) = evaluated(&long, NoImports);
            assert!(diagnostics.is_empty(), "{link}: {:?}", diagnostics.iter().next());
            assert!(matches!(node.value, Value::Number(_) | Value::Bool(_)), "{link}");
            let endless = format!("{before}{}{after}", link.repeat(100_000));
            assert!(complaints(&endless, NoImports)[0].starts_with("error jsonnet-limit:1:"), "{link}");
        }
        // Commas part what lies side by side.
        let wide = format!("[{}]", "if true then 1 else 2, ".repeat(20_000));
        assert!(evaluated(&wide, NoImports).2.is_empty());
    }

    #[test]
    fn an_import_cannot_nest_deeper_than_the_spec() {
        let deep = "[".repeat(100_000);
        let complaints = complaints("{\n  a: import 'deep.libsonnet',\n}", files(&[("deep.libsonnet", &deep)]));
        assert_eq!(complaints.len(), 1);
        assert!(complaints[0].starts_with("error jsonnet-import:2:13 \"'deep.libsonnet'\""), "{complaints:?}");
    }

    #[test]
    fn functions_and_nothing_are_not_data() {
        for text in ["function(x) x", "", "// only\n", "{ a: function(x) x }"] {
            assert_eq!(complaints(text, NoImports).len(), 1, "{text}");
        }
    }
}

#[test]
fn a_stopped_child_is_explained() {
    let mut sources = Sources::new();
    let file = sources.add("spec.jsonnet", "x");
    let mut diagnostics = Diagnostics::new();
    let node = read(&mut sources, file, stopped("10 s"), &mut diagnostics);
    assert!(matches!(node.value, Value::Invalid));
    assert_eq!(diagnostics.iter().next().expect("one").code.name, "jsonnet-limit");
}

#[test]
fn places_from_outside_are_clipped() {
    let wire = r#"{"problems": [{"kind": "failed", "message": "m", "place": {"file": "spec.jsonnet", "start": 1, "end": 999, "text": null}, "trace": [], "help": null}]}"#;
    let mut sources = Sources::new();
    let file = sources.add("spec.jsonnet", "é");
    let mut diagnostics = Diagnostics::new();
    read(&mut sources, file, serde_json::from_str(wire).expect("reads"), &mut diagnostics);
    assert_eq!(sources.slice(diagnostics.iter().next().expect("one").span.expect("a place")), "é");
}
