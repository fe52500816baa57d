//! Rule groups of the user's own, as Prometheus writes them: kept, but read and checked like our own.

use indexmap::IndexMap;

use super::config::{AlertingRule, Files, RecordingRule, Rule, RuleGroup};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::plain::Texts;
use crate::plain::rules::{self, Group, Makes};

/// File of these groups.
pub(super) const FILE: &str = "extra";

/// Adds the groups that can be read, and says what is wrong with the others.
pub(super) fn lower(platform: &Platform, files: &mut Files, diagnostics: &mut Diagnostics) {
    let mut names: Vec<String> = Vec::new();
    for raw in &platform.stack.rule_groups {
        let Some(written) = rules::group(&raw.node, diagnostics) else { continue };
        if names.contains(&written.name.value) {
            diagnostics.push(rules::twice(&written.name));
            continue;
        }
        names.push(written.name.value.clone());
        let name = written.name.value.clone();
        *files.group(FILE, &name) = group(written);
    }
}

fn group(written: Group) -> RuleGroup {
    RuleGroup {
        name: written.name.value,
        interval: written.interval.map(|interval| interval.value),
        query_offset: written.query_offset,
        limit: written.limit,
        labels: texts(&written.labels),
        rules: written.rules.into_iter().map(rule).collect(),
    }
}

fn texts(written: &Texts) -> IndexMap<String, String> {
    written.plain().collect()
}

fn rule(written: rules::Rule) -> Rule {
    let labels = texts(&written.labels);
    match written.makes {
        Makes::Series(record) => Rule::Recording(RecordingRule { record: record.value, expr: written.expr, labels }),
        Makes::Alert { name, hold, keep_firing, annotations } => Rule::Alerting(AlertingRule {
            alert: name.value,
            expr: written.expr,
            hold: hold.map(|hold| hold.value),
            keep_firing_for: keep_firing,
            labels,
            annotations: texts(&annotations),
        }),
    }
}
