//! What people and machines get to read: rendered diagnostics, colours or none, a narrow terminal, a closed pipe.

use std::io::{IsTerminal, Write};

use clap::{Args, ValueEnum};

use super::Failure;
use crate::diagnostics::render::{Look, github, human, json, sarif};
use crate::diagnostics::{Diagnostics, Severity};
use crate::lint;
use crate::source::Sources;

/// How diagnostics are written.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub(super) color: Colour,
    /// Fail on warnings too
    #[arg(long)]
    pub(super) deny_warnings: bool,
}

/// Renderings of diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Human,
    /// One line a finding
    Short,
    /// For programs
    Json,
    /// For code scanning
    Sarif,
    /// Annotations of a pull request
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

impl OutputArgs {
    /// Writes diagnostics: for people to standard error, for machines to standard output.
    pub(super) fn report(&self, diagnostics: &Diagnostics, sources: &Sources) {
        match self.format {
            Format::Human => say(&human::render(diagnostics, sources, self.look())),
            Format::Short => {
                let lines: Vec<String> = diagnostics.iter().map(|one| human::one_line(one, sources) + "\n").collect();
                say(&lines.concat());
            }
            Format::Json => print(&json::render(diagnostics, sources)),
            Format::Sarif => print(&sarif::render(diagnostics, sources, &lint::all_codes())),
            Format::Github => print(&github::render(diagnostics, sources)),
        }
    }

    /// Whether these findings make the command fail.
    pub(super) fn fails(&self, diagnostics: &Diagnostics) -> bool {
        let worst = if self.deny_warnings { Severity::Warning } else { Severity::Error };
        diagnostics.iter().any(|diagnostic| diagnostic.severity >= worst)
    }

    fn look(&self) -> Look {
        let terminal = std::io::stderr().is_terminal();
        let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = match self.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && !dumb && !refused,
        };
        let default = Look::default();
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let width = columns.or_else(|| terminal.then(terminal_width).flatten()).unwrap_or(default.width);
        Look { width, colour, unicode: !dumb && utf8_locale() }
    }
}

/// Width of the terminal behind standard error.
#[cfg(unix)]
fn terminal_width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stderr()).ok()?;
    (size.ws_col > 0).then(|| usize::from(size.ws_col))
}

#[cfg(not(unix))]
fn terminal_width() -> Option<usize> {
    None
}

/// Whether the locale says that box-drawing characters can be shown. No locale at all (a container) can.
fn utf8_locale() -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    locale.is_none_or(|locale| {
        let upper = locale.to_uppercase();
        upper.contains("UTF-8") || upper.contains("UTF8")
    })
}

/// To standard output. A reader that has gone away is no failure.
pub(super) fn print(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// To standard error.
pub(super) fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Why the job could not be done.
pub(super) fn failure(failure: &Failure) {
    say(&format!("bellwether: {}\n", failure.message));
    if let Some(help) = &failure.help {
        say(&format!("  help: {help}\n"));
    }
}

/// A line that says what is being done, on a terminal only, and cleared again.
pub(super) struct Progress {
    shown: bool,
}

impl Progress {
    /// Shows what is being done.
    pub(super) fn start(what: &str) -> Self {
        let shown = std::io::stderr().is_terminal();
        if shown {
            say(&format!("{what} ...\r"));
        }
        Self { shown }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            say("\r\x1b[2K");
        }
    }
}
