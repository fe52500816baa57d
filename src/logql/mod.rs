//! LogQL, the language in which Loki is asked: expressions as trees, and their one printer.
//!
//! Only what the compiler asks: how many lines match, compared and combined. Nobody writes LogQL in a spec, so
//! there is no reader.

mod ast;
mod print;

pub use ast::{BinaryOp, Expr, FieldTest, Matcher, Query, Stage, TestOp};
