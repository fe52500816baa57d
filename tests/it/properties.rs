//! Whatever somebody writes: no panic, places within their files, the same bytes twice, and an order of keys that
//! means something only where the language says so.

use std::collections::{BTreeMap, BTreeSet};

use bellwether::artifacts::Artifacts;
use bellwether::diagnostics::render::{Look, github, gitlab, human, json, junit, markdown, sarif};
use bellwether::diff::diff;
use bellwether::{Compilation, Memory, Options, compile, lint};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::root;

/// Maps whose order is what a person sees or what decides between two things; `*` is any one key. All others may be
/// written in any order without a byte of any artifact changing.
const ORDERED: &[(&str, Effect, &str)] = &[
    ("severities", Effect::Alerts, "the most urgent comes first"),
    ("services.*.packs", Effect::Alerts, "a signal that two packs know is measured as the first says"),
    ("services.*.packs", Effect::Layout, "panels stand in the order of the packs"),
    ("services", Effect::Layout, "people meet services in the order of their importance"),
    ("services.*.slos.*", Effect::Layout, "quantiles stand in this order"),
    ("services.*.signals", Effect::Layout, "panels stand in this order"),
    ("services.*.slos", Effect::Layout, "panels stand in this order"),
    ("services.*.metrics", Effect::Layout, "the contract lists metrics as written"),
    ("dashboards", Effect::Layout, "the platform's page lists dashboards as written"),
    ("services.*.thresholds", Effect::Layout, "rules stand in this order in their group, and in the words of panels"),
    ("services.*.exporter.environment", Effect::Layout, "variables are listed as written"),
    ("channels", Effect::Layout, "secrets are listed in the order of the channels"),
    ("retention.logs", Effect::Layout, "groups are listed as written"),
    ("stack.cloudwatch.queries", Effect::Layout, "queries are listed as written"),
];

/// What another order of keys changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    /// Which alerts there are, or what they say.
    Alerts,
    /// Only in which order things stand in files, panels and lists.
    Layout,
}

