//! Scripts of commands, with what each is expected to say.
//!
//! A script is words for the reader, then sections, each opened by a line of its own:
//!
//! - `-- write PATH --`: the lines below are put in that file.
//! - `-- run COMMAND --`: the shell runs it in the scratch folder; `bellwether` is the program under test, `$ROOT`
//!   the project. What follows is what it gave: `-- exit N --`, `-- stdout --`, `-- stderr --` (left out when empty).
//! - `-- tree PATH --`: every file below, as it is at that moment.
//! - `-- show PATH --`: what is in that file.

use std::path::Path;
use std::process::Command;

use super::PROGRAM;
use crate::support::scratch::Scratch;
use crate::support::{files_below, root};

/// Runs a script and gives it as it should be: the same text if all is as expected.
pub(super) fn run(text: &str) -> String {
    let scratch = Scratch::new("script");
    let (introduction, sections) = read(text);
    let mut actual = introduction;
    for section in sections {
        let Section { kind, argument, body } = &section;
        match kind.as_str() {
            "write" => {
                scratch.write(argument, body);
                actual.push_str(&section.shown());
            }
            "run" => {
                actual.push_str(&section.heading());
                actual.push_str(&execute(argument, scratch.path()));
            }
            "tree" => {
                let folder = scratch.join(argument);
                let files = files_below(&folder);
                let names = files.iter().map(|file| format!("{}\n", file.strip_prefix(&folder).unwrap().display()));
                actual.push_str(&format!("{}{}", section.heading(), names.collect::<String>()));
            }
            "show" => {
                let text = std::fs::read_to_string(scratch.join(argument)).unwrap_or_else(|error| format!("{error}\n"));
                actual.push_str(&format!("{}{text}", section.heading()));
            }
            // What the command gave is written anew.
            "exit" | "stdout" | "stderr" => {}
            other => panic!("there is no section `{other}`"),
        }
    }
    actual
}

struct Section {
    kind: String,
    argument: String,
    body: String,
}

impl Section {
    fn heading(&self) -> String {
        let space = if self.argument.is_empty() { "" } else { " " };
        format!("-- {}{space}{} --\n", self.kind, self.argument)
    }

    fn shown(&self) -> String {
        self.heading() + &self.body
    }
}

/// The words before the first section, and the sections.
fn read(text: &str) -> (String, Vec<Section>) {
    let (mut introduction, mut sections) = (String::new(), Vec::<Section>::new());
    for line in text.split_inclusive('\n') {
        let inner = line.trim_end().strip_prefix("-- ").and_then(|line| line.strip_suffix(" --"));
        match (inner, sections.last_mut()) {
            (Some(inner), _) => {
                let (kind, argument) = inner.split_once(' ').unwrap_or((inner, ""));
                sections.push(Section { kind: kind.to_owned(), argument: argument.to_owned(), body: String::new() });
            }
            (None, Some(section)) => section.body.push_str(line),
            (None, None) => introduction.push_str(line),
        }
    }
    (introduction, sections)
}

/// Exit code and output of a command, as sections.
fn execute(command: &str, folder: &Path) -> String {
    let programs = Path::new(PROGRAM).parent().unwrap().display();
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{programs}:/usr/bin:/bin"))
        .env("ROOT", root())
        .env("NO_COLOR", "1")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let code = output.status.code().map_or("signal".to_owned(), |code| code.to_string());
    let mut shown = format!("-- exit {code} --\n");
    for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
        let text = String::from_utf8(bytes).unwrap().replace(&folder.display().to_string(), "SCRATCH");
        let text = text.replace(&root().display().to_string(), "ROOT");
        if !text.is_empty() {
            let end = if text.ends_with('\n') { "" } else { "(no line end)\n" };
            shown.push_str(&format!("-- {name} --\n{text}{end}"));
        }
    }
    shown
}

#[test]
fn a_script_that_expects_something_else_differs() {
    let right = "Words.\n-- write a.txt --\nx\n-- run cat a.txt; exit 3 --\n-- exit 3 --\n-- stdout --\nx\n";
    assert_eq!(run(right), right);
    assert_ne!(
        run(&right.replace("exit 3 --\n-- stdout", "exit 4 --\n-- stdout")),
        right.replace("-- exit 3", "-- exit 4")
    );
    let wrong = right.replace("stdout --\nx", "stdout --\ny");
    assert_eq!(run(&wrong), right);
}
