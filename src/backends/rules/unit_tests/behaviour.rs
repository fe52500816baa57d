//! What series do while a signal stands at a level. The tests of rules are made of it, and so is the demonstration.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::play::{Asked, EVENTS, Play};
use super::track::Track;
use crate::backends::rules::thresholds::signal_of;
use crate::model::{Better, Condition, Measure, Service, Shape, Signal, Sli, Slo, Threshold};
use crate::promql::Selector;
use crate::quantity::{Duration, Unit};
use crate::signals::prometheus::kept_labels;

/// Events a second where only shares matter.
const TRAFFIC: i64 = 20;

/// What one series does.
#[derive(Debug, Clone, PartialEq)]
pub struct Behaviour {
    /// Its name; of a histogram with `_bucket`, `_count`, `_sum`.
    pub metric: String,
    /// Its labels, `job` among them.
    pub labels: IndexMap<String, String>,
    /// How its value moves.
    pub motion: Motion,
}

/// How the value of a series moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Motion {
    /// It grows by so much each second.
    Grows(Decimal),
    /// It stands still.
    Stands(Decimal),
    /// It tells the moment so many seconds ago.
    Ago(Decimal),
}

/// What shows that a condition is true.
#[derive(Debug, Clone, PartialEq)]
pub enum Showing {
    /// These series, instead of what their metrics usually do.
    Series(Vec<Behaviour>),
    /// That these metrics are gone.
    Nothing(Vec<String>),
}

/// Series for a signal as it should be. `None` for what cannot be made up from its shape.
pub fn steady(service: &Service, signal: &Signal) -> Option<Vec<Behaviour>> {
    if let Some(Shape::Latency { histogram, native: false, buckets: Some(buckets) }) = &signal.shape {
        let bound = usual_bucket(service, signal, &buckets.value)?;
        let play = Play::Histogram(&histogram.value, buckets.value.clone(), Asked::Within(bound));
        return played(&play, Decimal::ONE, &signal.per);
    }
    let level = steady_level(service, signal);
    let play = Play::of(signal, &Measure::Mean, signal.window.value, level)?;
    played(&play, level, &signal.per)
}

/// Series that make a threshold's condition true, or why there are none.
pub fn showing(service: &Service, threshold: &Threshold) -> Result<Showing, &'static str> {
    let signal = signal_of(service, threshold).ok_or("raw PromQL says nothing about its series")?;
    let level = || steady_level(service, signal);
    let candidates: Vec<Decimal> = match &threshold.condition {
        Condition::Above(bound) => above(bound.value, is_share(signal, &threshold.measure)),
        Condition::Below(bound) => vec![bound.value / Decimal::TWO, Decimal::ZERO],
        Condition::AboveBaseline { times, .. } => vec![level() * times.value * Decimal::TWO],
        Condition::BelowBaseline { times, .. } => vec![level() * times.value / Decimal::TWO],
        Condition::DropsBy { by, .. } => vec![level() * (Decimal::ONE - by.value) / Decimal::TWO],
        Condition::Absent { .. } => return gone(signal),
        Condition::Expr { .. } => return Err("raw PromQL says nothing about its series"),
    };
    let near = match &threshold.condition {
        Condition::Above(bound) | Condition::Below(bound) => bound.value,
        _ => level(),
    };
    let play = Play::of(signal, &threshold.measure, threshold.window.value, near);
    let play = play.ok_or("its series cannot be made up from its shape")?;
    let kept = kept_labels(signal, &threshold.by);
    let found = candidates.into_iter().find_map(|level| played(&play, level, &kept));
    found.map(Showing::Series).ok_or("its series cannot take a value that raises it")
}

/// Series of an SLO whose events are all bad, or why there are none.
pub fn burning(service: &Service, slo: &Slo) -> Result<Showing, &'static str> {
    let whole = || Play::bad_share(&slo.sli).ok_or("its series cannot be made up from its shape");
    let play = match &slo.sli {
        Sli::Within { histogram, native: false, bound } => {
            let metric = histogram.value.metric.as_ref().and_then(|name| service.metrics.get(name));
            let buckets = metric.and_then(|metric| metric.buckets.as_ref()).map(|buckets| buckets.value.clone());
            Play::Histogram(&histogram.value, buckets.unwrap_or_default(), Asked::Beyond(bound.value))
        }
        _ => whole()?,
    };
    played(&play, Decimal::ONE, &slo.by).map(Showing::Series).ok_or("its series cannot be all bad")
}

fn played(play: &Play, level: Decimal, kept: &[String]) -> Option<Vec<Behaviour>> {
    let tracks = play.tracks(&[(1, level)], Duration::seconds(1), kept)?;
    // Where only shares matter the tests play very many events; people would rather see a few.
    let scale = match play {
        Play::Share { .. } | Play::Histogram(..) => Decimal::from(TRAFFIC).checked_div(Decimal::from(EVENTS))?,
        _ => Decimal::ONE,
    };
    let behaviour = |(series, track): (super::made_up::Series, Track)| {
        let amount = track.amounts().next()?;
        let motion = match track {
            Track::Counter(_) => Motion::Grows((amount * scale).normalize()),
            Track::Gauge(_) => Motion::Stands(amount.normalize()),
            Track::Moment(..) => Motion::Ago(amount.normalize()),
        };
        Some(Behaviour { metric: series.metric, labels: series.labels, motion })
    };
    tracks.into_iter().map(behaviour).collect()
}

