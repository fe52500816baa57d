//! The calendar month of an SLO, beside its rolling window.
//!
//! PromQL has no window that starts with the month. So the rates of events are recorded once more with the
//! month they happened in as a label, and added up over 31 days: what bears the label of this month
//! happened since it began, whatever its length, and that of a year ago is out of reach.

use super::Frame;
use crate::backends::rules::config::{RecordingRule, Rule};
use crate::conventions::{self, MONTH_LABEL, SLO_CALENDAR_MONTH};
use crate::promql::build::{
    NO_LABELS, call, div, equal, greater, matched, metric, number, over_time, sub, sum_by, vector,
};
use crate::promql::{BinaryOp, Expr, Matching};
use crate::slo::windows::LONGEST_MONTH;

/// File and group of the calendar.
pub(in crate::backends::rules) const MONTH: &str = "slo-calendar";

/// Says which month it is, in UTC: one series, whose label is the number of the month.
pub(super) fn calendar() -> Vec<Rule> {
    let month = |number_of: u32| {
        let now = equal(call("month", []), number(number_of));
        Rule::Recording(RecordingRule {
            record: SLO_CALENDAR_MONTH.to_owned(),
            expr: matched(BinaryOp::And, vector(number(1)), Matching::on(NO_LABELS), now),
            labels: [(MONTH_LABEL.to_owned(), number_of.to_string())].into(),
        })
    };
    (1..=12).map(month).collect()
}

impl Frame<'_> {
    /// Records the rates of events with the month that they happen in.
    pub(super) fn mark_month(&self, rules: &mut Vec<Rule>) {
        for rate in [conventions::slo_bad_rate(self.grain), conventions::slo_total_rate(self.grain)] {
            let which = Matching::on(NO_LABELS).group_left([MONTH_LABEL]);
            let marked = matched(BinaryOp::Mul, self.series(rate.clone()), which, metric(SLO_CALENDAR_MONTH));
            rules.push(self.record(conventions::in_month(&rate), marked));
        }
    }

    /// Records the share of bad events since the month began, and what is left of its budget.
    pub(super) fn record_month(&self, rules: &mut Vec<Rule>) {
        let level: Vec<&str> = self.level().into_iter().chain([MONTH_LABEL]).collect();
        let sum = |rate: String| {
            let marked = self.series(conventions::in_month(&rate));
            sum_by(&level, over_time("sum_over_time", marked, LONGEST_MONTH))
        };
        let bad = sum(conventions::slo_bad_rate(self.grain));
        let all = sum(conventions::slo_total_rate(self.grain));
        let share = div(bad, greater(all, number(0)));
        let this_month = Matching::on([MONTH_LABEL]);
        let share = matched(BinaryOp::And, share, this_month, metric(SLO_CALENDAR_MONTH));
        rules.push(self.record(conventions::SLO_MONTH_ERROR_RATIO, share));
        let spent = div(Expr::from(self.series(conventions::SLO_MONTH_ERROR_RATIO)), number(self.slo.budget()));
        rules.push(self.record(conventions::SLO_MONTH_BUDGET_LEFT, sub(number(1), spent)));
    }
}
