//! From a plan to a dashboard: its panels drawn and placed, its variables, annotations and links.

use std::collections::BTreeSet;

use super::config::{
    Annotation, Dashboard, DataSource, Element, GridPos, List, OneOrMany, Panel, Row, SCHEMA_VERSION, TimePicker,
    TimeRange, Variable, VariableQuery, VariableValue,
};
use super::layout::{self, Size};
use super::signals::PROMETHEUS;
use super::visual::Visual;
use super::{cloud, lines, links, objectives, signals, tables, text};
use crate::conventions::{PROMETHEUS_DATASOURCE, dashboard_uid};
use crate::dashboards::{IDS, Item, Overview, Plan, jobs};
use crate::model::{PanelMeasure, PanelSource, Platform, Service};
use crate::promql::build::metric;

/// Refresh intervals that Grafana offers by itself.
const OFFERED: [&str; 10] = ["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d"];

/// Draws a plan. Rows and panels that would be empty are left out.
pub(super) fn draw(platform: &Platform, plan: &Plan<'_>) -> Dashboard {
    let refresh = text::time(plan.refresh);
    let mut intervals = Vec::new();
    if !OFFERED.contains(&refresh.as_str()) {
        intervals.push(refresh.clone());
        intervals.extend(OFFERED.map(str::to_owned));
    }
    let mut tags = vec![platform.name.value.clone()];
    tags.extend(plan.tags.iter().filter(|tag| **tag != platform.name.value).cloned());
    Dashboard {
        id: None,
        uid: dashboard_uid(&platform.name.value, &plan.name),
        title: plan.title.clone(),
        description: plan.description.clone(),
        tags,
        timezone: "browser",
        editable: false,
        graph_tooltip: 1,
        schema_version: SCHEMA_VERSION,
        version: 1,
        refresh,
        fiscal_year_start_month: 0,
        live_now: false,
        week_start: "",
        time: TimeRange { from: format!("now-{}", text::time(plan.range)), to: "now" },
        timepicker: TimePicker { refresh_intervals: intervals },
        templating: List { list: variables(platform, plan) },
        annotations: List { list: annotations(platform, plan) },
        links: links::top(platform, plan),
        panels: elements(platform, plan),
    }
}

