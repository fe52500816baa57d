//! Dashboards: panels bound to signals.

mod promises;

use super::problems::{NO_RENDERING, NOT_A_LATENCY, PANEL_INCOMPLETE};
use super::{Resolver, service_names, shapes, text, thresholds, title_of};
use crate::diagnostics::Diagnostic;
use crate::model::{Dashboard, Measure, Panel, PanelMeasure, PanelSource, Query, Row, Service, Shape, Signal};
use crate::promql;
use crate::quantity::{Duration, Unit};
use crate::signals;
use crate::source::Spanned;
use crate::spec::dashboard as written;
use crate::spec::values::{Name, Named};
use rust_decimal::Decimal;

/// How often a dashboard refreshes unless it says.
pub(super) const REFRESH: Duration = Duration::seconds(30);
/// The time it shows at first unless it says.
pub(super) const RANGE: Duration = Duration::hours(1);

/// Every dashboard, in the order written; `usual` is where data come from when a signal has a choice.
pub(super) fn resolve(
    declared: &Named<Name, written::Dashboard>,
    usual: PanelSource,
    services: &[Service],
    resolver: &mut Resolver,
) -> Vec<Dashboard> {
    let grafana = resolver.spec.stack.as_ref().and_then(|stack| stack.grafana.as_ref());
    let refresh = grafana.and_then(|grafana| grafana.refresh).map_or(REFRESH, |refresh| refresh.value);
    let range = grafana.and_then(|grafana| grafana.range).map_or(RANGE, |range| range.value);
    let mut dashboards = Vec::new();
    for (name, written) in declared.iter() {
        let mut rows = Vec::new();
        if let Some(panels) = &written.panels {
            rows.push(Row { title: None, collapsed: false, panels: panels_of(panels, usual, services, resolver) });
        }
        for row in written.rows.iter().flatten() {
            let panels = panels_of(&row.panels, usual, services, resolver);
            rows.push(Row { title: Some(row.title.clone()), collapsed: row.collapsed.unwrap_or(false), panels });
        }
        dashboards.push(Dashboard {
            name: text(name),
            title: written.title.clone().unwrap_or_else(|| title_of(name.as_str())),
            description: written.description.clone(),
            refresh: written.refresh.map_or(refresh, |refresh| refresh.value),
            range: written.range.map_or(range, |range| range.value),
            tags: written.tags.clone().unwrap_or_default(),
            rows,
            origin: written.span,
        });
    }
    dashboards
}

fn panels_of(
    panels: &[written::Panel],
    usual: PanelSource,
    services: &[Service],
    resolver: &mut Resolver,
) -> Vec<Panel> {
    panels.iter().filter_map(|panel| self::panel(panel, usual, services, resolver)).collect()
}

fn panel(written: &written::Panel, usual: PanelSource, services: &[Service], resolver: &mut Resolver) -> Option<Panel> {
    if written.objectives.is_some() || written.slo.is_some() {
        return promises::panel(written, usual, services, resolver);
    }
    let (queries, units, usual_title) = match (&written.signal, &written.expr) {
        (Some(signals), None) => signal_queries(written, &signals.0, usual, services, resolver)?,
        (None, Some(expr)) => {
            let read = promql::parse_dashboard(expr.as_str());
            let measure =
                PanelMeasure::Expr { expr: shapes::read_expression(expr, read, resolver)?, text: expr.clone() };
            let by = labels(written, &[]);
            let unit = written.unit.map_or(Unit::Number, |unit| unit.value);
            (vec![Query { measure, source: PanelSource::Prometheus, by }], vec![unit], "Query".to_owned())
        }
        _ => {
            let message = "a panel shows a `signal` of a `service`, an `expr`, an `slo`, or `objectives`";
            resolver.report(Diagnostic::new(&PANEL_INCOMPLETE, written.span.0, message));
            return None;
        }
    };
    let unit = units.first().copied().filter(|first| units.iter().all(|unit| unit == first));
    Some(Panel {
        title: written.title.clone().unwrap_or(usual_title),
        description: written.description.clone(),
        promise: None,
        queries,
        unit,
        view: written.view.map(|view| view.value),
        width: written.width.map(|width| width.value),
        origin: written.span,
    })
}

type Queries = (Vec<Query>, Vec<Unit>, String);

