//! Logs: how services write lines, what of them must not be kept, and what collectors add.

use super::values::{FieldName, Written};
use crate::decode::{record, words};
use crate::source::Spanned;

record! {
    /// Lines that services write, wherever they are kept: collectors, Loki, Elasticsearch and conditions on lines
    /// all read them by this declaration.
    pub struct Logs "logs" {
        /// How lines are written. `json` unless given.
        format: Option<Spanned<LogFormat>>,
        /// What the fields of a JSON line are called.
        fields: Option<LogFields>,
        /// What must not reach the store.
        scrub: Option<Scrub>,
        /// What collectors add to each line.
        enrich: Option<Enrich>,
    }
}

words! {
    /// How lines are written.
    pub enum LogFormat "a log format" {
        /// A JSON object a line.
        "json" => Json,
        /// Words.
        "plain" => Plain,
    }
}

record! {
    /// What the fields of a JSON line are called. A field inside another is named by its path: `http.status`.
    pub struct LogFields "names of fields" {
        /// When it happened. `timestamp` unless given.
        timestamp: Option<Spanned<FieldName>>,
        /// How urgent the line is; becomes the label `level`. `level` unless given.
        level: Option<Spanned<FieldName>>,
        /// Who wrote it, by the service's name here; becomes the label `service`. `service` unless given.
        service: Option<Spanned<FieldName>>,
        /// The words for people. `message` unless given.
        message: Option<Spanned<FieldName>>,
        /// The request it belongs to. `request_id` unless given.
        request_id: Option<Spanned<FieldName>>,
        /// Who asked. `user_id` unless given.
        user_id: Option<Spanned<FieldName>>,
        /// The trace it belongs to. `trace_id` unless given.
        trace_id: Option<Spanned<FieldName>>,
    }
}

record! {
    /// What must not reach the store: it is replaced before a line leaves the machine.
    pub struct Scrub "what is scrubbed" {
        /// Personal data by its kind, wherever in the line it stands.
        kinds: Option<Vec<Spanned<PersonalData>>>,
        /// Whole fields of a JSON line, by name; the path of a field inside another.
        fields: Option<Vec<Spanned<FieldName>>>,
        /// Regular expressions (RE2, no capturing groups); what they match is replaced.
        patterns: Option<Vec<Written>>,
    }
}

words! {
    /// A kind of personal data, known by its form.
    pub enum PersonalData "a kind of personal data" {
        /// Addresses of mail.
        "email" => Email,
        /// Addresses of IPv4.
        "ipv4" => Ipv4,
        /// Numbers of payment cards.
        "card" => Card,
        /// Phone numbers, in international form or as in `(555) 123-4567`.
        "phone" => Phone,
    }
}

record! {
    /// What collectors add to each line.
    pub struct Enrich "what lines are enriched with" {
        /// Whether lines bear what the spec says of their service: platform, environment, team and the service's labels.
        /// True unless given.
        service: Option<bool>,
        /// Fields that say who acted, kept beside the line so that it can be found by them: the request's and the
        /// user's id unless given.
        user: Option<Vec<Spanned<FieldName>>>,
    }
}
