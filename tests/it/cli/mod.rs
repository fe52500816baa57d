//! The command itself, as people and scripts run it.

mod documents;
mod publish;
mod script;
mod streams;

use std::path::Path;
use std::process::{Command, Output};

use crate::support::root;
use crate::support::scratch::Scratch;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_bellwether");

/// The program in a folder, with nothing in its environment that could change what it says.
pub(crate) fn bellwether(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(folder).env_clear().env("NO_COLOR", "1");
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn scripts_say_what_the_command_says() {
    let scripts = crate::support::files_with(&root().join("tests/cli"), &["txt"]);
    assert!(scripts.len() >= 10, "only {} scripts were found", scripts.len());
    let mut differences = Vec::new();
    for path in scripts {
        let text = std::fs::read_to_string(&path).unwrap();
        let actual = script::run(&text);
        if text == actual {
            continue;
        }
        if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
            std::fs::write(&path, actual).unwrap();
            continue;
        }
        let difference = similar::TextDiff::from_lines(text.as_str(), &actual).unified_diff().to_string();
        differences.push(format!("{}\n{difference}", path.display()));
    }
    assert!(differences.is_empty(), "{}\nto accept: UPDATE=1 cargo test", differences.join("\n"));
}

#[test]
fn init_with_any_technology_gives_a_spec_that_nothing_is_said_of() {
    let alone = bellwether::packs::PACKS.iter().map(|(name, _)| (*name).to_owned());
    let together = ["http,process,blackbox", "postgres,aws-rds", "redis,aws-elasticache", "node,process"];
    let mut wrong = Vec::new();
    for packs in alone.chain(together.map(str::to_owned)) {
        let scratch = Scratch::new("init");
        let service = format!("--service=my-service={packs}");
        for arguments in [
            &["init", "--platform=shop", &service] as &[&str],
            &["lint", "bellwether.yaml", "--deny-warnings"],
            &["build", "bellwether.yaml", "--deny-warnings"],
        ] {
            let output = bellwether(scratch.path(), arguments).output().unwrap();
            if !output.status.success() {
                wrong.push(format!("{packs}: {arguments:?}: {}", said(&output)));
            }
        }
        assert!(
            scratch.join("generated/shop/prometheus/prometheus.yml").exists()
                || ["aws-", "google-", "azure-"].iter().any(|cloud| packs.starts_with(cloud)),
            "{packs}"
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn help_fits_the_terminal() {
    let commands = ["", "build", "lint", "diff", "explain", "slo", "schema", "init", "completions"];
    let mut wide = Vec::new();
    for columns in [40_usize, 80] {
        for command in commands {
            let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
            let scratch = Scratch::new("help");
            let output = bellwether(scratch.path(), &arguments).env("COLUMNS", columns.to_string()).output().unwrap();
            assert!(output.status.success() && output.stderr.is_empty(), "{command}: {}", said(&output));
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(text.contains("Usage: bellwether"), "{text}");
            // A usage line is never broken by clap; what is said of options is.
            let lines = text.lines().filter(|line| !line.starts_with("Usage:") && line.chars().count() > columns);
            wide.extend(
                lines
                    .filter(|line| line.trim_start().contains(' '))
                    .map(|line| format!("{command} at {columns}: {line}")),
            );
        }
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}
