//! Tests of an SLO's rules: each tier fires above its bound and only while both windows burn; idle times,
//! missing failures and quiet hours with many failures do not falsify the share over the whole window.

use rust_decimal::Decimal;

use super::clock::{Clock, State, Watched};
use super::file::{ExpressionTest, InputSeries, Sample, TestCase};
use super::play::{Events, Play};
use super::track::Phase;
use crate::backends::rules::slos::Frame;
use crate::conventions::{BURN_RATE_ALERT, SLO_DATA_MISSING_ALERT, SLO_LABEL, TIER_LABEL, slo_error_ratio};
use crate::model::{Platform, Service, Sli, Slo, Tier};
use crate::promql::build::{call, compared, number, sub};
use crate::promql::{BinaryOp, Expr, Selector};
use crate::quantity::{Duration, print_decimal};
use crate::slo::{fires_above, min_failures};

/// Evaluation interval of tests that last for hours: their windows are so long that it does not matter.
pub(super) const SLOW: Duration = Duration::minutes(5);

/// Tests of an SLO, or why there are none. Those of tiers with short windows and of the data come at
/// the platform's evaluation interval, those of other tiers apart, to be evaluated every [`SLOW`].
pub(super) fn tests(
    platform: &Platform,
    service: &Service,
    slo: &Slo,
) -> Result<(Vec<TestCase>, Vec<TestCase>), &'static str> {
    let scene = |evaluation| -> Result<Scene, &'static str> {
        let play = Play::bad_share(&slo.sli).ok_or("a native histogram's samples cannot be made up")?;
        let frame = Frame::new(platform, service, slo);
        let clock = Clock::new(evaluation, frame.grain);
        Ok(Scene { slo, play, frame, clock })
    };
    let usual = scene(super::evaluation(platform))?;
    let slow = scene(super::evaluation(platform).max(SLOW))?;
    let (mut tests, mut slow_tests) = (Vec::new(), Vec::new());
    for tier in &slo.tiers {
        let made =
            if tier.short < SLOW.times(12) { usual.tier(tier, &mut tests) } else { slow.tier(tier, &mut slow_tests) };
        made.ok_or("its series cannot be made up from its selectors")?;
        // Counts of events are sums over evaluations, which must come as often as the rules say.
        tests.extend(usual.too_few(tier));
    }
    tests.extend(usual.idle());
    tests.extend(usual.weighted());
    tests.extend(usual.no_failure_yet());
    tests.extend(usual.vanished());
    Ok((tests, slow_tests))
}

struct Scene<'a> {
    slo: &'a Slo,
    play: Play<'a>,
    frame: Frame<'a>,
    clock: Clock,
}

