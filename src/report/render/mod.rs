//! What a report looks like, to people, to programs, and in a pull request. Pure: values in, text out.

mod cells;
mod grid;
pub mod json;
pub mod markdown;
pub mod table;
