//! An alert played: which state it is in, evaluation by evaluation.

use std::collections::BTreeMap;

use super::super::clock::{Clock, State};
use super::super::made_up;
use super::Subject;
use super::samples::Samples;
use crate::promql::Expr;
use crate::promql::evaluate::{Edition, Evaluation, Labels, Point, Series, Stock, Unknown, Value};
use crate::quantity::Duration;

/// An alert under the rules of one version.
#[derive(Debug)]
pub(super) struct Player<'a> {
    subject: &'a Subject<'a>,
    clock: Clock,
    edition: Edition,
    /// What is recorded, if it reads recorded series: the series that are made up for that.
    sources: Option<Stock>,
    /// What the alert reads.
    stock: Stock,
    /// Recorded series that are there now.
    recorded: Vec<Labels>,
    alerts: BTreeMap<Labels, Alert>,
    /// The next evaluation of what is recorded.
    next: u64,
    /// Labels of the expression's samples.
    pub(super) labels: Option<Labels>,
}

/// One alert, in milliseconds.
#[derive(Debug)]
struct Alert {
    /// Its condition holds since.
    since: i64,
    fires: bool,
    /// Its condition is over since.
    over: Option<i64>,
}

impl<'a> Player<'a> {
    pub(super) fn new(
        subject: &'a Subject<'a>,
        played: &[(made_up::Series, Samples)],
        clock: Clock,
        edition: Edition,
    ) -> Result<Self, String> {
        let series = |(series, samples): &(made_up::Series, Samples)| {
            let labels = series.labels.iter().map(|(label, value)| (label.clone(), value.clone()));
            let mut labels: Labels = labels.collect();
            labels.insert("__name__".to_owned(), series.metric.clone());
            Series { labels, samples: samples.expanded(clock.step) }
        };
        let made_up = played.iter().map(series).collect();
        let (sources, series) = match &subject.recording {
            Some(recording) => (Some(Stock::new(made_up, &recording.expr).map_err(unknown)?), Vec::new()),
            None => (None, made_up),
        };
        let stock = Stock::new(series, subject.expr).map_err(unknown)?;
        let (recorded, alerts) = (Vec::new(), BTreeMap::new());
        Ok(Self { subject, clock, edition, sources, stock, recorded, alerts, next: 0, labels: None })
    }

    fn vector(&self, stock: &Stock, expr: &Expr, index: u64) -> Result<Vec<Point>, String> {
        let (moment, interval) = (self.moment(index), self.clock.evaluation);
        match (Evaluation { stock, moment, edition: self.edition, interval }).of(expr).map_err(unknown)? {
            Value::Vector(points) => Ok(points),
            Value::Scalar(_) | Value::Text(_) => Err("it is a number".to_owned()),
        }
    }

    fn moment(&self, index: u64) -> i64 {
        length(Duration::millis(self.clock.evaluation.as_millis().saturating_mul(index)))
    }

    /// Records what the alert reads, up to this evaluation.
    fn record(&mut self, until: u64) -> Result<(), String> {
        let (Some(sources), Some(recording)) = (&self.sources, &self.subject.recording) else { return Ok(()) };
        while self.next <= until {
            let moment = self.moment(self.next);
            let mut there = Vec::new();
            for mut point in self.vector(sources, &recording.expr, self.next)? {
                point.labels.extend(recording.labels.iter().cloned());
                point.labels.insert("__name__".to_owned(), recording.name.clone());
                self.stock.push(&point.labels, moment, Some(point.value)).map_err(unknown)?;
                there.push(point.labels);
            }
            for labels in self.recorded.iter().filter(|labels| !there.contains(labels)) {
                self.stock.push(labels, moment, None).map_err(unknown)?;
            }
            self.recorded = there;
            self.next += 1;
        }
        Ok(())
    }

    /// The alert's state at an evaluation; each is later than the one before.
    pub(super) fn state(&mut self, index: u64) -> Result<State, String> {
        self.record(index)?;
        let moment = self.moment(index);
        let (hold, keep) = (length(self.subject.hold), length(self.subject.keep_firing));
        let points = self.vector(&self.stock, self.subject.expr, index)?;
        let mut active: Vec<Labels> = points.into_iter().map(|point| point.labels).collect();
        for labels in &mut active {
            labels.remove("__name__");
            let usual = Alert { since: moment, fires: false, over: None };
            let alert = self.alerts.entry(labels.clone()).or_insert(usual);
            alert.fires |= moment - alert.since >= hold;
            alert.over = None;
        }
        self.alerts.retain(|labels, alert| {
            active.contains(labels) || {
                let ended = *alert.over.get_or_insert(moment);
                alert.fires && moment - ended < keep
            }
        });
        let mut present = self.alerts.iter();
        let Some((labels, alert)) = present.next() else { return Ok(State::Silent) };
        let known = self.labels.get_or_insert_with(|| labels.clone());
        if present.next().is_some() || known != labels {
            return Err("it would raise several alerts".to_owned());
        }
        Ok(if alert.fires { State::Firing } else { State::Pending })
    }
}

fn length(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn unknown(unknown: Unknown) -> String {
    format!("{} cannot be evaluated here", unknown.0)
}
