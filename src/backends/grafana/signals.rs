//! Panels on signals: what is asked, in which unit, and where an alert would fire.

use rust_decimal::Decimal;

use super::bands::{self, Bad};
use super::config::{DataSource, Link, Panel, PrometheusTarget, Target};
use super::visual::Visual;
use super::{cloud, fields, lines, links, text, units, words};
use crate::model::{
    self, Better, Condition, Measure, PanelMeasure, PanelSource, Platform, Query, Service, Shape, Signal, Threshold,
    Urgency, View,
};
use crate::promql::build::{self, mul, over_time, rate, sum, sum_by};
use crate::promql::{Expr, MatchOp, Selector, Window};
use crate::quantity::Duration;
use crate::signals;

/// The Prometheus that the dashboard's variable chooses.
pub(super) const PROMETHEUS: DataSource = DataSource { r#type: "prometheus", uid: "${datasource}" };

/// Panels that ask several datasources.
const MIXED: DataSource = DataSource { r#type: "datasource", uid: "-- Mixed --" };

/// One query of a panel, ready to be drawn.
pub(super) struct Asked<'a> {
    pub(super) letter: String,
    pub(super) targets: Vec<Target>,
    pub(super) unit: &'static str,
    /// Whether the values fill what lies between the unit's limits.
    pub(super) whole: bool,
    pub(super) bad: Vec<Bad>,
    pub(super) watched: Vec<&'a Threshold>,
    pub(super) many: bool,
    /// Letters of targets that are bounds, and the colours of what lies beyond them.
    pub(super) moving: Vec<(String, &'static str)>,
}

/// A panel without its place; `None` when none of its signals can be asked where it wants them asked.
pub(super) fn panel(platform: &Platform, panel: &model::Panel, of: Option<&Service>) -> Option<Panel> {
    let view = panel.view.unwrap_or_else(|| view(platform, panel));
    let several = panel.queries.len() > 1;
    let asked: Vec<Asked<'_>> = panel
        .queries
        .iter()
        .enumerate()
        .filter_map(|(index, query)| ask(platform, panel, query, &letter(index), several, view, of))
        .collect();
    let unit = asked.first()?.unit;
    let visual = visual(view, unit, asked.len() > 3 || asked.iter().any(|asked| asked.many));
    let watched = distinct(&asked);
    let field_config = fields::config(&asked, view);
    Some(Panel {
        id: 0,
        title: text::words(&panel.title),
        description: description(platform, panel, &watched),
        grid_pos: super::config::GridPos::default(),
        datasource: datasource(&asked),
        links: panel_links(platform, panel, &watched, of),
        visual,
        field_config,
        targets: asked.into_iter().flat_map(|asked| asked.targets).collect(),
        transformations: Vec::new(),
        time_from: None,
    })
}

/// A, B, ..., Z, AA, ...
fn letter(index: usize) -> String {
    let last = char::from(b'A' + u8::try_from(index % 26).unwrap_or(0));
    if index < 26 { last.to_string() } else { format!("{}{last}", letter(index / 26 - 1)) }
}

/// The look that suits what is asked first.
fn view(platform: &Platform, panel: &model::Panel) -> View {
    let first = panel.queries.first().map(|query| &query.measure);
    match first {
        Some(PanelMeasure::Signal { service, signal, .. }) => match platform.signal(service, &signal.value) {
            Some(Signal { shape: Some(Shape::Age { .. }), .. }) => View::Number,
            _ => View::Lines,
        },
        _ => View::Lines,
    }
}

fn visual(view: View, unit: &'static str, many: bool) -> Visual {
    match view {
        View::Lines => Visual::lines(many),
        View::Number => Visual::number(),
        View::Gauge => Visual::gauge(),
        View::Table => Visual::table(),
        View::Heatmap => Visual::heatmap(unit),
        View::Bars => Visual::bars(),
    }
}

fn ask<'a>(
    platform: &'a Platform,
    panel: &model::Panel,
    query: &Query,
    letter: &str,
    several: bool,
    view: View,
    of: Option<&Service>,
) -> Option<Asked<'a>> {
    let (signal, measure) = match &query.measure {
        PanelMeasure::Signal { service, signal, measure } => (platform.signal(service, &signal.value)?, measure),
        PanelMeasure::Expr { expr, .. } => {
            let unit = panel.unit.map_or("short", units::of);
            let legend = if query.by.is_empty() { text::legend(&panel.title) } else { labels(&query.by) };
            let target = prometheus(platform, expr.value.clone(), letter, legend, view, of);
            return Some(Asked {
                letter: letter.to_owned(),
                targets: vec![target],
                unit,
                whole: false,
                bad: Vec::new(),
                watched: Vec::new(),
                many: !query.by.is_empty(),
                moving: Vec::new(),
            });
        }
    };
    let watched: Vec<&Threshold> = watched(platform, signal, measure);
    let many = !query.by.is_empty();
    let legend = legend(panel, signal, measure, &query.by, several);
    let mut moving = Vec::new();
    let (targets, unit, bounds): (Vec<Target>, _, Vec<Option<Decimal>>) = match query.source {
        PanelSource::Prometheus => {
            let expr = expression(signal, measure, view, &query.by)?;
            let legend = if view == View::Heatmap { "{{le}}".to_owned() } else { legend };
            let unit = units::of(if matches!(measure, Measure::Within(_)) {
                crate::quantity::Unit::Ratio
            } else {
                signal.unit
            });
            let bounds = watched.iter().map(|threshold| bound(threshold)).collect();
            let mut targets = vec![prometheus(platform, expr, letter, legend, view, of)];
            // The average is of the whole: beside the parts of it, it would say nothing about any of them.
            if view == View::Lines && query.by.is_empty() {
                for (target, color) in baselines(platform, signal, &watched, letter) {
                    moving.push((target.ref_id.clone(), color));
                    targets.push(Target::Prometheus(target));
                }
            }
            (targets, unit, bounds)
        }
        PanelSource::CloudWatch => {
            let series = cloud::asked(platform, signal, measure)?;
            let (unit, bound_unit, window) = (series.unit, series.bound_unit, cloud::window(signal, platform));
            let targets = cloud::targets(platform, series, letter, &legend, window);
            let converted = |bound| signals::cloudwatch::convert(bound, bound_unit, unit, window);
            let bounds = watched.iter().map(|threshold| converted(bound(threshold)?)).collect();
            let targets = targets.into_iter().map(Target::CloudWatch);
            (targets.collect(), units::of_cloud(unit), bounds)
        }
        PanelSource::Loki => {
            let window = watched.first().map_or(signal.window.value, |threshold| threshold.window.value);
            let target = lines::counted(platform, signal, window, &query.by, letter, legend)?;
            let bounds = watched.iter().map(|threshold| bound(threshold)).collect();
            (vec![Target::Loki(target)], units::of(signal.unit), bounds)
        }
    };
    let bad = watched.iter().zip(bounds).filter_map(|(threshold, bound)| bad(platform, threshold, bound?)).collect();
    let whole = matches!(signal.shape, Some(Shape::Fraction { .. }))
        || signal.better == Some(Better::Higher)
        || matches!(measure, Measure::Within(_))
        || (query.source == PanelSource::CloudWatch && unit == "percent" && signal.shape.is_none());
    Some(Asked { letter: letter.to_owned(), targets, unit, whole, bad, watched, many, moving })
}

