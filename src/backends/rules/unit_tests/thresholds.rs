//! Tests of a threshold: quiet just inside its bound, raised just outside after its time, and over afterwards.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::clock::{Clock, State, Watched};
use super::file::{InputSeries, TestCase};
use super::inverted::{inverted, is_sudden};
use super::play::{Asked, Play, Played};
use super::track::Phase;
use crate::backends::rules::thresholds::{hold, labels, signal_of};
use crate::model::{Aggregation, Condition, Platform, Service, Shape, Signal, Threshold, ThresholdOrigin};
use crate::quantity::{Duration, print_decimal};
use crate::signals::prometheus::kept_labels;
use crate::slo::seconds;

/// Tests of a threshold, or why there are none.
pub(super) fn tests(platform: &Platform, service: &Service, threshold: &Threshold) -> Result<Vec<TestCase>, String> {
    let signal = signal_of(service, threshold);
    let of_shape = |signal: &&Signal| !matches!(signal.shape, Some(Shape::Expr { .. }));
    let Some(signal) = signal.filter(of_shape).filter(|_| !matches!(threshold.condition, Condition::Expr { .. }))
    else {
        return inverted(platform, service, threshold);
    };
    let played = of_shape_tests(platform, service, threshold, signal);
    match (played, is_sudden(threshold, signal)) {
        // Its values jump; its own tests show each state.
        (Ok(tests), true) => Ok(tests),
        (Ok(mut tests), false) => {
            tests.extend(inverted(platform, service, threshold).into_iter().flatten().take(1));
            Ok(tests)
        }
        (Err(reason), _) => inverted(platform, service, threshold).map_err(|_| reason.to_owned()),
    }
}

/// Tests of a condition on a signal that has a shape.
fn of_shape_tests(
    platform: &Platform,
    service: &Service,
    threshold: &Threshold,
    signal: &Signal,
) -> Result<Vec<TestCase>, &'static str> {
    let alert_labels = labels(platform, service, threshold);
    if alert_labels.values().any(|value| value.contains("{{")) {
        return Err("a label is a template");
    }
    let evaluation = super::evaluation(platform);
    let scene = Scene {
        threshold,
        shared: platform.is_shared_alert(&threshold.name),
        signal,
        kept: kept_labels(signal, &threshold.by),
        labels: alert_labels,
        clock: Clock::new(evaluation, threshold.window.value),
    };
    if matches!(signal.shape, Some(Shape::Latency { native: true, .. })) {
        match &threshold.condition {
            Condition::Above(bound) => return scene.native(bound.value, true),
            Condition::Below(bound) => return scene.native(bound.value, false),
            _ => {}
        }
    }
    match &threshold.condition {
        Condition::Above(bound) => scene.against_bound(bound.value, true),
        Condition::Below(bound) => scene.against_bound(bound.value, false),
        Condition::AboveBaseline { times, over } => scene.against_baseline(times.value, over.value, true),
        Condition::BelowBaseline { times, over } => scene.against_baseline(times.value, over.value, false),
        Condition::DropsBy { by, against } => scene.against_past(by.value, against.value),
        Condition::Absent { .. } => scene.absence(),
        Condition::Expr { .. } => Err("raw PromQL says nothing about its series"),
    }
}

/// Longest test, in evaluations.
pub(super) const LONGEST: u64 = 12_000;

/// What all tests of one threshold share.
pub(super) struct Scene<'a> {
    pub(super) threshold: &'a Threshold,
    /// Whether another service has an alert of the name, which may be raised meanwhile.
    shared: bool,
    pub(super) signal: &'a Signal,
    pub(super) kept: Vec<String>,
    pub(super) labels: IndexMap<String, String>,
    pub(super) clock: Clock,
}

/// Values of the signal on either side of a bound.
#[derive(Debug, Clone, Copy)]
struct Levels {
    inside: Decimal,
    outside: Decimal,
}

