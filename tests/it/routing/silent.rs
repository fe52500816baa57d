//! Files that are as they should be: what the compiler writes, and what teams write in the ordinary way.

use crate::support::{files_with, generated_platforms, root};
use bellwether::diagnostics::{Severity, place};
use bellwether::lint::Check;
use bellwether::{Memory, Options, lint, plain};
use std::path::Path;

/// What is found in files that are linted together.
fn found(folder: &Path, parts: &[&str]) -> Vec<String> {
    let files = parts.iter().flat_map(|part| files_with(&folder.join(part), &["yml", "yaml"]));
    let (mut world, mut names) = (Memory::new(), Vec::new());
    for file in files {
        let name = file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        world = world.with(name.clone(), std::fs::read(&file).unwrap());
        names.push(name);
    }
    assert!(names.len() > 1, "{}: nothing to lint", folder.display());
    let mut compilation = plain::read(&world, &names, &Options::default());
    assert_eq!(compilation.plain.as_ref().unwrap().alertmanagers.len(), 1, "{}", folder.display());
    lint::run(&mut compilation);
    // What rules of PromQL say of packs is told where packs are.
    let of_routes = |code: &str| {
        let told = |lint: &&&lint::Lint| matches!(lint.check, Check::Routing(_) | Check::Told(..));
        lint::LINTS.iter().filter(told).any(|lint| lint.code.name == code)
    };
    let bad = compilation.diagnostics.iter().filter(|finding| {
        finding.severity == Severity::Error || (finding.severity > Severity::Info && of_routes(finding.code.name))
    });
    bad.map(|finding| {
        let place = finding.span.map_or(String::new(), |span| place(&compilation.sources, span));
        format!("{place}: {}: {}", finding.code.name, finding.message)
    })
    .collect()
}

#[test]
fn the_compilers_own_files_are_clean() {
    let platforms = generated_platforms();
    assert!(!platforms.is_empty());
    for platform in platforms.iter().filter(|platform| platform.join("alertmanager").is_dir()) {
        let found = found(platform, &["alertmanager", "prometheus/prometheus.yml", "prometheus/rules", "thanos/rules"]);
        assert!(found.is_empty(), "{}: {found:#?}", platform.display());
    }
}

#[test]
fn ordinary_files_are_clean() {
    let mut cases = 0;
    for entry in std::fs::read_dir(root().join("tests/community")).unwrap() {
        let folder = entry.unwrap().path();
        let found = found(&folder, &[""]);
        assert!(found.is_empty(), "{}: {found:#?}", folder.display());
        cases += 1;
    }
    assert!(cases >= 3, "{cases} cases");
}