impl Scene<'_> {
    fn series(&self, phases: &[Phase]) -> Option<Vec<InputSeries>> {
        self.play.series(phases, self.clock.step, &[]).map(|played| played.series)
    }

    fn case(&self, what: &str, series: Vec<InputSeries>, checks: Vec<ExpressionTest>) -> TestCase {
        let name = format!("{} {what}", self.slo.id());
        TestCase { name, interval: self.clock.step, input_series: series, promql_expr_test: checks }
    }

    fn watched(&self, tier: &Tier) -> Watched {
        let labels = self.frame.tier_labels(tier);
        let identity = [SLO_LABEL, TIER_LABEL]
            .into_iter()
            .filter_map(|label| Some((label.to_owned(), labels.get(label)?.clone())));
        Watched { alert: BURN_RATE_ALERT.to_owned(), identity: identity.collect(), labels }
    }

    fn tier(&self, tier: &Tier, tests: &mut Vec<TestCase>) -> Option<()> {
        let bound = fires_above(tier.factor, self.slo.budget());
        let tenth = bound / Decimal::TEN;
        let outside = bound + tenth.min((Decimal::ONE - bound) / Decimal::TWO);
        let name = tier.name.name();
        let watched = self.watched(tier);
        // Every window sees the same share from the first rate on; what is evaluated elsewhere sees it later.
        let soon = self.clock.evaluations(if self.frame.reaches(tier.long) { 1 } else { 4 });
        for (share, state, what) in [(bound - tenth, State::Silent, "is quiet"), (outside, State::Firing, "fires")] {
            let series = self.series(&[(self.clock.steps(soon), share)])?;
            let what = format!("{name} {what} while {} of events are bad", percent(share));
            tests.push(self.case(&what, series, vec![watched.is(state, soon)]));
        }
        tests.push(self.short_window(tier, bound - tenth, &watched)?);
        tests.push(self.long_window(tier, bound, &watched)?);
        Some(())
    }

    /// After the failure the alert ends with the short window, although the long one still burns.
    fn short_window(&self, tier: &Tier, inside: Decimal, watched: &Watched) -> Option<TestCase> {
        let turn = self.clock.evaluations(6);
        let end = self.clock.at_or_after(turn.plus(tier.short).plus(self.frame.grain)).plus(self.clock.evaluations(2));
        let good = self.clock.steps(Duration::millis(end.as_millis() - turn.as_millis()));
        let series = self.series(&[(self.clock.steps(turn), Decimal::ONE), (good, inside)])?;
        let checks = vec![watched.is(State::Firing, turn), watched.is(State::Silent, end)];
        Some(self.case(&format!("{} ends with its short window", tier.name.name()), series, checks))
    }

    /// A burst that fills the short window is too small for the long one.
    fn long_window(&self, tier: &Tier, bound: Decimal, watched: &Watched) -> Option<TestCase> {
        let burst = (bound * Decimal::TWO).min((Decimal::ONE + bound) / Decimal::TWO);
        let before = burst.checked_div(bound * Decimal::new(9, 1))? - Decimal::ONE;
        let short = Decimal::from(self.clock.steps(tier.short));
        let before: u64 = (short * before).ceil().try_into().ok()?;
        let turn = self.clock.at_or_after(self.clock.step.times(before)).max(self.clock.evaluations(2));
        let end = self.clock.at_or_after(turn.plus(tier.short));
        if end > tier.long {
            return None;
        }
        let bad = self.clock.steps(Duration::millis(end.as_millis() - turn.as_millis()));
        let series = self.series(&[(self.clock.steps(turn), Decimal::ZERO), (bad, burst)])?;
        let checks = vec![watched.is(State::Silent, end)];
        Some(self.case(&format!("{} waits for its long window", tier.name.name()), series, checks))
    }

    /// With hardly any traffic, one failure less than enough is no burning budget, however large its share.
    fn too_few(&self, tier: &Tier) -> Option<TestCase> {
        let failures = min_failures(tier, self.slo.budget(), self.slo.min_failures, self.slo.traffic)?;
        let watched = self.watched(tier);
        let few = failures.checked_sub(1).filter(|few| *few > 0)?;
        let failing = Events { steps: few, level: Decimal::ONE, all: Decimal::ONE };
        let series = self.play.events(&[failing, idle(self.clock.steps(self.frame.grain))])?;
        let moment = self.clock.at_or_after(self.clock.step.times(few));
        let checks =
            vec![watched.is(State::Silent, moment), watched.is(State::Silent, moment.plus(self.clock.evaluation))];
        Some(self.case(&format!("{} is quiet after {few} failures", tier.name.name()), series, checks))
    }

    /// Whether the share over the whole window is about this.
    fn period_is(&self, share: Decimal, slack: Decimal, moment: Duration) -> ExpressionTest {
        let ratio: Expr = self.frame.series(slo_error_ratio(self.slo.window.value)).into();
        let distance = call("abs", [sub(ratio, number(share))]);
        self.holds(compared(BinaryOp::LessEqual, distance, number(slack)), moment)
    }

    fn holds(&self, expr: Expr, moment: Duration) -> ExpressionTest {
        let labels =
            self.frame.identity().into_iter().fold(Selector::default(), |all, (label, value)| all.with(label, value));
        ExpressionTest { expr, eval_time: moment, exp_samples: vec![Sample { labels, value: 1 }] }
    }

    /// An idle time is no sample, and neither poisons the whole window nor counts.
    fn idle(&self) -> Option<TestCase> {
        let (quarter, time) = (Decimal::new(25, 2), self.clock.at_or_after(self.frame.grain.times(4)));
        let steps = self.clock.steps(time);
        let busy = Events { steps, level: quarter * Decimal::ONE_HUNDRED, all: Decimal::ONE_HUNDRED };
        let series = self.play.events(&[busy, idle(steps)])?;
        let now = self.frame.series(slo_error_ratio(self.frame.grain));
        let nothing = ExpressionTest { expr: now.into(), eval_time: time.times(2), exp_samples: Vec::new() };
        let checks = vec![nothing, self.period_is(quarter, Decimal::new(1, 6), time.times(2))];
        Some(self.case("neither counts nor is poisoned by idle times", series, checks))
    }

    /// Each event counts once: a quiet time full of failures is not half of a busy one.
    fn weighted(&self) -> Option<TestCase> {
        let time = self.clock.at_or_after(self.frame.grain.times(4));
        let steps = self.clock.steps(time);
        let busy = Events { steps, level: Decimal::ZERO, all: Decimal::ONE_THOUSAND };
        let failing = Events { steps, level: Decimal::ONE, all: Decimal::ONE };
        let series = self.play.events(&[busy, failing])?;
        let checks = vec![self.period_is(Decimal::ZERO, Decimal::new(2, 3), time.times(2))];
        Some(self.case("weighs events, not minutes", series, checks))
    }

    fn part_is_bad(&self) -> bool {
        matches!(self.slo.sli, Sli::Events { part_is_bad: true, .. })
    }

    /// Before the first failure there is no series of failures; the share is zero, not unknown.
    fn no_failure_yet(&self) -> Option<TestCase> {
        if !self.part_is_bad() {
            return None;
        }
        let moment = self.clock.evaluations(4);
        let series = self.series(&[(self.clock.steps(moment), Decimal::ZERO)])?;
        let series: Vec<InputSeries> = series.into_iter().filter(|series| !series.values.starts_with("0x")).collect();
        let ratio: Expr = self.frame.series(slo_error_ratio(self.frame.grain)).into();
        let checks = vec![self.holds(compared(BinaryOp::Equal, ratio, number(0)), moment)];
        Some(self.case("has no bad events before the first failure", series, checks))
    }

    /// Series that vanish raise an alert of their own.
    fn vanished(&self) -> Option<TestCase> {
        let severity = self.frame.data_severity()?;
        let labels = self.frame.data_labels(severity);
        let identity = vec![(SLO_LABEL.to_owned(), self.slo.id())];
        let watched = Watched { alert: SLO_DATA_MISSING_ALERT.to_owned(), identity, labels };
        let there = self.clock.evaluations(5);
        let mut series = self.series(&[(self.clock.steps(there), Decimal::ZERO)])?;
        for series in &mut series {
            series.values.push_str(" stale");
        }
        // A rate needs two samples, a count one. Prometheus 2 still sees one at the very start of a window.
        let last_needed =
            if self.play.counts() { there.as_millis() - self.clock.step.as_millis() } else { there.as_millis() };
        let gone = self.clock.at_or_after(Duration::millis(last_needed).plus(self.frame.grain));
        let hold = self.frame.grain;
        let waiting =
            Duration::millis(self.clock.at_or_after(gone.plus(hold)).as_millis() - self.clock.evaluation.as_millis());
        let fires = self.clock.at_or_after(gone.plus(self.clock.step).plus(hold));
        let checks = vec![
            watched.is(State::Silent, there),
            watched.is(State::Pending, waiting),
            watched.is(State::Firing, fires),
        ];
        Some(self.case("says when its data are gone", series, checks))
    }
}

/// So many steps without any event.
fn idle(steps: u64) -> Events {
    Events { steps, level: Decimal::ZERO, all: Decimal::ZERO }
}

fn percent(share: Decimal) -> String {
    format!("{}%", print_decimal((share * Decimal::ONE_HUNDRED).round_dp(6)))
}
