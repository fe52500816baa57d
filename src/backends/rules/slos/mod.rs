//! SLOs: what is recorded of them, an alert for each tier, and alerts for data that cannot be trusted.
//!
//! Bad and all events are added up apart and only ever divided last: an average of ratios would let a
//! quiet minute weigh as much as a busy hour, and one 0/0 would make a month NaN. Windows up to [`DIRECT`]
//! ask the counters themselves, so that an alert loses no time; longer ones add up the rates that are
//! recorded of the grain (five minutes), a sample for each evaluation instead of one for each scrape of
//! each series.
//!
//! What looks further back than Prometheus keeps its samples goes to a file of its own, which a Thanos
//! Ruler evaluates over Thanos Query: it reads the grain's rates, which Prometheus recorded and the sidecar
//! uploaded. So an objective over 30 days outlives 15 days of local retention.

mod alerts;
mod month;
mod records;

use indexmap::IndexMap;

use super::config::{Files, RuleGroup};
use super::panels;
use crate::conventions::{self, SLO_LABEL};
use crate::dashboards::Addresses;
use crate::model::{Platform, Service, Slo};
use crate::promql::build::{metric, sum_by};
use crate::promql::{Expr, Selector};
use crate::quantity::Duration;
use crate::slo::windows::LONGEST_MONTH;

pub(super) use month::MONTH;

/// File and group of an SLO's rules.
pub(super) fn file_name(slo: &Slo) -> String {
    format!("slo-{}", slo.id())
}

/// Longest window that asks the counters themselves.
const DIRECT: Duration = Duration::hours(6);

/// The rules of an SLO: those that Prometheus evaluates, and those that look back too far for it.
pub(super) fn lower(platform: &Platform, addresses: &Addresses, service: &Service, slo: &Slo) -> [RuleGroup; 2] {
    let frame = Frame::new(platform, service, slo);
    let mut near = Vec::new();
    let mut beyond = Vec::new();
    frame.record_windows(&mut near, &mut beyond);
    frame.record_constants(&mut near);
    frame.record_period(if frame.reaches(slo.window.value) { &mut near } else { &mut beyond });
    if slo.calendar_month {
        frame.mark_month(&mut near);
        frame.record_month(if frame.reaches(LONGEST_MONTH) { &mut near } else { &mut beyond });
    }
    for tier in &slo.tiers {
        let rules = if frame.reaches(tier.long) { &mut near } else { &mut beyond };
        rules.push(frame.tier_alert(tier));
    }
    near.extend(frame.data_alerts());
    for rules in [&mut near, &mut beyond] {
        panels::of_slo(addresses, slo, rules);
    }
    // Sums of recorded rates count on the interval, whoever evaluates the rules.
    let interval = Some(platform.evaluation_interval.value);
    [near, beyond].map(|rules| RuleGroup { name: file_name(slo), interval, rules, ..RuleGroup::default() })
}

/// Adds what SLOs share: which month it is, if any asks.
pub(super) fn lower_shared(platform: &Platform, local: &mut Files) {
    if platform.slos().any(|(_, slo)| slo.calendar_month) {
        local.group(MONTH, MONTH).rules.extend(month::calendar());
    }
}

/// Whether an SLO has rules that look further back than Prometheus keeps samples.
pub fn look_beyond_retention(platform: &Platform) -> bool {
    platform.slos().any(|(service, slo)| {
        let frame = Frame::new(platform, service, slo);
        let month = slo.calendar_month.then_some(LONGEST_MONTH);
        let longest = slo.tiers.iter().map(|tier| tier.long).chain([slo.window.value]).chain(month);
        longest.into_iter().any(|window| !frame.reaches(window))
    })
}

/// One SLO with what its rules share.
pub(super) struct Frame<'a> {
    platform: &'a Platform,
    service: &'a Service,
    slo: &'a Slo,
    /// The window whose rates the long ones are made of.
    pub(super) grain: Duration,
    id: String,
}

impl<'a> Frame<'a> {
    pub(super) fn new(platform: &'a Platform, service: &'a Service, slo: &'a Slo) -> Self {
        Self { platform, service, slo, grain: slo.grain, id: slo.id() }
    }

    /// Whether Prometheus itself keeps samples for so long; without long-term storage it must do.
    pub(super) fn reaches(&self, window: Duration) -> bool {
        let retention = &self.platform.retention;
        retention.long_term.is_none() || window.plus(self.grain) <= retention.local.value
    }

    /// What the series of this SLO are told apart by.
    pub(super) fn identity(&self) -> IndexMap<String, String> {
        IndexMap::from([(SLO_LABEL.to_owned(), self.id.clone()), ("service".to_owned(), self.slo.service.clone())])
    }

    /// A recorded series of this SLO.
    pub(super) fn series(&self, name: impl Into<String>) -> Selector {
        metric(name).with(SLO_LABEL, self.id.clone()).with("service", self.slo.service.clone())
    }

    fn ratio(&self, window: Duration) -> Expr {
        self.series(conventions::slo_error_ratio(window)).into()
    }

    /// Across Prometheus servers, the series carry external labels that the SLO's own must not have.
    fn gathered(&self, expr: Expr, window: Duration) -> Expr {
        if self.reaches(window) { expr } else { sum_by(self.level(), expr) }
    }

    /// Every label that tells one budget from another.
    fn level(&self) -> Vec<&str> {
        [SLO_LABEL, "service"].into_iter().chain(self.slo.by.iter().map(String::as_str)).collect()
    }

    /// Whether a window's rates ask the counters themselves.
    pub(super) fn is_direct(&self, window: Duration) -> bool {
        window == self.grain || (window <= DIRECT && self.slo.sli.is_counted())
    }
}
