//! Bellwether compiles one spec of a platform's monitoring into every configuration that keeps it.
//!
//! ```text
//! text -> source -> spec -> model -> backends -> artifacts
//! ```

pub mod artifacts;
pub mod backends;
pub mod cli;
pub mod compile;
pub mod conventions;
pub mod dashboards;
pub mod decode;
pub mod demo;
pub mod diagnostics;
pub mod diff;
pub mod docs;
pub mod lint;
pub mod logql;
pub mod model;
pub mod packs;
pub mod parallel;
pub mod plain;
pub mod problems;
pub mod promql;
pub mod quantity;
pub mod reading;
pub mod report;
pub mod resolve;
pub mod schema;
pub mod signals;
pub mod slo;
pub mod source;
pub mod spec;
pub mod words;
pub mod writers;

pub use compile::{Compilation, Memory, Options, Parsed, World, compile, parse};
