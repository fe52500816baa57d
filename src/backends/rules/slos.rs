//! SLOs: what is recorded of them, an alert for each tier, and alerts for data that cannot be trusted.
//!
//! Bad and all events are recorded apart, as rates over each window, and only ever divided last: an
//! average of ratios would let a quiet minute weigh as much as a busy hour, and one 0/0 would make a
//! month NaN. Windows up to [`DIRECT`] ask the counters themselves, so that an alert loses no time; longer
//! ones average the recorded rates of the grain (five minutes), which costs one sample an evaluation.
//!
//! What looks further back than Prometheus keeps its samples goes to a file of its own, which a Thanos
//! Ruler evaluates over Thanos Query: it reads the grain's rates, which Prometheus recorded and the sidecar
//! uploaded. So an objective over 30 days outlives 15 days of local retention.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::config::{AlertingRule, Files, RecordingRule, Rule};
use super::labels::{alert_labels, runbook};
use super::panels;
use super::words::{self, escaped};
use crate::conventions::{self, SLO_LABEL, TIER_LABEL};
use crate::dashboards::Addresses;
use crate::model::{Platform, Service, Slo, Tier, Urgency};
use crate::promql::build::{
    absent, and, div, greater, less, matched, metric, mul, number, or, over_time, sub, sum_by, vector,
};
use crate::promql::{BinaryOp, Expr, Matching, Selector};
use crate::quantity::{Duration, Unit, print_decimal};
use crate::signals::events::{bad_and_all, bad_share};
use crate::slo;

/// File and group of an SLO's rules.
pub(super) fn file_name(slo: &Slo) -> String {
    format!("slo-{}", slo.id())
}

/// Longest window that asks the counters themselves.
const DIRECT: Duration = Duration::hours(6);

/// Adds the rules of every SLO: those that Prometheus evaluates, and those that look back too far for it.
pub(super) fn lower(platform: &Platform, addresses: &Addresses, local: &mut Files, far: &mut Files) {
    for (service, slo) in platform.slos() {
        let frame = Frame::new(platform, service, slo);
        let name = file_name(slo);
        let mut near = Vec::new();
        let mut beyond = Vec::new();
        frame.record_windows(&mut near, &mut beyond);
        frame.record_constants(&mut near);
        frame.record_period(if frame.reaches(slo.window.value) { &mut near } else { &mut beyond });
        for tier in &slo.tiers {
            let rules = if frame.reaches(tier.long) { &mut near } else { &mut beyond };
            rules.push(frame.tier_alert(tier));
        }
        near.extend(frame.data_alerts());
        for rules in [&mut near, &mut beyond] {
            panels::of_slo(addresses, slo, rules);
        }
        for (files, rules) in [(&mut *local, near), (&mut *far, beyond)] {
            let group = files.group(&name, &name);
            // Sums of recorded rates count on it, whoever evaluates the rules.
            group.interval = Some(platform.evaluation_interval.value);
            group.rules.extend(rules);
        }
    }
}