/// A small spec with templates, environments and short SLOs.
const TEMPLATES: &str = "\
bellwether: 1
platform: market
retention: {metrics: {local: 35d}}
channels: {chat: {webhook: {url: https://chat.example.com}}}
severities: {critical: {notify: [chat]}, warning: {notify: [chat]}}
templates:
  base:
    packs: [http]
    metrics: {http_request_duration_seconds: {type: histogram, unit: seconds, buckets: [0.1, 0.2, 0.5, 1, 2, 5]}}
    thresholds:
      HighErrorRate: {signal: error_ratio, above: 10%, for: 5m, severity: critical}
  micro: {like: base, thresholds: {HighLatency: {signal: latency, above: 2s, for: 10m, severity: warning}}}
services:
  order: {like: micro, scrape: {port: 3003}, slos: {latency: {p95: 500ms, p99: 1s}, errors: {below: 0.1%}}}
  notification:
    like: [base, micro]
    scrape: {port: 3006}
    slos: {errors: {below: 1%, window: 7d}}
    thresholds: {HighErrorRate: {above: 20%}, HighLatency: null}
environments: {staging: {services: {order: {thresholds: {HighLatency: null}}}}}
";

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

fn compiled(name: &str, bytes: impl Into<Vec<u8>>) -> Compilation {
    let mut compilation = compile(&Memory::new().with(name, bytes), name, &Options::default());
    lint::run(&mut compilation);
    compilation
}

/// What must hold of any spec, good or bad.
fn check(name: &str, bytes: &[u8]) -> Result<(), TestCaseError> {
    let compilation = compiled(name, bytes);
    let (said, sources) = (&compilation.diagnostics, &compilation.sources);
    for problem in said.iter() {
        let places = problem.span.iter().chain(problem.labels.iter().map(|label| &label.span));
        for span in places.chain(problem.fix.iter().map(|fix| &fix.span)) {
            let text = sources.file(span.file).text();
            prop_assert!(span.start <= span.end && text.get(span.range()).is_some(), "{span:?}: {problem:?}");
        }
        prop_assert!(!problem.message.is_empty());
    }
    for width in [40, 100] {
        human::render(said, sources, Look { width, colour: width == 40, unicode: width == 100 });
    }
    let document: Value = serde_json::from_str(&json::render(said, sources)).expect("the report is JSON");
    prop_assert_eq!(document["diagnostics"].as_array().map(Vec::len), Some(said.len()));
    let document: Value =
        serde_json::from_str(&sarif::render(said, sources, &lint::all_codes())).expect("SARIF is JSON");
    prop_assert_eq!(document["runs"][0]["results"].as_array().map(Vec::len), Some(said.len()));
    prop_assert_eq!(github::render(said, sources).lines().count(), said.len());
    let document: Value = serde_json::from_str(&gitlab::render_all([(said, sources)])).expect("the list is JSON");
    prop_assert_eq!(document.as_array().map(Vec::len), Some(said.len()));
    prop_assert_eq!(junit::render_all([(said, sources)]).matches("<testcase ").count(), said.len().max(1));
    let rows = markdown::render_all([(said, sources)]);
    prop_assert!(
        said.len() > 50
            || rows.lines().filter(|line| line.starts_with("| ")).count() == said.len() + said.len().min(1) * 2
    );
    match compilation.artifacts() {
        None => prop_assert!(said.has_errors(), "nothing was compiled, and nobody says why"),
        Some(artifacts) => {
            prop_assert!(diff(&artifacts, &artifacts).is_empty());
            let again = compiled(name, bytes).artifacts().unwrap_or_default();
            prop_assert!(diff(&artifacts, &again).is_empty(), "the same spec gave other bytes");
            reads_back(&artifacts)?;
        }
    }
    Ok(())
}

fn reads_back(artifacts: &Artifacts) -> Result<(), TestCaseError> {
    for (path, text) in artifacts.iter() {
        let read = match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
            "yml" | "yaml" => yaml_serde::from_str::<Value>(text).map(|_| ()).map_err(|error| error.to_string()),
            "json" => serde_json::from_str::<Value>(text).map(|_| ()).map_err(|error| error.to_string()),
            _ => Ok(()),
        };
        prop_assert!(read.is_ok(), "{path}: {read:?}\n{text}");
    }
    Ok(())
}

/// One slip of a hand.
#[derive(Debug, Clone)]
enum Slip {
    DeleteLine(prop::sample::Index),
    DoubleLine(prop::sample::Index),
    SwapLines(prop::sample::Index, prop::sample::Index),
    ReplaceWord(prop::sample::Index, String),
    CopyWord(prop::sample::Index, prop::sample::Index),
    Cut(prop::sample::Index),
}

fn slip() -> impl Strategy<Value = Slip> {
    let at = any::<prop::sample::Index>;
    let words = [
        "",
        "null",
        "yes",
        "0",
        "-1",
        "1e400",
        "99.9%",
        "0s",
        "5m",
        "[",
        "]",
        "{",
        "}",
        ":",
        "- ",
        "&a",
        "*a",
        "\"",
        "'",
        "$x",
        "{{",
        "}}",
        "sum(",
        "rate(up[5m])",
        "é",
        "\u{1f600}",
        "\t",
        "#",
        "|",
        "? ",
        "<<",
        "100y",
        "999999999999999999999",
    ];
    let word = prop_oneof![3 => prop::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    prop_oneof![
        3 => at().prop_map(Slip::DeleteLine),
        2 => at().prop_map(Slip::DoubleLine),
        1 => (at(), at()).prop_map(|(one, other)| Slip::SwapLines(one, other)),
        6 => (at(), word).prop_map(|(at, word)| Slip::ReplaceWord(at, word)),
        6 => (at(), at()).prop_map(|(from, to)| Slip::CopyWord(from, to)),
        1 => at().prop_map(Slip::Cut),
    ]
}

/// Byte ranges of runs of word characters, and of every other character.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let is_word = |character: char| character.is_alphanumeric() || "_%.$".contains(character);
    let mut words: Vec<std::ops::Range<usize>> = Vec::new();
    let mut inside = false;
    for (start, character) in text.char_indices().filter(|(_, character)| *character != ' ') {
        let end = start + character.len_utf8();
        match words.last_mut() {
            Some(last) if inside && is_word(character) && last.end == start => last.end = end,
            _ => words.push(start..end),
        }
        inside = is_word(character);
    }
    words
}

fn mutate(text: &str, slips: &[Slip]) -> String {
    let mut text = text.to_owned();
    for slip in slips {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let words = words(&text);
        if lines.is_empty() || words.is_empty() {
            return text;
        }
        text = match slip {
            Slip::DeleteLine(at) => {
                lines.remove(at.index(lines.len()));
                lines.concat()
            }
            Slip::DoubleLine(at) => {
                let at = at.index(lines.len());
                lines.insert(at, lines[at]);
                lines.concat()
            }
            Slip::SwapLines(one, other) => {
                let (one, other) = (one.index(lines.len()), other.index(lines.len()));
                lines.swap(one, other);
                lines.concat()
            }
            Slip::ReplaceWord(at, word) => {
                let at = words[at.index(words.len())].clone();
                format!("{}{word}{}", &text[..at.start], &text[at.end..])
            }
            Slip::CopyWord(from, to) => {
                let word = &text[words[from.index(words.len())].clone()];
                let at = words[to.index(words.len())].clone();
                format!("{}{word}{}", &text[..at.start], &text[at.end..])
            }
            Slip::Cut(at) => text[..words[at.index(words.len())].start].to_owned(),
        };
    }
    text
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..300), ending in prop::sample::select(vec!["yaml", "toml", "json"])) {
        check(&format!("spec.{ending}"), &bytes)?;
    }

    #[test]
    fn slips_in_a_small_spec_do_no_harm(
        slips in prop::collection::vec(slip(), 1..4),
        ending in prop::sample::select(vec!["yaml", "toml", "json"]),
    ) {
        let spec = mutate(&text(&format!("examples/shop.{ending}")), &slips);
        check(&format!("spec.{ending}"), spec.as_bytes())?;
    }
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn slips_in_templates_do_no_harm(slips in prop::collection::vec(slip(), 1..4)) {
        check("spec.yaml", mutate(TEMPLATES, &slips).as_bytes())?;
    }
}

