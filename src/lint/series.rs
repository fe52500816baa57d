//! Every series that a platform reads: through the shapes of its signals, and in expressions that people wrote.

use crate::model::{Condition, MetricType, PanelMeasure, Part, Platform, Shape, Signal, Sli, Threshold, Whole};
use crate::promql::{Expr, MatchOp, Range, Selector};
use crate::quantity::Duration;
use crate::source::{Sources, Span, Spanned};
use crate::spec::values::Written;

/// Whose expression it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Owner<'a> {
    /// A signal's.
    Signal(&'a Signal),
    /// An alert's.
    Alert(Alert<'a>),
    /// A rule's that records.
    Recording(Recording<'a>),
    /// An SLO's, or a panel's.
    Other,
}

/// An alert, as far as rules about its expression want to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alert<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// How long its condition must hold; none when nothing is said.
    pub(super) hold: Option<Spanned<Duration>>,
    /// Whether a rule file has it, not a threshold of a spec.
    pub(super) is_of_a_file: bool,
    /// How often it is evaluated, if that is known.
    pub(super) every: Option<Duration>,
    /// Labels that it adds, as Go templates; none when the compiler writes them.
    pub(super) labels: &'a [(Spanned<String>, Written)],
    /// Its annotations, as Go templates; none when the compiler writes them.
    pub(super) annotations: &'a [(Spanned<String>, Written)],
}

impl<'a> Alert<'a> {
    /// The texts of its labels, then of its annotations, by name.
    pub(super) fn texts(&self) -> impl Iterator<Item = &'a (Spanned<String>, Written)> {
        self.labels.iter().chain(self.annotations)
    }
}

/// A rule that records a series.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recording<'a> {
    /// The series that it records.
    pub(super) name: &'a str,
    /// Where the name stands.
    pub(super) place: Span,
    /// Labels that it adds.
    pub(super) labels: &'a [(Spanned<String>, Written)],
}

/// An expression that somebody wrote.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expression<'a> {
    pub(super) expr: &'a Expr,
    pub(super) text: &'a Written,
    pub(super) owner: Owner<'a>,
}

impl Expression<'_> {
    /// The place of some bytes of it.
    pub(super) fn locate(&self, at: Range) -> Span {
        self.text.locate(at.start as usize..at.end as usize)
    }

    /// The place of the metric that a selector names; of the whole selector when it does not begin with it.
    pub(super) fn metric(&self, selector: &Selector) -> Span {
        let start = selector.at.start as usize;
        match selector.metric.as_deref() {
            Some(name) if self.text.as_str().get(start..).is_some_and(|rest| rest.starts_with(name)) => {
                self.text.locate(start..start + name.len())
            }
            _ => self.locate(selector.at),
        }
    }
}

/// Every expression of the platform, in the order of services, then dashboards.
pub(super) fn expressions(platform: &Platform) -> Vec<Expression<'_>> {
    let mut found = Vec::new();
    for service in &platform.services {
        for signal in service.signals.values() {
            if let Some(Shape::Expr { expr, text }) = &signal.shape {
                found.push(Expression { expr, text, owner: Owner::Signal(signal) });
            }
        }
        for slo in &service.slos {
            if let Sli::Raw { part, total, .. } = &slo.sli {
                let counted = [part, total].into_iter();
                found.extend(counted.map(|one| Expression { expr: &one.expr, text: &one.text, owner: Owner::Other }));
            }
        }
        for threshold in &service.thresholds {
            if let Condition::Expr { expr, text } = &threshold.condition {
                found.push(Expression { expr, text, owner: Owner::Alert(alert(platform, threshold)) });
            }
        }
    }
    let cloud = platform.stack.cloudwatch.iter().flat_map(|cloud| &cloud.dashboards);
    let panels = platform.dashboards.iter().chain(cloud).flat_map(|board| &board.rows).flat_map(|row| &row.panels);
    for query in panels.flat_map(|panel| &panel.queries) {
        if let PanelMeasure::Expr { expr, text } = &query.measure {
            found.push(Expression { expr, text, owner: Owner::Other });
        }
    }
    found
}

fn alert<'a>(platform: &Platform, threshold: &'a Threshold) -> Alert<'a> {
    Alert {
        name: &threshold.name.value,
        hold: Some(threshold.hold).filter(|hold| !hold.value.is_zero()),
        is_of_a_file: false,
        every: Some(platform.evaluation_interval.value),
        labels: &[],
        annotations: &[],
    }
}

/// What a shape makes of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Its rate or increase.
    Rate,
    /// Its value.
    Value,
    /// Its buckets.
    Buckets,
}

/// The selectors of a shape, each with what is made of it. Raw expressions have none here.
pub(super) fn selectors(shape: &Shape) -> Vec<(&Spanned<Selector>, Role)> {
    match shape {
        Shape::Rate { of } | Shape::Increase { of } => of.iter().map(|one| (one, Role::Rate)).collect(),
        Shape::Ratio { part, total, .. } => part.iter().chain(total).map(|one| (one, Role::Rate)).collect(),
        Shape::Latency { histogram, .. } => vec![(histogram, Role::Buckets)],
        Shape::Gauge { of, .. } | Shape::Age { of, .. } => vec![(of, Role::Value)],
        Shape::Fraction { part: Part::Used(part) | Part::Free(part), whole, .. } => {
            let whole = match whole {
                Whole::Gauge(whole) => Some((whole, Role::Value)),
                Whole::Constant(_) => None,
            };
            [(part, Role::Value)].into_iter().chain(whole).collect()
        }
        Shape::Expr { .. } => Vec::new(),
    }
}

/// A series that a signal's shape reads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) selector: &'a Selector,
    pub(super) role: Role,
    /// The metric's name where it is written.
    pub(super) place: Span,
}

/// Every series that the shapes of signals read.
pub(super) fn readings<'a>(sources: &Sources, platform: &'a Platform) -> Vec<Reading<'a>> {
    let mut found = Vec::new();
    for signal in platform.services.iter().flat_map(|service| service.signals.values()) {
        for (selector, role) in signal.shape.iter().flat_map(selectors) {
            let place = metric_place(sources, selector);
            found.push(Reading { selector: &selector.value, role, place });
        }
    }
    found
}

/// The bytes of a metric's name inside the scalar that holds the selector. A name has no character that
/// any notation escapes, so it stands there as it is.
fn metric_place(sources: &Sources, selector: &Spanned<Selector>) -> Span {
    let written = sources.slice(selector.span);
    let name = selector.value.metric.as_deref().filter(|name| !name.is_empty());
    match name.and_then(|name| written.find(name).map(|at| (at, name.len()))) {
        Some((at, length)) => {
            let start = selector.span.start as usize + at;
            Span::new(selector.span.file, start, start + length)
        }
        None => selector.span,
    }
}

/// The job that a selector names, if it names exactly one.
pub(super) fn job_of(selector: &Selector) -> Option<&str> {
    let job = selector.matchers.iter().find(|matcher| matcher.label == "job" && matcher.op == MatchOp::Equal);
    job.map(|matcher| matcher.value.as_str())
}

/// The type of the series `name` of a declared metric: a histogram's `_count` only goes up.
pub(super) fn type_of_series(metric: &crate::model::Metric, name: &str) -> MetricType {
    let is_part = name.len() > metric.name.len();
    match metric.r#type {
        MetricType::Histogram | MetricType::Summary if is_part => MetricType::Counter,
        // A summary's own name carries quantiles, which go up and down.
        MetricType::Summary => MetricType::Gauge,
        other => other,
    }
}
