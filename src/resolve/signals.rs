//! Signals: packs' declarations merged into one with every rendering, a service's own instead of a pack's.

use indexmap::IndexMap;

use super::jobs::Reached;
use super::problems::{NO_RENDERING, UNIT_MISMATCH};
use super::services::{PackUse, Surroundings};
use super::{Resolver, clouds, shapes, title_of};
use crate::diagnostics::Diagnostic;
use crate::model::{AzureMetric, CloudMetric, GoogleMetric, LogFilter, Metric, Shape, Signal};
use crate::quantity::{Duration, Unit};
use crate::source::{Span, Spanned};
use crate::spec::signal as written;

/// The window of rates that nobody chose.
const WINDOW: Duration = Duration::minutes(5);

/// One declaration of a signal, and the pack it comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declaration<'a> {
    pub(super) signal: &'a written::Signal,
    pub(super) used: Option<&'a PackUse<'a>>,
    pub(super) span: Span,
}

/// What shapes need to know of their service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Catalogue<'a> {
    pub(super) metrics: &'a IndexMap<String, Metric>,
    pub(super) reached: &'a Reached,
}

/// Every signal of a service, by name.
pub(super) fn resolve(
    around: &Surroundings,
    metrics: &IndexMap<String, Metric>,
    reached: &Reached,
    resolver: &mut Resolver,
) -> IndexMap<String, Signal> {
    let mut declared: IndexMap<&str, Vec<Declaration>> = IndexMap::new();
    for used in around.uses {
        for (name, signal) in used.pack.signals.iter() {
            let declaration = Declaration { signal, used: Some(used), span: used.span };
            declared.entry(name.as_str()).or_default().push(declaration);
        }
    }
    for (name, signal) in around.written.signals.iter() {
        declared.insert(name.as_str(), vec![Declaration { signal, used: None, span: name.span }]);
    }
    let catalogue = Catalogue { metrics, reached };
    let mut signals = IndexMap::new();
    for (name, declarations) in declared {
        if let Some(signal) = merge(around, name, &declarations, catalogue, resolver) {
            signals.insert(name.to_owned(), signal);
        }
    }
    signals
}

/// One signal from all its declarations: of each rendering, the first.
fn merge(
    around: &Surroundings,
    name: &str,
    declarations: &[Declaration],
    catalogue: Catalogue,
    resolver: &mut Resolver,
) -> Option<Signal> {
    let first = declarations.first()?;
    let mut unit: Option<(Unit, Span)> = None;
    let (mut shape, mut cloud, mut log) = (None::<Shape>, None::<CloudMetric>, None::<LogFilter>);
    let (mut google, mut azure) = (None::<GoogleMetric>, None::<AzureMetric>);
    for declaration in declarations {
        let found = shapes::shape(declaration, catalogue, resolver);
        let found_unit = unit_of(declaration, found.as_ref(), catalogue);
        if shape.is_none() {
            shape = found;
        }
        if cloud.is_none()
            && let Some(written) = &declaration.signal.cloud
        {
            cloud = shapes::cloud(written, declaration, found_unit, resolver);
        }
        if log.is_none()
            && let Some(written) = &declaration.signal.log
        {
            log = shapes::log(written, around.retention, resolver);
        }
        if google.is_none()
            && let Some(written) = &declaration.signal.google
        {
            google = clouds::google(written, declaration, found_unit, resolver);
        }
        if azure.is_none()
            && let Some(written) = &declaration.signal.azure
        {
            azure = clouds::azure(written, declaration, found_unit, resolver);
        }
        match (unit, found_unit) {
            (Some((unit, span)), Some(other)) if unit != other => {
                let message = format!("`{name}` is {} here, and {} there", described(other), described(unit));
                resolver.report(Diagnostic::new(&UNIT_MISMATCH, declaration.span, message).also(span, "there"));
            }
            (None, Some(found)) => unit = Some((found, declaration.span)),
            _ => {}
        }
    }
    if shape.is_none() && cloud.is_none() && log.is_none() && google.is_none() && azure.is_none() {
        let silent = declarations.iter().any(|declaration| shapes::says_something(declaration.signal));
        if !silent {
            let message = format!("the signal `{name}` says nothing to measure");
            let help = "give it one of rate, ratio, latency, gauge, fraction, increase, age, expr, cloud, log, google or azure";
            resolver.report(Diagnostic::new(&NO_RENDERING, first.span, message).help(help));
        }
        return None;
    }
    let pick = |get: fn(&written::Signal) -> Option<String>| declarations.iter().find_map(|one| get(one.signal));
    let per = declarations.iter().find_map(|one| one.signal.per.as_ref());
    let over = declarations.iter().find_map(|one| one.signal.over);
    Some(Signal {
        name: name.to_owned(),
        service: around.name.to_string(),
        title: pick(|signal| signal.title.clone()).unwrap_or_else(|| title_of(name)),
        description: pick(|signal| signal.description.clone()),
        unit: unit.map_or(Unit::Number, |(unit, _)| unit),
        better: declarations.iter().find_map(|one| one.signal.better),
        per: per.into_iter().flatten().map(|label| label.to_string()).collect(),
        shape,
        cloud,
        log,
        google,
        azure,
        window: over.unwrap_or(Spanned::new(WINDOW, first.span)),
        origin: first.span.into(),
    })
}

fn described(unit: Unit) -> &'static str {
    unit.dimension().describe()
}

/// The unit a declaration gives: written, or following from what it measures.
fn unit_of(declaration: &Declaration, shape: Option<&Shape>, catalogue: Catalogue) -> Option<Unit> {
    if let Some(unit) = &declaration.signal.unit {
        return Some(unit.value);
    }
    let metric_unit = |name: &Option<String>| {
        let metric = name.as_ref().and_then(|name| catalogue.metrics.get(name));
        metric.and_then(|metric| metric.unit)
    };
    if let Some(shape) = shape {
        return Some(match shape {
            Shape::Rate { of } => {
                let unit = of.first().and_then(|selector| metric_unit(&selector.metric));
                unit.and_then(Unit::per_second).unwrap_or(Unit::PerSecond)
            }
            Shape::Ratio { .. } | Shape::Fraction { .. } => Unit::Ratio,
            Shape::Latency { histogram, .. } => metric_unit(&histogram.metric).unwrap_or(Unit::Seconds),
            Shape::Gauge { of, .. } => metric_unit(&of.metric).unwrap_or(Unit::Count),
            Shape::Increase { of } => {
                of.first().and_then(|selector| metric_unit(&selector.metric)).unwrap_or(Unit::Count)
            }
            Shape::Age { .. } => Unit::Seconds,
            Shape::Expr { .. } => Unit::Number,
        });
    }
    if declaration.signal.log.is_some() {
        return Some(Unit::Count);
    }
    let signal = declaration.signal;
    let cloud = signal.cloud.as_ref().and_then(|cloud| cloud.unit.as_ref());
    let google = || signal.google.as_ref().and_then(|google| google.unit.as_ref());
    let azure = || signal.azure.as_ref().and_then(|azure| azure.unit.as_ref());
    cloud.or_else(google).or_else(azure).map(|unit| shapes::unit_of_cloud(unit.value))
}
