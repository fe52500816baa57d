//! Files that nobody compiled: what is ordinary has nothing to find, whatever is known of it.

use crate::support::{files_below, generated_platforms, root};
use bellwether::diagnostics::Severity;
use bellwether::{Compilation, Memory, Options, lint, plain};
use std::path::{Path, PathBuf};

/// Lints files as one platform.
fn linted(files: &[PathBuf]) -> Compilation {
    let name = |path: &Path| path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    let world = files.iter().fold(Memory::new(), |world, path| world.with(name(path), std::fs::read(path).unwrap()));
    let names: Vec<String> = files.iter().map(|path| name(path)).collect();
    let mut compilation = plain::read(&world, &names, &Options::default());
    lint::run(&mut compilation);
    compilation
}

/// What is found beyond information, a line each.
fn found(compilation: &Compilation) -> Vec<String> {
    let worth = compilation.diagnostics.iter().filter(|one| one.severity > Severity::Info);
    let place = |one: &bellwether::diagnostics::Diagnostic| {
        one.span.map(|span| {
            let file = compilation.sources.file(span.file);
            format!("{}:{}", file.name(), file.line_column(span.start).0)
        })
    };
    worth.map(|one| format!("{} {}: {}", place(one).unwrap_or_default(), one.code.name, one.message)).collect()
}

fn yaml_below(folder: &Path) -> Vec<PathBuf> {
    let is_yaml = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml");
    files_below(folder).into_iter().filter(is_yaml).collect()
}

#[test]
fn what_is_compiled_has_nothing_to_find() {
    for platform in generated_platforms() {
        let mut files = yaml_below(&platform.join("prometheus/rules"));
        files.extend([platform.join("prometheus/prometheus.yml")].into_iter().filter(|file| file.is_file()));
        let said = found(&linted(&files));
        assert!(said.is_empty(), "{}\n{}", platform.display(), said.join("\n"));
    }
}

#[test]
fn ordinary_rules_have_nothing_to_find() {
    let files = yaml_below(&root().join("tests/it/plain/ordinary"));
    assert!(files.len() >= 3);
    let rules: usize = files.iter().map(|file| std::fs::read_to_string(file).unwrap().matches("expr:").count()).sum();
    assert!(rules >= 40, "{rules}");
    let said = found(&linted(&files));
    assert!(said.is_empty(), "{}", said.join("\n"));
    // Each file by itself, of whose metrics nothing is known.
    for file in files {
        let said = found(&linted(std::slice::from_ref(&file)));
        assert!(said.is_empty(), "{}", said.join("\n"));
    }
}