fn signal_queries(
    written: &written::Panel,
    names: &[Spanned<String>],
    usual: PanelSource,
    services: &[Service],
    resolver: &mut Resolver,
) -> Option<Queries> {
    let (mut queries, mut units, mut titles) = (Vec::new(), Vec::new(), Vec::new());
    for spoken in names {
        let Some((service, signal)) = find(written, spoken, services, resolver) else { continue };
        let source = source_of(written, signal, spoken, usual, resolver)?;
        for measure in measures(written, signal, source, resolver)? {
            units.push(if matches!(measure, Measure::Within(_)) { Unit::Ratio } else { signal.unit });
            queries.push(Query {
                measure: PanelMeasure::Signal {
                    service: service.name.value.clone(),
                    signal: Spanned::new(signal.name.clone(), spoken.span),
                    measure,
                },
                source,
                by: labels(written, &signal.per),
            });
        }
        titles.push(signal.title.clone());
    }
    (!queries.is_empty()).then(|| (queries, units, titles.join(", ")))
}

/// The signal's own labels, then those the panel asks for.
fn labels(written: &written::Panel, per: &[String]) -> Vec<String> {
    let mut labels = per.to_vec();
    for label in written.by.iter().flatten() {
        if !labels.iter().any(|other| other == label.as_str()) {
            labels.push(label.to_string());
        }
    }
    labels
}

/// `signal` of the panel's service, or `service/signal`.
fn find<'s>(
    written: &written::Panel,
    spoken: &Spanned<String>,
    services: &'s [Service],
    resolver: &mut Resolver,
) -> Option<(&'s Service, &'s Signal)> {
    let (service_name, span, signal_name) = match (spoken.split_once('/'), &written.service) {
        (Some((service, signal)), _) => (service, spoken.span, signal),
        (None, Some(service)) => (service.as_str(), service.span, spoken.as_str()),
        (None, None) => {
            let message = format!("`{}` is a signal of which service?", spoken.value);
            let diagnostic = Diagnostic::new(&PANEL_INCOMPLETE, spoken.span, message);
            resolver.report(diagnostic.help("add `service:`, or write `service/signal`"));
            return None;
        }
    };
    if !resolver.known("service", service_name, span, service_names(services)) {
        return None;
    }
    let service = services.iter().find(|service| service.name.value == service_name)?;
    let known: Vec<&str> = service.signals.keys().map(String::as_str).collect();
    if !resolver.known("signal", signal_name, spoken.span, known) {
        return None;
    }
    service.signals.get(signal_name).map(|signal| (service, signal))
}

/// Where the data come from: what the panel says, or the dashboard's usual source if the signal is there.
fn source_of(
    written: &written::Panel,
    signal: &Signal,
    spoken: &Spanned<String>,
    usual: PanelSource,
    resolver: &mut Resolver,
) -> Option<PanelSource> {
    let (in_cloud, in_loki) = (signals::cloudwatch::in_cloudwatch(signal), signals::logql::in_loki(signal));
    let usual = match (signal.shape.is_some(), in_cloud, in_loki) {
        (true, true, _) => usual,
        (true, false, _) => PanelSource::Prometheus,
        (false, false, true) => PanelSource::Loki,
        _ => PanelSource::CloudWatch,
    };
    let wanted = written.source.as_ref().map_or(usual, |source| source.value);
    let there = match wanted {
        PanelSource::Prometheus => signal.shape.is_some(),
        PanelSource::CloudWatch => in_cloud,
        PanelSource::Loki => in_loki,
    };
    if !there {
        let message = format!("`{}` is not measured in {}", signal.name, wanted.word());
        let place = written.source.as_ref().map_or(spoken.span, |source| source.span);
        resolver.report(Diagnostic::new(&NO_RENDERING, place, message).also(signal.origin.0, "declared here"));
    }
    there.then_some(wanted)
}

/// What is asked of the signal: a latency's quantiles, its share within a bound, or the value.
fn measures(
    written: &written::Panel,
    signal: &Signal,
    source: PanelSource,
    resolver: &mut Resolver,
) -> Option<Vec<Measure>> {
    let is_latency = matches!(signal.shape, Some(Shape::Latency { .. }));
    if !is_latency || source != PanelSource::Prometheus {
        if let Some(span) = written.within.as_ref().map(|within| within.span) {
            let message = format!("`{}` is no latency, so nothing is `within` a bound", signal.name);
            resolver.report(Diagnostic::new(&NOT_A_LATENCY, span, message));
            return None;
        }
        return Some(vec![Measure::Value]);
    }
    if let Some(within) = &written.within {
        return Some(vec![thresholds::within_measure(within, signal, resolver)?]);
    }
    let Some(quantiles) = &written.quantile else { return Some(vec![Measure::Quantile(Decimal::new(95, 2))]) };
    let read: Vec<Option<Measure>> =
        quantiles.0.iter().map(|quantile| thresholds::quantile(quantile, resolver).map(Measure::Quantile)).collect();
    read.into_iter().collect()
}
