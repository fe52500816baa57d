//! The page of every code: it says enough, and its examples do what it says.

use bellwether::diagnostics::{Code, Diagnostic, Severity};
use bellwether::quantity::Date;
use bellwether::spec::LintLevel;
use bellwether::{Compilation, Memory, Options, compile, lint, plain};
use std::collections::BTreeSet;

/// A spec, or else files of other systems: each recognised by what is in it, and parted by `---` from the next.
fn linted(text: &str) -> Compilation {
    linted_with(text, Options::default())
}

fn linted_with(text: &str, options: Options) -> Compilation {
    let options = Options { today: Date::parse("2026-11-21"), ..options };
    let mut compilation = if is_spec(text) {
        compile(&Memory::new().with("spec.yaml", text), "spec.yaml", &options)
    } else {
        let files: Vec<(String, &str)> =
            text.split("\n---\n").enumerate().map(|(index, text)| (format!("file{index}.yaml"), text)).collect();
        let world = files.iter().fold(Memory::new(), |world, (name, text)| world.with(name, *text));
        let names: Vec<String> = files.into_iter().map(|(name, _)| name).collect();
        plain::read(&world, &names, &options)
    };
    lint::run(&mut compilation);
    compilation
}

/// Whether an example is a spec, not files of other systems.
pub(crate) fn is_spec(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("bellwether:"))
}

/// What is worse than good to know.
fn findings(compilation: &Compilation) -> Vec<&Diagnostic> {
    compilation.diagnostics.iter().filter(|diagnostic| diagnostic.severity > Severity::Info).collect()
}

