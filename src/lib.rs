//! Bellwether compiles one spec of a platform's monitoring into every configuration that keeps it.
//!
//! ```text
//! text -> source -> spec -> model -> backends -> artifacts
//! ```

pub mod decode;
pub mod diagnostics;
pub mod promql;
pub mod quantity;
pub mod source;
pub mod spec;
pub mod writers;
