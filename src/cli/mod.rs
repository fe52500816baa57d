//! The command line: the only place that touches the disk, the terminal, other processes, or the exit code.
#![allow(clippy::disallowed_methods, reason = "this is where I/O belongs")]

mod build;
mod clock;
mod completions;
mod demo;
mod diff;
mod disk;
mod draft;
mod evaluate;
mod explain;
mod formats;
mod init;
mod lint;
mod output;
mod paths;
mod publish;
mod replace;
mod schema;
mod slo;
mod stack;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::backends::Selection;
use crate::diagnostics::nearest;
use crate::spec::LintLevel;
use crate::{Compilation, Options};

/// All is well.
const FINE: u8 = 0;
/// Findings, differences, or stale artifacts.
const FINDINGS: u8 = 1;
/// The job could not be done.
const COULD_NOT: u8 = 2;

/// Compiles one spec of a platform's monitoring into every configuration that keeps it, and checks that they agree.
#[derive(Debug, Parser)]
#[command(name = "bellwether", version, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compile specs into generated/<platform>/
    Build(build::Build),
    /// Check specs without writing anything
    Lint(lint::Lint),
    /// Show what a spec would change in the files on disk, or against another spec
    Diff(diff::Diff),
    /// Serve the metrics that a spec's services declare, with steady traffic, and incidents on command
    Demo(demo::Demo),
    /// Explain a code: what it means, why it matters, what to do
    Explain(explain::Explain),
    /// Show when people hear of a burning budget, what is gone by then, and what each SLO costs
    Slo(slo::Slo),
    /// Set up, start, look at and stop the compose stack of a spec
    Stack(stack::Stack),
    /// Print the JSON Schema of specs, packs, diagnostics or SLO reports
    Schema(schema::Schema),
    /// Write a first spec
    Init(init::Init),
    /// Print completions for a shell
    Completions(completions::Completions),
    /// Evaluate Jsonnet from standard input (used by bellwether itself)
    #[command(hide = true, name = evaluate::COMMAND)]
    Evaluate(evaluate::Evaluate),
}

/// What every command that compiles and reports findings takes.
#[derive(Debug, Args)]
struct Common {
    #[command(flatten)]
    output: output::OutputArgs,
    /// Do not report findings of this code, whatever the spec says of it
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    allow: Vec<String>,
    /// Report findings of this code as warnings
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    warn: Vec<String>,
    /// Report findings of this code as errors
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    deny: Vec<String>,
    #[command(flatten)]
    reading: Reading,
}

/// How a spec is read.
#[derive(Debug, Args)]
struct Reading {
    /// Overlay this environment of the spec
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Folders that Jsonnet may import from, beside the spec's own
    #[arg(long = "jpath", short = 'J', value_name = "DIR")]
    import_paths: Vec<PathBuf>,
    #[command(flatten)]
    limits: evaluate::Limits,
}

impl Reading {
    /// Compiles a spec from the disk.
    fn compile(&self, spec: &Path, options: &Options) -> Compilation {
        crate::compile(&self.world(), &spec.display().to_string(), options)
    }

    fn world(&self) -> disk::Disk {
        disk::Disk { import_paths: self.import_paths.clone(), limits: self.limits }
    }

    fn options(&self, backends: Selection) -> Options {
        let today = Some(clock::today());
        Options { environment: self.env.clone(), backends, levels: BTreeMap::new(), today }
    }
}

impl Common {
    /// That what was asked for can be done.
    fn check_arguments(&self) -> Result<(), Failure> {
        let named: Vec<&String> = [&self.allow, &self.warn, &self.deny].into_iter().flatten().collect();
        for (position, code) in named.iter().enumerate() {
            if !crate::lint::is_settable(code) {
                let failure = Failure::new(format!("there is no lint `{code}`"));
                let known = crate::lint::all_codes().iter().any(|known| known.name == code.as_str());
                return Err(match nearest(code, crate::lint::settable()) {
                    _ if known => Failure::new(format!("`{code}` is an error, not a finding: it has no level")),
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None => failure.help("`bellwether explain` lists them"),
                });
            }
            if named.iter().skip(position + 1).any(|other| other == code) {
                return Err(Failure::new(format!("`{code}` is given a level twice")));
            }
        }
        self.output.check()
    }

    /// Levels by flag.
    fn levels(&self) -> BTreeMap<String, LintLevel> {
        let flags = [(&self.allow, LintLevel::Allow), (&self.warn, LintLevel::Warn), (&self.deny, LintLevel::Deny)];
        flags.into_iter().flat_map(|(codes, level)| codes.iter().map(move |code| (code.clone(), level))).collect()
    }

    fn options(&self, backends: Selection) -> Options {
        Options { levels: self.levels(), ..self.reading.options(backends) }
    }

    /// Compiles a spec from the disk.
    fn compile(&self, spec: &Path, backends: Selection) -> Compilation {
        self.reading.compile(spec, &self.options(backends))
    }

    /// Compiles and lints a spec from the disk; on a terminal a line says so meanwhile.
    fn check(&self, spec: &Path, doing: &str, backends: Selection) -> Compilation {
        let _progress = output::Progress::start(&format!("{doing} {}", spec.display()));
        let mut compilation = self.compile(spec, backends);
        crate::lint::run(&mut compilation);
        compilation
    }

    /// The exit code that a compilation asks for: a spec that cannot be read is a job that cannot be done.
    fn code(&self, compilation: &Compilation) -> u8 {
        match (compilation.file, self.output.fails(&compilation.diagnostics)) {
            (None, _) => COULD_NOT,
            (_, true) => FINDINGS,
            _ => FINE,
        }
    }
}

/// Runs the command line and gives its exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { COULD_NOT } else { FINE };
            // A closed pipe is no reason to fail: nobody is there to read about it.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let code = match cli.command {
        Command::Build(command) => command.run(),
        Command::Lint(command) => command.run(),
        Command::Demo(command) => command.run(),
        Command::Diff(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Slo(command) => command.run(),
        Command::Stack(command) => command.run(),
        Command::Schema(command) => command.run(),
        Command::Init(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Evaluate(command) => command.run(),
    };
    match code {
        // Somebody who redirected the output into a full disk must not take half of it for the whole.
        Ok(_) if output::lost() => {
            output::failure(&Failure::new("cannot write to standard output"));
            ExitCode::from(COULD_NOT)
        }
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(COULD_NOT)
        }
    }
}

/// Why a command could not do its job, in a sentence, and what to do about it.
#[derive(Debug)]
struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Something the system refused to do with a path.
    fn io(verb: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(format!("cannot {verb} {}: {error}", path.display()))
    }
}

type Outcome = Result<u8, Failure>;