/// Whether an SLO has rules that look further back than Prometheus keeps samples.
pub fn look_beyond_retention(platform: &Platform) -> bool {
    platform.slos().any(|(service, slo)| {
        let frame = Frame::new(platform, service, slo);
        let longest = slo.tiers.iter().map(|tier| tier.long).chain([slo.window.value]);
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
}

impl<'a> Frame<'a> {
    pub(super) fn new(platform: &'a Platform, service: &'a Service, slo: &'a Slo) -> Self {
        Self { platform, service, slo, grain: slo.grain }
    }

    /// Whether Prometheus itself keeps samples for so long; without long-term storage it must do.
    pub(super) fn reaches(&self, window: Duration) -> bool {
        let retention = &self.platform.retention;
        retention.long_term.is_none() || window.plus(self.grain) <= retention.local.value
    }

    /// What the series of this SLO are told apart by.
    pub(super) fn identity(&self) -> IndexMap<String, String> {
        IndexMap::from([(SLO_LABEL.to_owned(), self.slo.id()), ("service".to_owned(), self.slo.service.clone())])
    }

    /// A recorded series of this SLO.
    pub(super) fn series(&self, name: impl Into<String>) -> Selector {
        self.identity().into_iter().fold(metric(name), |selector, (label, value)| selector.with(label, value))
    }

    fn record(&self, name: impl Into<String>, expr: impl Into<Expr>) -> Rule {
        Rule::Recording(RecordingRule { record: name.into(), expr: expr.into(), labels: self.identity() })
    }

    fn ratio(&self, window: Duration) -> Expr {
        self.series(conventions::slo_error_ratio(window)).into()
    }

    /// Every window that a tier looks at, and the grain, shortest first.
    fn windows(&self) -> Vec<Duration> {
        let tiers = self.slo.tiers.iter().flat_map(|tier| [tier.short, tier.long]);
        let mut windows: Vec<Duration> = tiers.chain([self.grain]).collect();
        windows.sort();
        windows.dedup();
        windows
    }

    fn record_windows(&self, near: &mut Vec<Rule>, beyond: &mut Vec<Rule>) {
        let Some(rates) = bad_and_all(&self.slo.sli, self.grain.into(), &[]) else { return };
        near.push(self.record(conventions::slo_bad_rate(self.grain), rates.bad));
        near.push(self.record(conventions::slo_total_rate(self.grain), rates.all));
        for window in self.windows() {
            let Some(share) = self.share(window) else { continue };
            let rules = if self.reaches(window) { &mut *near } else { &mut *beyond };
            rules.push(self.record(conventions::slo_error_ratio(window), share));
        }
    }

    /// The share of bad events over a window. Nothing over nothing is no sample: an idle time neither
    /// counts nor poisons.
    fn share(&self, window: Duration) -> Option<Expr> {
        if self.is_direct(window) && window != self.grain {
            return bad_share(&self.slo.sli, window.into(), &[]);
        }
        let (bad, all) = (conventions::slo_bad_rate(self.grain), conventions::slo_total_rate(self.grain));
        let sum = |name| match window == self.grain {
            true => self.series(name).into(),
            false => self.gathered(over_time("sum_over_time", self.series(name), window), window),
        };
        Some(div(sum(bad), greater(sum(all), number(0))))
    }

    /// Across Prometheus servers, the series carry external labels that the SLO's own must not have.
    fn gathered(&self, expr: Expr, window: Duration) -> Expr {
        if self.reaches(window) { expr } else { sum_by([SLO_LABEL, "service"], expr) }
    }

    fn record_constants(&self, rules: &mut Vec<Rule>) {
        let budget = self.slo.budget();
        let days = slo::seconds(self.slo.window.value).checked_div(Decimal::from(86_400)).unwrap_or_default();
        rules.push(self.record(conventions::SLO_OBJECTIVE, vector(number(self.slo.objective.value))));
        rules.push(self.record(conventions::SLO_BUDGET, vector(number(budget))));
        rules.push(self.record(conventions::SLO_PERIOD_DAYS, vector(number(days.round_dp(6)))));
        rules.push(self.record(conventions::SLO_BURN_RATE, div(self.ratio(self.grain), number(budget))));
        let mut labels = self.identity();
        labels.insert("objective".to_owned(), print_decimal(self.slo.objective.value));
        labels.insert("window".to_owned(), self.slo.window.value.to_string());
        let info = RecordingRule { record: conventions::SLO_INFO.to_owned(), expr: vector(number(1)), labels };
        rules.push(Rule::Recording(info));
    }

    /// The whole window: all bad events over all events, so that each event counts once.
    fn record_period(&self, rules: &mut Vec<Rule>) {
        let window = self.slo.window.value;
        if let Some(share) = self.share(window) {
            rules.push(self.record(conventions::slo_error_ratio(window), share));
        }
        let burn = div(self.ratio(window), number(self.slo.budget()));
        rules.push(self.record(conventions::SLO_PERIOD_BURN_RATE, burn));
        let left = sub(number(1), Expr::from(self.series(conventions::SLO_PERIOD_BURN_RATE)));
        rules.push(self.record(conventions::SLO_BUDGET_LEFT, left));
    }

    /// Labels of a tier's alert.
    pub(super) fn tier_labels(&self, tier: &Tier) -> IndexMap<String, String> {
        let mut labels = alert_labels(self.platform, self.service, &tier.severity);
        labels.insert(SLO_LABEL.to_owned(), self.slo.id());
        labels.insert(TIER_LABEL.to_owned(), tier.name.name().to_owned());
        labels
    }

    /// Both windows burn: the long one says that it matters, the short one that it still does.
    fn tier_alert(&self, tier: &Tier) -> Rule {
        let bound = slo::fires_above(tier.factor, self.slo.budget());
        let burns = |window| greater(self.ratio(window), number(bound));
        let mut expr = and(burns(tier.long), burns(tier.short));
        if let Some(failures) = slo::min_failures(tier, self.slo.budget(), self.slo.min_failures, self.slo.traffic) {
            // Half an event below: a rate times its window is a whole number only on paper.
            let enough = Decimal::from(failures) - Decimal::new(5, 1);
            if let Some(counted) = self.failures(tier.long) {
                let by: [&str; 0] = [];
                expr = matched(BinaryOp::And, expr, Matching::on(by), greater(counted, number(enough)));
            }
        }
        Rule::Alerting(AlertingRule {
            alert: conventions::BURN_RATE_ALERT.to_owned(),
            expr,
            hold: None,
            keep_firing_for: None,
            labels: self.tier_labels(tier),
            annotations: self.tier_annotations(tier),
        })
    }

    /// How many bad events a window holds. Where the window's rate is an average of what was recorded, it
    /// would count events that nobody saw for as long as less than a window has been recorded; each recorded
    /// rate times the time until the next is the sum that cannot.
    fn failures(&self, window: Duration) -> Option<Expr> {
        if self.is_direct(window) {
            let rates = bad_and_all(&self.slo.sli, window.into(), &[])?;
            return Some(mul(rates.bad, number(slo::seconds(window))));
        }
        let recorded = self.series(conventions::slo_bad_rate(self.grain));
        let sum = self.gathered(over_time("sum_over_time", recorded, window), window);
        Some(mul(sum, number(slo::seconds(self.platform.evaluation_interval.value))))
    }

    /// Whether a window's rates ask the counters themselves.
    pub(super) fn is_direct(&self, window: Duration) -> bool {
        window <= DIRECT || window <= self.grain
    }

    fn tier_annotations(&self, tier: &Tier) -> IndexMap<String, String> {
        let (slo, budget) = (self.slo, self.slo.budget());
        let percent = |share: Decimal| format!("{}%", print_decimal(share * Decimal::ONE_HUNDRED));
        let gone_in = slo::times::exhaustion(budget, slo.window.value, slo::fires_above(tier.factor, budget));
        let gone_in = gone_in
            .map_or(String::new(), |gone| format!(" At this rate the whole budget is gone within {}.", rough(gone)));
        let times =
            if tier.factor == Decimal::ONE { String::new() } else { format!("{} times ", print_decimal(tier.factor)) };
        let summary = format!(
            "{}: {} burns its error budget at more than {times}the rate that the objective allows",
            escaped(&self.service.title),
            escaped(&slo.name.value),
        );
        let description = format!(
            "{} {} of events were bad over {}; the objective of {} over {} allows {}.{gone_in}",
            escaped(&sentence(&slo.description)),
            words::value(Some(Unit::Ratio)),
            tier.long,
            percent(slo.objective.value),
            slo.window.value,
            percent(budget),
        );
        self.annotated(conventions::BURN_RATE_ALERT, &tier.severity, summary, description)
    }

    fn annotated(&self, alert: &str, severity: &str, summary: String, description: String) -> IndexMap<String, String> {
        let mut annotations =
            IndexMap::from([("summary".to_owned(), summary), ("description".to_owned(), description)]);
        annotations.extend(runbook(self.platform, self.service, alert, severity));
        annotations
    }

    /// The severity of alerts about an SLO's data: a ticket, if the platform has tickets.
    pub(super) fn data_severity(&self) -> Option<&'a str> {
        let ticket = self.platform.severity_for(Urgency::Ticket);
        let severity = ticket.or_else(|| self.platform.severities.first());
        severity.map(|severity| severity.name.value.as_str())
    }

    /// Labels of an alert about this SLO's data.
    pub(super) fn data_labels(&self, severity: &str) -> IndexMap<String, String> {
        let mut labels = alert_labels(self.platform, self.service, severity);
        labels.insert(SLO_LABEL.to_owned(), self.slo.id());
        labels
    }

    /// No data is not "all is well", and more bad events than events is a mistake in the signal.
    fn data_alerts(&self) -> Vec<Rule> {
        let Some(severity) = self.data_severity() else { return Vec::new() };
        let bad = || self.series(conventions::slo_bad_rate(self.grain));
        let all = || self.series(conventions::slo_total_rate(self.grain));
        let rule = |alert: &str, expr, summary: String, description: String| {
            Rule::Alerting(AlertingRule {
                alert: alert.to_owned(),
                expr,
                hold: Some(self.grain),
                keep_firing_for: None,
                labels: self.data_labels(severity),
                annotations: self.annotated(alert, severity, summary, description),
            })
        };
        let whose = format!("{}: {}", escaped(&self.service.title), escaped(&self.slo.name.value));
        let missing = rule(
            conventions::SLO_DATA_MISSING_ALERT,
            // Where a histogram lacks the bucket, events are counted and none of them is good or bad.
            or(absent(bad()), absent(all())),
            format!("{whose} has no data"),
            "The series that this objective is measured with are gone. Nobody knows whether it is met, and its burn-rate alerts cannot fire.".to_owned(),
        );
        // A thousandth of slack: the two rates are extrapolated apart.
        let (over, under) = (number(Decimal::new(1001, 3)), number(Decimal::new(-1, 3)));
        let impossible = rule(
            conventions::SLO_DATA_IMPOSSIBLE_ALERT,
            or(greater(bad(), mul(over, all())), less(bad(), mul(under, all()))),
            format!("{whose} counts more bad or good events than events"),
            "The selectors of good, bad and all events do not fit each other, so the objective means nothing until they do.".to_owned(),
        );
        vec![missing, impossible]
    }
}

/// A text as a sentence that another can follow.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// A time as people say it: whole minutes from an hour on, whole hours from two days on.
fn rough(exact: Duration) -> Duration {
    let unit = if exact >= Duration::days(2) {
        Duration::hours(1)
    } else if exact >= Duration::hours(1) {
        Duration::minutes(1)
    } else {
        Duration::seconds(1)
    };
    let unit = unit.as_millis();
    Duration::millis((exact.as_millis() + unit / 2) / unit * unit)
}
