//! Dashboards on a grid 24 wide: what it is, the state of its alarms, then the panels row by row.

use super::alarms::{Around, Made, concerns, unit_word, watched};
use super::names::Labels;
use super::problems::{APPROXIMATE_IN_CLOUDWATCH, NOT_IN_CLOUDWATCH};
use super::terraform::{BoundLine, Comparison, Content, Dashboard, Graph, Limit, Widget};
use super::timing;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{
    CloudUnit, Dashboard as Declared, Panel, PanelMeasure, Platform, Query, Row, Signal, Urgency, View,
};
use crate::quantity::Duration;
use crate::signals::cloudwatch;

/// Columns of the grid.
const COLUMNS: u64 = 24;

/// Most alarms that one widget shows.
const MOST_ALARMS: usize = 100;

/// The dashboards of the stack, in the order written.
pub(super) fn dashboards(around: Around, alarms: &[Made], diagnostics: &mut Diagnostics) -> Vec<Dashboard> {
    let mut labels = Labels::default();
    let dashboard = |declared: &Declared| Dashboard {
        label: labels.label(&declared.name.value),
        name: declared.name.value.clone(),
        start: start(declared.range),
        widgets: widgets(around, declared, alarms, diagnostics),
    };
    around.stack.dashboards.iter().map(dashboard).collect()
}

/// Relative start, in the largest unit that holds the range exactly.
fn start(range: Duration) -> String {
    let minutes = range.as_millis().div_ceil(60_000).max(1);
    match minutes {
        days if days % 1440 == 0 => format!("-P{}D", days / 1440),
        hours if hours % 60 == 0 => format!("-PT{}H", hours / 60),
        minutes => format!("-PT{minutes}M"),
    }
}

fn widgets(around: Around, declared: &Declared, alarms: &[Made], diagnostics: &mut Diagnostics) -> Vec<Widget> {
    let mut grid = Grid::default();
    grid.line(2, Content::Text(heading(declared)));
    let shown = services(declared);
    let about = alarms.iter().map(|made| &made.alarm).filter(|alarm| shown.contains(&alarm.service.as_str()));
    let states: Vec<String> = about.map(|alarm| alarm.label.clone()).take(MOST_ALARMS).collect();
    if !states.is_empty() {
        grid.line(3, Content::Alarms(states));
    }
    for row in &declared.rows {
        add_row(around, row, alarms, &mut grid, diagnostics);
    }
    grid.widgets
}

fn heading(declared: &Declared) -> String {
    let title = format!("# {}", declared.title);
    let lines = declared.description.iter().map(String::as_str).chain([crate::conventions::BANNER]);
    std::iter::once(title.as_str()).chain(lines).collect::<Vec<_>>().join("\n\n")
}

/// Names of the services whose signals a dashboard shows.
fn services(declared: &Declared) -> Vec<&str> {
    let panels = declared.rows.iter().flat_map(|row| &row.panels);
    panels
        .flat_map(|panel| &panel.queries)
        .filter_map(|query| match &query.measure {
            PanelMeasure::Signal { service, .. } => Some(service.as_str()),
            PanelMeasure::Expr { .. } => None,
        })
        .collect()
}

fn add_row(around: Around, row: &Row, alarms: &[Made], grid: &mut Grid, diagnostics: &mut Diagnostics) {
    grid.new_line();
    if let Some(title) = &row.title {
        grid.line(1, Content::Text(format!("## {title}")));
    }
    for panel in &row.panels {
        let Some((graph, view)) = graph(around, panel, alarms, diagnostics) else { continue };
        let (width, height) = size(view);
        grid.add(panel.width.unwrap_or(width).clamp(1, COLUMNS), height, Content::Metrics(graph));
    }
}

fn size(view: View) -> (u64, u64) {
    match view {
        View::Number => (6, 4),
        View::Gauge => (6, 6),
        View::Table => (COLUMNS, 6),
        View::Lines | View::Heatmap | View::Bars => (12, 6),
    }
}

fn graph(around: Around, panel: &Panel, alarms: &[Made], diagnostics: &mut Diagnostics) -> Option<(Graph, View)> {
    let several = panel.queries.len() > 1;
    let mut graph = Graph {
        title: panel.title.clone(),
        view: "timeSeries",
        period: 0,
        lines: Vec::new(),
        unit: None,
        most: None,
        bounds: Vec::new(),
    };
    let mut units: Vec<CloudUnit> = Vec::new();
    for (at, query) in panel.queries.iter().enumerate() {
        let (signal, mut series) = match asked(around, query) {
            Ok(found) => found,
            Err(why) => {
                diagnostics.push(impossible(panel, &why));
                continue;
            }
        };
        if several {
            series = series.prefixed(&format!("q{}_", at + 1));
        }
        units.push(series.unit);
        let (bounds, period) = bounds(around.platform, query, alarms);
        let period = period.unwrap_or_else(|| timing::period(signal.window.value));
        graph.period = graph.period.max(period);
        graph.bounds.extend(bounds);
        graph.lines.push(watched(series, Some(signal), around.targets));
    }
    let &unit = units.first()?;
    graph.unit = units.iter().all(|other| *other == unit).then(|| unit_word(unit));
    if graph.unit.is_none() {
        // Bounds in one unit say nothing on an axis that two share.
        graph.bounds.clear();
    }
    let view = choose_view(panel, unit, &mut graph, diagnostics);
    Some((graph, view))
}

