//! Rule groups of the user's own, as Prometheus writes them: kept, but read and checked like our own.
#![allow(unreachable_pub, reason = "the record macro writes public types")]

use super::config::{AlertingRule, Files, RecordingRule, Rule, RuleGroup};
use super::problems::INVALID_RULE;
use crate::decode::{Decode, Decoder, record};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::Platform;
use crate::promql::{self, Expr};
use crate::quantity::Duration;
use crate::resolve::BAD_PROMQL;
use crate::source::{Place, Spanned};
use crate::spec::values::{LabelName, Named, Written};

/// File of these groups.
pub(super) const FILE: &str = "extra";

record! {
    /// A rule group as Prometheus writes it.
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
        #[schemars(default)]
        labels: Named<LabelName, String>,
        /// Its rules.
        rules: Vec<WrittenRule>,
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
        #[schemars(default)]
        labels: Named<LabelName, String>,
        /// Annotations.
        #[schemars(default)]
        annotations: Named<LabelName, String>,
    }
}

/// Adds the groups that can be read, and says what is wrong with the others.
pub(super) fn lower(platform: &Platform, files: &mut Files, diagnostics: &mut Diagnostics) {
    let mut names: Vec<String> = Vec::new();
    for raw in &platform.stack.rule_groups {
        let Some(written) = WrittenGroup::decode(&raw.node, &mut Decoder::new(diagnostics)) else { continue };
        if names.contains(&written.name.value) {
            let message = format!("two rule groups are called `{}`", written.name.value);
            let diagnostic = Diagnostic::new(&INVALID_RULE, written.name.span, message);
            diagnostics.push(diagnostic.note("Prometheus refuses a file with two groups of one name"));
            continue;
        }
        names.push(written.name.value.clone());
        let name = written.name.value.clone();
        *files.group(FILE, &name) = group(written, diagnostics);
    }
}

fn group(written: WrittenGroup, diagnostics: &mut Diagnostics) -> RuleGroup {
    RuleGroup {
        name: written.name.value,
        interval: written.interval.map(|interval| interval.value),
        query_offset: written.query_offset.map(|offset| offset.value),
        limit: written.limit,
        labels: labels(written.labels),
        rules: written.rules.into_iter().filter_map(|written| rule(written, diagnostics)).collect(),
    }
}

fn labels(written: Named<LabelName, String>) -> indexmap::IndexMap<String, String> {
    written.entries.into_iter().map(|(name, value)| (name.value.to_string(), value)).collect()
}

fn rule(written: WrittenRule, diagnostics: &mut Diagnostics) -> Option<Rule> {
    let expr = expression(&written.expr, diagnostics);
    let mut wrong = |message: &str, help: &str| {
        let Place(span) = written.span;
        diagnostics.push(Diagnostic::new(&INVALID_RULE, span, message).help(help));
    };
    match (written.record, written.alert) {
        (Some(record), None) => {
            if written.r#for.is_some() || written.keep_firing_for.is_some() || !written.annotations.entries.is_empty() {
                let help = "only an alert has `for`, `keep_firing_for` and `annotations`";
                wrong("a recording rule waits for nothing and tells nobody", help);
                return None;
            }
            if !promql::is_plain_metric(&record.value) {
                let help = "letters, digits, `_` and `:`, not beginning with a digit";
                wrong(&format!("`{}` is no name of a series", record.value), help);
                return None;
            }
            let labels = labels(written.labels);
            Some(Rule::Recording(RecordingRule { record: record.value, expr: expr?, labels }))
        }
        (None, Some(alert)) => Some(Rule::Alerting(AlertingRule {
            alert: alert.value,
            expr: expr?,
            hold: written.r#for.map(|hold| hold.value).filter(|hold| !hold.is_zero()),
            keep_firing_for: written.keep_firing_for.map(|keep| keep.value).filter(|keep| !keep.is_zero()),
            labels: labels(written.labels),
            annotations: labels(written.annotations),
        })),
        _ => {
            wrong("a rule either records a series or raises an alert", "write one of `record` and `alert`");
            None
        }
    }
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