/// Alerts that watch this measure of the signal.
fn watched<'a>(platform: &'a Platform, signal: &Signal, measure: &Measure) -> Vec<&'a Threshold> {
    let service = platform.service(&signal.service);
    let thresholds = service.into_iter().flat_map(|service| &service.thresholds);
    let same = |threshold: &&Threshold| {
        threshold.signal.as_ref().is_some_and(|name| name.value == signal.name) && threshold.measure == *measure
    };
    thresholds.filter(same).collect()
}

/// The bound of a threshold that has one, in the signal's unit.
fn bound(threshold: &Threshold) -> Option<Decimal> {
    match &threshold.condition {
        Condition::Above(bound) | Condition::Below(bound) => Some(bound.value),
        _ => None,
    }
}

/// Bounds that move with a trailing average, from the series that the alerts' own rules record.
fn baselines(
    platform: &Platform,
    signal: &Signal,
    watched: &[&Threshold],
    letter: &str,
) -> Vec<(PrometheusTarget, &'static str)> {
    let mut bounds = Vec::new();
    let ruled = watched.iter().filter(|threshold| threshold.on.contains(&model::Evaluator::Prometheus));
    for (threshold, number) in ruled.zip(1..) {
        let (Condition::AboveBaseline { times, over } | Condition::BelowBaseline { times, over }) =
            &threshold.condition
        else {
            continue;
        };
        let Some(recorded) = signals::recording(threshold, Some(signal)) else { continue };
        let average = over_time("avg_over_time", recorded.selector(), over.value);
        let legend = text::legend(&words::baseline(times.value, over.value));
        let letter = format!("{letter}{number}");
        let asked = target(mul(build::number(times.value), average), &letter, legend, "time_series", true);
        bounds.push((asked, bands::color(urgency(platform, threshold))));
    }
    bounds
}

