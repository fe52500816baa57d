//! Prometheus' rule files, as they are written.

use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::promql::Expr;
use crate::quantity::Duration;

/// One rule file.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RuleFile {
    /// Its name in the folder, without `.yml`.
    #[serde(skip)]
    pub name: String,
    /// Its groups.
    pub groups: Vec<RuleGroup>,
}

/// Rules that are evaluated one after another at the same moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RuleGroup {
    /// Its name, unique in its file.
    pub name: String,
    /// How often it is evaluated; the global evaluation interval if `None`.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "duration")]
    pub interval: Option<Duration>,
    /// How far in the past it is evaluated.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "duration")]
    pub query_offset: Option<Duration>,
    /// Most alerts or series of one rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Labels on everything that its rules make.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
    /// Its rules.
    pub rules: Vec<Rule>,
}

impl RuleGroup {
    /// Its alerts.
    pub fn alerts(&self) -> impl Iterator<Item = &AlertingRule> {
        self.rules.iter().filter_map(|rule| match rule {
            Rule::Alerting(alert) => Some(alert),
            Rule::Recording(_) => None,
        })
    }
}

impl RuleFile {
    /// Its recording rules.
    pub fn recordings(&self) -> impl Iterator<Item = &RecordingRule> {
        self.groups.iter().flat_map(|group| &group.rules).filter_map(|rule| match rule {
            Rule::Recording(recording) => Some(recording),
            Rule::Alerting(_) => None,
        })
    }
}

/// A rule of either kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Rule {
    /// A series computed ahead.
    Recording(RecordingRule),
    /// An alert.
    Alerting(AlertingRule),
}

impl Rule {
    /// What it evaluates.
    pub fn expr(&self) -> &Expr {
        match self {
            Rule::Recording(rule) => &rule.expr,
            Rule::Alerting(rule) => &rule.expr,
        }
    }
}

/// A series computed ahead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordingRule {
    /// The name of the series.
    pub record: String,
    /// Its values.
    #[serde(serialize_with = "expression")]
    pub expr: Expr,
    /// Labels that it gets beside the expression's.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertingRule {
    /// Its name.
    pub alert: String,
    /// It is raised for each series of this.
    #[serde(serialize_with = "expression")]
    pub expr: Expr,
    /// How long it must hold first.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none", serialize_with = "duration")]
    pub hold: Option<Duration>,
    /// How long it stays afterwards.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "duration")]
    pub keep_firing_for: Option<Duration>,
    /// Labels that it gets beside the expression's. Values are Go templates.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
    /// Words and links. Values are Go templates.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub annotations: IndexMap<String, String>,
}

fn expression<S: Serializer>(expr: &Expr, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&expr.pretty())
}

/// Anything that prints as its system writes it; only present values are serialised.
pub(super) fn duration<S: Serializer>(value: &Option<impl fmt::Display>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

/// Rule files under construction: rules join their file and group by name.
#[derive(Debug, Default)]
pub(super) struct Files {
    files: BTreeMap<String, RuleFile>,
}

impl Files {
    /// The group, created at the end of its file if it is new.
    pub(super) fn group(&mut self, file: &str, group: &str) -> &mut RuleGroup {
        if !self.has(file) {
            self.files.insert(file.to_owned(), RuleFile { name: file.to_owned(), groups: Vec::new() });
        }
        let groups = &mut self.files.entry(file.to_owned()).or_default().groups;
        let at = groups.iter().position(|known| known.name == group).unwrap_or_else(|| {
            groups.push(RuleGroup { name: group.to_owned(), ..RuleGroup::default() });
            groups.len() - 1
        });
        &mut groups[at]
    }

    /// Whether there is a file of that name.
    pub(super) fn has(&self, file: &str) -> bool {
        self.files.contains_key(file)
    }

    /// The files that have rules, by name.
    pub(super) fn finish(self) -> Vec<RuleFile> {
        let mut files: Vec<RuleFile> = self.files.into_values().collect();
        for file in &mut files {
            file.groups.retain(|group| !group.rules.is_empty());
        }
        files.retain(|file| !file.groups.is_empty());
        files
    }
}