/// The signal that a query shows, as CloudWatch computes it.
fn asked<'a>(around: Around<'a>, query: &Query) -> Result<(&'a Signal, cloudwatch::Series), String> {
    let PanelMeasure::Signal { service, signal, measure } = &query.measure else {
        return Err("it is PromQL, which no CloudWatch metric answers".to_owned());
    };
    let found = around.platform.signal(service, &signal.value);
    let found = found.ok_or_else(|| format!("`{}` is no signal of `{service}`", signal.value))?;
    let series = cloudwatch::series(found, measure, &around.stack.namespace).map_err(|why| why.reason())?;
    Ok((found, series))
}

fn impossible(panel: &Panel, why: &str) -> Diagnostic {
    let message = format!("the panel `{}` cannot be drawn in CloudWatch: {why}", panel.title);
    Diagnostic::new(&NOT_IN_CLOUDWATCH, panel.origin.0, message)
        .note("the dashboard would lack it")
        .help("show it on a Grafana dashboard (`dashboards`), or give the signal a `cloud` metric")
}

/// Lines where alarms on the same measure fire, and the period in which they look at it.
fn bounds(platform: &Platform, query: &Query, alarms: &[Made]) -> (Vec<BoundLine>, Option<u64>) {
    let PanelMeasure::Signal { service, signal, measure } = &query.measure else { return (Vec::new(), None) };
    let concerned: Vec<&Made> = alarms
        .iter()
        .filter(|made| concerns(made.threshold, service, &signal.value, measure))
        .filter(|made| !matches!(made.threshold.condition, crate::model::Condition::Absent { .. }))
        .collect();
    let period = concerned.first().map(|made| made.alarm.period);
    let line = |made: &&Made| {
        let Limit::Fixed(value) = made.alarm.limit else { return None };
        let urgency = platform.severity(&made.threshold.severity.value).map(|severity| severity.urgency);
        Some(BoundLine {
            label: made.threshold.name.value.clone(),
            value,
            color: match urgency {
                Some(Urgency::Page) => "#d62728",
                Some(Urgency::Ticket) => "#ff7f0e",
                Some(Urgency::Nothing) | None => "#7f7f7f",
            },
            fill: if made.alarm.comparison == Comparison::LessThanThreshold { "below" } else { "above" },
        })
    };
    // A sum over another period is another number: its bound has no place here.
    let same_period = concerned.iter().filter(|made| Some(made.alarm.period) == period);
    (same_period.filter_map(line).collect(), period)
}

fn choose_view(panel: &Panel, unit: CloudUnit, graph: &mut Graph, diagnostics: &mut Diagnostics) -> View {
    let asked = panel.view.unwrap_or(View::Lines);
    let most = match unit {
        CloudUnit::Percent => Some(100),
        CloudUnit::Ratio => Some(1),
        _ => None,
    };
    let (view, name) = match (asked, most) {
        (View::Number, _) => (View::Number, "singleValue"),
        (View::Table, _) => (View::Table, "table"),
        (View::Bars, _) => (View::Bars, "bar"),
        (View::Gauge, Some(_)) => (View::Gauge, "gauge"),
        (View::Gauge, None) => (View::Number, "singleValue"),
        (View::Lines | View::Heatmap, _) => (View::Lines, "timeSeries"),
    };
    graph.view = name;
    graph.most = most.filter(|_| view == View::Gauge);
    if view != asked {
        let (wanted, instead) = match asked {
            View::Gauge => ("a gauge without a highest value", "one number"),
            _ => ("a heatmap", "lines"),
        };
        let message = format!("CloudWatch cannot draw {wanted}: `{}` becomes {instead}", panel.title);
        diagnostics.push(
            Diagnostic::new(&APPROXIMATE_IN_CLOUDWATCH, panel.origin.0, message)
                .note("only shares have a highest value, and only Grafana draws distributions")
                .help("choose another `view`"),
        );
    }
    view
}

/// Places widgets from left to right, and below each other when a line is full.
#[derive(Debug, Default)]
struct Grid {
    widgets: Vec<Widget>,
    x: u64,
    y: u64,
    height: u64,
}

impl Grid {
    fn add(&mut self, width: u64, height: u64, content: Content) {
        if self.x + width > COLUMNS {
            self.new_line();
        }
        self.widgets.push(Widget { x: self.x, y: self.y, width, height, content });
        self.x += width;
        self.height = self.height.max(height);
    }

    /// A widget that has a line for itself.
    fn line(&mut self, height: u64, content: Content) {
        self.new_line();
        self.add(COLUMNS, height, content);
        self.new_line();
    }

    fn new_line(&mut self) {
        self.y += self.height;
        (self.x, self.height) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widgets_never_overlap_or_leave_the_grid() {
        let mut grid = Grid::default();
        let text = || Content::Text(String::new());
        grid.line(2, text());
        for (width, height) in [(12, 6), (12, 4), (6, 4), (24, 6), (6, 1)] {
            grid.add(width, height, text());
        }
        let places: Vec<_> = grid.widgets.iter().map(|w| (w.x, w.y, w.width, w.height)).collect();
        assert_eq!(places, [(0, 0, 24, 2), (0, 2, 12, 6), (12, 2, 12, 4), (0, 8, 6, 4), (0, 12, 24, 6), (0, 18, 6, 1)]);
    }

    #[test]
    fn a_range_is_a_relative_start() {
        for (range, expected) in
            [("1h", "-PT1H"), ("90m", "-PT90M"), ("1d", "-P1D"), ("36h", "-PT36H"), ("5s", "-PT1M")]
        {
            assert_eq!(start(Duration::parse(range).unwrap()), expected);
        }
    }
}