fn urgency(platform: &Platform, threshold: &Threshold) -> Urgency {
    platform.severity(&threshold.severity.value).map_or(Urgency::Ticket, |severity| severity.urgency)
}

fn bad(platform: &Platform, threshold: &Threshold, bound: Decimal) -> Option<Bad> {
    let urgency = urgency(platform, threshold);
    let above = match threshold.condition {
        Condition::Above(_) => true,
        Condition::Below(_) => false,
        _ => return None,
    };
    let bound = if above && bound.is_zero() { bands::above_nothing() } else { bound };
    Some(Bad { bound, above, urgency })
}

/// What a series is called: what differs between the queries, then its labels.
fn legend(panel: &model::Panel, signal: &Signal, measure: &Measure, by: &[String], several: bool) -> String {
    let of_signal = |query: &Query| matches!(&query.measure, PanelMeasure::Signal { service, signal: name, .. } if *service == signal.service && name.value == signal.name);
    let same = panel.queries.iter().all(of_signal);
    let name = match (several, same, measure) {
        (false, _, Measure::Value) if by.is_empty() => signal.title.clone(),
        (false, _, Measure::Value) => String::new(),
        (false, ..) | (true, true, _) => measure.in_words(),
        (true, false, Measure::Value) => signal.title.clone(),
        (true, false, _) => format!("{} {}", signal.title, measure.in_words()),
    };
    let parts = [text::legend(&name), labels(by)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn labels(by: &[String]) -> String {
    by.iter().map(|label| format!("{{{{{label}}}}}")).collect::<Vec<_>>().join(" ")
}

fn expression(signal: &Signal, measure: &Measure, view: View, by: &[String]) -> Option<Expr> {
    if view == View::Heatmap {
        return distribution(signal);
    }
    // An increase is of a time that means something (sales in an hour); rates follow what is shown.
    let window = match signal.shape {
        Some(Shape::Increase { .. }) => Window::Fixed(signal.window.value),
        // A share or a quantile that is only meant over a day would be noise over a minute.
        Some(Shape::Ratio { .. } | Shape::Latency { .. }) if signal.window.value > Duration::hours(1) => {
            Window::Fixed(signal.window.value)
        }
        _ => Window::RateInterval,
    };
    signals::expression(signal, measure, window, by)
}

fn distribution(signal: &Signal) -> Option<Expr> {
    let Some(Shape::Latency { histogram, native, .. }) = &signal.shape else { return None };
    Some(observations(&histogram.value, *native))
}

/// Observations a second, by bucket.
pub(super) fn observations(histogram: &Selector, native: bool) -> Expr {
    let mut selector = histogram.clone();
    if native {
        return sum(rate(selector, Window::RateInterval));
    }
    selector.metric = selector.metric.map(|name| format!("{name}_bucket"));
    sum_by(["le"], rate(selector, Window::RateInterval))
}

pub(super) fn prometheus(
    platform: &Platform,
    mut expr: Expr,
    letter: &str,
    legend_format: String,
    view: View,
    of: Option<&Service>,
) -> Target {
    let interval = slowest(platform, &mut expr);
    if let Some(service) = of {
        choose_instances(&mut expr, &crate::dashboards::jobs(service));
    }
    let over_time = matches!(view, View::Lines | View::Heatmap);
    let format = match view {
        View::Heatmap => "heatmap",
        View::Table => "table",
        _ => "time_series",
    };
    Target::Prometheus(PrometheusTarget { interval, ..target(expr, letter, legend_format, format, over_time) })
}

/// A PromQL query: over the time shown, or of its end only.
pub(super) fn target(
    expr: Expr,
    letter: &str,
    legend_format: String,
    format: &'static str,
    over_time: bool,
) -> PrometheusTarget {
    PrometheusTarget {
        ref_id: letter.to_owned(),
        datasource: PROMETHEUS,
        editor_mode: "code",
        expr,
        legend_format,
        format,
        range: over_time,
        instant: !over_time,
        exemplar: false,
        interval: None,
    }
}

/// The scrape interval of the slowest job asked, if it is not what the datasource is told.
fn slowest(platform: &Platform, expr: &mut Expr) -> Option<String> {
    let mut jobs = Vec::new();
    text::each_part(expr, &mut |part| {
        if let text::Part::Selector(selector) = part {
            let named = selector.matchers.iter().filter(|m| m.label == "job" && m.op == MatchOp::Equal);
            jobs.extend(named.map(|matcher| matcher.value.clone()));
        }
    });
    let scraped = platform.jobs().map(|(_, job)| (&job.name.value, job.interval.value));
    let probes = platform.services.iter().flat_map(|service| &service.probes);
    let all = scraped.chain(probes.map(|probe| (&probe.job, probe.interval.value)));
    let slowest = all.filter(|(name, _)| jobs.contains(name)).map(|(_, interval)| interval).max()?;
    (slowest > platform.scrape_interval.value).then(|| text::time(slowest))
}

/// Adds the dashboard's choice of instances wherever the service's own series are asked.
fn choose_instances(expr: &mut Expr, jobs: &[&str]) {
    text::each_part(expr, &mut |part| {
        if let text::Part::Selector(selector) = part {
            let own = |m: &crate::promql::Matcher| m.label == "job" && jobs.contains(&m.value.as_str());
            let chosen = selector.matchers.iter().any(|matcher| matcher.label == "instance");
            if !chosen && selector.matchers.iter().any(own) {
                let selector_with = std::mem::take(selector);
                *selector = selector_with.with_matcher("instance", MatchOp::Regex, text::INSTANCE);
            }
        }
    });
}

fn distinct<'a>(asked: &[Asked<'a>]) -> Vec<&'a Threshold> {
    let mut all: Vec<&Threshold> = Vec::new();
    for threshold in asked.iter().flat_map(|asked| &asked.watched) {
        if all.iter().all(|other| (&other.service, &other.name) != (&threshold.service, &threshold.name)) {
            all.push(threshold);
        }
    }
    all
}

