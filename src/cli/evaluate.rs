//! Jsonnet in a child process: the evaluator has no limit of time or memory, a process has both.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;

use super::disk::Sandbox;
use super::{FINE, Outcome, output};
use crate::source::jsonnet::{self, Evaluation};

/// Name of the hidden subcommand.
pub(super) const COMMAND: &str = "evaluate-jsonnet";
/// How long an evaluation may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// How much address space it may use.
#[cfg(unix)]
const MEMORY: u64 = 2 * 1024 * 1024 * 1024;

/// Evaluates Jsonnet from standard input; writes the evaluation as JSON.
#[derive(Debug, Args)]
pub(super) struct Evaluate {
    /// The file's name
    name: String,
    /// Folders that may be imported from
    folders: Vec<PathBuf>,
}

impl Evaluate {
    pub(super) fn run(self) -> Outcome {
        limit_memory();
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        let evaluation = match read {
            Ok(_) => jsonnet::evaluate(&self.name, &text, Sandbox::new(self.folders)),
            Err(error) => jsonnet::stopped(&format!("its text could not be read: {error}")),
        };
        output::print(&serde_json::to_string(&evaluation).unwrap_or_default());
        Ok(FINE)
    }
}

#[cfg(unix)]
fn limit_memory() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    // Where the limit cannot be set, the deadline still holds.
    let _ = setrlimit(Resource::As, limit);
}

#[cfg(not(unix))]
fn limit_memory() {}

/// Evaluates in a child of this very program, and stops it at the deadline.
pub(super) fn in_child(name: &str, text: &str, import_paths: &[PathBuf]) -> Evaluation {
    match spawn(name, text, import_paths) {
        Ok(evaluation) => evaluation,
        Err(error) => jsonnet::stopped(&format!("the evaluator could not be run: {error}")),
    }
}

fn spawn(name: &str, text: &str, import_paths: &[PathBuf]) -> std::io::Result<Evaluation> {
    let folder = Path::new(name).parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut child = Command::new(std::env::current_exe()?)
        .arg(COMMAND)
        .arg(name)
        .arg(folder)
        .args(import_paths)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let text = text.to_owned();
    // Both pipes are served by threads: a child that neither reads nor ends must not hold us up.
    let writer = std::thread::spawn(move || input.map(|mut pipe| pipe.write_all(text.as_bytes())));
    let reader = std::thread::spawn(move || {
        let mut answer = Vec::new();
        if let Some(mut pipe) = output {
            let _ = pipe.read_to_end(&mut answer);
        }
        answer
    });
    let start = Instant::now();
    let mut late = false;
    while child.try_wait()?.is_none() {
        if start.elapsed() > DEADLINE {
            late = true;
            child.kill()?;
            child.wait()?;
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let _ = writer.join();
    let answer = reader.join().unwrap_or_default();
    Ok(match serde_json::from_slice(&answer) {
        Ok(evaluation) => evaluation,
        Err(_) if late => jsonnet::stopped(&format!("it took longer than {} seconds", DEADLINE.as_secs())),
        Err(_) => jsonnet::stopped("it needed more memory than the limit allows"),
    })
}
