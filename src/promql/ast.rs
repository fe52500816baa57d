//! The tree of a PromQL expression.
//!
//! Every node knows the bytes it was read from; a node that the compiler built has an empty range.
//! Equality ignores those places: two trees are equal when they mean the same text.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::quantity::Duration;

/// Bytes of the expression's own text, end excluded; `0..0` on built nodes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Range {
    /// First byte.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

/// Where a node was read is not what it is.
impl PartialEq for Range {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Range {}

/// One expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// Where it was read.
    pub at: Range,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A number that decimals can hold.
    Number(Decimal),
    /// `Inf`, `NaN`, or a number beyond decimals.
    Float(Float),
    /// A string, unquoted.
    Text(String),
    /// An instant vector: `metric{label="value"}`.
    Selector(Selector),
    /// A range vector: `metric{...}[5m]`.
    Matrix {
        /// The series.
        selector: Selector,
        /// The window.
        range: Window,
    },
    /// `expr[1h:5m]`.
    Subquery {
        /// What is evaluated.
        expr: Box<Expr>,
        /// The window.
        range: Window,
        /// The resolution; none means the evaluation interval.
        step: Option<Duration>,
        /// `offset` and `@`.
        offset: Offset,
    },
    /// A function call.
    Call(Call),
    /// `sum by (x) (...)`.
    Aggregate(Aggregate),
    /// Two operands.
    Binary(Binary),
    /// `-x` (`true`) or `+x`.
    Unary {
        /// Whether the sign is minus.
        minus: bool,
        /// The operand.
        expr: Box<Expr>,
    },
    /// Parentheses the author wrote; the printer adds those that are needed by itself.
    Paren(Box<Expr>),
}

/// How far back a range vector reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// A fixed time: `[5m]`.
    Fixed(Duration),
    /// `$__rate_interval`: a dashboard's window of at least four scrapes.
    RateInterval,
    /// `$__interval`: a dashboard's step.
    Interval,
    /// `$__range`: all the time that a dashboard shows.
    Range,
    /// `$window`: each window that an SLO asks its events over.
    Objective,
}

impl From<Duration> for Window {
    fn from(duration: Duration) -> Self {
        Window::Fixed(duration)
    }
}

impl Window {
    /// The time, if it is known before a dashboard is drawn.
    pub fn fixed(self) -> Option<Duration> {
        match self {
            Window::Fixed(duration) => Some(duration),
            Window::RateInterval | Window::Interval | Window::Range | Window::Objective => None,
        }
    }

    /// The name that stands for it, if it is not fixed: `$__rate_interval`.
    pub fn variable(self) -> Option<&'static str> {
        match self {
            Window::Fixed(_) => None,
            Window::RateInterval => Some("$__rate_interval"),
            Window::Interval => Some("$__interval"),
            Window::Range => Some("$__range"),
            Window::Objective => Some("$window"),
        }
    }
}

/// A binary float, equal when it is the same number; `NaN` is `NaN`.
#[derive(Debug, Clone, Copy)]
pub struct Float(pub f64);

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits() || (self.0.is_nan() && other.0.is_nan())
    }
}

impl Eq for Float {}

/// A series selector.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector {
    /// The metric name, written before the braces or quoted inside them: `{"my.metric"}`.
    pub metric: Option<String>,
    /// The label matchers, in the order written.
    pub matchers: Vec<Matcher>,
    /// `offset` and `@`.
    pub offset: Offset,
    /// Where it was read.
    pub at: Range,
}

/// One label matcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matcher {
    /// The label.
    pub label: Cow<'static, str>,
    /// How it is compared.
    pub op: MatchOp,
    /// With what (a regular expression for the regex operators), unquoted.
    pub value: String,
    /// Where it was read.
    pub at: Range,
}

/// Matcher operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    Regex,
    /// `!~`
    NotRegex,
}

/// When a selector or subquery looks: `offset 5m`, `@ 1609746000`, `@ end()`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offset {
    /// How long ago; negative looks ahead.
    pub offset_millis: i64,
    /// A fixed time.
    pub at: Option<At>,
}

/// The `@` modifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Unix milliseconds.
    Time(i64),
    /// `start()`
    Start,
    /// `end()`
    End,
}

/// A function call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The function's name, one that [`super::functions`] knows.
    pub function: Cow<'static, str>,
    /// The arguments.
    pub args: Vec<Expr>,
}

/// An aggregation.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which.
    pub op: AggregateOp,
    /// `by (...)` or `without (...)`; none keeps no label.
    pub grouping: Option<Grouping>,
    /// The parameter of `quantile`, `topk`, `bottomk`, `count_values`, `limitk`, `limit_ratio`.
    pub param: Option<Box<Expr>>,
    /// What is aggregated.
    pub expr: Box<Expr>,
}

/// Aggregation operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is PromQL's own word")]
pub enum AggregateOp {
    Sum,
    Avg,
    Min,
    Max,
    Count,
    Group,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    Quantile,
    CountValues,
    Limitk,
    LimitRatio,
}

/// Which labels an aggregation keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// `without` instead of `by`.
    pub without: bool,
    /// The labels.
    pub labels: Vec<String>,
}

/// Two operands.
#[derive(Debug, Clone, PartialEq)]
pub struct Binary {
    /// The operator.
    pub op: BinaryOp,
    /// Left.
    pub left: Box<Expr>,
    /// Right.
    pub right: Box<Expr>,
    /// The `bool` modifier of comparisons.
    pub return_bool: bool,
    /// `on`, `ignoring`, `group_left`, `group_right`.
    pub matching: Option<Matching>,
}

/// Binary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is PromQL's own sign or word")]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Atan2,
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterEqual,
    LessEqual,
    And,
    Or,
    Unless,
    /// `</`, native histograms: keep what lies below.
    TrimUpper,
    /// `>/`, native histograms: keep what lies above.
    TrimLower,
}

/// How the two sides of a binary operator find each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// `on` instead of `ignoring`.
    pub on: bool,
    /// Its labels.
    pub labels: Vec<String>,
    /// Many-to-one matching, if asked for.
    pub group: Option<Group>,
}

/// `group_left` or `group_right`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// `group_left`: the left side has many.
    pub left: bool,
    /// Labels copied from the one side.
    pub labels: Vec<String>,
}