fn datasource(asked: &[Asked<'_>]) -> DataSource {
    let mut sources = asked.iter().flat_map(|asked| &asked.targets).map(|target| match target {
        Target::Prometheus(_) => PROMETHEUS,
        Target::CloudWatch(_) => cloud::SOURCE,
        Target::Loki(_) => lines::LOKI,
        Target::Elasticsearch(_) => lines::ELASTICSEARCH,
    });
    let first = sources.next().unwrap_or(PROMETHEUS);
    if sources.all(|source| source == first) { first } else { MIXED }
}

fn description(platform: &Platform, panel: &model::Panel, watched: &[&Threshold]) -> String {
    let first = panel.queries.first().map(|query| &query.measure);
    let about = panel.description.clone().or_else(|| match first {
        Some(PanelMeasure::Signal { service, signal, .. }) => {
            let told = platform.signal(service, &signal.value).and_then(|signal| signal.description.clone());
            told.or_else(|| platform.service(service).map(|service| format!("{}, of {}", panel.title, service.title)))
        }
        _ => None,
    });
    let mut text = about.unwrap_or_else(|| panel.title.clone());
    if !watched.is_empty() {
        let alerts: Vec<String> = watched.iter().map(|threshold| words::alert(threshold, watched)).collect();
        text = format!("{text}\n\nAlerts:\n{}", alerts.join("\n"));
    }
    text::words(&text)
}

fn panel_links(platform: &Platform, panel: &model::Panel, watched: &[&Threshold], of: Option<&Service>) -> Vec<Link> {
    let mut all: Vec<Link> = Vec::new();
    for threshold in watched {
        if let Some(runbook) = &threshold.runbook {
            all.push(links::to(format!("Runbook of {}", words::name(threshold, watched)), runbook, true));
        }
    }
    if of.is_none() && platform.stack.grafana.per_service {
        for query in &panel.queries {
            if let PanelMeasure::Signal { service, .. } = &query.measure
                && let Some(service) = platform.service(service)
            {
                let link = links::service(platform, service);
                if !all.contains(&link) {
                    all.push(link);
                }
            }
        }
    }
    all
}
