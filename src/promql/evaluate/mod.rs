//! What an expression is at a moment, of series that are at hand.
//!
//! Prometheus computes in binary floats, so this does. Functions that need histograms, the
//! calendar or an experimental flag are not known here; what is not known is an error, never a guess.

mod aggregate;
mod function;
mod operator;
mod quantile;
mod window;

use std::collections::BTreeMap;

use super::ask::{NAME_LABEL, leaves};
use super::pattern;
use super::{At, Expr, Kind, MatchOp, Offset, Selector};
use crate::quantity::Duration;

/// Labels of a series, the metric's name among them.
pub type Labels = BTreeMap<String, String>;

/// A series at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its labels.
    pub labels: Labels,
    /// Its samples by their milliseconds, oldest first; none marks the end of the series for now.
    pub samples: Vec<(i64, Option<f64>)>,
}

/// One sample of a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its labels.
    pub labels: Labels,
    /// Its value.
    pub value: f64,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// One number.
    Scalar(f64),
    /// A text.
    Text(String),
    /// Samples of one moment.
    Vector(Vec<Point>),
}

/// What cannot be evaluated here, in words: `the function holt_winters`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown(pub String);

type Result<T> = std::result::Result<T, Unknown>;

/// What Prometheus' major versions do differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// A window begins with the sample at its very start.
    Two,
    /// A window begins after it.
    Three,
}

/// How long a sample is still the latest one.
const LOOKBACK: i64 = 5 * 60 * 1000;

/// The series at hand, and which of them each selector of an expression matches: patterns are slow.
#[derive(Debug, Clone)]
pub struct Stock {
    series: Vec<Series>,
    matched: Vec<(Selector, Vec<usize>)>,
}

impl Stock {
    /// For evaluations of one expression.
    ///
    /// # Errors
    /// A pattern that cannot be told.
    pub fn new(series: Vec<Series>, expr: &Expr) -> Result<Self> {
        let mut matched = Vec::new();
        for leaf in leaves(expr) {
            let mut found = Vec::new();
            for (index, series) in series.iter().enumerate() {
                if matches(leaf.selector, &series.labels)? {
                    found.push(index);
                }
            }
            matched.push((leaf.selector.clone(), found));
        }
        Ok(Self { series, matched })
    }

    /// Adds a sample, newer than all others of its series; a series that is new is matched first.
    ///
    /// # Errors
    /// A pattern that cannot be told.
    pub fn push(&mut self, labels: &Labels, moment: i64, value: Option<f64>) -> Result<()> {
        if let Some(series) = self.series.iter_mut().find(|series| series.labels == *labels) {
            series.samples.push((moment, value));
            return Ok(());
        }
        for (selector, found) in &mut self.matched {
            if matches(selector, labels)? {
                found.push(self.series.len());
            }
        }
        self.series.push(Series { labels: labels.clone(), samples: vec![(moment, value)] });
        Ok(())
    }

    fn matched<'s>(&'s self, selector: &Selector) -> impl Iterator<Item = &'s Series> {
        let known = self.matched.iter().find(|(known, _)| known == selector);
        known.into_iter().flat_map(|(_, found)| found).filter_map(|index| self.series.get(*index))
    }
}

/// Where and when an expression is evaluated.
#[derive(Debug, Clone, Copy)]
pub struct Evaluation<'a> {
    /// The series, for this expression.
    pub stock: &'a Stock,
    /// The moment in milliseconds.
    pub moment: i64,
    /// Whose rules.
    pub edition: Edition,
    /// How often subqueries without a resolution are evaluated.
    pub interval: Duration,
}

/// A series with its samples in a window.
struct Windowed {
    labels: Labels,
    samples: Vec<(i64, f64)>,
}

/// A window and the series in it.
struct Range {
    /// Its beginning, in milliseconds.
    start: i64,
    /// Its end.
    end: i64,
    series: Vec<Windowed>,
}