fn elements(platform: &Platform, plan: &Plan<'_>) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut y = 0;
    for ((row, ids), number) in plan.rows.iter().zip(plan.ids()).zip(1..) {
        let items = row.items.iter().zip(ids);
        let drawn = items.filter_map(|(item, id)| {
            let panel = Panel { id, ..panel(platform, plan, item)? };
            let size = size(platform, item, &panel.visual);
            Some((panel, size))
        });
        let (mut panels, sizes): (Vec<Panel>, Vec<Size>) = drawn.unzip();
        if panels.is_empty() {
            continue;
        }
        let head = GridPos { h: 1, w: layout::COLUMNS, x: 0, y };
        y += u32::from(row.title.is_some());
        let (places, below) = layout::place(&sizes, y);
        for (panel, place) in panels.iter_mut().zip(places) {
            panel.grid_pos = place;
        }
        let folded = row.collapsed && row.title.is_some();
        let (inside, after) = if folded { (panels, Vec::new()) } else { (Vec::new(), panels) };
        if let Some(title) = &row.title {
            let (id, title) = (IDS + number, text::words(title));
            let row = Row { id, r#type: "row", title, collapsed: folded, grid_pos: head, panels: inside };
            elements.push(Element::Row(row));
        }
        elements.extend(after.into_iter().map(|panel| Element::Panel(Box::new(panel))));
        y = if folded { y } else { below };
    }
    elements
}

/// What a panel wants of the grid.
fn size(platform: &Platform, item: &Item<'_>, visual: &Visual) -> Size {
    match item {
        Item::Signals(panel) => layout::size(visual, panel.width),
        Item::Overview(view @ (Overview::Table | Overview::Months), of) => {
            let slos = platform.slos().filter(|(service, _)| of.is_none_or(|of| of.name == service.name));
            // Of months there are two: this one and the one before.
            let shown = match view {
                Overview::Months => slos.filter(|(_, slo)| slo.calendar_month).count().saturating_mul(2),
                _ => slos.count(),
            };
            // A title and a head, then a line for each; what is more can be scrolled to.
            let height = u32::try_from(shown).unwrap_or(u32::MAX).saturating_add(3).clamp(5, 20);
            Size { height, ..layout::size(visual, Some(layout::COLUMNS.into())) }
        }
        Item::Promised(declared, item) => {
            let wanted = layout::size(visual, declared.width);
            let usual = size(platform, item, visual);
            if wanted.fixed { Size { height: usual.height, ..wanted } } else { usual }
        }
        Item::Overview(..) | Item::Objective(..) => layout::compact(visual),
        Item::Firing(_) | Item::Targets(_) | Item::Lines(_) => layout::size(visual, None),
    }
}

fn panel(platform: &Platform, plan: &Plan<'_>, item: &Item<'_>) -> Option<Panel> {
    match item {
        Item::Signals(panel) => signals::panel(platform, panel, plan.of),
        Item::Objective(panel, slo) => objectives::panel(platform, *panel, slo, plan.of.is_none()),
        Item::Overview(panel, of) => Some(objectives::overview(platform, *panel, *of)),
        Item::Promised(declared, item) => promised(platform, plan, declared, item),
        Item::Firing(services) => Some(tables::firing(services)),
        Item::Targets(jobs) => Some(tables::targets(jobs)),
        Item::Lines(service) => lines::of_service(platform, service),
    }
}

/// A panel on what was promised, under the title that people gave it.
fn promised(platform: &Platform, plan: &Plan<'_>, declared: &crate::model::Panel, item: &Item<'_>) -> Option<Panel> {
    let mut drawn = match item {
        Item::Objective(panel, slo) => objectives::panel(platform, *panel, slo, false)?,
        other => panel(platform, plan, other)?,
    };
    if !declared.title.is_empty() {
        drawn.title = text::words(&declared.title);
    }
    if let Some(description) = &declared.description {
        drawn.description = text::words(description);
    }
    Some(drawn)
}

/// The datasource, the instances of the one service, and what differs from cloud to cloud.
fn variables(platform: &Platform, plan: &Plan<'_>) -> Vec<Variable> {
    let mut variables = vec![datasource()];
    variables.extend(plan.of.and_then(instance));
    let panels = plan.rows.iter().flat_map(|row| &row.items).filter_map(|item| match item {
        Item::Signals(panel) => Some(panel),
        _ => None,
    });
    let queries = panels.flat_map(|panel| &panel.queries).filter(|query| query.source == PanelSource::CloudWatch);
    variables.extend(cloud::variables(platform, queries.map(|query| &query.measure)));
    variables
}

fn datasource() -> Variable {
    let chosen = || OneOrMany::One(PROMETHEUS_DATASOURCE);
    Variable {
        name: "datasource".to_owned(),
        label: "Data source".to_owned(),
        description: None,
        r#type: "datasource",
        datasource: None,
        query: VariableQuery::Datasource("prometheus"),
        definition: None,
        current: VariableValue { selected: true, text: chosen(), value: chosen() },
        options: Vec::new(),
        hide: 0,
        include_all: false,
        all_value: None,
        multi: false,
        refresh: 1,
        regex: "",
        sort: 0,
        skip_url_sync: false,
    }
}

fn instance(service: &Service) -> Option<Variable> {
    let jobs = jobs(service);
    if jobs.is_empty() {
        return None;
    }
    let query = format!("label_values({}, instance)", tables::one_of(metric("up"), "job", &jobs));
    Some(Variable {
        name: "instance".to_owned(),
        label: "Instance".to_owned(),
        description: None,
        r#type: "query",
        datasource: Some(PROMETHEUS),
        definition: Some(query.clone()),
        query: VariableQuery::Prometheus { query, ref_id: "instance".to_owned() },
        current: VariableValue {
            selected: true,
            text: OneOrMany::Many(vec!["All"]),
            value: OneOrMany::Many(vec!["$__all"]),
        },
        options: Vec::new(),
        hide: 0,
        include_all: true,
        all_value: Some(".+"),
        multi: true,
        refresh: 2,
        regex: "",
        sort: 1,
        skip_url_sync: false,
    })
}

/// What people write into Grafana, and the times at which alerts of the services shown fired.
fn annotations(platform: &Platform, plan: &Plan<'_>) -> Vec<Annotation> {
    let written = Annotation {
        name: "Annotations & Alerts",
        datasource: DataSource { r#type: "grafana", uid: "-- Grafana --" },
        enable: true,
        hide: true,
        icon_color: "rgba(0, 211, 255, 1)",
        built_in: Some(1),
        r#type: Some("dashboard"),
        expr: None,
        title_format: None,
        text_format: None,
        tag_keys: None,
        step: None,
    };
    let fired = Annotation {
        name: "Firing alerts",
        datasource: PROMETHEUS,
        enable: true,
        hide: false,
        icon_color: "red",
        built_in: None,
        r#type: None,
        expr: Some(tables::alerts(&services(platform, plan)).into()),
        title_format: Some("{{alertname}}"),
        text_format: Some("{{service}}"),
        tag_keys: Some("severity"),
        step: Some("60s"),
    };
    vec![written, fired]
}

/// Services that a dashboard shows something of, in the platform's order.
fn services<'a>(platform: &'a Platform, plan: &Plan<'a>) -> Vec<&'a str> {
    let mut shown: BTreeSet<String> = plan.of.iter().map(|service| service.name.value.clone()).collect();
    for item in plan.rows.iter().flat_map(|row| &row.items) {
        let item = if let Item::Promised(_, item) = item { item } else { item };
        match item {
            Item::Signals(panel) => {
                for query in &panel.queries {
                    if let PanelMeasure::Signal { service, .. } = &query.measure {
                        shown.insert(service.clone());
                    }
                }
            }
            Item::Objective(_, slo) => {
                shown.insert(slo.service.clone());
            }
            Item::Firing(services) => shown.extend(services.iter().map(|name| (*name).to_owned())),
            Item::Overview(_, Some(service)) => {
                shown.insert(service.name.value.clone());
            }
            Item::Overview(_, None) => shown.extend(platform.slos().map(|(service, _)| service.name.value.clone())),
            Item::Lines(service) => {
                shown.insert(service.name.value.clone());
            }
            Item::Targets(_) | Item::Promised(..) => {}
        }
    }
    platform.services.iter().map(|service| service.name.value.as_str()).filter(|name| shown.contains(*name)).collect()
}
