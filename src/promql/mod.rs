//! PromQL as trees: read with positions, built without pasting strings, printed one way, and
//! asked about.

pub mod ask;
pub mod ast;
pub mod build;
mod equivalent;
mod error;
pub mod evaluate;
pub mod functions;
mod lexer;
mod number;
mod parser;
pub mod pattern;
mod pretty;
mod print;
pub mod regex;
mod scope;
mod text;
pub mod types;
mod words;

pub use ast::{
    Aggregate, AggregateOp, At, Binary, BinaryOp, Call, Expr, Float, Group, Grouping, Kind, MatchOp, Matcher, Matching,
    Offset, Range, Selector, Window,
};
pub use equivalent::{canonical, equivalent};
pub use error::SyntaxError;
pub use functions::ValueType;
pub use parser::{parse, parse_dashboard, parse_events, parse_selector};
pub use scope::{bind_selector, bind_to_job, bind_window};
pub use words::{is_plain_label, is_plain_metric};

/// Reads an expression and checks its types.
///
/// # Errors
/// Every fault of syntax; when there is none, every fault of types.
pub fn read(text: &str) -> Result<Expr, Vec<SyntaxError>> {
    let expr = parse(text)?;
    types::check(&expr)?;
    Ok(expr)
}
