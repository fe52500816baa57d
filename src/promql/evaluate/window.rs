//! Functions of a window of samples.

use super::{Edition, Evaluation, Point, Range, Result, Unknown, Windowed, nameless};
use crate::promql::{Call, Expr};

impl Evaluation<'_> {
    /// A function of a range vector.
    pub(super) fn over_window(&self, call: &Call) -> Result<Vec<Point>> {
        let name = call.function.as_ref();
        let (range, number) = match (name, call.args.as_slice()) {
            ("quantile_over_time", [quantile, range]) => (range, Some(self.scalar(quantile)?)),
            (_, [range]) => (range, None),
            (_, [range, number]) => (range, Some(self.scalar(number)?)),
            _ => return Err(Unknown(format!("the function {name}"))),
        };
        let range = self.range(range)?;
        let keeps_name = matches!(name, "last_over_time" | "first_over_time");
        let mut points = Vec::new();
        for series in &range.series {
            if let Some(value) = self.of_window(name, number, &range, series)? {
                let labels = if keeps_name { series.labels.clone() } else { nameless(series.labels.clone()) };
                points.push(Point { labels, value });
            }
        }
        Ok(points)
    }

    fn of_window(&self, name: &str, number: Option<f64>, range: &Range, series: &Windowed) -> Result<Option<f64>> {
        let samples = &series.samples;
        let values = || samples.iter().map(|(_, value)| *value);
        let changes =
            |is: fn(f64, f64) -> bool| samples.windows(2).filter(|pair| is(pair[0].1, pair[1].1)).count() as f64;
        let count = samples.len() as f64;
        let last = samples.last().map(|(_, value)| *value);
        let varies = || {
            let mean = values().sum::<f64>() / count;
            values().map(|value| (value - mean).powi(2)).sum::<f64>() / count
        };
        Ok(match (name, number) {
            ("rate", None) => extrapolated(range, series, true, self.edition).map(|grown| grown / seconds(range)),
            ("increase", None) => extrapolated(range, series, true, self.edition),
            ("delta", None) => extrapolated(range, series, false, self.edition),
            ("irate", None) => instant(samples, true).map(|(grown, time)| grown / time),
            ("idelta", None) => instant(samples, false).map(|(grown, _)| grown),
            ("deriv", None) => line(samples, samples.first().map_or(0, |first| first.0)).map(|(slope, _)| slope),
            ("predict_linear", Some(ahead)) => {
                line(samples, range.end).map(|(slope, intercept)| slope.mul_add(ahead, intercept))
            }
            ("changes", None) => Some(changes(|one, other| one != other && !(one.is_nan() && other.is_nan()))),
            ("resets", None) => Some(changes(|one, other| other < one)),
            ("avg_over_time", None) => Some(values().sum::<f64>() / count),
            ("sum_over_time", None) => Some(values().sum()),
            ("count_over_time", None) => Some(count),
            ("present_over_time", None) => Some(1.0),
            ("max_over_time", None) => values().reduce(f64::max),
            ("min_over_time", None) => values().reduce(f64::min),
            ("last_over_time", None) => last,
            ("first_over_time", None) => samples.first().map(|(_, value)| *value),
            ("stdvar_over_time", None) => Some(varies()),
            ("stddev_over_time", None) => Some(varies().sqrt()),
            ("quantile_over_time", Some(quantile)) => Some(super::quantile::of_values(quantile, values().collect())),
            _ => return Err(Unknown(format!("the function {name}"))),
        })
    }

    /// `absent_over_time`
    pub(super) fn absent_over_time(&self, range: &Expr) -> Result<Vec<Point>> {
        let there = !self.range(range)?.series.is_empty();
        Ok(if there { Vec::new() } else { vec![super::function::absence(range)] })
    }
}

fn seconds(range: &Range) -> f64 {
    (range.end - range.start) as f64 / 1000.0
}

/// How much a series grew over the whole window: what lies between its samples and the window's ends is
/// added, but not more than half a gap, and a counter is not taken below zero.
fn extrapolated(range: &Range, series: &Windowed, counter: bool, edition: Edition) -> Option<f64> {
    let (first, last) = (series.samples.first()?, series.samples.last()?);
    if series.samples.len() < 2 {
        return None;
    }
    let resets = series.samples.windows(2).filter(|pair| counter && pair[1].1 < pair[0].1);
    let grown = last.1 - first.1 + resets.map(|pair| pair[0].1).sum::<f64>();
    let sampled = (last.0 - first.0) as f64 / 1000.0;
    let gap = sampled / (series.samples.len() - 1) as f64;
    let near = gap * 1.1;
    let capped = |distance: f64| if distance < near { distance } else { gap / 2.0 };
    let before = (first.0 - range.start) as f64 / 1000.0;
    let after = (range.end - last.0) as f64 / 1000.0;
    let to_zero = if counter && grown > 0.0 && first.1 >= 0.0 { sampled * (first.1 / grown) } else { f64::INFINITY };
    // Prometheus 2 asks for zero first and for the gap then, 3 the other way round.
    let before = match edition {
        Edition::Two => capped(before.min(to_zero)),
        Edition::Three => capped(before).min(to_zero),
    };
    Some(grown * ((sampled + before + capped(after)) / sampled))
}

/// The growth between the last two samples, and the seconds between them.
fn instant(samples: &[(i64, f64)], counter: bool) -> Option<(f64, f64)> {
    let [.., before, last] = samples else { return None };
    let grown = if counter && last.1 < before.1 { last.1 } else { last.1 - before.1 };
    Some((grown, (last.0 - before.0) as f64 / 1000.0))
}

/// Slope a second and value at a moment of the line that fits best.
fn line(samples: &[(i64, f64)], moment: i64) -> Option<(f64, f64)> {
    let first = samples.first()?.1;
    if samples.len() < 2 {
        return None;
    }
    if samples.iter().all(|(_, value)| *value == first) {
        return Some((0.0, first));
    }
    let count = samples.len() as f64;
    let points = || samples.iter().map(|(at, value)| ((*at - moment) as f64 / 1000.0, *value));
    let (x, y): (f64, f64) = (points().map(|(x, _)| x).sum(), points().map(|(_, y)| y).sum());
    let (xy, xx): (f64, f64) = (points().map(|(x, y)| x * y).sum(), points().map(|(x, _)| x * x).sum());
    let slope = (xy - x * y / count) / (xx - x * x / count);
    Some((slope, y / count - slope * x / count))
}
