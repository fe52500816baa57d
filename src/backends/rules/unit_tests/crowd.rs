//! Company for the series of a test: each is two, and strangers stand by.
//!
//! With one series alone, a sum is a maximum and an average; without others around, it does not matter what a
//! matcher lets in. Such mistakes in a rule would pass.

use rust_decimal::Decimal;

use super::made_up::{Series, stranger};
use super::play::Play;
use super::track::Track;
use crate::model::Aggregation;
use crate::promql::Selector;

/// Labels that may tell the two halves apart: the first that nothing else is about.
const LABELS: [&str; 4] = ["replica", "shard", "part", "copy"];

/// Strangers have so many times the events, so that the share of all is theirs.
const LOUD: i64 = 10;

/// Each series as two that are together what it was, and neither of them alone. Where nothing can tell them
/// apart, the series as they are.
pub(super) fn halves(
    series: Vec<(Series, Track)>,
    play: &Play,
    selectors: &[&Selector],
    kept: &[String],
) -> Vec<(Series, Track)> {
    let matched = |label: &str| selectors.iter().any(|selector| selector.matchers.iter().any(|m| m.label == label));
    let Some(label) = LABELS.into_iter().find(|label| !matched(label) && !kept.iter().any(|kept| kept == label)) else {
        return series;
    };
    let fastest = first_bucket(&series);
    let labelled = |series: &Series, value: &str| {
        let mut series = series.clone();
        series.labels.insert(label.to_owned(), value.to_owned());
        series
    };
    let mut halves = Vec::new();
    for (series, track) in &series {
        let (one, other) = match play {
            Play::Histogram(..) if !series.metric.ends_with("_sum") => within(track, &fastest),
            Play::Rate(_) | Play::Increase(..) | Play::Share { .. } | Play::Histogram(..) => {
                together(track, Aggregation::Sum, Decimal::new(25, 2))
            }
            Play::Gauge(_, aggregation) | Play::Age(_, aggregation) | Play::Fraction(_, _, aggregation) => {
                together(track, *aggregation, Decimal::new(5, 1))
            }
            Play::Zeros(_) => (track.clone(), track.clone()),
        };
        halves.push((labelled(series, "a"), one));
        halves.push((labelled(series, "b"), other));
    }
    halves
}

/// Two tracks that make this one when they are aggregated so. Of a sum, one stands still and the other makes
/// every change, so that they do not keep their proportion.
fn together(track: &Track, aggregation: Aggregation, still: Decimal) -> (Track, Track) {
    let half = |level: Decimal| level.abs() / Decimal::TWO;
    match aggregation {
        Aggregation::Sum | Aggregation::Count => {
            let least = track.amounts().min().unwrap_or_default() * still;
            (track.map(|_, _| least), track.map(|_, level| level - least))
        }
        Aggregation::Max => (track.clone(), track.map(|_, level| level - half(level))),
        Aggregation::Min => (track.clone(), track.map(|_, level| level + level.abs())),
        Aggregation::Avg => (track.map(|_, level| level - half(level)), track.map(|_, level| level + half(level))),
    }
}

/// In each phase, the events of the first bucket that has any.
fn first_bucket(series: &[(Series, Track)]) -> Vec<Decimal> {
    let mut least: Vec<Option<Decimal>> = Vec::new();
    for (_, track) in series.iter().filter(|(series, _)| !series.metric.ends_with("_sum")) {
        for (phase, amount) in track.amounts().enumerate() {
            least.resize(least.len().max(phase + 1), None);
            let known = least[phase].unwrap_or(amount);
            least[phase] = if amount.is_zero() { least[phase] } else { Some(known.min(amount)) };
        }
    }
    least.into_iter().map(Option::unwrap_or_default).collect()
}

/// Half of the fastest events, and all others: buckets of different shape.
fn within(track: &Track, fastest: &[Decimal]) -> (Track, Track) {
    let half = |phase: usize| fastest.get(phase).copied().unwrap_or_default() / Decimal::TWO;
    (track.map(|phase, level| level.min(half(phase))), track.map(|phase, level| level - level.min(half(phase))))
}

/// For each label that all selectors ask for, the series with another value, which none of them lets in.
pub(super) fn strangers(series: &[(Series, Track)], selectors: &[&Selector], loud: bool) -> Vec<(Series, Track)> {
    let Some((first, rest)) = selectors.split_first() else { return Vec::new() };
    let mut labels: Vec<&str> = first.matchers.iter().map(|matcher| &*matcher.label).collect();
    labels.retain(|label| rest.iter().all(|selector| selector.matchers.iter().any(|m| m.label == *label)));
    labels.dedup();
    let mut found = Vec::new();
    for label in labels {
        let Some(value) = stranger(selectors, label) else { continue };
        for (series, track) in series {
            let mut series = series.clone();
            series.labels.insert(label.to_owned(), value.clone());
            let loud = if loud { Decimal::from(LOUD) } else { Decimal::ONE };
            found.push((series, track.map(|_, amount| amount * loud)));
        }
    }
    found
}
