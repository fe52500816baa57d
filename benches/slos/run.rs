//! Programs run from outside: how long, how much processor time, how much memory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// One thing that is measured.
#[derive(Debug)]
pub(crate) struct Job {
    /// What it is called in the table.
    pub(crate) name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    output: PathBuf,
    wants_folder: bool,
}

impl Job {
    /// A program with its arguments, and what it writes.
    pub(crate) fn new(name: &'static str, program: PathBuf, arguments: &[&str], output: PathBuf) -> Self {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Self { name, program, arguments, output, wants_folder: false }
    }

    /// Its output is a folder that it wants to find.
    pub(crate) fn into_folder(mut self) -> Self {
        self.wants_folder = true;
        self
    }

    /// Moves what an earlier run wrote aside: every run begins with nothing. It is not removed meanwhile, because file
    /// systems take longer to make files where others have just gone.
    pub(crate) fn clear(&self) -> io::Result<()> {
        static ASIDE: AtomicUsize = AtomicUsize::new(0);
        if self.output.exists() {
            let aside = format!("aside-{}", ASIDE.fetch_add(1, Ordering::Relaxed));
            fs::rename(&self.output, self.output.with_extension(aside))?;
        }
        if self.wants_folder { fs::create_dir_all(&self.output) } else { Ok(()) }
    }

    /// Runs it once; a failure ends the benchmark.
    pub(crate) fn run(&self) -> io::Result<()> {
        self.finish(Command::new(&self.program).args(&self.arguments))
    }

    fn finish(&self, command: &mut Command) -> io::Result<()> {
        let output = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(io::Error::other(format!("{}: {}\n{said}", self.name, output.status)))
    }

    /// Bytes that it wrote.
    pub(crate) fn output_bytes(&self) -> u64 {
        bytes(&self.output)
    }
}

fn bytes(path: &Path) -> u64 {
    match fs::read_dir(path) {
        Ok(entries) => entries.filter_map(Result::ok).map(|entry| bytes(&entry.path())).sum(),
        Err(_) => fs::metadata(path).map_or(0, |metadata| metadata.len()),
    }
}

/// What was measured of one job.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    walls: Vec<Duration>,
    /// Processor seconds and peak kilobytes, if GNU time is there.
    weighed: Option<(f64, u64)>,
}

impl Figures {
    /// Runs the job against the clock.
    pub(crate) fn time(&mut self, job: &Job) -> io::Result<()> {
        let start = Instant::now();
        job.run()?;
        self.walls.push(start.elapsed());
        Ok(())
    }

    /// Runs the job under GNU time, which knows its memory.
    pub(crate) fn weigh(&mut self, job: &Job) -> io::Result<()> {
        let Some(time) = program("time") else { return Ok(()) };
        let figures = job.output.with_extension("figures");
        let mut command = Command::new(time);
        command.args(["-f", "%U %S %M", "-o"]).arg(&figures).arg(&job.program).args(&job.arguments);
        job.finish(&mut command)?;
        let text = fs::read_to_string(figures)?;
        let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        if let [user, system, kilobytes] = numbers.as_slice() {
            self.weighed = Some((user + system, *kilobytes as u64));
        }
        Ok(())
    }

    /// The least wall time, in milliseconds.
    pub(crate) fn least(&self) -> f64 {
        self.walls.iter().min().map_or(0.0, milliseconds)
    }

    fn median(&self) -> f64 {
        let mut sorted = self.walls.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).map_or(0.0, milliseconds)
    }

    /// Its columns of the table.
    pub(crate) fn shown(&self, output: u64) -> String {
        let (cpu, memory) = self.weighed.map_or(("?".to_owned(), "?".to_owned()), |(seconds, kilobytes)| {
            (format!("{seconds:.2}"), format!("{:.1}", kilobytes as f64 / 1024.0))
        });
        let output = output as f64 / 1024.0 / 1024.0;
        format!("{:9.1} {:9.1} {cpu:>8} {memory:>9} {output:9.1}", self.least(), self.median())
    }
}

fn milliseconds(time: &Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Where a program is: a variable of its name in capitals, or `PATH`.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(name.to_uppercase()) {
        return Some(PathBuf::from(path)).filter(|path| path.is_file());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// The first line that a program says.
pub(crate) fn first_line(program: &Path, arguments: &[&str]) -> String {
    let said = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let text = said.map(|said| if said.stdout.is_empty() { said.stderr } else { said.stdout }).unwrap_or_default();
    String::from_utf8_lossy(&text).lines().next().unwrap_or("").trim().to_owned()
}
