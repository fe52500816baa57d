//! The mistakes of the documents that the platforms were taken from, put back one by one: each is found, where it
//! stands.

mod ai_imutis;
mod ecap;
mod ecommerce;
mod energy_iot;
mod ims;

use crate::support::root;
use bellwether::{Memory, Options, compile, lint};

/// A finding: its code, and the text that it points at.
type Found = (&'static str, String);

/// Replaces text of a platform's spec, and says what is found then.
fn found_with(platform: &str, replaced: &str, replacement: &str) -> Vec<Found> {
    let spec = std::fs::read_to_string(root().join(format!("specs/{platform}.yaml"))).unwrap();
    assert_eq!(spec.matches(replaced).count(), 1, "{replaced}");
    let world = Memory::new().with("spec.yaml", spec.replace(replaced, replacement));
    let mut compilation = compile(&world, "spec.yaml", &Options::default());
    lint::run(&mut compilation);
    let place = |span| compilation.sources.slice(span).to_owned();
    let said = compilation.diagnostics.iter();
    said.map(|one| (one.code.name, one.span.map(place).unwrap_or_default())).collect()
}

fn owned(expected: &[(&'static str, &str)]) -> Vec<Found> {
    expected.iter().map(|(code, text)| (*code, (*text).to_owned())).collect()
}
