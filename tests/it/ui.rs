//! What people read: every spec in `tests/ui` beside the rendering of what is said about it.

use crate::support::expected::check_or_update;
use crate::support::{files_below, root};
use bellwether::diagnostics::render::human::{Look, render};
use bellwether::{Memory, Options, compile, lint};
use std::path::Path;

/// A folder of files that specs beside it include.
const PARTS: &str = "parts";

/// A folder of files of other systems; what is known of them is in its parts. A folder in it is one case of several
/// files: the `.yml` beside the one that names the case.
const PLAIN: &str = "plain";

const INPUTS: [&str; 4] = ["yaml", "toml", "json", "jsonnet"];

fn rendered(path: &Path) -> String {
    // The name that people would type, the same on every machine.
    let name = path.file_name().unwrap().to_str().unwrap();
    let parts = files_below(&path.parent().unwrap().join(PARTS)).into_iter().filter(|part| part.is_file());
    let world = parts.fold(Memory::new().with(name, std::fs::read(path).unwrap()), |world, part| {
        let name = format!("{PARTS}/{}", part.file_name().unwrap().to_str().unwrap());
        world.with(name, std::fs::read(part).unwrap())
    });
    let folder = path.parent().unwrap();
    let mut compilation = if folder.parent().is_some_and(|above| above.ends_with(PLAIN)) {
        let beside = files_below(folder).into_iter().filter(|file| is_beside(file));
        let beside: Vec<(String, Vec<u8>)> = beside
            .map(|file| (file.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(file).unwrap()))
            .collect();
        let names: Vec<String> =
            std::iter::once(name.to_owned()).chain(beside.iter().map(|(name, _)| name.clone())).collect();
        let world = beside.into_iter().fold(world, |world, (name, bytes)| world.with(name, bytes));
        bellwether::plain::read(&world, &names, &Options::default())
    } else if folder.ends_with(PLAIN) {
        let parts = files_below(&path.parent().unwrap().join(PARTS));
        let part = |part: &std::path::PathBuf| format!("{PARTS}/{}", part.file_name().unwrap().to_str().unwrap());
        let names: Vec<String> = std::iter::once(name.to_owned()).chain(parts.iter().map(part)).collect();
        bellwether::plain::read(&world, &names, &Options::default())
    } else {
        compile(&world, name, &Options::default())
    };
    lint::run(&mut compilation);
    let look = Look { width: 100, colour: false, unicode: true };
    let text = render(&compilation.diagnostics, &compilation.sources, look);
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n"
}

fn is_input(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| INPUTS.contains(&extension)) && !is_part(path)
}

fn is_beside(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yml")
}

fn is_part(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with(PARTS))
}

#[test]
fn messages_look_as_expected() {
    let inputs: Vec<_> = files_below(&root().join("tests/ui")).into_iter().filter(|path| is_input(path)).collect();
    assert!(inputs.len() > 20, "{} cases", inputs.len());
    let mut failures = Vec::new();
    for input in &inputs {
        let (actual, expected) = (rendered(input), input.with_extension("stderr"));
        let outcome = std::panic::catch_unwind(|| check_or_update(&expected, &actual));
        if let Err(failure) = outcome {
            failures.push(failure.downcast_ref::<String>().cloned().unwrap_or_default());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_expectation_is_without_its_input() {
    for path in files_below(&root().join("tests/ui")) {
        let is_expectation = path.extension().is_some_and(|extension| extension == "stderr");
        let has_input = INPUTS.iter().any(|extension| path.with_extension(extension).exists());
        assert!(
            is_input(&path) || is_part(&path) || is_beside(&path) || (is_expectation && has_input),
            "{} belongs to nothing",
            path.display()
        );
    }
}

#[test]
fn every_lint_has_a_case() {
    let all: String = files_below(&root().join("tests/ui"))
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "stderr"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    for lint in lint::LINTS {
        assert!(all.contains(lint.code.name), "no case for {}", lint.code.name);
    }
}
