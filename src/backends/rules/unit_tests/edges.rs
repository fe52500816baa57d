//! Tests of a threshold at its edges: at the very bound, over few events or none, and while its window fills.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::clock::State;
use super::file::TestCase;
use super::play::{Asked, Events, Play, Played, WHOLE};
use super::thresholds::Scene;
use super::track::Phase;
use crate::model::{Aggregation, Part, ThresholdOrigin, Whole};
use crate::quantity::Duration;
use crate::signals::events::always_there;
use crate::slo::seconds;

/// A change of the signal in its window: a level, then another, with so many events a step.
struct Slide {
    levels: [Decimal; 2],
    weights: [u32; 2],
    /// What the levels mean to the condition, and the value above or below which it holds.
    values: [Decimal; 2],
    bound: Decimal,
    /// Whether samples are averaged; otherwise what happens between two.
    samples: bool,
}

impl Scene<'_> {
    /// Tests at the edges, as many as the signal allows.
    pub(super) fn edges(&self, play: &Play, bound: Decimal, above: bool, outside: Decimal) -> Vec<TestCase> {
        let tests = [
            self.at_bound(play, bound),
            self.few_events(play, outside),
            self.nothing_whole(play),
            self.none_yet(play, above),
            self.sliding(play, bound, above),
            self.remembered(play, bound, above, outside),
        ];
        tests.into_iter().flatten().collect()
    }

    fn one(&self, what: &str, step: Duration, played: Played, states: &[(State, Duration)]) -> TestCase {
        let watched = self.watched(&played);
        let checks = states.iter().map(|(state, moment)| watched.is(*state, *moment)).collect();
        TestCase { name: self.name(what), interval: step, input_series: played.series, promql_expr_test: checks }
    }

    /// A gauge can stand exactly at its bound, which is not beyond it.
    fn at_bound(&self, play: &Play, bound: Decimal) -> Option<TestCase> {
        let number = |decimal: Decimal| decimal.to_f64();
        let value = match play {
            Play::Gauge(_, Aggregation::Avg) => None,
            Play::Gauge(..) => number(bound),
            Play::Fraction(part, whole, _) => {
                let amount = match whole {
                    Whole::Constant(constant) => *constant,
                    Whole::Gauge(_) => WHOLE,
                };
                let share = |part: Decimal| Some(number(part * amount)? / number(amount)?);
                match part {
                    Part::Used(_) => share(bound),
                    Part::Free(_) => share(Decimal::ONE - bound).map(|free| 1.0 - free),
                }
            }
            _ => None,
        };
        // Where floating-point numbers cannot meet it, nothing is shown.
        value.filter(|value| Some(*value) == number(bound))?;
        let played = play.series(&[(2, bound)], &[], self.clock.step, &self.kept)?;
        let states = [Duration::ZERO, self.clock.evaluation].map(|moment| (State::Silent, moment));
        Some(self.one("is quiet at its very bound", self.clock.step, played, &states))
    }

    /// A share of few events counts as one of many.
    fn few_events(&self, play: &Play, outside: Decimal) -> Option<TestCase> {
        if !matches!(play, Play::Share { .. }) {
            return None;
        }
        let fires = self.clock.at_or_after(self.clock.evaluation.plus(self.hold()));
        let events = seconds(self.clock.step) / Decimal::TWO;
        let phases = [(self.clock.steps(fires), outside)];
        let played = play.trickle(&phases, &[], events, self.clock.step, &self.kept)?;
        Some(self.one("is raised by few events", self.clock.step, played, &[(State::Firing, fires)]))
    }

    /// Before the first event of the part there is no series of it: a share of zero, and not of nobody knows what.
    fn none_yet(&self, play: &Play, above: bool) -> Option<TestCase> {
        let Play::Share { total, .. } = play else { return None };
        // The counters of one target come together: a sum of them is not there without one of them.
        if total.len() > 1 && total.iter().all(|selector| always_there(selector)) {
            return None;
        }
        let moment = self.clock.at_or_after(self.clock.evaluation.plus(self.hold()));
        let phases = [(self.clock.steps(moment), Decimal::ZERO)];
        let mut played = play.series(&phases, &[], self.clock.step, &self.kept)?;
        played.series.retain(|series| !series.values.starts_with("0x"));
        let (what, state) = match above {
            true => ("is quiet before the first of them", State::Silent),
            false => ("is raised before the first of them", State::Firing),
        };
        Some(self.one(what, self.clock.step, played, &[(state, moment)]))
    }

    /// A whole of zero means that there is no limit.
    fn nothing_whole(&self, play: &Play) -> Option<TestCase> {
        let Play::Fraction(_, Whole::Gauge(_), _) = play else { return None };
        let mut played = play.series(&[(2, Decimal::new(5, 1))], &[], self.clock.step, &self.kept)?;
        let whole = played.series.iter().rposition(|_| true)?;
        let name = played.series.get(whole)?.series.metric.clone();
        for series in played.series.iter_mut().filter(|series| series.series.metric == name) {
            series.values = "0x2".to_owned();
        }
        let states = [Duration::ZERO, self.clock.evaluation].map(|moment| (State::Silent, moment));
        Some(self.one("is quiet while nothing is the whole", self.clock.step, played, &states))
    }

    /// The condition holds once enough of the window has changed: neither of half of it, nor of twice as much.
    fn sliding(&self, play: &Play, bound: Decimal, above: bool) -> Option<TestCase> {
        let window = self.threshold.window.value;
        // Samples between evaluations: none is on the edge of a window, which Prometheus 2 counts in.
        let step = Duration::millis(self.clock.evaluation.as_millis() * 3 / 4).min(self.clock.step);
        let before = window.times(2).as_millis().div_ceil(step.as_millis().max(1));
        let after = window.as_millis().div_ceil(step.as_millis().max(1)) + 2;
        let turn = self.clock.at_or_after(step.times(before));
        let moments = (0..).map(|count| turn.plus(self.clock.evaluations(count)));
        let moments: Vec<Duration> = moments.take_while(|moment| *moment < step.times(before + after)).collect();
        // Of several changes, the one of which evaluations tell best when it is enough.
        let changes = [135, 150, 170].map(|percent| {
            let slide = self.slide(play, bound, above, Decimal::new(percent, 2))?;
            let margin = (slide.values[1] - slide.values[0]).abs() / Decimal::from(50);
            let beyond = |moment: &Duration| {
                let value = slide.value(*moment, window, step, before)?;
                Some(if above { value - slide.bound } else { slide.bound - value })
            };
            let first = *moments.iter().find(|moment| beyond(moment).is_some_and(|beyond| beyond >= margin))?;
            let inside = |moment: &&Duration| **moment < first && beyond(moment).is_some_and(|far| far <= -margin);
            let last = *moments.iter().rfind(inside)?;
            Some((Duration::millis(first.as_millis().saturating_sub(last.as_millis())), last, first, slide))
        });
        let (passed, last, first, slide) = changes.into_iter().flatten().min_by_key(|(passed, ..)| *passed)?;
        let state = match self.hold() {
            hold if hold.is_zero() => State::Firing,
            // It holds since the evaluation after the last at the earliest.
            hold if hold.plus(self.clock.evaluation) > passed => State::Pending,
            _ => return None,
        };
        let phases = [(before, slide.levels[0]), (after, slide.levels[1])];
        let played = slide.play(play, &phases, step, &self.kept)?;
        Some(self.one("follows its window", step, played, &[(State::Silent, last), (state, first)]))
    }

    fn slide(&self, play: &Play, bound: Decimal, above: bool, once_more: Decimal) -> Option<Slide> {
        let slo = matches!(self.threshold.declared, ThresholdOrigin::Slo(_));
        let quarter = Decimal::new(25, 2);
        let even = |levels| Slide { levels, weights: [1, 1], values: levels, bound, samples: false };
        match play {
            Play::Rate(_) | Play::Increase(..) if bound > Decimal::ZERO => Some(even(match above {
                true => [bound * quarter, bound * Decimal::TWO],
                // Not zero: what promtool adds up may end above its own next sample, which would be a reset.
                false => [bound * Decimal::TWO, bound * quarter],
            })),
            Play::Gauge(_, Aggregation::Avg) if slo && !above => {
                let missed = Decimal::ONE - bound;
                let levels = [Decimal::ONE, Decimal::ONE - missed * Decimal::TWO];
                Some(Slide { samples: true, ..even(levels) })
            }
            Play::Share { .. } => {
                // As much beyond the bound, and three times as much, of whichever side is the smaller.
                let off = if above { bound } else { Decimal::ONE - bound };
                let levels = [off * quarter, off * once_more];
                let levels = if above { levels } else { levels.map(|level| Decimal::ONE - level) };
                let possible = levels.iter().all(|level| *level > Decimal::ZERO && *level < Decimal::ONE);
                possible.then_some(Slide { weights: [1, 3], ..even(levels) })
            }
            Play::Histogram(_, buckets, Asked::Quantile(quantile)) if above => {
                let at = buckets.iter().position(|bucket| *bucket == bound)?;
                let next = buckets.get(at + 1)?;
                let fast = buckets.first()? * quantile;
                // Half way into the next bucket lies the quantile of twice as many slow events as may be.
                let levels = [fast, (bound + next) / Decimal::TWO];
                let (values, bound) = ([Decimal::ZERO, Decimal::ONE], Decimal::new(5, 1));
                Some(Slide { levels, weights: [1, 1], values, bound, samples: false })
            }
            _ => None,
        }
    }

    /// What happened once counts until it has left the window.
    fn remembered(&self, play: &Play, bound: Decimal, above: bool, outside: Decimal) -> Option<TestCase> {
        let window = self.threshold.window.value;
        let short = window < self.clock.evaluations(4);
        if !above || !bound.is_zero() || short || !play.ramps() {
            return None;
        }
        let turn = self.clock.at_or_after(self.hold()).plus(self.clock.evaluations(2));
        let still = self.clock.at_or_after(Duration::millis(window.as_millis() * 3 / 4));
        let phases = [(self.clock.steps(turn), outside), (self.clock.steps(still), Decimal::ZERO)];
        let played = play.series(&phases, &[], self.clock.step, &self.kept)?;
        let moment = Duration::millis(turn.plus(still).as_millis().saturating_sub(self.clock.evaluation.as_millis()));
        Some(self.one("remembers as long as its window", self.clock.step, played, &[(State::Firing, moment)]))
    }
}

