//! Every generated file before the tool that will read it.
//!
//! Each oracle is a function of a platform's folder. It must accept the small sound tree in
//! `tests/oracles/fixture`, must refuse each spoiled copy of it, and judges all of `generated/`.

mod clouds;
mod compose;
mod contract;
mod grafana;
mod kubernetes;
mod logs;
mod messages;
mod objectives;
mod otel;
mod parse;
pub(crate) mod prometheus;
mod routes;
mod templates;
mod terraform;

pub(crate) use terraform::outputs;

use crate::support::{generated_platforms, root, scratch::Scratch, tools};
use std::path::Path;

/// Judges a platform's folder; the error is what the tools said.
type Oracle = fn(&Path) -> Result<(), String>;

/// A change to the fixture that the oracle must refuse: file, text in it, its replacement, and a part
/// of what the oracle then says.
type Spoiled = (&'static str, &'static str, &'static str, &'static str);

/// Shows that the oracle accepts what is sound and refuses what is not, then asks it about `generated/`.
/// Without one of the tools it needs nothing is shown, which is said.
fn judge(needs: &[&str], oracle: Oracle, spoiled: &[Spoiled]) {
    if !needs.iter().all(|tool| tools::have(tool)) {
        return;
    }
    let fixture = root().join("tests/oracles/fixture");
    if let Err(said) = oracle(&fixture) {
        panic!("the sound fixture was refused:\n{said}");
    }
    for &(file, from, to, expected) in spoiled {
        let copy = spoil(&fixture, file, from, to);
        match oracle(copy.path()) {
            Ok(()) => panic!("not refused: {file} with {to:?} in place of {from:?}"),
            Err(said) => assert!(said.contains(expected), "{file} with {to:?}: expected {expected:?} in\n{said}"),
        }
    }
    let refused: Vec<String> = generated_platforms()
        .iter()
        .filter_map(|platform| oracle(platform).err().map(|said| format!("{}:\n{said}", platform.display())))
        .collect();
    assert!(refused.is_empty(), "{}", refused.join("\n\n"));
}

fn spoil(fixture: &Path, file: &str, from: &str, to: &str) -> Scratch {
    let copy = Scratch::new("spoiled");
    for source in crate::support::files_below(fixture) {
        let relative = source.strip_prefix(fixture).unwrap();
        let mut text = std::fs::read_to_string(&source).unwrap();
        if relative == Path::new(file) {
            assert!(text.contains(from), "{file} does not contain {from:?}");
            text = text.replacen(from, to, 1);
        }
        copy.write(relative.to_str().unwrap(), &text);
    }
    copy
}

/// Runs the judgements of several files or versions and joins what was refused.
fn all(judgements: impl IntoIterator<Item = Result<String, String>>) -> Result<(), String> {
    let refused: Vec<String> = judgements.into_iter().filter_map(Result::err).collect();
    if refused.is_empty() { Ok(()) } else { Err(refused.join("\n")) }
}
