//! Quantiles: of values, and of classic histograms.

use std::collections::BTreeMap;

use super::{Labels, Point, nameless};

/// A quantile of values, interpolated between neighbours.
pub(super) fn of_values(quantile: f64, mut values: Vec<f64>) -> f64 {
    if values.is_empty() || quantile.is_nan() {
        return f64::NAN;
    }
    if quantile < 0.0 {
        return f64::NEG_INFINITY;
    }
    if quantile > 1.0 {
        return f64::INFINITY;
    }
    values.sort_by(f64::total_cmp);
    let rank = quantile * (values.len() - 1) as f64;
    let lower = rank.floor();
    let weight = rank - lower;
    let at = |index: f64| values.get((index as usize).min(values.len() - 1)).copied().unwrap_or(f64::NAN);
    at(lower) * (1.0 - weight) + at(lower + 1.0) * weight
}

/// A quantile of each histogram, from the counts of its buckets.
pub(super) fn of_buckets(quantile: f64, points: Vec<Point>) -> Vec<Point> {
    let mut histograms: BTreeMap<Labels, Vec<(f64, f64)>> = BTreeMap::new();
    for point in points {
        let mut labels = nameless(point.labels);
        let Some(bound) = labels.remove("le").and_then(|bound| bound.parse().ok()) else { continue };
        histograms.entry(labels).or_default().push((bound, point.value));
    }
    let quantile = |buckets: Vec<(f64, f64)>| of_histogram(quantile, buckets);
    histograms.into_iter().map(|(labels, buckets)| Point { labels, value: quantile(buckets) }).collect()
}

fn of_histogram(quantile: f64, mut buckets: Vec<(f64, f64)>) -> f64 {
    buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
    let Some((last, finite)) = buckets.split_last() else { return f64::NAN };
    if quantile.is_nan() || last.0 != f64::INFINITY || finite.is_empty() || last.1 == 0.0 || last.1.is_nan() {
        return f64::NAN;
    }
    if quantile < 0.0 {
        return f64::NEG_INFINITY;
    }
    if quantile > 1.0 {
        return f64::INFINITY;
    }
    let rank = quantile * last.1;
    let Some(index) = finite.iter().position(|(_, count)| *count >= rank) else {
        return finite.last().map_or(f64::NAN, |(bound, _)| *bound);
    };
    let (end, count) = finite.get(index).copied().unwrap_or_default();
    if index == 0 && end <= 0.0 {
        return end;
    }
    let (start, before) = index.checked_sub(1).and_then(|below| finite.get(below)).copied().unwrap_or_default();
    start + (end - start) * ((rank - before) / (count - before))
}
