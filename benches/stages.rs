//! Where the time of a build goes: `cargo bench --bench stages`.
//!
//! Everything is measured in one run on one machine, so the shares and ratios can be compared even where the
//! milliseconds cannot. Nothing here is asserted: a slow machine is no failure.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads files and looks at the clock")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use bellwether::{Memory, Options, compile, lint, parse};

const SPEC: &str = "specs/ims.yaml";
const ROUNDS: usize = 40;

fn main() {
    let Ok(text) = std::fs::read(SPEC) else {
        println!("run from the project's folder: {SPEC} is not here");
        return;
    };
    let bytes = text.len();
    let world = Memory::new().with(SPEC, text);
    let options = Options::default();
    let read = median(|| {
        black_box(parse(&world, SPEC, &options));
    });
    let compiled = median(|| {
        black_box(compile(&world, SPEC, &options));
    });
    let linted = median(|| {
        let mut compilation = compile(&world, SPEC, &options);
        lint::run(&mut compilation);
        black_box(compilation);
    });
    let mut compilation = compile(&world, SPEC, &options);
    lint::run(&mut compilation);
    let rendered = median(|| {
        black_box(compilation.artifacts());
    });
    let output: usize =
        compilation.artifacts().iter().flat_map(|a| a.iter().map(|(_, text)| text.len()).collect::<Vec<_>>()).sum();
    let whole = linted + rendered;
    println!("{SPEC}: {bytes} bytes in, {output} bytes out, median of {ROUNDS} rounds");
    let line = |what: &str, time: Duration| {
        let share = 100.0 * time.as_secs_f64() / whole.as_secs_f64();
        println!("{what:32} {:8.2} ms  {share:5.1} %", time.as_secs_f64() * 1000.0);
    };
    line("read and check the structure", read);
    line("resolve and lower", compiled.saturating_sub(read));
    line("lint", linted.saturating_sub(compiled));
    line("render", rendered);
    line("all, without the disk", whole);
}

fn median(mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(ROUNDS / 2).copied().unwrap_or_default()
}
