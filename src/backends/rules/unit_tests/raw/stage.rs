//! An alert played: which state it is in at each evaluation.

use std::collections::BTreeMap;

use super::super::clock::State;
use super::super::made_up;
use super::Subject;
use super::samples::Samples;
use crate::promql::evaluate::{Edition, Evaluation, Labels, Series, Stock, Unknown, Value};
use crate::quantity::Duration;

/// An alert's states, evaluation by evaluation, and its labels without those of the rule.
#[derive(Debug)]
pub(super) struct Played {
    /// The states.
    pub states: Vec<State>,
    /// Labels of the expression's samples.
    pub labels: Labels,
}

/// Series as the evaluation takes them.
pub(super) fn stock(subject: &Subject, played: &[(made_up::Series, Samples)], step: Duration) -> Result<Stock, String> {
    let series = |(series, samples): &(made_up::Series, Samples)| {
        let mut labels: Labels = series.labels.iter().map(|(label, value)| (label.clone(), value.clone())).collect();
        labels.insert("__name__".to_owned(), series.metric.clone());
        Series { labels, samples: samples.expanded(step) }
    };
    Stock::new(played.iter().map(series).collect(), subject.expr).map_err(unknown)
}

fn unknown(unknown: Unknown) -> String {
    format!("{} cannot be evaluated here", unknown.0)
}

/// Plays the alert for so many evaluations.
pub(super) fn play(
    subject: &Subject,
    stock: &Stock,
    interval: Duration,
    evaluations: u64,
    edition: Edition,
) -> Result<Played, String> {
    let every = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX);
    let length = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    let (hold, keep) = (length(subject.hold), length(subject.keep_firing));
    // For each label set: active since, whether it fires, and since when its condition is over.
    let mut alerts: BTreeMap<Labels, (i64, bool, Option<i64>)> = BTreeMap::new();
    let mut states = Vec::new();
    let mut found: Option<Labels> = None;
    for index in 0..=evaluations {
        let moment = every.saturating_mul(i64::try_from(index).unwrap_or(i64::MAX));
        let evaluation = Evaluation { stock, moment, edition, interval };
        let value = evaluation.of(subject.expr).map_err(unknown)?;
        let Value::Vector(points) = value else { return Err("it is a number".to_owned()) };
        let mut active: Vec<Labels> = points.into_iter().map(|point| point.labels).collect();
        for labels in &mut active {
            labels.remove("__name__");
            let (since, fires, over) = alerts.entry(labels.clone()).or_insert((moment, false, None));
            *fires |= moment - *since >= hold;
            *over = None;
        }
        alerts.retain(|labels, (_, fires, over)| {
            if active.contains(labels) {
                return true;
            }
            let ended = *over.get_or_insert(moment);
            *fires && moment - ended < keep
        });
        let mut present = alerts.iter();
        let state = present
            .next()
            .map_or(State::Silent, |(_, (_, fires, _))| if *fires { State::Firing } else { State::Pending });
        let several = || Err("it would raise several alerts".to_owned());
        if present.next().is_some() {
            return several();
        }
        if let Some(labels) = alerts.keys().next() {
            if found.as_ref().is_some_and(|known| known != labels) {
                return several();
            }
            found = Some(labels.clone());
        }
        states.push(state);
    }
    Ok(Played { states, labels: found.unwrap_or_default() })
}
