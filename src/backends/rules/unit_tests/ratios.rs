//! Tests of an SLO whose events cannot be made up: PromQL counts them, or it is made of other SLOs. What is
//! recorded of it is played instead: the shares over a tier's windows, and the rates of the grain.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::clock::{Clock, State, Watched};
use super::file::{ExpressionTest, InputSeries, TestCase};
use super::recorded::{is_near, played};
use super::slos::{Tests, burn_rate, percent};
use super::track::Phase;
use crate::backends::rules::slos::Frame;
use crate::conventions::{SLO_DATA_MISSING_ALERT, SLO_LABEL, slo_bad_rate, slo_error_ratio, slo_total_rate};
use crate::model::{Platform, Service, Sli, Slo, Tier};
use crate::promql::build::metric;
use crate::quantity::Duration;
use crate::slo::{fires_above, min_failures};

/// Tests of the SLO, or why there are none.
pub(super) fn tests(platform: &Platform, service: &Service, slo: &Slo) -> Result<Tests, &'static str> {
    let frame = Frame::new(platform, service, slo);
    let clock = Clock::new(super::evaluation(platform), slo.grain);
    let scene = Scene { slo, frame, clock };
    let guarded = |tier: &Tier| {
        let guard = min_failures(tier, slo.budget(), slo.min_failures, slo.traffic);
        guard.is_some() && scene.frame.is_direct(tier.long)
    };
    if slo.tiers.iter().any(guarded) {
        return Err("PromQL counts the failures that its tiers wait for");
    }
    let mut usual: Vec<TestCase> = slo.tiers.iter().flat_map(|tier| scene.tier(tier)).collect();
    usual.extend(scene.missing());
    if matches!(slo.sli, Sli::Share { .. }) {
        usual.extend(slo.tiers.first().map(|tier| scene.sums_up(tier.long)));
    }
    Ok(Tests { usual, slow: Vec::new(), long: Vec::new() })
}

struct Scene<'a> {
    slo: &'a Slo,
    frame: Frame<'a>,
    clock: Clock,
}

impl Scene<'_> {
    /// What the recorded series are told apart by.
    fn identity(&self) -> IndexMap<String, String> {
        let group = self.slo.by.iter().map(|label| (label.clone(), format!("{label}-1")));
        self.frame.identity().into_iter().chain(group).collect()
    }

    fn recorded(&self, name: String, phases: &[Phase]) -> InputSeries {
        played(metric(name).with_all(self.identity()), phases)
    }

    fn case(&self, what: String, input_series: Vec<InputSeries>, checks: Vec<ExpressionTest>) -> TestCase {
        let name = format!("{} {what}", self.slo.id());
        TestCase { name, interval: self.clock.step, input_series, promql_expr_test: checks }
    }

    /// Shares over both windows of a tier, as they are and as they become.
    fn windows(&self, tier: &Tier, long: [Decimal; 2], short: [Decimal; 2]) -> Vec<InputSeries> {
        let steps = self.clock.steps(self.clock.evaluations(3));
        let played = |window, [first, second]: [Decimal; 2]| {
            self.recorded(slo_error_ratio(window), &[(steps, first), (steps, second)])
        };
        let mut series = vec![played(tier.long, long), played(tier.short, short)];
        // Where the tier waits for failures, there are plenty.
        let plenty = min_failures(tier, self.slo.budget(), self.slo.min_failures, self.slo.traffic);
        let plenty =
            plenty.map(|_| self.recorded(slo_bad_rate(self.frame.grain), &[(steps * 2, Decimal::from(1_000_000))]));
        series.extend(plenty);
        series
    }

    fn watched(&self, tier: &Tier) -> Watched {
        let mut labels = self.frame.tier_labels(tier);
        labels.extend(self.identity());
        burn_rate(labels)
    }

    /// A tier fires while both of its windows burn, and only then.
    fn tier(&self, tier: &Tier) -> Vec<TestCase> {
        let bound = fires_above(tier.factor, self.slo.budget());
        let edge = (bound / Decimal::ONE_HUNDRED).min((Decimal::ONE - bound) / Decimal::TWO);
        let (inside, outside) = (bound - edge, bound + edge);
        let (first, second) = (self.clock.evaluations(1), self.clock.evaluations(4));
        let watched = self.watched(tier);
        let name = tier.name.name();
        let case = |what: String, long, short, then: [State; 2]| {
            let checks = vec![watched.is(then[0], first), watched.is(then[1], second)];
            self.case(format!("{name} {what}"), self.windows(tier, long, short), checks)
        };
        use State::{Firing, Silent};
        vec![
            case(
                format!("fires while more than {} is bad", percent(bound)),
                [inside, outside],
                [inside, outside],
                [Silent, Firing],
            ),
            case("ends with its short window".to_owned(), [outside; 2], [outside, inside], [Firing, Silent]),
            case("waits for its long window".to_owned(), [inside, outside], [outside; 2], [Silent, Firing]),
        ]
    }

    /// Series that vanish raise an alert of their own.
    fn missing(&self) -> Option<TestCase> {
        let labels = self.frame.data_labels(self.frame.data_severity()?);
        let identity = vec![(SLO_LABEL.to_owned(), self.slo.id())];
        let watched = Watched { alert: SLO_DATA_MISSING_ALERT.to_owned(), identity, labels };
        let there = self.clock.evaluations(3);
        let phases = [(self.clock.steps(there), Decimal::ONE)];
        // All of a share is made of the bad that is recorded.
        let all = (!self.slo.sli.is_share()).then(|| self.recorded(slo_total_rate(self.frame.grain), &phases));
        let bad = self.recorded(slo_bad_rate(self.frame.grain), &phases);
        let mut series: Vec<InputSeries> = std::iter::once(bad).chain(all).collect();
        for series in &mut series {
            series.values.push_str(" stale");
        }
        let gone = there.plus(self.clock.evaluation);
        let fires = self.clock.at_or_after(gone.plus(self.frame.grain));
        let last = Duration::millis(fires.as_millis().saturating_sub(self.clock.evaluation.as_millis()));
        let states = [(State::Silent, there), (State::Pending, gone), (State::Pending, last), (State::Firing, fires)];
        let checks = states.map(|(state, moment)| watched.is(state, moment)).into();
        Some(self.case("says when its data are gone".to_owned(), series, checks))
    }

    /// Of a share, each moment of a window weighs the same.
    fn sums_up(&self, window: Duration) -> TestCase {
        let quarter = self.clock.at_or_after(Duration::millis(window.as_millis() / 4));
        let whole = self.clock.at_or_after(window);
        let steps = |time: Duration| self.clock.steps(time);
        let good = steps(Duration::millis(whole.as_millis().saturating_sub(quarter.as_millis())));
        let phases = [(steps(whole), Decimal::ONE), (good, Decimal::ZERO), (steps(quarter), Decimal::ONE)];
        let series = vec![self.recorded(slo_bad_rate(self.frame.grain), &phases)];
        let share = Decimal::from(steps(quarter)) / Decimal::from(steps(whole));
        // An evaluation more or less, and Prometheus 2 counts the sample at the very start of the window.
        let slack = (Decimal::TWO / Decimal::from(steps(whole))).round_dp(6);
        let asked = self.frame.series(slo_error_ratio(window));
        let moment = self.clock.at_or_after(whole.times(2));
        let check = is_near(asked, share.round_dp(6), slack, moment, self.identity());
        self.case(format!("counts the moments of {window}"), series, vec![check])
    }
}
