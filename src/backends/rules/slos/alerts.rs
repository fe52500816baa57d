//! An SLO's alerts: one for each burn-rate tier, and those for data that cannot be trusted.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::Frame;
use crate::backends::rules::config::{AlertingRule, Rule};
use crate::backends::rules::labels::{alert_labels, runbook};
use crate::backends::rules::words::{self, escaped};
use crate::conventions::{self, SLO_LABEL, TIER_LABEL};
use crate::model::{Tier, Urgency};
use crate::promql::build::{absent, and, greater, less, matched, mul, number, or, over_time, unless};
use crate::promql::{BinaryOp, Expr, Matching};
use crate::quantity::{Duration, Unit, print_decimal, print_percent};
use crate::signals::sli::bad_and_all;
use crate::slo;

/// How long a group of an SLO is missed after its series vanished: then it is gone for good.
const MISSED: Duration = Duration::hours(1);

/// Events in a grain that make a group busy.
const BUSY: u32 = 10;

impl<'a> Frame<'a> {
    /// Labels of a tier's alert.
    pub(in crate::backends::rules) fn tier_labels(&self, tier: &Tier) -> IndexMap<String, String> {
        let mut labels = alert_labels(self.platform, self.service, &tier.severity);
        labels.insert(SLO_LABEL.to_owned(), self.slo.id());
        labels.insert(TIER_LABEL.to_owned(), tier.name.name().to_owned());
        labels
    }

    /// Both windows burn: the long one says that it matters, the short one that it still does.
    pub(super) fn tier_alert(&self, tier: &Tier) -> Rule {
        let bound = slo::fires_above(tier.factor, self.slo.budget());
        let burns = |window| greater(self.ratio(window), number(bound));
        let mut expr = and(burns(tier.long), burns(tier.short));
        if let Some(failures) = slo::min_failures(tier, self.slo.budget(), self.slo.min_failures, self.slo.traffic) {
            // Half an event below: a rate times its window is a whole number only on paper.
            let enough = Decimal::from(failures) - Decimal::new(5, 1);
            if let Some(counted) = self.failures(tier.long) {
                expr = matched(BinaryOp::And, expr, Matching::on(&self.slo.by), greater(counted, number(enough)));
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
            let rates = bad_and_all(&self.slo.sli, window.into(), &self.slo.by)?;
            return Some(mul(rates.bad, number(slo::seconds(window))));
        }
        let recorded = self.series(conventions::slo_bad_rate(self.grain));
        let sum = self.gathered(over_time("sum_over_time", recorded, window), window);
        Some(mul(sum, number(slo::seconds(self.platform.evaluation_interval.value))))
    }

    fn tier_annotations(&self, tier: &Tier) -> IndexMap<String, String> {
        let (slo, budget) = (self.slo, self.slo.budget());
        let gone_in = slo::times::exhaustion(budget, slo.window.value, slo::fires_above(tier.factor, budget));
        let gone_in = gone_in
            .map_or(String::new(), |gone| format!(" At this rate the whole budget is gone within {}.", rough(gone)));
        let times =
            if tier.factor == Decimal::ONE { String::new() } else { format!("{} times ", print_decimal(tier.factor)) };
        let summary =
            format!("{} burns its error budget at more than {times}the rate that the objective allows", self.whose());
        let bad = if slo.sli.is_share() { "of the time was bad" } else { "of events were bad" };
        let description = format!(
            "{} {} {bad} over {}; the objective of {} over {} allows {}.{gone_in}",
            escaped(&sentence(&slo.description)),
            words::value(Some(Unit::Ratio)),
            tier.long,
            print_percent(slo.objective.value),
            slo.window.value,
            print_percent(budget),
        );
        self.annotated(conventions::BURN_RATE_ALERT, &tier.severity, summary, description)
    }

    /// Which SLO, and which of its groups.
    fn whose(&self) -> String {
        let groups: Vec<String> =
            self.slo.by.iter().map(|label| format!("{label} {{{{ $labels.{label} }}}}")).collect();
        let groups = if groups.is_empty() { String::new() } else { format!(" ({})", groups.join(", ")) };
        format!("{}: {}{groups}", escaped(&self.service.title), escaped(&self.slo.name.value))
    }

    fn annotated(&self, alert: &str, severity: &str, summary: String, description: String) -> IndexMap<String, String> {
        let mut annotations =
            IndexMap::from([("summary".to_owned(), summary), ("description".to_owned(), description)]);
        annotations.extend(runbook(self.platform, self.service, alert, severity));
        annotations
    }

    /// The severity of alerts about an SLO's data: a ticket, if the platform has tickets.
    pub(in crate::backends::rules) fn data_severity(&self) -> Option<&'a str> {
        let ticket = self.platform.severity_for(Urgency::Ticket);
        let severity = ticket.or_else(|| self.platform.severities.first());
        severity.map(|severity| severity.name.value.as_str())
    }

    /// Labels of an alert about this SLO's data.
    pub(in crate::backends::rules) fn data_labels(&self, severity: &str) -> IndexMap<String, String> {
        let mut labels = alert_labels(self.platform, self.service, severity);
        labels.insert(SLO_LABEL.to_owned(), self.slo.id());
        labels
    }

    /// The SLO's series are gone, or those of a group that was busy an hour ago.
    fn missing(&self) -> Expr {
        let bad = self.series(conventions::slo_bad_rate(self.grain));
        let all = self.series(conventions::slo_total_rate(self.grain));
        // Where a histogram lacks the bucket, events are counted and none of them is good or bad.
        let gone = or(absent(bad), absent(all.clone()));
        if self.slo.by.is_empty() {
            return gone;
        }
        // After a restart, counters of what is rarely asked for come back with their first event: nobody misses them.
        let events = if self.slo.sli.has_events() { Decimal::from(BUSY) } else { Decimal::ZERO };
        let busy = events.checked_div(slo::seconds(self.grain)).unwrap_or_default().round_dp(6);
        let before = greater(all.clone().offset(MISSED), number(busy));
        or(gone, unless(before, Expr::from(all)))
    }

    /// No data is not "all is well", and more bad events than events is a mistake in the signal.
    pub(super) fn data_alerts(&self) -> Vec<Rule> {
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
        let whose = self.whose();
        let missing = rule(
            conventions::SLO_DATA_MISSING_ALERT,
            self.missing(),
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