impl Evaluation<'_> {
    /// What the expression is.
    ///
    /// # Errors
    /// What of it is not known here, or what Prometheus itself would refuse.
    pub fn of(&self, expr: &Expr) -> Result<Value> {
        match &expr.kind {
            Kind::Number(number) => {
                number.to_string().parse().map(Value::Scalar).map_err(|_| Unknown(format!("the number {number}")))
            }
            Kind::Float(float) => Ok(Value::Scalar(float.0)),
            Kind::Text(text) => Ok(Value::Text(text.clone())),
            Kind::Paren(inner) => self.of(inner),
            Kind::Unary { minus, expr } => Ok(match (self.of(expr)?, minus) {
                (Value::Scalar(value), true) => Value::Scalar(-value),
                (Value::Vector(points), true) => Value::Vector(mapped(points, |value| -value)),
                (other, _) => other,
            }),
            Kind::Selector(selector) => Ok(Value::Vector(self.latest(selector)?)),
            Kind::Matrix { .. } | Kind::Subquery { .. } => Err(Unknown("a range without a function".to_owned())),
            Kind::Call(call) => self.call(call),
            Kind::Aggregate(aggregate) => self.aggregate(aggregate).map(Value::Vector),
            Kind::Binary(binary) => self.binary(binary),
        }
    }

    fn vector(&self, expr: &Expr) -> Result<Vec<Point>> {
        match self.of(expr)? {
            Value::Vector(points) => Ok(points),
            Value::Scalar(_) | Value::Text(_) => Err(Unknown("a number where series belong".to_owned())),
        }
    }

    fn scalar(&self, expr: &Expr) -> Result<f64> {
        match self.of(expr)? {
            Value::Scalar(value) => Ok(value),
            Value::Vector(_) | Value::Text(_) => Err(Unknown("series where a number belongs".to_owned())),
        }
    }

    /// The moment that a selector or a subquery looks at.
    fn shifted(&self, offset: &Offset) -> Result<i64> {
        match offset.at {
            None => Ok(self.moment - offset.offset_millis),
            Some(At::Time(moment)) => Ok(moment - offset.offset_millis),
            Some(At::Start | At::End) => Err(Unknown("@ start() and @ end()".to_owned())),
        }
    }

    /// The latest sample of each series that a selector matches.
    fn latest(&self, selector: &Selector) -> Result<Vec<Point>> {
        let end = self.shifted(&selector.offset)?;
        let point = |series: &Series| {
            let after = series.samples.partition_point(|(moment, _)| *moment <= end);
            let (moment, value) = series.samples.get(after.checked_sub(1)?)?;
            let age = end - moment;
            let fresh = age < LOOKBACK || (age == LOOKBACK && self.edition == Edition::Two);
            let value = value.filter(|_| fresh)?;
            Some(Point { labels: series.labels.clone(), value })
        };
        Ok(self.stock.matched(selector).filter_map(point).collect())
    }

    /// The samples of a range vector.
    fn range(&self, expr: &Expr) -> Result<Range> {
        match &expr.kind {
            Kind::Paren(inner) => self.range(inner),
            Kind::Matrix { selector, range } => {
                let end = self.shifted(&selector.offset)?;
                let start = end - millis(range.fixed())?;
                let window = |series: &Series| {
                    let before = |moment: i64| moment < start || (moment == start && self.edition == Edition::Three);
                    let from = series.samples.partition_point(|(moment, _)| before(*moment));
                    let to = series.samples.partition_point(|(moment, _)| *moment <= end);
                    let samples = series.samples.get(from..to).unwrap_or_default().iter();
                    let samples = samples.filter_map(|(moment, value)| Some((*moment, (*value)?)));
                    Windowed { labels: series.labels.clone(), samples: samples.collect() }
                };
                let series = self.stock.matched(selector).map(window);
                Ok(Range { start, end, series: series.filter(|series| !series.samples.is_empty()).collect() })
            }
            Kind::Subquery { expr, range, step, offset } => {
                let end = self.shifted(offset)?;
                let start = end - millis(range.fixed())?;
                let step = millis(Some(step.unwrap_or(self.interval)))?.max(1);
                let mut series: BTreeMap<Labels, Vec<(i64, f64)>> = BTreeMap::new();
                let mut moment = start.div_euclid(step) * step;
                while moment <= end {
                    if moment > start || (moment == start && self.edition == Edition::Two) {
                        for point in (Evaluation { moment, ..*self }).vector(expr)? {
                            series.entry(point.labels).or_default().push((moment, point.value));
                        }
                    }
                    moment += step;
                }
                let series = series.into_iter().map(|(labels, samples)| Windowed { labels, samples });
                Ok(Range { start, end, series: series.collect() })
            }
            _ => Err(Unknown("series where a range belongs".to_owned())),
        }
    }
}

fn millis(duration: Option<Duration>) -> Result<i64> {
    let known = duration.and_then(|duration| i64::try_from(duration.as_millis()).ok());
    known.ok_or_else(|| Unknown("a dashboard's window".to_owned()))
}

/// Whether a selector matches labels, the metric's name among them.
///
/// # Errors
/// A regular expression that cannot be told.
pub fn matches(selector: &Selector, labels: &Labels) -> Result<bool> {
    let value = |label: &str| labels.get(label).map_or("", String::as_str);
    if selector.metric.as_deref().is_some_and(|metric| value(NAME_LABEL) != metric) {
        return Ok(false);
    }
    for matcher in &selector.matchers {
        let fitting = || {
            pattern::matches(&matcher.value, value(&matcher.label))
                .ok_or_else(|| Unknown(format!("`{}`", matcher.value)))
        };
        let fits = match matcher.op {
            MatchOp::Equal => matcher.value == value(&matcher.label),
            MatchOp::NotEqual => matcher.value != value(&matcher.label),
            MatchOp::Regex => fitting()?,
            MatchOp::NotRegex => !fitting()?,
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The points without their names, with other values.
fn mapped(points: Vec<Point>, value: impl Fn(f64) -> f64) -> Vec<Point> {
    points.into_iter().map(|point| Point { labels: nameless(point.labels), value: value(point.value) }).collect()
}

fn nameless(mut labels: Labels) -> Labels {
    labels.remove(NAME_LABEL);
    labels
}

#[cfg(test)]
mod tests;
