//! Unit tests for promtool, generated from the shapes of what the rules watch.

mod file;

pub use file::{ExpressionTest, InputSeries, Sample, TestCase, TestFile};

use super::config::RuleFile;
use crate::model::Platform;

/// The tests of everything whose series can be made up.
pub(super) fn lower(_platform: &Platform, _local: &[RuleFile], _far: &[RuleFile]) -> Vec<TestFile> {
    Vec::new()
}
