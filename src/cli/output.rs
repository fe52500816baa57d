//! What people and machines get to read: rendered diagnostics, colours or none, a narrow terminal, a closed pipe.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};

use super::Failure;
use super::formats::{Format, Report, ReportParser};
use crate::Compilation;
use crate::diagnostics::render::{Look, github, human};
use crate::diagnostics::{Diagnostics, Severity};
use crate::source::Sources;

/// How diagnostics are written.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// How findings are written; with =FILE into that file. May be given several times, for several at once
    #[arg(long = "format", value_name = "FORMAT[=FILE]", value_parser = ReportParser, default_value = "human")]
    reports: Vec<Report>,
    #[command(flatten)]
    pub(super) colours: Colours,
    /// Fail on findings of this severity and above
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = Least::Error)]
    fail_on: Least,
    /// Fail on warnings too: short for --fail-on warning
    #[arg(long, conflicts_with = "fail_on")]
    deny_warnings: bool,
}

/// Whether what people read has colours.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Colours {
    /// When to use colours
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

/// What makes a command fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Least {
    /// Errors only
    Error,
    /// Warnings too
    Warning,
    /// Whatever is found
    Info,
}

impl OutputArgs {
    /// That no two reports would be written into one another.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let place = |report: &Report| match (&report.file, report.format.is_for_people()) {
            (Some(file), _) => file.display().to_string(),
            (None, true) => "standard error".to_owned(),
            (None, false) => "standard output".to_owned(),
        };
        let mut places: BTreeMap<String, Format> = BTreeMap::new();
        for report in &self.reports {
            if let Some(first) = places.insert(place(report), report.format) {
                let (first, second) = (first.name(), report.format.name());
                let message = format!("--format {first} and --format {second} both go to {}", place(report));
                return Err(Failure::new(message).help(format!("give one a file: --format {second}=FILE")));
            }
        }
        Ok(())
    }

    /// Whether somebody reads along: then what was done is said too.
    pub(super) fn is_read_by_people(&self) -> bool {
        self.reports.iter().any(|report| report.format == Format::Human && report.file.is_none())
    }

    /// Writes diagnostics, unless they are part of one document that [`OutputArgs::finish`] writes:
    /// for people to standard error, for machines to standard output.
    pub(super) fn report(&self, diagnostics: &Diagnostics, sources: &Sources) {
        for report in self.reports.iter().filter(|report| report.file.is_none()) {
            match report.format {
                Format::Human => explain(diagnostics, sources, self.colours),
                Format::Short => say(&human::short(diagnostics, sources)),
                Format::Github => print(&github::render(diagnostics, sources)),
                Format::Json | Format::Sarif | Format::Gitlab | Format::Junit | Format::Markdown => {}
            }
        }
    }

    /// Writes the one document that formats for programs make of all specs, and every report that goes into a file.
    pub(super) fn finish(&self, compilations: &[Compilation]) -> Result<(), Failure> {
        for Report { format, file } in &self.reports {
            match file {
                Some(file) => {
                    let text = format.document(compilations);
                    std::fs::write(file, text).map_err(|error| Failure::io("write", file, &error))?;
                }
                // Written already, spec by spec.
                None if matches!(format, Format::Human | Format::Short | Format::Github) => {}
                None => print(&format.document(compilations)),
            }
        }
        Ok(())
    }

    /// Whether these findings make the command fail.
    pub(super) fn fails(&self, diagnostics: &Diagnostics) -> bool {
        let least = match self.fail_on {
            Least::Error if self.deny_warnings => Severity::Warning,
            Least::Error => Severity::Error,
            Least::Warning => Severity::Warning,
            Least::Info => Severity::Info,
        };
        diagnostics.iter().any(|diagnostic| diagnostic.severity >= least)
    }
}

/// Diagnostics for people, to standard error.
pub(super) fn explain(diagnostics: &Diagnostics, sources: &Sources, colours: Colours) {
    say(&human::render(diagnostics, sources, colours.look(Stream::Errors)));
}

/// Where text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Errors,
}

impl Stream {
    fn is_terminal(self) -> bool {
        match self {
            Stream::Output => std::io::stdout().is_terminal(),
            Stream::Errors => std::io::stderr().is_terminal(),
        }
    }

    /// Width of the terminal behind it.
    #[cfg(unix)]
    fn width(self) -> Option<usize> {
        let size = match self {
            Stream::Output => rustix::termios::tcgetwinsize(std::io::stdout()),
            Stream::Errors => rustix::termios::tcgetwinsize(std::io::stderr()),
        };
        size.ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0)
    }

    #[cfg(not(unix))]
    fn width(self) -> Option<usize> {
        None
    }
}

impl Colours {
    /// How text looks there.
    pub(super) fn look(self, stream: Stream) -> Look {
        let terminal = stream.is_terminal();
        let dumb = dumb_terminal();
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = match self.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && !dumb && !refused,
        };
        let default = Look::default();
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let width = columns.or_else(|| terminal.then(|| stream.width()).flatten()).unwrap_or(default.width);
        Look { width, colour, unicode: !dumb && utf8_locale() }
    }
}

/// A terminal that only adds lines: no colours, no clearing.
fn dumb_terminal() -> bool {
    std::env::var("TERM").is_ok_and(|term| term == "dumb")
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
    let mut output = std::io::stdout().lock();
    if let Err(error) = output.write_all(text.as_bytes()).and_then(|()| output.flush())
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        LOST.store(true, Ordering::Relaxed);
    }
}

/// Whether something that [`print`] was given did not arrive where it should.
pub(super) fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

static LOST: AtomicBool = AtomicBool::new(false);

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
        let shown = std::io::stderr().is_terminal() && !dumb_terminal();
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