impl Slide {
    /// What the condition sees at a moment, when the level changes after so many steps.
    fn value(&self, moment: Duration, window: Duration, step: Duration, before: u64) -> Option<Decimal> {
        let last = moment.as_millis() / step.as_millis().max(1);
        let first = moment.as_millis().checked_sub(window.as_millis())? / step.as_millis().max(1) + 1;
        // So many samples, or so many steps from one to the next, are of the first level.
        let old = before.saturating_sub(first);
        let all = if self.samples { last + 1 - first } else { last - first };
        let weigh = |count: u64, phase: usize| Decimal::from(count) * Decimal::from(self.weights[phase]);
        let (old, new) = (weigh(old.min(all), 0), weigh(all.saturating_sub(old), 1));
        (old * self.values[0] + new * self.values[1]).checked_div(old + new)
    }

    fn play(&self, play: &Play, phases: &[Phase; 2], step: Duration, kept: &[String]) -> Option<Played> {
        if self.weights == [1, 1] {
            return play.series(phases, &[], step, kept);
        }
        let all = |phase: usize| Decimal::from(self.weights[phase]) * Decimal::ONE_THOUSAND;
        let events =
            [0, 1].map(|phase| Events { steps: phases[phase].0, level: phases[phase].1 * all(phase), all: all(phase) });
        play.events(&events, kept)
    }
}
