//! The examples on the pages that `explain` prints: the bad ones are found, the good ones are not.

use bellwether::{Memory, Options, compile, lint};
use std::collections::BTreeSet;

/// The blocks of a page that are opened by this line, as specs.
fn blocks<'a>(page: &'a str, opening: &str) -> Vec<&'a str> {
    let parts = page.split(opening).skip(1);
    parts.filter_map(|rest| rest.split_once("```").map(|(block, _)| block)).collect()
}

/// Codes of what is said of a spec, and whether it compiles all the same.
fn said(spec: &str) -> (BTreeSet<&'static str>, bool) {
    let world = Memory::new().with("spec.yaml", spec.as_bytes());
    let mut compiled = compile(&world, "spec.yaml", &Options::default());
    lint::run(&mut compiled);
    let codes = compiled.diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
    (codes, compiled.artifacts().is_some())
}

#[test]
fn every_example_is_what_its_page_says_it_is() {
    let mut wrong = Vec::new();
    let mut executed = 0;
    for code in lint::all_codes() {
        for spec in blocks(code.page, "```yaml bad\n") {
            executed += 1;
            let (said, _) = said(spec);
            if !said.contains(code.name) {
                wrong.push(format!("{}: the bad example is not found, but {said:?}", code.name));
            }
        }
        for spec in blocks(code.page, "```yaml good\n") {
            executed += 1;
            let (said, compiles) = said(spec);
            if !compiles || said.contains(code.name) {
                wrong.push(format!("{}: the good example says {said:?}", code.name));
            }
        }
    }
    assert!(executed > 40, "only {executed} examples were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_two_problems_share_a_code() {
    let codes = lint::all_codes();
    let names: BTreeSet<&str> = codes.iter().map(|code| code.name).collect();
    assert_eq!(names.len(), codes.len());
}
