//! Tests of a threshold against the signal's own past: a trailing average, or the value some time before.

use rust_decimal::Decimal;

use super::clock::State;
use super::file::TestCase;
use super::play::Play;
use super::thresholds::{LONGEST, Scene, shown};
use super::track::Phase;
use crate::quantity::Duration;
use crate::slo::seconds;

impl Scene<'_> {
    /// A usual value for the trailing time, then one on either side of the multiple.
    pub(super) fn against_baseline(
        &self,
        times: Decimal,
        over: Duration,
        above: bool,
    ) -> Result<Vec<TestCase>, &'static str> {
        let play = self.play(Decimal::ONE)?;
        if matches!(play, Play::Histogram(..)) {
            return Err("a quantile against its own average has no series that are sure");
        }
        let spike = self.settling().plus(self.hold()).plus(self.clock.evaluations(3));
        // The spike's own part of the average must stay well below the margin.
        let parts: u64 = (times + Decimal::ONE).ceil().try_into().unwrap_or(u64::MAX);
        if spike.times(parts.saturating_mul(20)) > over {
            return Err("its average would follow the test's own values");
        }
        if over.as_millis() > self.clock.evaluations(LONGEST).as_millis() {
            return Err("its windows are too long to be played");
        }
        let usual = if play.is_share() {
            Decimal::new(5, 1).checked_div(times.max(Decimal::ONE)).unwrap_or_default()
        } else {
            Decimal::TEN
        };
        let tenth = Decimal::new(1, 1);
        let (inside, outside) = match above {
            true => (usual * times * (Decimal::ONE - tenth), usual * times * (Decimal::ONE + tenth)),
            false => (usual * times * (Decimal::ONE + tenth), usual * times * (Decimal::ONE - tenth)),
        };
        // Strangers whose part in a sum would hide any change.
        let loud = if play.is_share() { Decimal::ONE } else { usual * times * Decimal::TEN };
        let day = self.clock.at_or_after(over.plus(self.settling()));
        let end = self.clock.at_or_after(day.plus(spike));
        let days = |first: Duration, level| {
            let rest = Duration::millis(end.as_millis().saturating_sub(first.as_millis()));
            [(self.clock.steps(first), usual), (self.clock.steps(rest), level)]
        };
        let one = |what: String, phases: &[Phase], state, moment| -> Result<TestCase, &'static str> {
            let played = self.played(&play, phases, &[(self.clock.steps(end), loud)])?;
            let check = self.watched(&played).is(state, moment);
            let mut case = self.case(self.name(&what), played.series);
            case.promql_expr_test.push(check);
            Ok(case)
        };
        let young = Duration::millis(over.as_millis() / 2);
        let young = self.clock.at_or_after(young);
        let young_end = self.clock.at_or_after(young.plus(spike));
        let mut tests = vec![
            one(
                format!("is quiet at {} after a usual {}", shown(inside), shown(usual)),
                &days(day, inside),
                State::Silent,
                end,
            )?,
            one(
                format!("is raised at {} after a usual {}", shown(outside), shown(usual)),
                &days(day, outside),
                State::Firing,
                end,
            )?,
            one(
                "is quiet while there is nothing to compare with".to_owned(),
                &days(young, outside),
                State::Silent,
                young_end,
            )?,
        ];
        if above {
            tests.extend(self.timed_spike(&play, usual, times, day, over)?);
        }
        Ok(tests)
    }

    /// A spike so large that one sample of it is enough: pending at once, firing after its time.
    fn timed_spike(
        &self,
        play: &Play,
        usual: Decimal,
        times: Decimal,
        day: Duration,
        over: Duration,
    ) -> Result<Option<TestCase>, &'static str> {
        let spread = seconds(self.settling()).checked_div(seconds(self.clock.step)).unwrap_or(Decimal::ONE);
        let (factor, start) = match play {
            Play::Rate(_) | Play::Increase(..) => (times * Decimal::TWO * spread, day.plus(self.clock.evaluation)),
            Play::Gauge(..) | Play::Age(..) => (times * Decimal::TWO, day),
            _ => return Ok(None),
        };
        let fires = self.clock.at_or_after(start.plus(self.hold()));
        let lasts = Duration::millis(fires.as_millis().saturating_sub(day.as_millis())).plus(self.clock.evaluations(2));
        let growth = factor.checked_mul(seconds(lasts)).and_then(|grown| grown.checked_div(seconds(over)));
        if growth.is_none_or(|growth| growth > Decimal::new(5, 1)) {
            return Ok(None);
        }
        let phases = [(self.clock.steps(day), usual), (self.clock.steps(lasts), usual * factor)];
        let played =
            self.played(play, &phases, &[(self.clock.steps(day.plus(lasts)), usual * factor * Decimal::TEN)])?;
        let watched = self.watched(&played);
        let mut case = self.case(self.name("fires after its time"), played.series);
        self.check_hold(&watched, start, fires, &mut case.promql_expr_test);
        Ok(Some(case))
    }

    /// A value for some time, then one on either side of the fall.
    pub(super) fn against_past(&self, by: Decimal, against: Duration) -> Result<Vec<TestCase>, &'static str> {
        let before = Decimal::TEN;
        let kept = before * (Decimal::ONE - by);
        let play = self.play(kept)?;
        let fall = self.settling().plus(self.hold()).plus(self.clock.evaluations(3));
        if fall >= against
            || against > self.clock.evaluations(LONGEST)
            || play.is_share()
            || matches!(play, Play::Histogram(..))
        {
            return Err("its windows cannot be played");
        }
        let turn = self.clock.at_or_after(against.plus(self.settling()));
        let end = self.clock.at_or_after(turn.plus(fall));
        let rest = self.clock.steps(Duration::millis(end.as_millis().saturating_sub(turn.as_millis())));
        let tenth = Decimal::new(1, 1);
        let mut tests = Vec::new();
        for (level, state, what) in [
            (kept * (Decimal::ONE + tenth), State::Silent, "is quiet"),
            (kept * (Decimal::ONE - tenth), State::Firing, "is raised"),
        ] {
            let phases = [(self.clock.steps(turn), before), (rest, level)];
            let played = self.played(&play, &phases, &[(self.clock.steps(end), before * Decimal::TEN)])?;
            let check = self.watched(&played).is(state, end);
            let mut case =
                self.case(self.name(&format!("{what} at {} after {}", shown(level), shown(before))), played.series);
            case.promql_expr_test.push(check);
            tests.push(case);
        }
        Ok(tests)
    }
}
