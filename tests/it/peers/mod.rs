//! What peers get wrong, shown on their formulas and on ours with the same series on the real promtool.
//!
//! A test has the number of a hole in the table of `docs/slo.md`. Where the hole is one of values, the peer's
//! rules give the wrong one and ours the right one; where it is one of what a tool accepts or forgets, the
//! test shows what ours says instead.

mod accepted;
mod alerts;
mod formulas;
pub(crate) mod ours;
pub(crate) mod stage;
mod table;
pub(crate) mod traffic;
mod values;

use crate::support::tools;
use stage::{Answer, Stage};

/// Asks a peer's rules and ours the same of every promtool at hand: the test judges each pair of answers.
fn side_by_side(
    peer: &Stage,
    ours: &Stage,
    questions: [&[(&str, &str)]; 2],
    mut judge: impl FnMut(&[Answer], &[Answer]),
) {
    for promtool in tools::versions("promtool") {
        judge(&peer.ask(&promtool, questions[0]), &ours.ask(&promtool, questions[1]));
    }
}
