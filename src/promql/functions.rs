//! Every function of Prometheus 3.14: its arguments, its result, and what it expects of a counter.

/// What an expression evaluates to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueType {
    /// One number.
    Scalar,
    /// A string.
    Text,
    /// Series with one sample each.
    Instant,
    /// Series with the samples of a window.
    Range,
}

impl ValueType {
    /// With its article, for messages: "an instant vector".
    pub fn describe(self) -> &'static str {
        match self {
            ValueType::Scalar => "a scalar",
            ValueType::Text => "a string",
            ValueType::Instant => "an instant vector",
            ValueType::Range => "a range vector",
        }
    }
}

/// Which kind of metric a function's range vector makes sense for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CounterExpectation {
    /// Takes resets out: a counter, never a gauge (`rate`, `increase`).
    Counter,
    /// Takes every fall for real: a gauge, never a counter (`delta`, `deriv`).
    Gauge,
    /// Both can make sense (`changes`, `max_over_time`).
    Any,
}

/// One function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// The types of its arguments; the last one repeats when more are allowed.
    pub args: &'static [ValueType],
    /// The fewest arguments.
    pub min_args: usize,
    /// The most arguments; none if there is no limit.
    pub max_args: Option<usize>,
    /// What it returns.
    pub returns: ValueType,
    /// Whether Prometheus wants `--enable-feature=promql-experimental-functions`.
    pub experimental: bool,
    /// The version that brought it, if newer than 2.42.
    pub since: Option<&'static str>,
    /// What its range vector should be read from.
    pub expects: CounterExpectation,
}

impl Function {
    /// The type that the argument at `index` must have.
    pub fn arg_type(&self, index: usize) -> Option<ValueType> {
        self.args.get(index).or(self.args.last()).copied()
    }

    /// Whether it reads a window of samples.
    pub fn takes_range(&self) -> bool {
        self.args.contains(&ValueType::Range)
    }
}

use CounterExpectation::{Any, Counter, Gauge};
use ValueType::{Instant as I, Range as R, Scalar as S, Text as T};

const fn function(name: &'static str, args: &'static [ValueType], returns: ValueType) -> Function {
    Function {
        name,
        args,
        min_args: args.len(),
        max_args: Some(args.len()),
        returns,
        experimental: false,
        since: None,
        expects: Any,
    }
}

/// From an instant vector to another.
const fn map(name: &'static str) -> Function {
    function(name, &[I], I)
}

/// From a window of samples to one for each series.
const fn over(name: &'static str) -> Function {
    function(name, &[R], I)
}

impl Function {
    const fn between(mut self, min: usize, max: Option<usize>) -> Self {
        self.min_args = min;
        self.max_args = max;
        self
    }

    const fn since(mut self, version: &'static str) -> Self {
        self.since = Some(version);
        self
    }

    const fn experimental(mut self) -> Self {
        self.experimental = true;
        self
    }

    const fn expects(mut self, expectation: CounterExpectation) -> Self {
        self.expects = expectation;
        self
    }
}

/// In the order of their names.
pub const FUNCTIONS: &[Function] = &[
    map("abs"),
    map("absent"),
    over("absent_over_time"),
    map("acos"),
    map("acosh"),
    map("asin"),
    map("asinh"),
    map("atan"),
    map("atanh"),
    over("avg_over_time"),
    map("ceil"),
    over("changes"),
    function("clamp", &[I, S, S], I),
    function("clamp_max", &[I, S], I),
    function("clamp_min", &[I, S], I),
    map("cos"),
    map("cosh"),
    over("count_over_time"),
    map("days_in_month").between(0, Some(1)),
    map("day_of_month").between(0, Some(1)),
    map("day_of_week").between(0, Some(1)),
    map("day_of_year").between(0, Some(1)),
    map("deg"),
    over("delta").expects(Gauge),
    over("deriv").expects(Gauge),
    function("double_exponential_smoothing", &[R, S, S], I).experimental().since("3.0").expects(Gauge),
    function("end", &[], S).experimental().since("3.12"),
    map("exp"),
    over("first_over_time").since("3.7"),
    map("floor"),
    map("histogram_avg").since("2.51"),
    map("histogram_count"),
    function("histogram_fraction", &[S, S, I], I),
    function("histogram_quantile", &[S, I], I),
    function("histogram_quantiles", &[I, T, S, S], I).between(3, Some(12)).experimental().since("3.11"),
    map("histogram_stddev").since("2.47"),
    map("histogram_stdvar").since("2.47"),
    map("histogram_sum"),
    map("hour").between(0, Some(1)),
    over("idelta").expects(Gauge),
    over("increase").expects(Counter),
    function("info", &[I, I], I).between(1, Some(2)).experimental().since("2.55"),
    over("irate").expects(Counter),
    function("label_join", &[I, T, T, T], I).between(3, None),
    function("label_replace", &[I, T, T, T, T], I),
    over("last_over_time"),
    map("ln"),
    map("log10"),
    map("log2"),
    over("mad_over_time").experimental().since("2.49"),
    over("max_over_time"),
    function("max_of", &[S, S], S).experimental().since("3.13"),
    over("min_over_time"),
    function("min_of", &[S, S], S).experimental().since("3.13"),
    map("minute").between(0, Some(1)),
    map("month").between(0, Some(1)),
    function("pi", &[], S),
    function("predict_linear", &[R, S], I).expects(Gauge),
    over("present_over_time"),
    function("quantile_over_time", &[S, R], I),
    map("rad"),
    function("range", &[], S).experimental().since("3.12"),
    over("rate").expects(Counter),
    over("resets").expects(Counter),
    function("round", &[I, S], I).between(1, Some(2)),
    function("scalar", &[I], S),
    map("sgn"),
    map("sin"),
    map("sinh"),
    map("sort"),
    function("sort_by_label", &[I, T], I).between(1, None).experimental().since("2.49"),
    function("sort_by_label_desc", &[I, T], I).between(1, None).experimental().since("2.49"),
    map("sort_desc"),
    map("sqrt"),
    function("start", &[], S).experimental().since("3.12"),
    map("start_timestamp").experimental().since("3.14"),
    over("stddev_over_time"),
    over("stdvar_over_time"),
    function("step", &[], S).experimental().since("3.12"),
    over("sum_over_time"),
    map("tan"),
    map("tanh"),
    function("time", &[], S),
    map("timestamp"),
    over("ts_of_first_over_time").experimental().since("3.7"),
    over("ts_of_last_over_time").experimental().since("3.5"),
    over("ts_of_max_over_time").experimental().since("3.5"),
    over("ts_of_min_over_time").experimental().since("3.5"),
    function("vector", &[S], I),
    map("year").between(0, Some(1)),
];

/// Functions that Prometheus 2 had and 3 has no more, and what took their place.
pub const RENAMED: &[(&str, &str)] = &[("holt_winters", "double_exponential_smoothing")];

/// The function of this name.
pub fn named(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_once_and_its_counts_fit_its_types() {
        for function in FUNCTIONS {
            assert_eq!(FUNCTIONS.iter().filter(|other| other.name == function.name).count(), 1, "{}", function.name);
            assert_eq!(named(function.name), Some(function));
            assert!(function.max_args.is_none_or(|max| max >= function.min_args && max >= function.args.len()));
            assert!(function.min_args + 1 >= function.args.len(), "{}", function.name);
        }
    }
}
