//! What an expression is made of.

use rust_decimal::Decimal;

use crate::quantity::Duration;

/// A metric: numbers made from lines.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A number.
    Number(Decimal),
    /// A number as a series without labels, for where there would be none: `vector(0)`.
    Vector(Decimal),
    /// How many lines there were: `count_over_time(QUERY[5m] offset 1d)`.
    Count {
        /// Which lines.
        query: Query,
        /// In how long.
        range: Duration,
        /// How long ago that ended.
        offset: Duration,
    },
    /// 1 while there are no lines: `absent_over_time(QUERY[5m])`.
    Absent {
        /// Which lines.
        query: Query,
        /// For how long.
        range: Duration,
    },
    /// Added up: `sum by (path) (...)`.
    Sum {
        /// Labels kept apart.
        by: Vec<String>,
        /// What is added up.
        of: Box<Expr>,
    },
    /// Two expressions combined.
    Binary {
        /// How.
        op: BinaryOp,
        /// The left one.
        left: Box<Expr>,
        /// The right one.
        right: Box<Expr>,
    },
}

impl Expr {
    /// Two expressions combined.
    pub fn binary(op: BinaryOp, left: Expr, right: Expr) -> Self {
        Self::Binary { op, left: Box::new(left), right: Box::new(right) }
    }

    /// Added up, with these labels kept apart.
    pub fn sum(by: &[String], of: Expr) -> Self {
        Self::Sum { by: by.to_vec(), of: Box::new(of) }
    }
}

/// How two expressions are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as LogQL's own operator")]
pub enum BinaryOp {
    Or,
    And,
    Greater,
    Less,
    Mul,
    Div,
}

/// Lines: of some streams, through some stages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// Which streams, by their labels; never none.
    pub streams: Vec<Matcher>,
    /// What becomes of their lines.
    pub stages: Vec<Stage>,
}

/// A test of a stream's label.
#[derive(Debug, Clone, PartialEq)]
pub struct Matcher {
    /// The label.
    pub label: String,
    /// How it is compared.
    pub op: TestOp,
    /// With what.
    pub value: String,
}

/// How a text is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestOp {
    /// It is the value.
    Equal,
    /// The value, as a regular expression, is the whole of it.
    Regex,
}

/// A step that each line goes through.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// Only lines with this text in them: `|= "text"`.
    Contains(String),
    /// Fields of a JSON line become labels: the label, and the path of the field.
    Json(Vec<(String, Vec<String>)>),
    /// Only lines whose label passes a test.
    Test(FieldTest),
}

/// A test of a label that a stage before has made.
pub type FieldTest = Matcher;