/// The fenced blocks of a page that are marked so.
pub(crate) fn blocks(page: &str, mark: &str) -> Vec<String> {
    let opening = format!("```yaml {mark}\n");
    page.split(&opening).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

fn shown(findings: &[&Diagnostic]) -> Vec<String> {
    findings.iter().map(|finding| format!("{}: {}", finding.code.name, finding.message)).collect()
}

fn is_lint(code: &Code) -> bool {
    lint::LINTS.iter().any(|lint| lint.code.name == code.name)
}

#[test]
fn every_code_has_a_name_of_its_own_and_a_page() {
    let (mut names, mut short) = (BTreeSet::new(), Vec::new());
    for code in lint::all_codes() {
        let is_kebab = code.name.split('-').all(|word| {
            !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        });
        assert!(is_kebab, "{}", code.name);
        assert!(names.insert(code.name), "{} twice", code.name);
        assert!(!code.summary.is_empty() && !code.summary.ends_with('.'), "{}: {}", code.name, code.summary);
        let words = code.page.split("```").next().unwrap();
        let sentences = words.matches(". ").count() + words.matches(".\n").count();
        if sentences < 2 {
            short.push(code.name);
        }
    }
    assert!(short.is_empty(), "pages that say too little: {short:?}");
    assert!(names.len() > 80, "{} codes", names.len());
}

#[test]
fn lints_are_listed_by_name() {
    let names: Vec<&str> = lint::LINTS.iter().map(|lint| lint.code.name).collect();
    assert!(names.is_sorted(), "{names:?}");
}

#[test]
fn every_lint_has_examples() {
    for lint in lint::LINTS {
        for mark in ["bad", "good"] {
            assert!(!blocks(lint.code.page, mark).is_empty(), "{}: no {mark} example", lint.code.name);
        }
    }
}

#[test]
fn bad_examples_are_found_bad_for_the_reason_given() {
    for code in lint::all_codes() {
        for example in blocks(code.page, "bad") {
            let compilation = linted(&example);
            let mut findings = findings(&compilation);
            if code.severity == Severity::Info {
                findings.extend(compilation.diagnostics.iter().filter(|one| one.code.name == code.name));
            }
            let meant = findings.iter().filter(|finding| finding.code.name == code.name).count();
            assert!(meant > 0, "{}: not found in\n{example}\n{:?}", code.name, shown(&findings));
            if is_lint(code) {
                assert_eq!(meant, findings.len(), "{}: {:?}", code.name, shown(&findings));
            }
            for finding in findings.iter().filter(|finding| finding.code.name == code.name) {
                let span = finding.span.unwrap_or_else(|| panic!("{}: without a place", code.name));
                assert!(!compilation.sources.slice(span).is_empty(), "{}: points at nothing", code.name);
            }
        }
    }
}

#[test]
fn good_examples_are_found_good() {
    for code in lint::all_codes() {
        for example in blocks(code.page, "good") {
            let compilation = linted(&example);
            let findings = findings(&compilation);
            assert!(!compilation.diagnostics.has_errors(), "{}: {:?}", code.name, shown(&findings));
            assert!(findings.iter().all(|finding| finding.code.name != code.name), "{}", code.name);
            if is_lint(code) {
                assert!(findings.is_empty(), "{}: {:?}", code.name, shown(&findings));
            }
        }
    }
}

#[test]
fn every_finding_says_what_follows_and_what_to_do() {
    for lint in lint::LINTS {
        for example in blocks(lint.code.page, "bad") {
            for finding in findings(&linted(&example)) {
                assert!(finding.note.is_some() && finding.help.is_some(), "{}: {}", lint.code.name, finding.message);
                assert!(!finding.message.ends_with('.'), "{}", finding.message);
            }
        }
    }
}

/// The spec after every fix, the last first so that places stay good.
fn mended(compilation: &Compilation, text: &str) -> String {
    let mut fixes: Vec<_> = compilation.diagnostics.iter().filter_map(|finding| finding.fix.clone()).collect();
    fixes.sort_by_key(|fix| std::cmp::Reverse(fix.span.start));
    let mut text = text.to_owned();
    for fix in fixes {
        text.replace_range(fix.span.range(), &fix.replacement);
    }
    text
}

#[test]
fn a_fix_leaves_nothing_of_its_finding() {
    let mut mends = 0;
    for lint in lint::LINTS {
        for example in blocks(lint.code.page, "bad") {
            let compilation = linted(&example);
            if compilation.diagnostics.iter().any(|finding| finding.fix.is_some()) {
                mends += 1;
                let after = linted(&mended(&compilation, &example));
                assert!(findings(&after).is_empty(), "{}: {:?}", lint.code.name, shown(&findings(&after)));
            }
        }
    }
    assert!(mends > 0);
    // Quotes stay where the notation needs them.
    let quoted = "bellwether: 1\nplatform: shop\nretention: {logs: {/a: '45d', /b: \"2d\"}}\n\
                  stack: {cloudwatch: {region: eu-west-1}}\n";
    let after = mended(&linted(quoted), quoted);
    assert!(after.contains("{/a: '60d', /b: \"3d\"}"), "{after}");
}

#[test]
fn a_level_in_the_spec_decides_what_becomes_of_a_finding() {
    for lint in lint::LINTS {
        let example = &blocks(lint.code.page, "bad")[0];
        // Files that nobody compiled say nothing of levels; whoever runs the lint does.
        let with = |level: &str| {
            if is_spec(example) {
                return linted(&format!("{example}\nlint: {{{}: {level}}}\n", lint.code.name));
            }
            let meant = match level {
                "allow" => LintLevel::Allow,
                "warn" => LintLevel::Warn,
                _ => LintLevel::Deny,
            };
            let levels = [(lint.code.name.to_owned(), meant)].into();
            linted_with(example, Options { levels, ..Options::default() })
        };
        assert!(findings(&with("allow")).is_empty(), "{}", lint.code.name);
        assert!(with("deny").diagnostics.has_errors(), "{}", lint.code.name);
        let warned = with("warn");
        assert!(findings(&warned).iter().all(|finding| finding.severity == Severity::Warning), "{}", lint.code.name);
    }
}

#[test]
fn the_committed_platforms_have_nothing_to_find() {
    for entry in std::fs::read_dir(crate::support::root().join("specs")).unwrap() {
        let path = entry.unwrap().path();
        let compilation = linted(&std::fs::read_to_string(&path).unwrap());
        let found = shown(&findings(&compilation));
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
    }
}
