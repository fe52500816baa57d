//! What is recorded of an SLO: the rates of bad and of all events, shares over each window, and what the
//! budget is.

use rust_decimal::Decimal;

use super::Frame;
use crate::backends::rules::config::{RecordingRule, Rule};
use crate::conventions;
use crate::promql::Expr;
use crate::promql::build::{div, greater, number, over_time, sub, vector};
use crate::quantity::{Duration, print_decimal};
use crate::signals::sli::{bad_and_all, bad_share, one_where};
use crate::slo;

impl Frame<'_> {
    pub(super) fn record(&self, name: impl Into<String>, expr: impl Into<Expr>) -> Rule {
        Rule::Recording(RecordingRule { record: name.into(), expr: expr.into(), labels: self.identity() })
    }

    /// Every window that a tier looks at, and the grain, shortest first.
    fn windows(&self) -> Vec<Duration> {
        let tiers = self.slo.tiers.iter().flat_map(|tier| [tier.short, tier.long]);
        let mut windows: Vec<Duration> = tiers.chain([self.grain]).collect();
        windows.sort();
        windows.dedup();
        windows
    }

    pub(super) fn record_windows(&self, near: &mut Vec<Rule>, beyond: &mut Vec<Rule>) {
        let Some(rates) = bad_and_all(&self.slo.sli, self.grain.into(), &self.slo.by) else { return };
        let bad = conventions::slo_bad_rate(self.grain);
        let all = if self.slo.sli.is_share() { one_where(self.series(bad.clone()).into()) } else { rates.all };
        near.push(self.record(bad, rates.bad));
        near.push(self.record(conventions::slo_total_rate(self.grain), all));
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
            return bad_share(&self.slo.sli, window.into(), &self.slo.by);
        }
        let (bad, all) = (conventions::slo_bad_rate(self.grain), conventions::slo_total_rate(self.grain));
        let sum = |name| match window == self.grain {
            true => self.series(name).into(),
            false => self.gathered(over_time("sum_over_time", self.series(name), window), window),
        };
        Some(div(sum(bad), greater(sum(all), number(0))))
    }

    pub(super) fn record_constants(&self, rules: &mut Vec<Rule>) {
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
    pub(super) fn record_period(&self, rules: &mut Vec<Rule>) {
        let window = self.slo.window.value;
        if let Some(share) = self.share(window) {
            rules.push(self.record(conventions::slo_error_ratio(window), share));
        }
        let burn = div(self.ratio(window), number(self.slo.budget()));
        rules.push(self.record(conventions::SLO_PERIOD_BURN_RATE, burn));
        let left = sub(number(1), Expr::from(self.series(conventions::SLO_PERIOD_BURN_RATE)));
        rules.push(self.record(conventions::SLO_BUDGET_LEFT, left));
    }
}
