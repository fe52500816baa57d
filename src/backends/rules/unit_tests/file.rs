//! promtool's unit-test files, as they are written.

use serde::{Serialize, Serializer};

use crate::promql::{Expr, Selector};
use crate::quantity::Duration;

/// One file of unit tests.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TestFile {
    /// Its name in the folder, without `.yml`.
    #[serde(skip)]
    pub name: String,
    /// What of its rule file has no test, and why: comments on top.
    #[serde(skip)]
    pub untested: Vec<String>,
    /// Rule files under test, relative to the test file.
    pub rule_files: Vec<String>,
    /// Groups in the order of evaluation, where one reads what another records.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_eval_order: Vec<String>,
    /// How often the rules are evaluated in the tests.
    #[serde(serialize_with = "printed")]
    pub evaluation_interval: Duration,
    /// The tests.
    pub tests: Vec<TestCase>,
}

impl TestFile {
    /// Whether it has tests, or says why not.
    pub(super) fn says_something(&self) -> bool {
        !self.tests.is_empty() || !self.untested.is_empty()
    }
}

/// One test: series, and what is there at some moments.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestCase {
    /// What it shows.
    pub name: String,
    /// Time between two samples of its series.
    #[serde(serialize_with = "printed")]
    pub interval: Duration,
    /// Its series.
    pub input_series: Vec<InputSeries>,
    /// What is there, when.
    pub promql_expr_test: Vec<ExpressionTest>,
}

/// A series with its samples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputSeries {
    /// Name and labels.
    #[serde(serialize_with = "printed")]
    pub series: Selector,
    /// Samples in promtool's notation: `0+5x10` is 0, 5, ... 50; `_` is a gap.
    pub values: String,
}

/// What an expression is at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExpressionTest {
    /// The expression.
    #[serde(serialize_with = "printed")]
    pub expr: Expr,
    /// The moment, from the first sample on.
    #[serde(serialize_with = "printed")]
    pub eval_time: Duration,
    /// Its samples, all of them.
    pub exp_samples: Vec<Sample>,
}

/// One sample.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sample {
    /// Name and labels.
    #[serde(serialize_with = "printed")]
    pub labels: Selector,
    /// The value: 1 for an alert, 1 or 0 for a comparison.
    pub value: u8,
}

fn printed<S: Serializer>(value: &impl std::fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
