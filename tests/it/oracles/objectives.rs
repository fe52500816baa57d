//! Objectives of every kind, on promtool: the tests that are generated for them, and some by hand whose
//! expectations are worked out from the events.

use crate::support::{files_with, root, scratch::Scratch, tools};
use bellwether::{Memory, Options, compile};

/// What the example compiles to, in a folder.
fn compiled() -> Scratch {
    let name = "examples/objectives.yaml";
    let world = Memory::new().with(name, std::fs::read(root().join(name)).unwrap());
    let compilation = compile(&world, name, &Options::default());
    assert!(compilation.diagnostics.is_empty(), "{:#?}", compilation.diagnostics);
    let folder = Scratch::new("objectives");
    for (path, text) in compilation.artifacts().unwrap().iter() {
        folder.write(path, text);
    }
    folder
}

#[test]
fn objectives_of_every_kind_count_what_they_say() {
    let folder = compiled();
    for by_hand in ["objectives.yml", "months.yml"] {
        let text = std::fs::read_to_string(root().join("tests/oracles").join(by_hand)).unwrap();
        folder.write(&format!("prometheus/tests/by-hand-{by_hand}"), &text);
    }
    let rules = files_with(&folder.join("prometheus/rules"), &["yml"]);
    for tool in tools::versions("promtool") {
        let checked = tools::run(tool.command().args(["check", "rules", "--lint=all", "--lint-fatal"]).args(&rules));
        assert_eq!(checked.err(), None);
        let by_hand =
            ["objectives.yml", "months.yml"].map(|name| folder.join(format!("prometheus/tests/by-hand-{name}")));
        let tested = tools::run(tool.command().args(["test", "rules"]).args(by_hand));
        assert_eq!(tested.err(), None);
    }
}

#[test]
fn tests_are_generated_for_objectives_of_every_kind() {
    let folder = compiled();
    let tests = files_with(&folder.join("prometheus/tests"), &["yml"]);
    for test in &tests {
        let text = std::fs::read_to_string(test).unwrap();
        assert!(!text.contains("No test of"), "{}: {}", test.display(), text.lines().next().unwrap_or_default());
    }
    let rules = files_with(&folder.join("prometheus/rules"), &["yml"]);
    for rule in rules.iter().filter_map(|rule| rule.file_name()).filter(|name| *name != "slo-calendar.yml") {
        assert!(tests.iter().any(|test| test.file_name() == Some(rule)), "{rule:?} has no test");
    }
    if let Some(tool) = tools::newest("promtool") {
        let tested = tools::run(tool.command().args(["test", "rules"]).args(&tests));
        assert_eq!(tested.err(), None);
    }
}
