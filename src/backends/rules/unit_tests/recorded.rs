//! Tests of what an SLO records: its constants, its share over every window, over little traffic and none,
//! and over windows of days.
//!
//! Long windows read recorded rates, so these are played themselves, with few samples: a month in seconds.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::clock::{State, Watched};
use super::file::{ExpressionTest, InputSeries, Sample, TestCase};
use super::play::{Events, Play};
use super::slos::Scene;
use super::track::{Phase, Track};
use crate::conventions::{
    SLO_BUDGET, SLO_BUDGET_LEFT, SLO_BURN_RATE, SLO_DATA_IMPOSSIBLE_ALERT, SLO_DATA_MISSING_ALERT, SLO_INFO, SLO_LABEL,
    SLO_OBJECTIVE, SLO_PERIOD_BURN_RATE, SLO_PERIOD_DAYS, slo_bad_rate, slo_error_ratio, slo_total_rate,
};
use crate::model::{Slo, Tier};
use crate::promql::build::{call, compared, metric, number, sub};
use crate::promql::{BinaryOp, Selector};
use crate::quantity::{Duration, print_decimal};
use crate::slo::{fires_above, min_failures, seconds};

/// Evaluation interval of tests with windows of days: some forty evaluations a window.
pub(super) fn evaluation(slo: &Slo) -> Duration {
    Duration::millis((slo.window.value.as_millis() / 40).max(1))
}

/// What floating-point numbers may be off.
fn slack() -> Decimal {
    Decimal::new(1, 6)
}

