//! Prometheus' rule files, as they are written.

use std::fmt;

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::promql::Expr;
use crate::quantity::Duration;

/// Everything that the rules backend writes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// Rule files that Prometheus evaluates, by name.
    pub prometheus: Vec<RuleFile>,
    /// Rule files that look further back than Prometheus keeps samples: a Thanos Ruler evaluates them.
    pub thanos: Vec<RuleFile>,
}

impl Config {
    /// Every group, with whether Prometheus itself evaluates it.
    pub fn groups(&self) -> impl Iterator<Item = (bool, &RuleGroup)> {
        let local = self.prometheus.iter().flat_map(|file| &file.groups).map(|group| (true, group));
        local.chain(self.thanos.iter().flat_map(|file| &file.groups).map(|group| (false, group)))
    }
}

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
    files: Vec<RuleFile>,
}

impl Files {
    /// The group, created at the end of its file if it is new.
    pub(super) fn group(&mut self, file: &str, group: &str) -> &mut RuleGroup {
        let named = |files: &[RuleFile]| files.iter().position(|known| known.name == file);
        let at = named(&self.files).unwrap_or_else(|| {
            self.files.push(RuleFile { name: file.to_owned(), groups: Vec::new() });
            self.files.len() - 1
        });
        let groups = &mut self.files[at].groups;
        let at = groups.iter().position(|known| known.name == group).unwrap_or_else(|| {
            groups.push(RuleGroup { name: group.to_owned(), ..RuleGroup::default() });
            groups.len() - 1
        });
        &mut groups[at]
    }

    /// The files that have rules, by name.
    pub(super) fn finish(mut self) -> Vec<RuleFile> {
        for file in &mut self.files {
            file.groups.retain(|group| !group.rules.is_empty());
        }
        self.files.retain(|file| !file.groups.is_empty());
        self.files.sort_by(|left, right| left.name.cmp(&right.name));
        self.files
    }
}
