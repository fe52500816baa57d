//! How the values of a panel on signals are shown: units, limits, colours, and lines at bounds.

use serde_json::json;

use super::bands::{self, Bad};
use super::config::{Field, FieldConfig, Matcher, Number, Override, Property};
use super::signals::Asked;
use super::units;
use super::visual::{CLEAR, Color, Custom, Lines, OK, ThresholdsStyle};
use crate::model::View;

/// Of all queries at once where their units are the same, of each by itself where they are not.
pub(super) fn config(asked: &[Asked<'_>], view: View) -> FieldConfig {
    let first = asked.first();
    let alike = asked.iter().all(|one| first.is_some_and(|first| one.unit == first.unit));
    let mut defaults = field(asked, view, alike);
    let mut overrides = Vec::new();
    if !alike {
        defaults.unit = Some("short".to_owned());
        (defaults.min, defaults.max) = (None, None);
        for one in asked {
            overrides.push(Override {
                matcher: Matcher { id: "byFrameRefID", options: one.letter.clone() },
                properties: vec![Property { id: "unit", value: json!(one.unit) }],
            });
        }
    }
    for (letter, color) in asked.iter().flat_map(|one| &one.moving) {
        overrides.push(Override {
            matcher: Matcher { id: "byFrameRefID", options: letter.clone() },
            properties: vec![
                Property { id: "custom.lineStyle", value: json!({ "fill": "dash", "dash": [10, 10] }) },
                Property { id: "custom.fillOpacity", value: json!(0) },
                Property { id: "color", value: json!({ "mode": "fixed", "fixedColor": color }) },
            ],
        });
    }
    FieldConfig { defaults, overrides }
}

fn field(asked: &[Asked<'_>], view: View, alike: bool) -> Field {
    let unit = asked.first().map_or("short", |asked| asked.unit);
    let bad: Vec<Bad> = if alike { asked.iter().flat_map(|asked| asked.bad.clone()).collect() } else { Vec::new() };
    let lines = view == View::Lines;
    let fine = if lines {
        CLEAR
    } else if bad.is_empty() {
        "text"
    } else {
        OK
    };
    let (min, max) = units::limits(unit);
    let whole = asked.iter().all(|asked| asked.whole) || view == View::Gauge;
    let mut custom = Lines::default();
    if !bad.is_empty() {
        // Where anything at all is bad, colouring all of the panel says nothing.
        let anything = bad.iter().any(|bad| bad.bound == bands::above_nothing());
        custom.thresholds_style = ThresholdsStyle { mode: if anything { "dashed" } else { "dashed+area" } };
        // A bound that lies outside of what is seen warns nobody.
        custom.axis_soft_max = bad.iter().map(|bad| bad.bound).max().filter(|_| !anything).map(Number);
    }
    Field {
        unit: Some(unit.to_owned()),
        decimals: None,
        // Of a share that should be high, only what lies near the bound is of interest.
        min: min.filter(|_| !(lines && whole && bad.iter().any(|bad| !bad.above))).map(Number),
        max: max.filter(|_| whole).map(Number),
        no_value: Some("no data"),
        color: if lines || view == View::Heatmap { Color::default() } else { Color { mode: "thresholds" } },
        mappings: Vec::new(),
        thresholds: bands::thresholds(&bad, fine),
        custom: lines.then_some(Custom::Lines(custom)),
    }
}
