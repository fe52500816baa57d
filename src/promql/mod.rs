//! PromQL as trees: read with positions, built without pasting strings, printed one way, and
//! asked about.

pub mod ast;

pub use ast::{
    Aggregate, AggregateOp, At, Binary, BinaryOp, Call, Expr, Float, Group, Grouping, Kind, MatchOp, Matcher, Matching,
    Offset, Range, Selector, Window,
};
