//! The house rules that a machine can check.

use crate::support::{files_with, root};
use std::path::Path;

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 80;

#[test]
fn the_sources_keep_the_house_rules() {
    let mut problems = Vec::new();
    for folder in ["src", "tests", "examples", "benches"] {
        for file in files_with(&root().join(folder), &["rs"]) {
            let text = std::fs::read_to_string(&file).unwrap();
            let name = file.strip_prefix(root()).unwrap();
            problems.extend(problems_of(name, &text));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn problems_of(file: &Path, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut found = |line: usize, what: &str| problems.push(format!("{}:{line}: {what}", file.display()));
    if !text.starts_with("//! ") {
        found(1, "the first line is not `//! ` and what the file is for");
    }
    if text.lines().count() > FILE_LINES {
        found(1, &format!("{} lines, at most {FILE_LINES}", text.lines().count()));
    }
    for (line, length) in function_lengths(text) {
        if length > FUNCTION_LINES {
            found(line, &format!("a function of {length} lines, at most {FUNCTION_LINES}"));
        }
    }
    let library = file.starts_with("src") && !file.starts_with("src/cli") && file != Path::new("src/main.rs");
    for (position, line) in text.lines().enumerate() {
        // The words are put together so that this file does not break its own rules.
        for word in [concat!("todo", "!("), concat!("dbg", "!("), concat!("unimplemented", "!(")] {
            if line.contains(word) {
                found(position + 1, word);
            }
        }
        let code = line.trim_start();
        if library && !code.starts_with("//") {
            for word in ["std::fs", "println!(", "eprint!(", "std::process::exit"] {
                if code.contains(word) {
                    found(position + 1, &format!("`{word}` outside src/cli"));
                }
            }
        }
    }
    problems
}

/// The line and length of each function: from its `fn` to the brace that closes it in the same column.
fn function_lengths(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut lengths = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let opens = ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "const fn ", "pub const fn "];
        if opens.iter().any(|open| code.starts_with(open)) && !line.trim_end().ends_with(['}', ';']) {
            let closing = format!("{}}}", &line[..line.len() - code.len()]);
            if let Some(length) = lines[start..].iter().position(|line| *line == closing) {
                lengths.push((start + 1, length + 1));
            }
        }
    }
    lengths
}

#[test]
fn each_rule_finds_what_breaks_it() {
    let problems = |file: &str, text: &str| problems_of(Path::new(file), text).join("\n");
    assert_eq!(problems("src/a.rs", "//! A.\n\nfn a() {\n    b();\n}\n"), "");
    assert!(problems("src/a.rs", "fn a() {}\n").contains("src/a.rs:1: the first line"));
    assert!(problems("src/a.rs", &format!("//! A.\n{}", "\n".repeat(500))).contains("501 lines"));
    let long = format!("//! A.\nimpl A {{\n    fn a() {{\n{}    }}\n}}\n", "        b();\n".repeat(80));
    assert!(problems("src/a.rs", &long).contains("src/a.rs:3: a function of 82 lines"));
    assert!(problems("src/a.rs", concat!("//! A.\nfn a() { todo", "!() }\n")).contains(":2: todo"));
    let reading = "//! A.\nuse std::fs;\n";
    assert!(problems("src/lint/a.rs", reading).contains("outside src/cli"));
    assert_eq!(problems("src/cli/build.rs", reading), "");
    assert_eq!(problems("src/main.rs", reading), "");
}
