//! What `--fix` does to a spec: the finding goes, everything else stays, and a second time there is nothing to do.

use std::collections::BTreeSet;

use bellwether::diagnostics::Severity;
use bellwether::lint::fix::{Mender, mendable};
use bellwether::quantity::Date;
use bellwether::{Compilation, Memory, Options, compile, lint};

use crate::lint_pages::blocks;
use crate::support::{files_below, root};

fn options() -> Options {
    Options { today: Date::parse("2026-11-21"), ..Options::default() }
}

fn linted(name: &str, text: &str) -> Compilation {
    let mut compilation = compile(&Memory::new().with(name, text), name, &options());
    lint::run(&mut compilation);
    compilation
}

/// The text after mending, and what is said of it then.
fn mended(name: &str, text: &str) -> (String, Compilation) {
    let world = Memory::new().with(name, text);
    let mut mender = Mender::new(&world);
    let compilation = mender.mend(name, &options());
    (mender.files().get(name).map_or(text.to_owned(), |file| file.after.clone()), compilation)
}

fn said(compilation: &Compilation) -> BTreeSet<(&'static str, String)> {
    compilation.diagnostics.iter().map(|finding| (finding.code.name, finding.message.clone())).collect()
}

/// Every bad example that has a fix, and every case of `tests/ui`.
fn cases() -> Vec<(String, String)> {
    let codes = lint::all_codes();
    let examples = codes.iter().flat_map(|code| blocks(code.page, "bad"));
    let mut cases: Vec<(String, String)> = examples.map(|example| ("spec.yaml".to_owned(), example)).collect();
    for path in files_below(&root().join("tests/ui")).iter().filter(|path| path.extension().unwrap() != "stderr") {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        cases.push((name, std::fs::read_to_string(path).unwrap()));
    }
    cases
}

#[test]
fn mending_twice_is_mending_once() {
    let mut changed = 0;
    for (name, text) in cases() {
        let (once, compilation) = mended(&name, &text);
        assert_eq!(mendable(&compilation), 0, "{name}:\n{once}");
        assert_eq!(mended(&name, &once).0, once, "{name}:\n{text}");
        assert_eq!(said(&linted(&name, &once)), said(&compilation), "{name}:\n{once}");
        changed += usize::from(once != text);
    }
    assert!(changed >= 8, "only {changed}");
}

#[test]
fn what_can_be_mended_goes_and_nothing_else_changes() {
    let mut changed = 0;
    for (name, text) in cases() {
        let before = linted(&name, &text);
        if mendable(&before) == 0 {
            assert_eq!(mended(&name, &text).0, text, "{name}");
            continue;
        }
        // Bytes outside of the fixes' places are the same: what is left of the text without them is left of both.
        let (after, compilation) = mended(&name, &text);
        let fixed: Vec<_> = before.diagnostics.iter().filter(|finding| finding.fix.is_some()).collect();
        let places = fixed.iter().map(|finding| finding.fix.as_ref().unwrap().span.range());
        let mut at = 0;
        let mut rest = after.as_str();
        let mut places: Vec<_> = places.collect();
        places.sort_by_key(|place| place.start);
        for place in places.into_iter().filter(|place| place.start != place.end || text.len() > place.end) {
            if place.start < at {
                continue;
            }
            let kept = &text[at..place.start];
            let found = rest.find(kept).unwrap_or_else(|| panic!("{name}: {kept:?} is not left in\n{after}"));
            rest = &rest[found + kept.len()..];
            at = place.end;
        }
        assert!(rest.ends_with(&text[at..]), "{name}: the end is another\n{after}");
        // A file that could not be read at all may have more to say once it can; otherwise nothing is new.
        let gone: BTreeSet<_> = fixed.iter().map(|finding| (finding.code.name, finding.message.clone())).collect();
        let left = said(&compilation);
        assert!(gone.is_disjoint(&left), "{name}: {left:?}\n{after}");
        if before.spec.is_some() {
            let expected: BTreeSet<_> = said(&before).difference(&gone).cloned().collect();
            assert_eq!(left, expected, "{name}:\n{after}");
        }
        // What was only a warning compiled before, and means the same now; but the log group is kept as long as it
        // can be, and the matcher is written as it is meant, which is what the findings were about.
        let warned = fixed.iter().all(|finding| finding.severity < Severity::Error);
        let written_anew = ["log-retention-not-offered", "needless-regex"];
        if warned && fixed.iter().all(|finding| !written_anew.contains(&finding.code.name)) {
            assert_eq!(before.artifacts(), compilation.artifacts(), "{name}:\n{after}");
        }
        changed += 1;
    }
    assert!(changed >= 8, "only {changed}");
}

#[test]
fn only_what_is_certain_is_mended() {
    let objective = |written: &str| {
        format!(
            "bellwether: 1\nplatform: shop\nseverities: {{critical: {{notify: []}}}}\nservices:\n  api:\n    packs: [http]\n    \
             scrape: {{port: 8000}}\n    slos:\n      errors: {{signal: error_ratio, objective: {written}, window: 30d}}  # kept\n"
        )
    };
    for (written, after) in [
        ("99.9", Some("\"99.9%\"")),
        ("0.999", Some("\"99.9%\"")),
        ("'99.95'", Some("\"99.95%\"")),
        // Which of the two was meant, if any?
        ("0.1", None),
        ("5", None),
        ("1", None),
        ("100", None),
        ("999", None),
        ("100%", None),
    ] {
        let text = objective(written);
        let (found, compilation) = mended("a.yaml", &text);
        assert_eq!(found, after.map_or(text, objective), "{written}");
        let left = compilation.diagnostics.iter().any(|finding| finding.code.name == "invalid-objective");
        assert_eq!(left, after.is_none(), "{written}");
    }
    let toml = "bellwether = 1\nplatform = \"shop\"\n[channels.c.webhook]\nurl = \"https://chat.example.com\"\nresolved = \"Yes\" # kept\n";
    assert_eq!(mended("a.toml", toml).0, toml.replace("\"Yes\"", "true"));
    let unsure = toml.replace("Yes", "perhaps");
    assert_eq!(mended("a.toml", &unsure).0, unsure);
    // A close name is a guess.
    let close = "bellwether: 1\nplatform: shop\nsevices: {}\n";
    assert_eq!(mended("a.yaml", close).0, close);
}
