//! Bellwether compiles one spec of a platform's monitoring into every configuration that keeps it.
//!
//! ```text
//! text -> source -> spec -> model -> backends -> artifacts
//! ```

pub mod artifacts;
pub mod backends;
pub mod conventions;
pub mod decode;
pub mod diagnostics;
pub mod model;
pub mod promql;
pub mod quantity;
pub mod source;
pub mod spec;
pub mod writers;
