//! Panels that are not about one signal: alerts that fire, targets that answer; and how tables get their columns.

use serde_json::json;

use super::bands;
use super::config::{Field, FieldConfig, GridPos, MappedTo, Mapping, Panel, Target, Transformation};
use super::signals::{PROMETHEUS, target};
use super::visual::{Cells, Color, Custom, OK, Visual};
use crate::promql::build::{any_of, metric};
use crate::promql::{Expr, MatchOp, Selector};

/// Alerts of these services in a state; of all services if there are none.
pub(super) fn alerts(services: &[&str]) -> Selector {
    let firing = metric("ALERTS").with("alertstate", "firing");
    one_of(firing, "service", services)
}

/// With a matcher of any of these values; as it was if there are none.
pub(super) fn one_of(selector: Selector, label: &'static str, values: &[&str]) -> Selector {
    match values {
        [] => selector,
        [one] => selector.with(label, *one),
        several => selector.with_matcher(label, MatchOp::Regex, any_of(several)),
    }
}

fn table(title: &str, description: &str, nothing: &'static str, targets: Vec<Target>) -> Panel {
    let defaults = Field {
        no_value: Some(nothing),
        unit: Some("short".to_owned()),
        color: Color { mode: "thresholds" },
        custom: Some(Custom::Cells(Cells { align: "auto", inspect: false, filterable: false })),
        ..Field::default()
    };
    Panel {
        id: 0,
        title: title.to_owned(),
        description: description.to_owned(),
        grid_pos: GridPos::default(),
        datasource: PROMETHEUS,
        links: Vec::new(),
        visual: Visual::table(),
        field_config: FieldConfig { defaults, overrides: Vec::new() },
        targets,
        transformations: Vec::new(),
        time_from: None,
    }
}

/// Alerts that fire now.
pub(super) fn firing(services: &[&str]) -> Panel {
    let expr: Expr = alerts(services).into();
    let asked = Target::Prometheus(target(expr, "A", String::new(), "table", false));
    let mut panel = table("Firing alerts", "Alerts that fire now", "no alert fires", vec![asked]);
    panel.transformations =
        columns(&[("alertname", "Alert"), ("severity", "Severity"), ("service", "Service"), ("instance", "Instance")]);
    panel
}

/// These columns and no others, in this order, under these titles.
pub(super) fn columns(columns: &[(&str, &str)]) -> Vec<Transformation> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let chosen = Transformation { id: "filterFieldsByName", options: json!({ "include": { "names": names } }) };
    vec![chosen, organized(columns)]
}

/// One table of several queries first: rows whose labels are the same become one.
pub(super) fn merged(mut steps: Vec<Transformation>) -> Vec<Transformation> {
    steps.insert(0, Transformation { id: "merge", options: json!({}) });
    steps
}

/// Columns in this order, under these titles.
fn organized(columns: &[(&str, &str)]) -> Transformation {
    let order: serde_json::Map<_, _> =
        columns.iter().enumerate().map(|(index, (name, _))| ((*name).to_owned(), index.into())).collect();
    let titles: serde_json::Map<_, _> =
        columns.iter().map(|(name, title)| ((*name).to_owned(), (*title).into())).collect();
    Transformation {
        id: "organize",
        options: json!({ "excludeByName": {}, "indexByName": order, "renameByName": titles }),
    }
}

/// Whether the targets of these jobs answer.
pub(super) fn targets(jobs: &[&str]) -> Panel {
    let expr: Expr = one_of(metric("up"), "job", jobs).into();
    let asked = target(expr, "A", "{{job}} {{instance}}".to_owned(), "time_series", false);
    let options =
        [("0", MappedTo { text: "down", color: "red", index: 0 }), ("1", MappedTo { text: "up", color: OK, index: 1 })];
    let defaults = Field {
        unit: Some("short".to_owned()),
        no_value: Some("no target"),
        color: Color { mode: "thresholds" },
        mappings: vec![Mapping { r#type: "value", options: options.into_iter().collect() }],
        thresholds: bands::thresholds(&[], "text"),
        ..Field::default()
    };
    Panel {
        visual: Visual::signal_light(),
        field_config: FieldConfig { defaults, overrides: Vec::new() },
        ..table("Targets", "Whether Prometheus reaches what it scrapes", "no target", vec![Target::Prometheus(asked)])
    }
}
