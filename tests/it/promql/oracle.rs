//! promtool and this reader refuse and accept the same expressions.
//!
//! The tool is `BELLWETHER_PROMTOOL`, or the newest that `./test` installed, or `promtool` on the path.
//! Without one this says so and passes, unless `BELLWETHER_REQUIRE_ORACLES=1`.

use std::collections::BTreeMap;
use std::process::Command;

use super::corpus::{INVALID, VALID, VALID_IN_3, VALID_IN_3_11, example};
use super::generator::{Dialect, Generator};
use crate::support::tools;
use bellwether::promql::{self, functions::FUNCTIONS};

struct Promtool {
    path: String,
    version: (u32, u32),
}

fn promtool() -> Option<Promtool> {
    let path = match std::env::var("BELLWETHER_PROMTOOL") {
        Ok(path) => path,
        Err(_) => tools::newest("promtool")?.path.to_string_lossy().into_owned(),
    };
    let output = Command::new(&path).arg("--version").output().expect("promtool runs");
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let numbers = text.split("version ").nth(1).unwrap_or("").split(['.', '+', ' ']);
    let mut numbers = numbers.map(|number| number.parse::<u32>().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    assert!(version > (2, 0), "what does `{path}` answer? {text}");
    Some(Promtool { path, version })
}

impl Promtool {
    /// What it says against each expression, by index; accepted ones are missing.
    #[allow(clippy::disallowed_methods, reason = "promtool reads a file")]
    fn refusals(&self, name: &str, expressions: &[String]) -> BTreeMap<usize, String> {
        let mut rules = "groups:\n- name: g\n  rules:\n".to_owned();
        for (index, expression) in expressions.iter().enumerate() {
            let quoted = serde_json::to_string(expression).expect("a string");
            rules.push_str(&format!("  - record: r{index}\n    expr: {quoted}\n"));
        }
        let file = std::env::temp_dir().join(format!("bellwether-promql-{}-{name}.yml", std::process::id()));
        std::fs::write(&file, rules).expect("a temporary file");
        let output = Command::new(&self.path)
            .args(["check", "rules", "--lint=none", "--enable-feature=promql-experimental-functions"])
            .arg(&file)
            .output()
            .expect("promtool runs");
        let _gone = std::fs::remove_file(&file);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let mut refused = BTreeMap::new();
        for line in said.lines() {
            let number = line.split("\", rule ").nth(1).and_then(|rest| rest.split(',').next());
            if let Some(number) = number.and_then(|number| number.parse::<usize>().ok()) {
                refused.insert(number - 1, line.split("could not parse").last().unwrap_or(line).to_owned());
            }
        }
        assert_eq!(refused.is_empty(), output.status.success(), "promtool said something else:\n{said}");
        refused
    }
}

/// Refused by an older promtool: durations as numbers and numbers as durations came with 3.0,
/// `start()` and `end()` as functions with 3.12.
fn is_newer_syntax(version: (u32, u32), said: &str) -> bool {
    let durations = said.contains("unexpected duration") || said.contains("expected duration");
    (version < (3, 0) && durations) || (version < (3, 12) && said.contains("unexpected \"(\""))
}

/// Refused by this reader on purpose, and told so.
fn is_left_out(error: &promql::SyntaxError) -> bool {
    error.message.contains("arithmetic on durations") || error.message.starts_with("`info` takes only matchers")
}

/// Expressions on which the two differ, with both verdicts.
fn differences(tool: &Promtool, name: &str, expressions: &[String]) -> Vec<String> {
    let refused = tool.refusals(name, expressions);
    let mut differences = Vec::new();
    for (index, text) in expressions.iter().enumerate() {
        let ours = promql::read(text);
        match (&ours, refused.get(&index)) {
            (Ok(_), Some(said)) if is_newer_syntax(tool.version, said) => {}
            (Ok(_), Some(said)) => differences.push(format!("only promtool refuses {text:?}\n    {said}")),
            (Err(errors), None) if errors.iter().all(is_left_out) => {}
            (Err(errors), None) => differences.push(format!("only we refuse {text:?}\n    {errors:?}")),
            _ => {}
        }
    }
    differences
}

fn assert_agreement(name: &str, expressions: usize, differences: &[String]) {
    eprintln!("{name}: {} of {expressions} verdicts differ", differences.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn promtool_agrees_on_the_corpus() {
    let Some(tool) = promtool() else { return };
    let dialect = Dialect { version: tool.version };
    let mut expressions: Vec<String> = VALID.iter().chain(INVALID).map(|text| (*text).to_owned()).collect();
    if dialect.has(Some("3.5")) {
        expressions.extend(VALID_IN_3.iter().map(|text| (*text).to_owned()));
    }
    if dialect.has(Some("3.11")) {
        expressions.extend(VALID_IN_3_11.iter().map(|text| (*text).to_owned()));
    }
    expressions.extend(FUNCTIONS.iter().filter(|function| dialect.has_function(function)).map(example));
    // A rule without an expression is refused before anyone reads it.
    expressions.retain(|text| !text.is_empty());
    assert_agreement("corpus", expressions.len(), &differences(&tool, "corpus", &expressions));
}

#[test]
fn promtool_agrees_on_random_expressions() {
    let Some(tool) = promtool() else { return };
    let mut generator = Generator::new(20, Dialect { version: tool.version });
    let expressions: Vec<String> = (0..6_000).map(|_| generator.expression()).collect();
    let accepted = expressions.iter().filter(|text| promql::read(text).is_ok()).count();
    assert!((1_500..4_500).contains(&accepted), "a poor mixture: {accepted} of {} accepted", expressions.len());
    let mut all = Vec::new();
    for (index, batch) in expressions.chunks(1_000).enumerate() {
        all.extend(differences(&tool, &format!("random{index}"), batch));
    }
    assert_agreement("random", expressions.len(), &all);
}

/// What is printed means the same to promtool: both forms are accepted whenever the original is.
#[test]
fn promtool_reads_what_is_printed() {
    let Some(tool) = promtool() else { return };
    let mut generator = Generator::new(7, Dialect { version: tool.version });
    let mut printed = Vec::new();
    while printed.len() < 2_000 {
        if let Ok(expr) = promql::read(&generator.expression()) {
            printed.push(expr.to_string());
            printed.push(expr.pretty());
        }
    }
    let refused = tool.refusals("printed", &printed);
    let refused: Vec<_> = refused.iter().map(|(index, said)| format!("{}\n    {said}", printed[*index])).collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