impl Scene<'_> {
    /// A recorded series is about this.
    fn is_about(&self, name: &str, value: Decimal, moment: Duration) -> ExpressionTest {
        self.about(name, value, moment, &self.identity())
    }

    fn about(&self, name: &str, value: Decimal, moment: Duration, labels: &IndexMap<String, String>) -> ExpressionTest {
        is_near(self.frame.series(name), value, slack(), moment, labels.clone())
    }

    /// Recorded series of another SLO of the service, which no rule of this one may read.
    pub(super) fn neighbour(&self, steps: u64) -> Vec<InputSeries> {
        let grain = self.frame.grain;
        let names = [
            slo_bad_rate(grain),
            slo_total_rate(grain),
            slo_error_ratio(grain),
            slo_error_ratio(self.slo.window.value),
            SLO_PERIOD_BURN_RATE.to_owned(),
        ];
        let series = names.into_iter().map(|name| {
            let mut labels = self.identity();
            labels.insert(SLO_LABEL.to_owned(), "another".to_owned());
            played(labelled(name, &labels), &[(steps, Decimal::from(7))])
        });
        series.collect()
    }

    /// What dashboards and other people's tools read beside the share.
    pub(super) fn constants(&self) -> Option<TestCase> {
        let moment = self.clock.evaluations(4);
        let steps = self.clock.steps(moment);
        let share = self.slo.budget() / Decimal::TWO;
        let mut series =
            self.play.series(&[(steps, share)], &[(steps, Decimal::ONE)], self.clock.step, &self.slo.by)?.series;
        series.extend(self.neighbour(steps));
        let days = seconds(self.slo.window.value).checked_div(Decimal::from(86_400))?.round_dp(6);
        let promised =
            [(SLO_OBJECTIVE, self.slo.objective.value), (SLO_BUDGET, self.slo.budget()), (SLO_PERIOD_DAYS, days)];
        // What is promised is the same for every group.
        let mut checks: Vec<ExpressionTest> =
            promised.map(|(name, value)| self.about(name, value, moment, &self.frame.identity())).into();
        let measured = [
            (SLO_BURN_RATE, Decimal::new(5, 1)),
            (SLO_PERIOD_BURN_RATE, Decimal::new(5, 1)),
            (SLO_BUDGET_LEFT, Decimal::new(5, 1)),
        ];
        checks.extend(measured.map(|(name, value)| self.is_about(name, value, moment)));
        let mut labels = self.frame.identity();
        labels.insert("objective".to_owned(), print_decimal(self.slo.objective.value));
        labels.insert("window".to_owned(), self.slo.window.value.to_string());
        let info = labelled(SLO_INFO, &labels);
        checks.push(ExpressionTest {
            expr: labelled(SLO_INFO, &self.frame.identity()).into(),
            eval_time: moment,
            exp_samples: vec![Sample { labels: info, value: 1 }],
        });
        Some(self.case("records what it promises and how it stands", series, checks))
    }

    /// The share over every window of a tier is that of its events, however few; of no events there is none.
    pub(super) fn windows(&self) -> Vec<TestCase> {
        let quarter = Decimal::new(25, 2);
        let moment = self.clock.evaluations(4);
        let phases = [(self.clock.steps(moment), quarter)];
        let others = [(self.clock.steps(moment), Decimal::new(5, 1))];
        let trickle = |events: Decimal| self.play.trickle(&phases, &others, events, self.clock.step, &self.slo.by);
        // Half an event a second: a bound of one a second would hide it.
        let few = trickle(seconds(self.clock.step) / Decimal::TWO).map(|played| {
            let names = self.tier_windows().into_iter().map(slo_error_ratio);
            let checks = names.map(|name| self.is_about(&name, quarter, moment)).collect();
            self.case("counts the events of every window, however few", played.series, checks)
        });
        let none = trickle(Decimal::ZERO).map(|played| {
            let nothing = |window| ExpressionTest {
                expr: self.frame.series(slo_error_ratio(window)).into(),
                eval_time: moment,
                exp_samples: Vec::new(),
            };
            let windows = self.tier_windows().into_iter().chain([self.slo.window.value]);
            self.case("has no share of no events", played.series, windows.map(nothing).collect())
        });
        few.into_iter().chain(none).collect()
    }

    /// More bad events than events, and less than none, are said to be a mistake.
    pub(super) fn impossible(&self) -> Vec<TestCase> {
        let Some(severity) = self.frame.data_severity() else { return Vec::new() };
        let identity = vec![(SLO_LABEL.to_owned(), self.slo.id())];
        let mut labels = self.frame.data_labels(severity);
        labels.extend(self.identity());
        let watched = Watched { alert: SLO_DATA_IMPOSSIBLE_ALERT.to_owned(), identity, labels };
        let (evaluation, good) = (self.clock.evaluation, 3);
        let start = self.clock.evaluations(good + 1);
        let fires = self.clock.at_or_after(start.plus(self.frame.grain));
        let last = Duration::millis(fires.as_millis().saturating_sub(evaluation.as_millis()));
        let bad = (fires.as_millis().saturating_sub(start.as_millis())) / evaluation.as_millis().max(1);
        let case = |what: &str, inside: Decimal, outside: Decimal| {
            let all = Decimal::ONE_HUNDRED;
            let phases = [(good + 1, inside * all), (bad + 1, outside * all), (3, inside * all)];
            let series = vec![
                played(self.recorded(slo_bad_rate(self.frame.grain)), &phases),
                played(self.recorded(slo_total_rate(self.frame.grain)), &[(good + bad + 5, all)]),
            ];
            let checks = vec![
                watched.is(State::Silent, self.clock.evaluations(good)),
                watched.is(State::Pending, start),
                watched.is(State::Pending, last),
                watched.is(State::Firing, fires),
                watched.is(State::Silent, fires.plus(self.clock.evaluations(2))),
            ];
            let name = format!("{} says that {what}", self.slo.id());
            TestCase { name, interval: evaluation, input_series: series, promql_expr_test: checks }
        };
        let all = self.recorded(slo_total_rate(self.frame.grain));
        let bad = self.recorded(slo_bad_rate(self.frame.grain));
        let (over, under) = (Decimal::new(1001, 3), Decimal::new(-1, 3));
        let at_bounds = TestCase {
            name: format!("{} says nothing at the bounds of what is possible", self.slo.id()),
            interval: evaluation,
            input_series: vec![played(bad, &[(1, over), (1, under)]), played(all, &[(2, Decimal::ONE)])],
            promql_expr_test: vec![
                watched.is(State::Silent, Duration::ZERO),
                watched.is(State::Silent, self.clock.evaluations(1)),
            ],
        };
        vec![
            at_bounds,
            case("there are more bad events than events", Decimal::ONE, Decimal::new(11, 1)),
            case("there are fewer bad events than none", Decimal::new(-9, 4), Decimal::new(-11, 4)),
        ]
    }

    /// A tier fires above its bound and not at it, and only where both windows are above.
    pub(super) fn at_bound(&self, tier: &Tier, watched: &Watched) -> Option<TestCase> {
        // A guard against few events counts what is not recorded.
        if min_failures(tier, self.slo.budget(), self.slo.min_failures, self.slo.traffic).is_some() {
            return None;
        }
        let bound = fires_above(tier.factor, self.slo.budget());
        let above = bound + bound / Decimal::TEN;
        let ratio = |window| self.recorded(slo_error_ratio(window));
        let series = vec![
            played(ratio(tier.long), &[(1, bound), (2, above)]),
            played(ratio(tier.short), &[(1, above), (1, bound), (1, above)]),
        ];
        let states = [State::Silent, State::Silent, State::Firing];
        let moments = states.into_iter().zip(0..);
        Some(TestCase {
            name: format!("{} {} is quiet at its bound", self.slo.id(), tier.name.name()),
            interval: self.clock.evaluation,
            input_series: series,
            promql_expr_test: moments.map(|(state, count)| watched.is(state, self.clock.evaluations(count))).collect(),
        })
    }

    /// Bad events without events, and events of which none is known to be bad or good, are no data.
    pub(super) fn halves_missing(&self) -> Vec<TestCase> {
        // With groups, what is missing is known only from what was there before.
        if !self.slo.by.is_empty() {
            return Vec::new();
        }
        let Some(severity) = self.frame.data_severity() else { return Vec::new() };
        let identity = vec![(SLO_LABEL.to_owned(), self.slo.id())];
        let labels = self.frame.data_labels(severity);
        let watched = Watched { alert: SLO_DATA_MISSING_ALERT.to_owned(), identity, labels };
        let fires = self.clock.at_or_after(self.frame.grain);
        let steps = fires.as_millis() / self.clock.evaluation.as_millis().max(1);
        let names = [slo_bad_rate(self.frame.grain), slo_total_rate(self.frame.grain)];
        let case = |name: &String| {
            let mut series = vec![played(self.recorded(name.clone()), &[(steps, Decimal::ONE)])];
            series.extend(self.neighbour(steps));
            TestCase {
                name: format!("{} says that there is only {name}", self.slo.id()),
                interval: self.clock.evaluation,
                input_series: series,
                promql_expr_test: vec![watched.is(State::Pending, Duration::ZERO), watched.is(State::Firing, fires)],
            }
        };
        names.iter().map(case).collect()
    }

    /// The share over every window that asks the series themselves is that of exactly this window.
    pub(super) fn changes(&self) -> Option<TestCase> {
        let (shares, weights) = ([Decimal::new(1, 1), Decimal::new(4, 1)], [1_u32, 3]);
        let step = Duration::millis(self.clock.step.as_millis() * 7 / 8);
        // In a window of hardly a step, nothing changes.
        let long_enough = |window: &Duration| self.frame.is_direct(*window) && *window >= step.times(2);
        let windows: Vec<Duration> = self.tier_windows().into_iter().filter(long_enough).collect();
        let longest = *windows.last()?;
        let count = |time: Duration| time.as_millis() / step.as_millis().max(1);
        let before = count(longest.plus(self.clock.evaluation));
        let turn = self.clock.at_or_after(step.times(before));
        let uneven = matches!(self.play, Play::Share { .. });
        // No sample on the edge of a window, which Prometheus 2 counts in.
        let edge = |moment: Duration, window: Duration| {
            [moment.as_millis(), moment.as_millis().saturating_sub(window.as_millis())]
                .iter()
                .any(|at| at % step.as_millis() == 0)
        };
        let mut checks = Vec::new();
        for window in windows {
            let middle = turn.plus(Duration::millis(window.as_millis() / 2));
            let moments = (0..4).map(|later| self.clock.at_or_after(middle).plus(self.clock.evaluations(later)));
            let Some(moment) = moments.into_iter().find(|moment| !edge(*moment, window)) else { continue };
            let first = count(Duration::millis(moment.as_millis().saturating_sub(window.as_millis()))) + 1;
            let all = (count(moment) + u64::from(!self.play.counts())).saturating_sub(first);
            let old = before.saturating_sub(first).min(all);
            let weigh = |count: u64, phase: usize| {
                Decimal::from(count) * if uneven { Decimal::from(weights[phase]) } else { Decimal::ONE }
            };
            let (old, new) = (weigh(old, 0), weigh(all - old, 1));
            let share = (old * shares[0] + new * shares[1]).checked_div(old + new)?;
            checks.push(self.is_about(&slo_error_ratio(window), share, moment));
        }
        let end = checks.last()?.eval_time;
        let after = (count(end) + 1).saturating_sub(before);
        let phases = [(before, shares[0]), (after, shares[1])];
        let series = if uneven {
            let all = |phase: usize| Decimal::from(weights[phase]) * Decimal::ONE_THOUSAND;
            self.play
                .events(
                    &[0, 1].map(|phase| {
                        let (steps, share) = phases[phase];
                        Events { steps, level: share * all(phase), all: all(phase) }
                    }),
                    &self.slo.by,
                )?
                .series
        } else {
            self.play.series(&phases, &[], step, &self.slo.by)?.series
        };
        let name = format!("{} sums up every window", self.slo.id());
        Some(TestCase { name, interval: step, input_series: series, promql_expr_test: checks })
    }

    /// Over a window of days, all bad events over all events of exactly that window.
    pub(super) fn long_windows(&self) -> Vec<TestCase> {
        let mut windows: Vec<Duration> = self.tier_windows().into_iter().chain([self.slo.window.value]).collect();
        windows.dedup();
        windows.retain(|window| !self.frame.is_direct(*window));
        windows.into_iter().map(|window| self.sums_up(window)).collect()
    }

    fn sums_up(&self, window: Duration) -> TestCase {
        // Half a step between the last sample and the evaluation: no sample is on the edge of a window.
        let twice = self.clock.evaluation.times(2).as_millis();
        let parts = (twice * 20 / window.as_millis().max(1)).max(1) | 1;
        let step = Duration::millis(twice / parts);
        let mut count = window.times(7).as_millis() / 4 / self.clock.evaluation.as_millis().max(1) + 1;
        count |= 1;
        let moment = self.clock.evaluations(count);
        let last = moment.as_millis() / step.as_millis().max(1);
        let inside = last - (moment.as_millis().saturating_sub(window.as_millis())) / step.as_millis().max(1);
        let recent = inside / 2;
        let (old, before) = (inside - recent, last + 1 - recent);
        let [old_bad, old_all, new_bad, new_all] = [50, 100, 3, 300].map(|level| Decimal::new(level, 5));
        let sum = |of_old: Decimal, of_new: Decimal| of_old * Decimal::from(old) + of_new * Decimal::from(recent);
        let share = sum(old_bad, new_bad) / sum(old_all, new_all);
        let mut series = Vec::new();
        for (name, levels) in [
            (slo_bad_rate(self.frame.grain), [old_bad, new_bad]),
            (slo_total_rate(self.frame.grain), [old_all, new_all]),
        ] {
            let phases = [(before, levels[0]), (recent - 1, levels[1])];
            if self.frame.reaches(window) {
                series.push(played(self.recorded(name), &phases));
                continue;
            }
            // Two servers have recorded it.
            for (replica, part) in [("a", Decimal::new(25, 2)), ("b", Decimal::new(75, 2))] {
                let recorded = self.recorded(name.clone()).with("replica", replica);
                series.push(played(recorded, &phases.map(|(steps, level)| (steps, level * part))));
            }
        }
        let mut checks = vec![self.is_about(&slo_error_ratio(window), share, moment)];
        if window == self.slo.window.value {
            let burn = share / self.slo.budget();
            checks.push(self.is_about(SLO_PERIOD_BURN_RATE, burn, moment));
            checks.push(self.is_about(SLO_BUDGET_LEFT, Decimal::ONE - burn, moment));
        }
        let name = format!("{} sums up the last {window}", self.slo.id());
        TestCase { name, interval: step, input_series: series, promql_expr_test: checks }
    }
}

/// Whether a series is no further from a value than this, and has these labels.
pub(super) fn is_near(
    series: Selector,
    value: Decimal,
    slack: Decimal,
    moment: Duration,
    labels: IndexMap<String, String>,
) -> ExpressionTest {
    let distance = call("abs", [sub(series, number(value))]);
    let expr = compared(BinaryOp::LessEqual, distance, number(slack));
    let labels = Selector::default().with_all(labels);
    ExpressionTest { expr, eval_time: moment, exp_samples: vec![Sample { labels, value: 1 }] }
}

fn labelled(name: impl Into<String>, labels: &IndexMap<String, String>) -> Selector {
    metric(name).with_all(labels.clone())
}

/// A recorded series as it is given to a test.
pub(super) fn played(series: Selector, phases: &[Phase]) -> InputSeries {
    InputSeries { series, values: Track::Gauge(phases.to_vec()).text() }
}
