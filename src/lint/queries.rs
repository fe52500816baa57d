//! Expressions in PromQL, and what is known of the series that they read: of a platform, or of files that nobody
//! compiled.

use super::facts::Facts;
use super::series::{Alert, Expression, Owner, Reading, Recording, expressions, readings};
use crate::backends::Configs;
use crate::model::Platform;
use crate::plain::Files;
use crate::plain::rules::{Group, Makes, Rule};
use crate::quantity::Duration;
use crate::source::{Sources, Spanned};

/// What rules about PromQL see.
#[derive(Debug)]
pub struct Queries<'a> {
    /// Every expression that somebody wrote.
    pub(super) expressions: Vec<Expression<'a>>,
    /// Every series that the shapes of signals read.
    pub(super) readings: Vec<Reading<'a>>,
    /// How often rule groups are evaluated that say so themselves.
    pub(super) intervals: Vec<Spanned<Duration>>,
    /// What is known.
    pub(super) facts: Facts<'a>,
}

impl<'a> Queries<'a> {
    /// Of a platform, and the rule groups that it hands on.
    pub(super) fn of(sources: &Sources, platform: &'a Platform, configs: &'a Configs, handed_on: &'a [Group]) -> Self {
        let facts = Facts::of(platform, &configs.rules);
        let mut all = expressions(platform);
        all.extend(handed_on.iter().flat_map(|group| of_group(group, &facts)));
        Self { expressions: all, readings: readings(sources, platform), intervals: intervals(handed_on), facts }
    }

    /// The expressions of alerts, each with what is around it.
    pub(super) fn alerts(&self) -> impl Iterator<Item = (&Expression<'a>, &Alert<'a>)> {
        self.expressions.iter().filter_map(|expression| match &expression.owner {
            Owner::Alert(alert) => Some((expression, alert)),
            Owner::Signal(_) | Owner::Recording(_) | Owner::Other => None,
        })
    }

    /// Of files that nobody compiled.
    pub(super) fn of_files(files: &'a Files) -> Self {
        let facts = Facts::of_files(files);
        let all = files.groups.iter().flat_map(|group| of_group(group, &facts)).collect();
        Self { expressions: all, readings: Vec::new(), intervals: intervals(&files.groups), facts }
    }
}

fn intervals(groups: &[Group]) -> Vec<Spanned<Duration>> {
    groups.iter().filter_map(|group| group.interval).collect()
}

/// The expressions of a rule group.
fn of_group<'a>(group: &'a Group, facts: &Facts) -> Vec<Expression<'a>> {
    let every = group.interval.map(|interval| interval.value).or(facts.evaluation_interval.map(|every| every.value));
    let owner = |rule: &'a Rule| match &rule.makes {
        Makes::Series(name) => {
            Owner::Recording(Recording { name: &name.value, place: name.span, labels: rule.labels.as_slice() })
        }
        Makes::Alert { name, hold, annotations, .. } => Owner::Alert(Alert {
            name: &name.value,
            hold: *hold,
            is_of_a_file: true,
            every,
            labels: rule.labels.as_slice(),
            annotations: annotations.as_slice(),
        }),
    };
    group.rules.iter().map(|rule| Expression { expr: &rule.expr, text: &rule.text, owner: owner(rule) }).collect()
}
