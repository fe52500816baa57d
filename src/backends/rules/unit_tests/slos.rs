//! Tests of an SLO's rules: each tier fires above its bound and only while both windows burn; idle times,
//! missing failures and quiet hours with many failures do not falsify the share over the whole window.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::clock::{Clock, State, Watched};
use super::file::{ExpressionTest, InputSeries, Sample, TestCase};
use super::play::{Events, Play};
use super::track::Phase;
use super::{ratios, recorded};
use crate::backends::rules::slos::Frame;
use crate::conventions::{BURN_RATE_ALERT, SLO_DATA_MISSING_ALERT, SLO_LABEL, TIER_LABEL, slo_error_ratio};
use crate::model::{Platform, Service, Sli, Slo, Tier};
use crate::promql::build::{call, compared, metric, number, sub};
use crate::promql::{BinaryOp, Expr, Selector};
use crate::quantity::{Duration, print_decimal};
use crate::signals::events::always_there;
use crate::slo::{fires_above, min_failures};

/// Evaluation interval of tests that last for hours: their windows are so long that it does not matter.
pub(super) const SLOW: Duration = Duration::minutes(5);

/// Tests of an SLO, by how often the rules are evaluated in them.
pub(super) struct Tests {
    /// As often as on the platform: tiers with short windows, and the data.
    pub(super) usual: Vec<TestCase>,
    /// Every [`SLOW`]: tiers with long windows.
    pub(super) slow: Vec<TestCase>,
    /// [`recorded::evaluation`]: windows of days.
    pub(super) long: Vec<TestCase>,
}

/// Tests of an SLO, or why there are none.
pub(super) fn tests(platform: &Platform, service: &Service, slo: &Slo) -> Result<Tests, &'static str> {
    let scene = |evaluation| -> Option<Scene> {
        let play = Play::bad_share(&slo.sli)?;
        let frame = Frame::new(platform, service, slo);
        let clock = Clock::new(evaluation, frame.grain);
        Some(Scene { slo, play, frame, clock })
    };
    let evaluation = super::evaluation(platform);
    let (Some(usual), Some(slow), Some(long)) =
        (scene(evaluation), scene(evaluation.max(SLOW)), scene(recorded::evaluation(slo)))
    else {
        return ratios::tests(platform, service, slo);
    };
    let (mut tests, mut slow_tests) = (Vec::new(), Vec::new());
    for tier in &slo.tiers {
        let made =
            if tier.short < SLOW.times(12) { usual.tier(tier, &mut tests) } else { slow.tier(tier, &mut slow_tests) };
        made.ok_or("its series cannot be made up from its selectors")?;
        // Counts of events are sums over evaluations, which must come as often as the rules say.
        tests.extend(usual.too_few(tier));
        tests.extend(usual.at_bound(tier, &usual.watched(tier)));
    }
    tests.extend(usual.idle());
    tests.extend(usual.weighted());
    tests.extend(usual.no_failure_yet());
    tests.extend(usual.vanished());
    tests.extend(usual.halves_missing());
    tests.extend(usual.impossible());
    tests.extend(usual.constants());
    tests.extend(usual.windows());
    slow_tests.extend(slow.changes());
    Ok(Tests { usual: tests, slow: slow_tests, long: long.long_windows() })
}

/// The alert of a tier, with these labels.
pub(super) fn burn_rate(labels: IndexMap<String, String>) -> Watched {
    let identity =
        [SLO_LABEL, TIER_LABEL].into_iter().filter_map(|label| Some((label.to_owned(), labels.get(label)?.clone())));
    Watched { alert: BURN_RATE_ALERT.to_owned(), identity: identity.collect(), labels }
}

/// What all tests of one SLO share.
pub(super) struct Scene<'a> {
    pub(super) slo: &'a Slo,
    pub(super) play: Play<'a>,
    pub(super) frame: Frame<'a>,
    pub(super) clock: Clock,
}