/// Values above a bound, the clearest first.
fn above(bound: Decimal, share: bool) -> Vec<Decimal> {
    if share {
        return vec![(bound + Decimal::ONE) / Decimal::TWO];
    }
    if bound.is_zero() {
        return vec![Decimal::TEN, Decimal::ONE];
    }
    [30, 20, 15, 11].map(|tenths| bound * Decimal::new(tenths, 1)).into()
}

fn is_share(signal: &Signal, measure: &Measure) -> bool {
    matches!(signal.shape, Some(Shape::Ratio { .. } | Shape::Fraction { .. })) || matches!(measure, Measure::Within(_))
}

fn gone(signal: &Signal) -> Result<Showing, &'static str> {
    let names = |selectors: &[crate::source::Spanned<Selector>]| {
        selectors.iter().filter_map(|selector| selector.value.metric.clone()).collect::<Vec<_>>()
    };
    match &signal.shape {
        Some(Shape::Rate { of } | Shape::Increase { of }) => Ok(Showing::Nothing(names(of))),
        Some(Shape::Ratio { part, total, .. }) => Ok(Showing::Nothing([names(part), names(total)].concat())),
        Some(Shape::Gauge { of, .. } | Shape::Age { of, .. }) => Ok(Showing::Nothing(names(std::slice::from_ref(of)))),
        Some(Shape::Latency { histogram, .. }) => Ok(Showing::Nothing(names(std::slice::from_ref(histogram)))),
        _ => Err("nobody can tell which of its metrics are gone"),
    }
}

/// Bounds that thresholds set on a signal: the highest of those it should be above, the lowest of those it should
/// be below.
fn bounds(service: &Service, signal: &Signal) -> (Option<Decimal>, Option<Decimal>) {
    let of_signal = |threshold: &&Threshold| threshold.signal.as_ref().is_some_and(|name| name.value == signal.name);
    let (mut low, mut high): (Option<Decimal>, Option<Decimal>) = (None, None);
    for threshold in service.thresholds.iter().filter(of_signal) {
        match &threshold.condition {
            Condition::Above(bound) => high = Some(high.map_or(bound.value, |known| known.min(bound.value))),
            Condition::Below(bound) => low = Some(low.map_or(bound.value, |known| known.max(bound.value))),
            _ => {}
        }
    }
    (low, high)
}

/// A level that raises nothing.
fn steady_level(service: &Service, signal: &Signal) -> Decimal {
    let share = is_share(signal, &Measure::Value) || signal.unit == Unit::Ratio;
    let (low, high) = bounds(service, signal);
    match (low, high) {
        (Some(low), Some(high)) => (low + high) / Decimal::TWO,
        (None, Some(high)) if matches!(signal.shape, Some(Shape::Ratio { .. })) => high / Decimal::ONE_HUNDRED,
        (None, Some(high)) => high / Decimal::TWO,
        (Some(low), None) if share => ((low + Decimal::ONE) / Decimal::TWO).max(low),
        (Some(low), None) => low * Decimal::TWO,
        (None, None) => usual_level(signal, share),
    }
}

/// A level for a signal that nothing is demanded of.
fn usual_level(signal: &Signal, share: bool) -> Decimal {
    match (&signal.shape, signal.better) {
        (Some(Shape::Age { .. }), _) => Decimal::from(7200),
        (Some(Shape::Ratio { .. }), Some(Better::Lower)) => Decimal::ZERO,
        (Some(Shape::Ratio { .. }), _) => Decimal::new(999, 3),
        (Some(Shape::Gauge { .. }), Some(Better::Lower)) if share => Decimal::ZERO,
        (Some(Shape::Gauge { .. }), _) if share => Decimal::ONE,
        (Some(Shape::Fraction { .. }), _) => Decimal::new(4, 1),
        (Some(Shape::Increase { .. }), Some(Better::Lower)) => Decimal::ZERO,
        _ if signal.unit == Unit::Bytes => Decimal::from(64 << 20),
        _ => Decimal::TEN,
    }
}

/// The bucket that all events fall into: well below every bound that is promised or watched.
fn usual_bucket(service: &Service, signal: &Signal, buckets: &[Decimal]) -> Option<Decimal> {
    let promised = service.slos.iter().filter_map(|slo| match &slo.sli {
        Sli::Within { bound, .. } if slo.signal.as_ref() == Some(&signal.name) => Some(bound.value),
        _ => None,
    });
    let (_, high) = bounds(service, signal);
    let limit = promised.chain(high).min();
    let good = buckets.iter().filter(|bucket| limit.is_none_or(|limit| **bucket <= limit)).count();
    buckets.get(good.saturating_sub(1) / 2).or(buckets.first()).copied()
}
