//! Pipes that close, terminals of every kind, a disk that is full.

use std::io::Read;
use std::process::Stdio;

use super::{bellwether, said};
use crate::support::scratch::Scratch;

const TYPO: &str = "bellwether: 1\nplatform: shop\nservces: {}\n";

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let scratch = Scratch::new("pipe");
    for arguments in [&["schema"] as &[&str], &["explain"], &["completions", "bash"], &["--help"]] {
        let mut child =
            bellwether(scratch.path(), arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut error = String::new();
        child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
        let status = child.wait().unwrap();
        assert!(status.success() && error.is_empty(), "{arguments:?}: {status}: {error}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_is_lost_is_a_failure() {
    let scratch = Scratch::new("full");
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = bellwether(scratch.path(), &["schema"]).stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("cannot write to standard output"), "{}", said(&output));
}

#[test]
fn colours_and_frames_suit_the_reader() {
    let scratch = Scratch::new("look");
    scratch.write("spec.yaml", TYPO);
    let look = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut command = bellwether(scratch.path(), &[&["lint", "spec.yaml"], arguments].concat());
        command.env_remove("NO_COLOR").envs(environment.iter().copied());
        said(&command.output().unwrap())
    };
    let plain = look(&[], &[]);
    assert!(!plain.contains('\x1b') && plain.contains('╭'), "{plain}");
    assert_eq!(look(&["--color", "never"], &[]), plain);
    let coloured = look(&["--color", "always"], &[("NO_COLOR", "1")]);
    assert!(coloured.contains("\x1b[31m"), "asked for, colours come: {coloured}");
    for environment in [("TERM", "dumb"), ("LC_ALL", "C")] {
        let ascii = look(&[], &[environment]);
        assert!(ascii.is_ascii() && ascii.contains("^^^"), "{ascii}");
    }
    let narrow = look(&[], &[("COLUMNS", "40")]);
    for line in narrow.lines() {
        assert!(line.chars().count() <= 40 || line.contains("bellwether explain"), "{line}");
    }
}

#[test]
fn a_terminal_sees_progress_and_colours_and_nothing_of_it_stays() {
    // `script` gives a terminal; where it is missing there is nothing to see.
    let Some(script) = crate::support::tools::on_path("script") else { return crate::support::tools::skip("script") };
    let scratch = Scratch::new("terminal");
    scratch.write("spec.yaml", TYPO);
    let run = |environment: &[(&str, &str)]| {
        let command = format!("{} lint spec.yaml", super::PROGRAM);
        let mut script = std::process::Command::new(&script);
        script.args(["-qec", &command, "/dev/null"]).current_dir(scratch.path()).env_clear();
        script.env("PATH", "/usr/bin:/bin").env("SHELL", "/bin/sh").env("TERM", "xterm").stdin(Stdio::null());
        let output = script.envs(environment.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stdout).unwrap()
    };
    let seen = run(&[]);
    assert!(seen.contains("checking spec.yaml") && seen.contains("\x1b[2K"), "{seen}");
    assert!(seen.contains("\x1b[31m"), "{seen}");
    assert!(!run(&[("NO_COLOR", "1")]).contains("\x1b[31m"));
    assert!(!run(&[("TERM", "dumb")]).contains('\x1b'));
}

#[test]
fn init_does_not_wait_for_answers_that_cannot_come() {
    let scratch = Scratch::new("closed");
    let output = bellwether(scratch.path(), &["init"]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--platform"), "{}", said(&output));
    assert!(std::fs::read_dir(scratch.path()).unwrap().next().is_none());
}
