//! Lines that services write, resolved.

use crate::source::Spanned;
pub use crate::spec::logs::{LogFormat, PersonalData};

/// How lines are written, what of them is not kept, what is added.
#[derive(Debug, Clone, PartialEq)]
pub struct Logs {
    /// How lines are written.
    pub format: LogFormat,
    /// What their fields are called.
    pub fields: LogFields,
    /// What is replaced before a line is sent.
    pub scrub: Vec<Scrub>,
    /// Whether lines bear what is known of their service.
    pub enrich_service: bool,
    /// Fields that say who acted, by their paths.
    pub user: Vec<String>,
}

/// What the fields of a JSON line are called, each by its path.
#[derive(Debug, Clone, PartialEq)]
pub struct LogFields {
    /// When it happened.
    pub timestamp: String,
    /// How urgent it is.
    pub level: String,
    /// Who wrote it.
    pub service: String,
    /// The words for people.
    pub message: String,
    /// The request it belongs to.
    pub request_id: String,
    /// Who asked.
    pub user_id: String,
    /// The trace it belongs to.
    pub trace_id: String,
}

/// Something that is replaced.
#[derive(Debug, Clone, PartialEq)]
pub enum Scrub {
    /// Personal data, known by its form.
    Kind(PersonalData),
    /// A field, by its path.
    Field(String),
    /// What a regular expression without capturing groups matches.
    Pattern(Spanned<String>),
}
