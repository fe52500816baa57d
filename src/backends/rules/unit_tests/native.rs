//! Tests of a threshold on a native histogram.
//!
//! How a quantile lies within a bucket differs from one version of Prometheus to the next. So all events lie in
//! a bucket that ends below the bound, or all in one that begins above it: buckets are a tenth wide.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::clock::State;
use super::file::{InputSeries, TestCase};
use super::made_up::Series;
use super::play::Played;
use super::thresholds::Scene;
use crate::model::{Measure, Shape};
use crate::quantity::{Duration, print_decimal};

/// Eight buckets from one power of two to the next.
const SCHEMA: i64 = 3;

/// Events a step.
const EVENTS: u64 = 1000;

/// Longest series that is written sample by sample: only newer versions of promtool read several runs.
const LONGEST: u64 = 400;

/// How events are spread: so many in the bucket below the bound, the others in the one above; and their sum.
#[derive(Debug, Clone, Copy)]
struct Spread {
    below: u64,
    sum: Decimal,
}

/// The two buckets around a bound, by their numbers.
#[derive(Debug, Clone, Copy)]
struct Around {
    below: i64,
    above: i64,
}

impl Around {
    /// Buckets that do not touch the bound, even if its logarithm is a little off. The bucket of number n ends
    /// at 2 to the power of n / 8.
    fn of(bound: Decimal) -> Option<Self> {
        let place = bound.to_f64().filter(|bound| *bound > 0.0)?.log2() * 8.0;
        Some(Self { below: (place - 0.01).floor() as i64, above: (place + 0.01).ceil() as i64 + 1 })
    }

    /// A histogram after so many steps, as promtool writes it.
    fn text(self, below: u64, above: u64, sum: Decimal) -> String {
        let between = " 0".repeat(usize::try_from(self.above - self.below - 1).unwrap_or_default());
        let (count, sum) = (below + above, print_decimal(sum.normalize()));
        let offset = self.below;
        format!("{{{{schema:{SCHEMA} sum:{sum} count:{count} offset:{offset} buckets:[{below}{between} {above}]}}}}")
    }
}

impl Scene<'_> {
    /// Tests of a bound on a native histogram, or why there are none.
    pub(super) fn native(&self, bound: Decimal, above: bool) -> Result<Vec<TestCase>, &'static str> {
        let out_of_reach = "no value of its signal lies on the other side of its bound";
        let (around, inside, outside) = self.spreads(bound, above).ok_or(out_of_reach)?;
        let start = self.clock.evaluation;
        let fires = self.clock.at_or_after(start.plus(self.hold()));
        let turn = fires.plus(self.clock.evaluations(2));
        let end = self.clock.at_or_after(turn.plus(self.settling()).plus(self.keep_firing()));
        let end = end.plus(self.clock.evaluations(2));
        let good = self.clock.steps(Duration::millis(end.as_millis().saturating_sub(turn.as_millis())));
        let bad = self.clock.steps(turn);
        if bad + good > LONGEST {
            return Err("its windows are too long for the samples of a native histogram");
        }
        let quiet = self.played_native(around, &[(bad + good, inside)])?;
        let check = self.watched(&quiet).is(State::Silent, end);
        let mut silent = self.case(self.name("is quiet while events lie inside its bound"), quiet.series);
        silent.promql_expr_test.push(check);
        let played = self.played_native(around, &[(bad, outside), (good, inside)])?;
        let watched = self.watched(&played);
        let mut checks = vec![watched.is(State::Silent, Duration::ZERO)];
        self.check_hold(&watched, start, fires, &mut checks);
        checks.push(watched.is(State::Silent, end));
        let what = "fires after its time while events lie outside its bound, and is over when they do not";
        let mut timed = self.case(self.name(what), played.series);
        timed.promql_expr_test = checks;
        Ok(vec![silent, timed])
    }

    /// Events for which the condition is false, and for which it is true.
    fn spreads(&self, bound: Decimal, above: bool) -> Option<(Around, Spread, Spread)> {
        if bound.abs() > Decimal::from(u64::MAX) {
            return None;
        }
        let tenth = bound.abs() / Decimal::TEN;
        let up = if tenth.is_zero() { Decimal::new(5, 1) } else { tenth };
        let all = Decimal::from(EVENTS);
        let (around, low, high) = match &self.threshold.measure {
            // All events, so that every quantile is among them.
            Measure::Quantile(_) => {
                let spread = |below| Spread { below, sum: bound * all };
                (Around::of(bound)?, spread(EVENTS), spread(0))
            }
            Measure::Within(within) if within.value <= Decimal::from(u64::MAX) => {
                let room = up.min((Decimal::ONE - bound) / Decimal::TWO);
                let spread = |share: Decimal| {
                    let below = (share * all).round().to_u64().filter(|below| *below <= EVENTS)?;
                    Some(Spread { below, sum: within.value * all })
                };
                (Around::of(within.value)?, spread(bound - tenth)?, spread(bound + room)?)
            }
            Measure::Mean => {
                let spread = |mean: Decimal| Spread { below: EVENTS, sum: mean * all };
                (Around::of(bound)?, spread(bound - tenth), spread(bound + up))
            }
            Measure::Within(_) | Measure::Value => return None,
        };
        Some(if above { (around, low, high) } else { (around, high, low) })
    }

    fn played_native(&self, around: Around, phases: &[(u64, Spread)]) -> Result<Played, &'static str> {
        let Some(Shape::Latency { histogram, native: true, .. }) = &self.signal.shape else {
            return Err("it is no native histogram");
        };
        let series = Series::of(&histogram.value, &self.kept).ok_or("its series cannot be made up from its shape")?;
        let labels = self.kept.iter().filter_map(|label| Some((label.clone(), series.labels.get(label)?.clone())));
        let empty = around.text(0, 0, Decimal::ZERO);
        let values = if let [(steps, Spread { below, sum })] = phases {
            format!("{empty}+{}x{steps}", around.text(*below, EVENTS - below, *sum))
        } else {
            let (mut values, mut total) = (vec![empty], (0, 0, Decimal::ZERO));
            for (steps, Spread { below, sum }) in phases {
                for _ in 0..*steps {
                    total = (total.0 + below, total.1 + EVENTS - below, total.2 + sum);
                    values.push(around.text(total.0, total.1, total.2));
                }
            }
            values.join(" ")
        };
        let labels = labels.collect();
        Ok(Played { series: vec![InputSeries { series: series.selector(), values }], labels })
    }
}