impl Scene<'_> {
    pub(super) fn hold(&self) -> Duration {
        hold(self.threshold)
    }

    /// How long the value takes to show a change in full.
    pub(super) fn settling(&self) -> Duration {
        self.threshold.window.value
    }

    pub(super) fn keep_firing(&self) -> Duration {
        self.threshold.keep_firing.unwrap_or_default()
    }

    pub(super) fn play(&self, near: Decimal) -> Result<Play<'_>, &'static str> {
        let slo = matches!(self.threshold.declared, ThresholdOrigin::Slo(_));
        let play = match &self.signal.shape {
            // An SLO's own alert looks at the share of good samples of its gauge.
            Some(Shape::Gauge { of, .. }) if slo => Some(Play::Gauge(&of.value, Aggregation::Avg)),
            _ => Play::of(self.signal, &self.threshold.measure, self.threshold.window.value, near),
        };
        play.ok_or(match &self.signal.shape {
            Some(Shape::Latency { native: true, .. }) => "a native histogram is played only against a bound",
            _ => "its series cannot be made up from its shape",
        })
    }

    pub(super) fn watched(&self, played: &Played) -> Watched {
        // What the rule sets wins over what the series have.
        let mut labels: IndexMap<String, String> = played.labels.iter().cloned().collect();
        labels.extend(self.labels.clone());
        self.named(labels)
    }

    /// The alert with these labels.
    pub(super) fn named(&self, labels: IndexMap<String, String>) -> Watched {
        let service = self.shared.then(|| ("service".to_owned(), self.threshold.service.clone()));
        Watched { alert: self.threshold.name.value.clone(), identity: service.into_iter().collect(), labels }
    }

    pub(super) fn case(&self, name: String, series: Vec<InputSeries>) -> TestCase {
        TestCase { name, interval: self.clock.step, input_series: series, promql_expr_test: Vec::new() }
    }

    pub(super) fn name(&self, what: &str) -> String {
        let of = if self.shared { format!(" of {}", self.threshold.service) } else { String::new() };
        format!("{}{of} {what}", self.threshold.name.value)
    }

    fn levels(&self, bound: Decimal, above: bool, play: &Play) -> Option<Levels> {
        let tenth = bound.abs() / Decimal::TEN;
        let margin = if tenth.is_zero() { Decimal::new(5, 1) } else { tenth };
        let up = |margin: Decimal| match play.is_share() {
            // A share stays below the whole.
            true => bound + margin.min((Decimal::ONE - bound) / Decimal::TWO),
            false => bound + margin,
        };
        let down = bound - tenth;
        let (inside, outside) = if above { (down, up(margin)) } else { (up(margin), down) };
        (inside != outside && outside != bound)
            .then_some(Levels { inside: self.reachable(play, inside, bound), outside })
    }

    /// Below a bucket's bound lies a quantile whose share of slower events is a tenth smaller than it may be.
    /// Inside its first bucket it has few values to choose from: the bucket full will do.
    fn reachable(&self, play: &Play, inside: Decimal, bound: Decimal) -> Decimal {
        let Play::Histogram(_, buckets, Asked::Quantile(quantile)) = play else { return inside };
        if let Some(at) = buckets.iter().position(|bucket| *bucket == bound).filter(|_| inside < bound) {
            let floor = at.checked_sub(1).and_then(|below| buckets.get(below)).copied().unwrap_or_default();
            let within = Decimal::ONE - (Decimal::ONE - quantile) * Decimal::new(9, 1);
            return quantile.checked_div(within).map_or(inside, |into| floor + (bound - floor) * into);
        }
        let first = buckets.first().copied().unwrap_or(bound);
        if inside < first && inside < first * *quantile && first * *quantile < bound {
            first * *quantile
        } else {
            inside
        }
    }

    fn against_bound(&self, bound: Decimal, above: bool) -> Result<Vec<TestCase>, &'static str> {
        let unreachable = "no value of its signal lies on the other side of its bound";
        let play = self.play(bound)?;
        let levels = self.levels(bound, above, &play).ok_or(unreachable)?;
        let mut tests = vec![self.quiet(&play, &levels)?];
        let sudden = if play.ramps() {
            tests.push(self.raised(&play, &levels)?);
            self.sudden(&play, bound, above)
        } else {
            Some(levels.outside)
        };
        if let Some(sudden) = sudden {
            tests.push(self.timed(&play, sudden, &levels)?);
        }
        tests.extend(self.edges(&play, bound, above, levels.outside));
        if tests
            .iter()
            .any(|test| test.promql_expr_test.iter().any(|check| check.eval_time > self.clock.evaluations(LONGEST)))
        {
            return Err("its windows are too long to be played");
        }
        Ok(tests)
    }

    /// A value that crosses the bound with its second sample, although a rate is spread over its window.
    fn sudden(&self, play: &Play, bound: Decimal, above: bool) -> Option<Decimal> {
        if !above {
            return (bound > Decimal::ZERO).then_some(Decimal::ZERO);
        }
        let spread = seconds(self.threshold.window.value).checked_div(seconds(self.clock.step))?;
        let one = if let Play::Increase(..) = play { Decimal::ONE } else { Decimal::TEN };
        Some(bound.max(one) * Decimal::TWO * spread)
    }

    /// Series at these levels, while strangers are at those.
    pub(super) fn played(&self, play: &Play, phases: &[Phase], others: &[Phase]) -> Result<Played, &'static str> {
        let out_of_reach = "its series cannot take the values that a test needs";
        play.series(phases, others, self.clock.step, &self.kept).ok_or(out_of_reach)
    }

    fn quiet(&self, play: &Play, levels: &Levels) -> Result<TestCase, &'static str> {
        let end = self.clock.at_or_after(self.settling().plus(self.hold()).plus(self.keep_firing()));
        let end = end.plus(self.clock.evaluations(5));
        let (steps, Levels { inside, outside }) = (self.clock.steps(end), *levels);
        // One stranger more in an average must be enough.
        let far = if let Play::Gauge(..) = play { outside + (outside - inside) * Decimal::TWO } else { outside };
        let played = self.played(play, &[(steps, inside)], &[(steps, far)])?;
        let check = self.watched(&played).is(State::Silent, end);
        let mut case = self.case(self.name(&format!("is quiet at {}", shown(inside))), played.series);
        case.promql_expr_test.push(check);
        Ok(case)
    }

    fn raised(&self, play: &Play, levels: &Levels) -> Result<TestCase, &'static str> {
        let end = self.clock.at_or_after(self.settling().plus(self.hold())).plus(self.clock.evaluations(3));
        let (steps, Levels { inside, outside }) = (self.clock.steps(end), *levels);
        let played = self.played(play, &[(steps, outside)], &[(steps, inside)])?;
        let check = self.watched(&played).is(State::Firing, end);
        let mut case = self.case(self.name(&format!("is raised at {}", shown(outside))), played.series);
        case.promql_expr_test.push(check);
        Ok(case)
    }

    /// Pending until the very evaluation at which it fires, and over once the value has been good for a window.
    fn timed(&self, play: &Play, sudden: Decimal, levels: &Levels) -> Result<TestCase, &'static str> {
        let start = if play.counts() { self.clock.evaluation } else { Duration::ZERO };
        let fires = self.clock.at_or_after(start.plus(self.hold()));
        let turn = fires.plus(self.clock.evaluations(2));
        let end = self.clock.at_or_after(turn.plus(self.settling()).plus(self.keep_firing()));
        let end = end.plus(self.clock.evaluations(2));
        let good = self.clock.steps(Duration::millis(end.as_millis().saturating_sub(turn.as_millis())));
        let (bad, Levels { inside, outside }) = (self.clock.steps(turn), *levels);
        let played = self.played(play, &[(bad, sudden), (good, inside)], &[(bad, inside), (good, outside)])?;
        let watched = self.watched(&played);
        let mut checks = Vec::new();
        if play.counts() {
            checks.push(watched.is(State::Silent, Duration::ZERO));
        }
        self.check_hold(&watched, start, fires, &mut checks);
        checks.push(watched.is(State::Silent, end));
        let what = format!("fires after its time at {}, and is over at {}", shown(sudden), shown(inside));
        let mut case = self.case(self.name(&what), played.series);
        case.promql_expr_test = checks;
        Ok(case)
    }

    pub(super) fn check_hold(
        &self,
        watched: &Watched,
        start: Duration,
        fires: Duration,
        checks: &mut Vec<super::file::ExpressionTest>,
    ) {
        if fires > start {
            checks.push(watched.is(State::Pending, start));
            let last = Duration::millis(fires.as_millis().saturating_sub(self.clock.evaluation.as_millis()));
            if last > start {
                checks.push(watched.is(State::Pending, last));
            }
        }
        checks.push(watched.is(State::Firing, fires));
    }
}

pub(super) fn shown(level: Decimal) -> String {
    print_decimal(level.round_dp(6))
}
