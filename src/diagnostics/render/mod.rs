//! What messages look like, to people and to machines. Pure: text in, text out.

mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;

pub use human::Look;

use super::{Diagnostic, Diagnostics};
use crate::source::Sources;

/// What was said of one spec, and the files it speaks of.
pub type Run<'a> = (&'a Diagnostics, &'a Sources);

/// What is wrong, what follows from it, what to do: as many of the three as there are.
fn words(diagnostic: &Diagnostic) -> Vec<&str> {
    let words = [Some(diagnostic.message.as_str()), diagnostic.note.as_deref(), diagnostic.help.as_deref()];
    words.into_iter().flatten().collect()
}
