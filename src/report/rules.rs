//! The rules of objectives, found in the rule files as lowered.

use std::collections::BTreeMap;

use super::EvaluatedBy;
use crate::backends::rules::{AlertingRule, Rule, RuleGroup};
use crate::conventions::{SLO_LABEL, TIER_LABEL};
use crate::model::{Platform, Tier};
use crate::promql::Expr;
use crate::promql::ask::leaves;
use crate::quantity::Duration;

/// Recorded series are made of recorded series, but not without end.
const DEPTH: usize = 8;

/// One rule and where it is evaluated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) rule: &'a Rule,
    pub(super) by: EvaluatedBy,
    /// The group's own interval, or the platform's.
    pub(super) interval: Duration,
    group: &'a RuleGroup,
}

impl Found<'_> {
    /// Whether both are evaluated together: one after another, at one moment.
    fn is_beside(&self, other: &Found) -> bool {
        self.by == other.by && std::ptr::eq(self.group, other.group)
    }
}

/// Every rule, by what is asked for.
#[derive(Debug)]
pub(super) struct Index<'a> {
    by_slo: BTreeMap<&'a str, Vec<Found<'a>>>,
    /// Recording rules by the series' name. Objectives share names and differ in a label: the first stands for all.
    recorded: BTreeMap<&'a str, Found<'a>>,
    /// How many targets a job has.
    targets: BTreeMap<&'a str, u64>,
}

impl<'a> Index<'a> {
    pub(super) fn new(platform: &'a Platform, groups: &'a [(bool, RuleGroup)]) -> Self {
        let mut index = Self { by_slo: BTreeMap::new(), recorded: BTreeMap::new(), targets: BTreeMap::new() };
        for (local, group) in groups {
            let by = if *local { EvaluatedBy::Prometheus } else { EvaluatedBy::ThanosRuler };
            let interval = group.interval.unwrap_or(platform.evaluation_interval.value);
            for rule in &group.rules {
                index.add(Found { rule, by, interval, group });
            }
        }
        for (_, job) in platform.jobs() {
            *index.targets.entry(&job.name.value).or_default() += job.targets.len() as u64;
        }
        for probe in platform.services.iter().flat_map(|service| &service.probes) {
            *index.targets.entry(&probe.job).or_default() += 1;
        }
        index
    }

    fn add(&mut self, found: Found<'a>) {
        let labels = match found.rule {
            Rule::Recording(rule) => {
                self.recorded.entry(&rule.record).or_insert(found);
                &rule.labels
            }
            Rule::Alerting(rule) => &rule.labels,
        };
        if let Some(slo) = labels.get(SLO_LABEL) {
            self.by_slo.entry(slo).or_default().push(found);
        }
    }

    /// Every rule of an objective.
    pub(super) fn of(&self, slo: &str) -> &[Found<'a>] {
        self.by_slo.get(slo).map_or(&[], Vec::as_slice)
    }

    /// The alert of a tier.
    pub(super) fn alert(&self, slo: &str, tier: &Tier) -> Option<(Found<'a>, &'a AlertingRule)> {
        self.of(slo).iter().find_map(|found| match found.rule {
            Rule::Alerting(rule) if rule.labels.get(TIER_LABEL).is_some_and(|name| name == tier.name.name()) => {
                Some((*found, rule))
            }
            _ => None,
        })
    }

    /// How far back the rules of an objective look.
    pub(super) fn looks_back(&self, slo: &str) -> Duration {
        let windows = self.of(slo).iter().map(|found| longest_window(found.rule.expr()));
        windows.max().unwrap_or(Duration::ZERO)
    }

    /// The rule that records a series of an objective.
    pub(super) fn recording(&self, slo: &str, series: &str) -> Option<Found<'a>> {
        let records = |found: &&Found| matches!(found.rule, Rule::Recording(rule) if rule.record == series);
        self.of(slo).iter().find(records).copied()
    }

    /// The rule that records series of this name, of whichever objective.
    pub(super) fn recorded(&self, series: &str) -> Option<Found<'a>> {
        self.recorded.get(series).copied()
    }

    /// How many series a job's metric has at least: one for each target that is known.
    pub(super) fn targets(&self, job: &str) -> u64 {
        self.targets.get(job).copied().unwrap_or(1).max(1)
    }

    /// Length of the recorded rates over which a series of an objective is averaged; none when it asks the
    /// counters themselves.
    pub(super) fn grain(&self, slo: &str, series: &str) -> Duration {
        self.recording(slo, series).map_or(Duration::ZERO, |found| self.grain_of(found.rule.expr(), DEPTH))
    }

    fn grain_of(&self, expr: &Expr, depth: usize) -> Duration {
        let of_leaf = |leaf: crate::promql::ask::Leaf| {
            let recorded = leaf.selector.metric_name().and_then(|name| self.recorded(name));
            match (recorded, leaf.window) {
                (Some(source), Some(_)) => longest_window(source.rule.expr()),
                (Some(source), None) if depth > 0 => self.grain_of(source.rule.expr(), depth - 1),
                _ => Duration::ZERO,
            }
        };
        leaves(expr).into_iter().map(of_leaf).max().unwrap_or(Duration::ZERO)
    }

    /// How long an alert may wait for what other groups record: their evaluation intervals, one after another.
    pub(super) fn recording_delay(&self, slo: &str, alert: &Found) -> Duration {
        self.delay(slo, alert, DEPTH)
    }

    fn delay(&self, slo: &str, reader: &Found, depth: usize) -> Duration {
        let of_leaf = |leaf: crate::promql::ask::Leaf| {
            let source = leaf.selector.metric_name().and_then(|name| self.recording(slo, name));
            let Some(source) = source.filter(|_| depth > 0) else { return Duration::ZERO };
            let own = if reader.is_beside(&source) { Duration::ZERO } else { source.interval };
            own.plus(self.delay(slo, &source, depth - 1))
        };
        leaves(reader.rule.expr()).into_iter().map(of_leaf).max().unwrap_or(Duration::ZERO)
    }
}

/// The longest window that an expression names.
fn longest_window(expr: &Expr) -> Duration {
    let windows = leaves(expr).into_iter().filter_map(|leaf| leaf.window?.fixed());
    windows.max().unwrap_or(Duration::ZERO)
}