impl Scene<'_> {
    /// Series with these shares of bad events, while strangers have those.
    fn series(&self, phases: &[Phase], others: &[Phase]) -> Option<Vec<InputSeries>> {
        self.play.series(phases, others, self.clock.step, &self.slo.by).map(|played| played.series)
    }

    /// The labels of the group that is played.
    fn group(&self) -> Vec<(String, String)> {
        let played = self.play.series(&[(1, Decimal::ZERO)], &[(1, Decimal::ZERO)], self.clock.step, &self.slo.by);
        played.map_or(Vec::new(), |played| played.labels)
    }

    /// What the group's recorded series are told apart by.
    pub(super) fn identity(&self) -> IndexMap<String, String> {
        self.frame.identity().into_iter().chain(self.group()).collect()
    }

    /// A recorded series of the group.
    pub(super) fn recorded(&self, name: impl Into<String>) -> Selector {
        metric(name).with_all(self.identity())
    }

    pub(super) fn case(&self, what: &str, series: Vec<InputSeries>, checks: Vec<ExpressionTest>) -> TestCase {
        let name = format!("{} {what}", self.slo.id());
        TestCase { name, interval: self.clock.step, input_series: series, promql_expr_test: checks }
    }

    fn watched(&self, tier: &Tier) -> Watched {
        let mut labels = self.frame.tier_labels(tier);
        labels.extend(self.group());
        burn_rate(labels)
    }

    fn tier(&self, tier: &Tier, tests: &mut Vec<TestCase>) -> Option<()> {
        let bound = fires_above(tier.factor, self.slo.budget());
        let tenth = bound / Decimal::TEN;
        let outside = bound + tenth.min((Decimal::ONE - bound) / Decimal::TWO);
        let name = tier.name.name();
        let watched = self.watched(tier);
        // Every window sees the same share from the first rate on; what is evaluated elsewhere sees it later.
        let soon = self.clock.evaluations(if self.frame.reaches(tier.long) { 1 } else { 4 });
        let steps = self.clock.steps(soon);
        let quiet = self.series(&[(steps, bound - tenth)], &[(steps, Decimal::ONE)])?;
        let what = format!("{name} is quiet while {} of events are bad", percent(bound - tenth));
        tests.push(self.case(&what, quiet, vec![watched.is(State::Silent, soon)]));
        let firing = self.series(&[(steps, outside)], &[(steps, Decimal::ZERO)])?;
        let what = format!("{name} fires while {} of events are bad", percent(outside));
        let mut checks = vec![watched.is(State::Firing, soon)];
        if !self.play.counts() && self.frame.reaches(tier.long) {
            // A gauge's first sample is enough.
            checks.insert(0, watched.is(State::Firing, Duration::ZERO));
        }
        tests.push(self.case(&what, firing, checks));
        tests.push(self.short_window(tier, bound - tenth, &watched)?);
        tests.push(self.long_window(tier, bound, &watched)?);
        Some(())
    }

    /// After the failure the alert ends with the short window, although the long one still burns.
    fn short_window(&self, tier: &Tier, inside: Decimal, watched: &Watched) -> Option<TestCase> {
        let turn = self.clock.evaluations(6);
        let end = self.clock.at_or_after(turn.plus(tier.short).plus(self.frame.grain)).plus(self.clock.evaluations(2));
        let good = self.clock.steps(Duration::millis(end.as_millis().saturating_sub(turn.as_millis())));
        let bad = self.clock.steps(turn);
        let series =
            self.series(&[(bad, Decimal::ONE), (good, inside)], &[(bad, Decimal::ZERO), (good, Decimal::ONE)])?;
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
        let bad = self.clock.steps(Duration::millis(end.as_millis().saturating_sub(turn.as_millis())));
        let good = self.clock.steps(turn);
        let series = self.series(&[(good, Decimal::ZERO), (bad, burst)], &[(good + bad, Decimal::ONE)])?;
        let checks = vec![watched.is(State::Silent, end)];
        Some(self.case(&format!("{} waits for its long window", tier.name.name()), series, checks))
    }

    /// With hardly any traffic, one failure less than enough is no burning budget, however large its share.
    fn too_few(&self, tier: &Tier) -> Option<TestCase> {
        let failures = min_failures(tier, self.slo.budget(), self.slo.min_failures, self.slo.traffic)?;
        let watched = self.watched(tier);
        let few = failures.checked_sub(1).filter(|few| *few > 0)?;
        let failing = Events { steps: few, level: Decimal::ONE, all: Decimal::ONE };
        let series = self.play.events(&[failing, idle(self.clock.steps(self.frame.grain))], &self.slo.by)?.series;
        let moment = self.clock.at_or_after(self.clock.step.times(few));
        let checks =
            vec![watched.is(State::Silent, moment), watched.is(State::Silent, moment.plus(self.clock.evaluation))];
        Some(self.case(&format!("{} is quiet after {few} failures", tier.name.name()), series, checks))
    }

    /// Whether the share over the whole window is about this.
    pub(super) fn period_is(&self, share: Decimal, slack: Decimal, moment: Duration) -> ExpressionTest {
        let ratio: Expr = self.frame.series(slo_error_ratio(self.slo.window.value)).into();
        let distance = call("abs", [sub(ratio, number(share))]);
        self.holds(compared(BinaryOp::LessEqual, distance, number(slack)), moment)
    }

    pub(super) fn holds(&self, expr: Expr, moment: Duration) -> ExpressionTest {
        let labels = Selector::default().with_all(self.identity());
        ExpressionTest { expr, eval_time: moment, exp_samples: vec![Sample { labels, value: 1 }] }
    }

    /// An idle time is no sample, and neither poisons the whole window nor counts.
    fn idle(&self) -> Option<TestCase> {
        let (quarter, time) = (Decimal::new(25, 2), self.clock.at_or_after(self.frame.grain.times(4)));
        let steps = self.clock.steps(time);
        let busy = Events { steps, level: quarter * Decimal::ONE_HUNDRED, all: Decimal::ONE_HUNDRED };
        let series = self.play.events(&[busy, idle(steps)], &self.slo.by)?.series;
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
        let series = self.play.events(&[busy, failing], &self.slo.by)?.series;
        let checks = vec![self.period_is(Decimal::ZERO, Decimal::new(2, 3), time.times(2))];
        Some(self.case("weighs events, not minutes", series, checks))
    }

    /// Before the first event of the part there is no series of it; the share is known nevertheless.
    fn no_failure_yet(&self) -> Option<TestCase> {
        let Sli::Events { total, part_is_bad, .. } = &self.slo.sli else { return None };
        // The counters of one target come together: a sum of them is not there without one of them.
        if total.len() > 1 && total.iter().all(|selector| always_there(&selector.value)) {
            return None;
        }
        let (share, what) = match part_is_bad {
            true => (0, "has no bad events before the first failure"),
            false => (1, "has bad events alone before the first good one"),
        };
        // Nothing at all at first: what stands in for the part must not become nothing by nothing.
        let moment = self.clock.evaluations(8);
        let steps = self.clock.steps(self.clock.evaluations(4));
        let all = Decimal::ONE_HUNDRED;
        let busy = Events { steps, level: Decimal::from(share) * all, all };
        let mut series = self.play.events(&[idle(steps), busy], &self.slo.by)?.series;
        series.retain(|series| series.values.contains('+'));
        let is_known = |window| {
            let ratio: Expr = self.frame.series(slo_error_ratio(window)).into();
            self.holds(compared(BinaryOp::Equal, ratio, number(share)), moment)
        };
        let windows = self.tier_windows().into_iter().chain([self.slo.window.value]);
        let checks = windows.map(is_known).collect();
        Some(self.case(what, series, checks))
    }

    /// Every window that a tier looks at, and the grain.
    pub(super) fn tier_windows(&self) -> Vec<Duration> {
        let tiers = self.slo.tiers.iter().flat_map(|tier| [tier.short, tier.long]);
        let mut windows: Vec<Duration> = tiers.chain([self.frame.grain]).collect();
        windows.sort();
        windows.dedup();
        windows
    }

    /// Series that vanish raise an alert of their own.
    fn vanished(&self) -> Option<TestCase> {
        let severity = self.frame.data_severity()?;
        let labels = self.frame.data_labels(severity);
        let identity = vec![(SLO_LABEL.to_owned(), self.slo.id())];
        let watched = Watched { alert: SLO_DATA_MISSING_ALERT.to_owned(), identity, labels };
        // Samples between evaluations, so that none is on the edge of a window, which Prometheus 2 counts in.
        let step = Duration::millis(self.clock.evaluation.as_millis() * 3 / 4).min(self.clock.step);
        let last = step.times(6);
        let hold = self.frame.grain;
        let end = last.plus(hold.times(2)).plus(self.clock.evaluations(3));
        let all = |time: Duration| [(time.as_millis() / step.as_millis().max(1), Decimal::ZERO)];
        let mut series = self.play.series(&all(last), &[], step, &[])?.series;
        for series in &mut series {
            series.values.push_str(" stale");
        }
        series.extend(self.play.strangers(&all(end), step, &[]));
        series.extend(self.neighbour(all(end)[0].0));
        // A rate needs two samples, a count one.
        let last_needed =
            if self.play.counts() { last.as_millis().saturating_sub(step.as_millis()) } else { last.as_millis() };
        let gone = self.clock.at_or_after(Duration::millis(last_needed).plus(self.frame.grain));
        let before =
            |moment: Duration| Duration::millis(moment.as_millis().saturating_sub(self.clock.evaluation.as_millis()));
        let fires = self.clock.at_or_after(gone.plus(hold));
        let checks = vec![
            watched.is(State::Silent, before(gone)),
            watched.is(State::Pending, gone),
            watched.is(State::Pending, before(fires)),
            watched.is(State::Firing, fires),
        ];
        let name = format!("{} says when its data are gone", self.slo.id());
        Some(TestCase { name, interval: step, input_series: series, promql_expr_test: checks })
    }
}

/// So many steps without any event.
fn idle(steps: u64) -> Events {
    Events { steps, level: Decimal::ZERO, all: Decimal::ZERO }
}

pub(super) fn percent(share: Decimal) -> String {
    format!("{}%", print_decimal((share * Decimal::ONE_HUNDRED).round_dp(6)))
}
