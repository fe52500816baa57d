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

/// What an evaluation may use.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Limits {
    /// How long evaluating Jsonnet may take
    #[arg(long = "jsonnet-seconds", value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
    /// How much memory evaluating Jsonnet may use
    #[arg(long = "jsonnet-megabytes", value_name = "N", default_value_t = 2048, value_parser = clap::value_parser!(u64).range(256..=1_048_576))]
    megabytes: u64,
}

/// Evaluates Jsonnet from standard input; writes the evaluation as JSON.
#[derive(Debug, Args)]
pub(super) struct Evaluate {
    /// The file's name
    name: String,
    #[command(flatten)]
    limits: Limits,
    /// Folders that may be imported from
    folders: Vec<PathBuf>,
}

impl Evaluate {
    pub(super) fn run(self) -> Outcome {
        limit_memory(self.limits.megabytes);
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        let evaluation = match read {
            Ok(_) => jsonnet::evaluate(&self.name, &text, Sandbox::new(self.folders)),
            Err(error) => jsonnet::not_run(&error.to_string()),
        };
        output::print(&serde_json::to_string(&evaluation).unwrap_or_default());
        Ok(FINE)
    }
}

#[cfg(unix)]
fn limit_memory(megabytes: u64) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let bytes = megabytes.saturating_mul(1024 * 1024);
    let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
    // Where the limit cannot be set, the deadline still holds.
    let _ = setrlimit(Resource::As, limit);
}

#[cfg(not(unix))]
fn limit_memory(_: u64) {}

/// Evaluates in a child of this very program, and stops it at the deadline.
pub(super) fn in_child(name: &str, text: &str, import_paths: &[PathBuf], limits: Limits) -> Evaluation {
    match spawn(name, text, import_paths, limits) {
        Ok(evaluation) => evaluation,
        Err(error) => jsonnet::not_run(&error.to_string()),
    }
}

fn spawn(name: &str, text: &str, import_paths: &[PathBuf], limits: Limits) -> std::io::Result<Evaluation> {
    let folder = Path::new(name).parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut child = Command::new(std::env::current_exe()?)
        .arg(COMMAND)
        .arg(format!("--jsonnet-seconds={}", limits.seconds))
        .arg(format!("--jsonnet-megabytes={}", limits.megabytes))
        .arg("--")
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
        if start.elapsed() > Duration::from_secs(limits.seconds) {
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
        Err(_) if late => jsonnet::stopped(&counted(limits.seconds, "second")),
        Err(_) => jsonnet::stopped(&format!("{} MB of memory", limits.megabytes)),
    })
}

fn counted(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