proptest! {
    #![proptest_config(config(80))]

    #[test]
    fn slips_in_a_large_spec_do_no_harm(slips in prop::collection::vec(slip(), 1..3)) {
        check("spec.yaml", mutate(&text("specs/ims.yaml"), &slips).as_bytes())?;
    }
}

/// Every map with more than one key, by the keys and positions that lead to it.
fn maps(value: &Value, path: &[String], found: &mut Vec<Vec<String>>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => return,
    };
    if value.is_object() && inner.len() > 1 {
        found.push(path.to_vec());
    }
    for (key, value) in inner {
        maps(value, &[path, &[key]].concat(), found);
    }
}

fn reversed(spec: &Value, path: &[String]) -> Value {
    let mut spec = spec.clone();
    let place = path.iter().try_fold(&mut spec, |value, key| match value {
        Value::Object(map) => map.get_mut(key),
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        _ => None,
    });
    if let Some(Value::Object(map)) = place {
        let entries: Vec<_> = std::mem::take(map).into_iter().collect();
        map.extend(entries.into_iter().rev());
    }
    spec
}

fn artifacts_of(spec: &Value) -> Artifacts {
    let compilation = compiled("spec.json", spec.to_string());
    compilation
        .artifacts()
        .unwrap_or_else(|| panic!("{}", human::render(&compilation.diagnostics, &compilation.sources, Look::default())))
}

/// Every rule of every group, whatever its place.
fn rules(artifacts: &Artifacts) -> BTreeMap<String, usize> {
    let mut rules = BTreeMap::new();
    for (_, text) in artifacts.iter().filter(|(path, _)| path.contains("/rules/")) {
        let file: Value = yaml_serde::from_str(text).unwrap();
        let groups = file["groups"].as_array().unwrap().iter();
        for rule in groups.flat_map(|group| group["rules"].as_array().into_iter().flatten()) {
            *rules.entry(rule.to_string()).or_default() += 1;
        }
    }
    rules
}

fn matches(pattern: &str, path: &[String]) -> bool {
    let parts: Vec<&str> = pattern.split('.').collect();
    parts.len() == path.len() && parts.iter().zip(path).all(|(part, key)| *part == "*" || part == key)
}

#[test]
fn order_of_keys_means_something_only_where_the_language_says_so() {
    let (mut undeclared, mut used) = (BTreeSet::new(), BTreeSet::new());
    for (name, spec) in [
        ("specs/ims.yaml", text("specs/ims.yaml")),
        ("examples/shop.yaml", text("examples/shop.yaml")),
        ("templates", TEMPLATES.to_owned()),
    ] {
        let spec: Value = yaml_serde::from_str(&spec).unwrap();
        let as_written = artifacts_of(&spec);
        let mut paths = Vec::new();
        maps(&spec, &[], &mut paths);
        assert!(paths.len() > 10, "{name}");
        for path in paths {
            let other = artifacts_of(&reversed(&spec, &path));
            let changes = diff(&as_written, &other);
            let Some(change) = changes.first() else { continue };
            let effect = if rules(&as_written) == rules(&other) { Effect::Layout } else { Effect::Alerts };
            match ORDERED.iter().find(|(pattern, known, _)| *known == effect && matches(pattern, &path)) {
                Some((pattern, ..)) => drop(used.insert((*pattern, effect))),
                None => drop(undeclared.insert(format!("{}: {effect:?}: {}", path.join("."), change.path))),
            }
        }
    }
    assert!(undeclared.is_empty(), "order changes artifacts:\n{undeclared:#?}");
    for (pattern, effect, why) in ORDERED {
        assert!(
            used.contains(&(*pattern, *effect)),
            "`{pattern}` is declared as ordered ({why}), but its order changes nothing"
        );
    }
}
