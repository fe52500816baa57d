//! Prometheus' rule groups, as Prometheus writes them: in files that nobody compiled, and in a spec's own.
#![allow(unreachable_pub, reason = "the record macro writes public types")]

use crate::decode::{Decode, Decoder, record};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::promql::{self, Expr};
use crate::quantity::Duration;
use crate::resolve::BAD_PROMQL;
use crate::source::{Node, Place, Spanned};
use crate::spec::values::Written;

use super::problems::INVALID_RULE;
use super::texts::Texts;

record! {
    /// A file of rules.
    pub struct WrittenFile "a rule file" {
        /// Its groups.
        groups: Option<Vec<WrittenGroup>>,
        /// Mimir's name for a set of groups.
        namespace: Option<String>,
    }
}

record! {
    /// A rule group as Prometheus writes it; Thanos and Mimir know some keys more.
    pub struct WrittenGroup "a rule group" {
        /// Its name.
        name: Spanned<String>,
        /// How often it is evaluated.
        interval: Option<Spanned<Duration>>,
        /// How far in the past.
        query_offset: Option<Spanned<Duration>>,
        /// Most alerts or series of one rule.
        limit: Option<u64>,
        /// Labels on everything that its rules make.
        labels: Option<Texts>,
        /// Thanos: what becomes of partial answers.
        partial_response_strategy: Option<String>,
        /// Mimir: whose series are read.
        source_tenants: Option<Vec<String>>,
        /// Its rules.
        rules: Option<Vec<WrittenRule>>,
    }
}

record! {
    /// A rule as Prometheus writes it.
    pub struct WrittenRule "a rule" {
        /// Name of the series of a recording rule.
        record: Option<Spanned<String>>,
        /// Name of an alert.
        alert: Option<Spanned<String>>,
        /// What is evaluated.
        expr: Written,
        /// How long it must hold.
        r#for: Option<Spanned<Duration>>,
        /// How long it stays.
        keep_firing_for: Option<Spanned<Duration>>,
        /// Labels.
        labels: Option<Texts>,
        /// Annotations.
        annotations: Option<Texts>,
    }
}

/// A rule group that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: Spanned<String>,
    /// How often it is evaluated, if it says so.
    pub interval: Option<Spanned<Duration>>,
    /// How far in the past it looks.
    pub query_offset: Option<Duration>,
    /// Most alerts or series of one rule.
    pub limit: Option<u64>,
    /// Labels on everything that its rules make.
    pub labels: Texts,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// A rule that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What it makes.
    pub makes: Makes,
    /// What is evaluated; its places are offsets in `text`.
    pub expr: Expr,
    /// As written.
    pub text: Written,
    /// Labels that it adds.
    pub labels: Texts,
    /// Where it stands.
    pub place: Place,
}

/// What a rule makes.
#[derive(Debug, Clone, PartialEq)]
pub enum Makes {
    /// A series of this name.
    Series(Spanned<String>),
    /// An alert.
    Alert {
        /// Its name.
        name: Spanned<String>,
        /// How long its condition must hold.
        hold: Option<Spanned<Duration>>,
        /// How long it stays after its condition has ended.
        keep_firing: Option<Duration>,
        /// Words for people.
        annotations: Texts,
    },
}

/// Reads one group, and says what is wrong with rules that cannot be read.
pub fn group(node: &Node, diagnostics: &mut Diagnostics) -> Option<Group> {
    let written = WrittenGroup::decode(node, &mut Decoder::new(diagnostics))?;
    Some(read_group(written, diagnostics))
}

/// Reads a file's groups.
pub fn groups(node: &Node, diagnostics: &mut Diagnostics) -> Vec<Group> {
    let written = WrittenFile::decode(node, &mut Decoder::new(diagnostics));
    let groups = written.and_then(|file| file.groups).unwrap_or_default();
    let mut read: Vec<Group> = Vec::new();
    for written in groups {
        if read.iter().any(|known| known.name.value == written.name.value) {
            diagnostics.push(twice(&written.name));
            continue;
        }
        read.push(read_group(written, diagnostics));
    }
    read
}

/// What is said of a second group of one name in a file.
pub fn twice(name: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(&INVALID_RULE, name.span, format!("two rule groups are called `{}`", name.value))
        .note("Prometheus refuses a file with two groups of one name")
}

fn read_group(written: WrittenGroup, diagnostics: &mut Diagnostics) -> Group {
    let rules = written.rules.into_iter().flatten();
    Group {
        name: written.name,
        interval: written.interval,
        query_offset: written.query_offset.map(|offset| offset.value),
        limit: written.limit,
        labels: written.labels.unwrap_or_default(),
        rules: rules.filter_map(|rule| read_rule(rule, diagnostics)).collect(),
    }
}

fn read_rule(written: WrittenRule, diagnostics: &mut Diagnostics) -> Option<Rule> {
    let expr = expression(&written.expr, diagnostics);
    let mut wrong = |message: &str, help: &str| {
        diagnostics.push(Diagnostic::new(&INVALID_RULE, written.span.0, message).help(help));
    };
    let annotations = written.annotations.unwrap_or_default();
    let makes = match (written.record, written.alert) {
        (Some(record), None) => {
            if written.r#for.is_some() || written.keep_firing_for.is_some() || !annotations.is_empty() {
                let help = "only an alert has `for`, `keep_firing_for` and `annotations`";
                wrong("a recording rule waits for nothing and tells nobody", help);
                return None;
            }
            if !promql::is_plain_metric(&record.value) {
                let help = "letters, digits, `_` and `:`, not beginning with a digit";
                wrong(&format!("`{}` is no name of a series", record.value), help);
                return None;
            }
            Makes::Series(record)
        }
        (None, Some(name)) => Makes::Alert {
            name,
            hold: written.r#for.filter(|hold| !hold.value.is_zero()),
            keep_firing: written.keep_firing_for.map(|keep| keep.value).filter(|keep| !keep.is_zero()),
            annotations,
        },
        _ => {
            wrong("a rule either records a series or raises an alert", "write one of `record` and `alert`");
            return None;
        }
    };
    let labels = written.labels.unwrap_or_default();
    Some(Rule { makes, expr: expr?, text: written.expr, labels, place: written.span })
}

fn expression(written: &Written, diagnostics: &mut Diagnostics) -> Option<Expr> {
    match promql::read(written.as_str()) {
        Ok(expr) => Some(expr),
        Err(faults) => {
            for fault in faults {
                let diagnostic = Diagnostic::new(&BAD_PROMQL, written.locate(fault.range), fault.message);
                diagnostics.push(match fault.help {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
            }
            None
        }
    }
}
