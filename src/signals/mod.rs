//! Signals in the languages of the systems that can be asked about them.
//!
//! A signal is defined once, by its shape; rules, dashboards and lints all ask here, so that an alert
//! and the panel beside it can never disagree about what a quantity is.

mod bucket;
pub mod cloudwatch;
pub mod condition;
pub(crate) mod events;
pub mod logql;
mod names;
pub mod prometheus;
pub mod sentence;
pub mod sli;

pub use bucket::{bound_matcher, stored_bound};
pub use condition::{Recording, condition, condition_alone, recording};
pub use names::{metric_names, selectors};
pub use prometheus::expression;
