//! Panels that are not about one signal: alerts that fire, targets that answer, all objectives at once.

use serde_json::json;

use super::bands;
use super::config::{
    Field, FieldConfig, GridPos, MappedTo, Mapping, Matcher, Number, Override, Panel, Property, Target, Transformation,
};
use super::signals::{PROMETHEUS, target};
use super::visual::{CellOptions, Cells, Color, Custom, OK, Visual};
use crate::conventions::{SLO_BUDGET_LEFT, SLO_LABEL, SLO_OBJECTIVE};
use crate::promql::build::{any_of, max_by, metric, mul, number, sub};
use crate::promql::{Expr, MatchOp, Selector};

/// Alerts of these services in a state; of all services if there are none.
pub(super) fn alerts(services: &[&str]) -> Selector {
    let firing = metric("ALERTS").with("alertstate", "firing");
    one_of(firing, "service", services)
}

/// With a matcher of any of these values; as it was if there are none.
pub(super) fn one_of(selector: Selector, label: &str, values: &[&str]) -> Selector {
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
    }
}

/// Alerts that fire now.
pub(super) fn firing(services: &[&str]) -> Panel {
    let expr: Expr = alerts(services).into();
    let asked = Target::Prometheus(target(expr, "A", String::new(), "table", false));
    let mut panel = table("Firing alerts", "Alerts that fire now", "no alert fires", vec![asked]);
    let names = ["alertname", "severity", "service", "instance"];
    panel.transformations = vec![
        Transformation { id: "filterFieldsByName", options: json!({ "include": { "names": names } }) },
        organized(&[
            ("alertname", "Alert"),
            ("severity", "Severity"),
            ("service", "Service"),
            ("instance", "Instance"),
        ]),
    ];
    panel
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

/// Every SLO in a line: promised, reached, budget left.
pub(super) fn objectives() -> Panel {
    let each = |name: &str| max_by(["service", SLO_LABEL], metric(name));
    let spent = mul(sub(number(1), each(SLO_BUDGET_LEFT)), sub(number(1), each(SLO_OBJECTIVE)));
    let asked = [each(SLO_OBJECTIVE), sub(number(1), spent), each(SLO_BUDGET_LEFT)];
    let asked = asked.into_iter().zip(["A", "B", "C"]);
    let targets = asked.map(|(expr, letter)| Target::Prometheus(target(expr, letter, String::new(), "table", false)));
    let mut panel = table(
        "All objectives",
        "What was promised, what was kept, what is left of the error budgets",
        "no data",
        targets.collect(),
    );
    let columns = [
        ("service", "Service"),
        (SLO_LABEL, "SLO"),
        ("Value #A", "Objective"),
        ("Value #B", "Reached"),
        ("Value #C", "Budget left"),
    ];
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    panel.transformations = vec![
        Transformation { id: "merge", options: json!({}) },
        Transformation { id: "filterFieldsByName", options: json!({ "include": { "names": names } }) },
        organized(&columns),
    ];
    panel.field_config.defaults.unit = Some("percentunit".to_owned());
    panel.field_config.defaults.decimals = Some(2);
    let left = bands::thresholds(&super::objectives::budget_bands(), OK);
    let property = |id, value: Result<serde_json::Value, _>| Property { id, value: value.unwrap_or_default() };
    panel.field_config.overrides = vec![Override {
        matcher: Matcher { id: "byName", options: "Budget left".to_owned() },
        properties: vec![
            property("thresholds", serde_json::to_value(left)),
            property("min", serde_json::to_value(Number(0.into()))),
            property("max", serde_json::to_value(Number(1.into()))),
            property("custom.cellOptions", serde_json::to_value(CellOptions { r#type: "gauge" })),
        ],
    }];
    panel
}
