//! `bellwether completions`: for a shell.

use clap::{Args, CommandFactory};

use super::{Cli, FINE, Outcome, output};

/// Print completions for a shell
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

impl Completions {
    pub(super) fn run(self) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "bellwether", &mut script);
        output::print(&String::from_utf8_lossy(&script));
        Ok(FINE)
    }
}
