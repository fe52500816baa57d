//! SLOs to rule files, beside the tools that do the same: `cargo bench --bench slos`.
//!
//! Every tool gets the same objectives in its own language and is run as a whole process, in turn, several rounds.
//! The least wall time of all rounds is compared: what else the machine did is in every other figure. Memory is the
//! largest that the process ever held.
//!
//! Peers are looked for on `PATH`, or where `SLOKIT`, `SLOTH`, `PYRRA`, `PROMTOOL` say; one that is not there is
//! said to be missing. `SLOS=1000,5000,20000` chooses how many objectives, `ROUNDS=5` how often. With `COST=200`, the
//! rules of so many objectives are loaded into a real Prometheus (`PROMETHEUS`) for `MINUTES=10`, ours and slokit's
//! side by side. Nothing is asserted: a slow machine is no failure.
#![allow(clippy::disallowed_methods, reason = "a benchmark runs programs and looks at the clock")]

mod cost;
mod run;
mod specs;

use std::fs;
use std::path::{Path, PathBuf};

use run::{Figures, Job};
use specs::Specs;

/// Tools, and what shows their version.
const PEERS: [(&str, &[&str]); 4] =
    [("slokit", &["--version"]), ("sloth", &["version"]), ("pyrra", &["--help"]), ("promtool", &["--version"])];

fn main() -> std::io::Result<()> {
    let folder = std::env::temp_dir().join(format!("bellwether-slos-{}", std::process::id()));
    let counts: Vec<usize> = numbers("SLOS").unwrap_or_else(|| vec![1000, 5000]);
    let rounds = numbers("ROUNDS").and_then(|rounds| rounds.first().copied()).unwrap_or(5);
    for (name, version) in PEERS {
        match run::program(name) {
            Some(path) => println!("{name}: {} ({})", run::first_line(&path, version), path.display()),
            None => println!("{name}: MISSING, not compared; install it or set {}", name.to_uppercase()),
        }
    }
    let mut done = Ok(());
    for count in counts {
        done = done.and_then(|()| compare(count, rounds, &folder.join(count.to_string())));
    }
    if let Some(count) = numbers("COST").and_then(|counts| counts.first().copied()) {
        done = done.and_then(|()| cost(count, &folder.join("cost")));
    }
    fs::remove_dir_all(&folder)?;
    done
}

/// What the rules cost a real Prometheus, ours beside slokit's.
fn cost(count: usize, folder: &Path) -> std::io::Result<()> {
    let (Some(prometheus), Some(promtool)) = (run::program("prometheus"), run::program("promtool")) else {
        println!("\nno prometheus or no promtool: what the rules cost is not measured");
        return Ok(());
    };
    let minutes = numbers("MINUTES").and_then(|minutes| minutes.first().copied()).unwrap_or(10);
    let specs = Specs::write(count, folder)?;
    let jobs = jobs(&specs, folder)?;
    let mut sets = vec![("bellwether", folder.join("kept/*.yml"))];
    if let Some(slokit) = jobs.iter().find(|job| job.name.starts_with("slokit")) {
        slokit.run()?;
        sets.push(("slokit", folder.join("slokit.yml")));
    }
    cost::compare(count, minutes as u64, &sets, (&prometheus, &promtool), &folder.join("runs"))
}

fn numbers(variable: &str) -> Option<Vec<usize>> {
    let text = std::env::var(variable).ok()?;
    Some(text.split(',').filter_map(|number| number.trim().parse().ok()).collect())
}

/// Everything that turns `count` objectives into rules, each after the other, round after round.
fn compare(count: usize, rounds: usize, folder: &Path) -> std::io::Result<()> {
    let specs = Specs::write(count, folder)?;
    let jobs = jobs(&specs, folder)?;
    let mut figures: Vec<Figures> = jobs.iter().map(|_| Figures::default()).collect();
    for _ in 0..rounds {
        for (job, figures) in jobs.iter().zip(&mut figures) {
            job.clear()?;
            figures.time(job)?;
        }
    }
    for (job, figures) in jobs.iter().zip(&mut figures) {
        job.clear()?;
        figures.weigh(job)?;
    }
    println!("\n{count} objectives, {rounds} rounds");
    println!(
        "{:28} {:>9} {:>9} {:>8} {:>9} {:>9}  beside ours",
        "", "least ms", "median", "CPU s", "peak MB", "output MB"
    );
    let ours = figures.first().map_or(0.0, Figures::least);
    for (job, figures) in jobs.iter().zip(&figures) {
        println!("{:28} {}  {:8.2}x", job.name, figures.shown(job.output_bytes()), figures.least() / ours);
    }
    Ok(())
}

/// Ours first; a copy of our files; then whatever peers there are.
fn jobs(specs: &Specs, folder: &Path) -> std::io::Result<Vec<Job>> {
    let text = |path: &Path| path.display().to_string();
    let (ours, rules) = (folder.join("ours"), folder.join("ours/bench/prometheus/rules"));
    let bellwether = PathBuf::from(env!("CARGO_BIN_EXE_bellwether"));
    let build = ["build", "--only", "rules", "--out", &text(&ours), &text(&specs.bellwether)];
    let mut jobs = vec![Job::new("bellwether build", bellwether, &build, ours.clone())];
    // What is copied and checked must lie there before.
    let kept = folder.join("kept");
    jobs.iter().try_for_each(Job::run)?;
    fs::rename(&rules, &kept)?;
    if let Some(cp) = run::program("cp") {
        let copy = folder.join("copy");
        jobs.push(Job::new("cp -r of our files", cp, &["-r", &text(&kept), &text(&copy)], copy));
    }
    if let Some(slokit) = run::program("slokit") {
        let output = folder.join("slokit.yml");
        jobs.push(Job::new(
            "slokit generate",
            slokit,
            &["generate", "-i", &text(&specs.sloth), "-o", &text(&output)],
            output,
        ));
    }
    if let Some(sloth) = run::program("sloth") {
        let output = folder.join("sloth.yml");
        jobs.push(Job::new(
            "sloth generate",
            sloth,
            &["generate", "-i", &text(&specs.sloth), "-o", &text(&output)],
            output,
        ));
    }
    if let Some(pyrra) = run::program("pyrra") {
        let output = folder.join("pyrra-rules");
        let arguments = [
            "generate",
            &format!("--config-files={}/*.yaml", text(&specs.pyrra)),
            &format!("--prometheus-folder={}", text(&output)),
        ];
        jobs.push(Job::new("pyrra generate", pyrra, &arguments, output).into_folder());
    }
    if let Some(promtool) = run::program("promtool") {
        let mut arguments = vec!["check".to_owned(), "rules".to_owned()];
        arguments.extend(fs::read_dir(&kept)?.filter_map(|entry| entry.ok().map(|entry| text(&entry.path()))));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        jobs.push(Job::new("promtool check of our files", promtool, &arguments, folder.join("nothing")));
    }
    Ok(jobs)
}
