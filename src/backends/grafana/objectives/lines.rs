//! Lines of one SLO: how it went.

use rust_decimal::Decimal;
use serde_json::json;

use super::{Asked, Sketch, below, burn, burn_window, decimals, left, recorded, tiers};
use crate::backends::grafana::config::{Matcher, Override, Property};
use crate::backends::grafana::visual::Visual;
use crate::conventions::{self, slo_error_ratio};
use crate::model::{Platform, Slo, Urgency};
use crate::promql::build::{number, sub};
use crate::quantity::{Duration, print_decimal};

pub(super) fn budget_over_time(slo: &Slo) -> Sketch {
    let said = format!(
        "Error budget left in the {} before each moment; below zero the promise is broken. It comes back as bad \
         events leave the window.",
        slo.window.value
    );
    let asked = vec![Asked::new("Budget left", left(slo))];
    let sketch = Sketch::new("Budget over time", said, Visual::lines(false), "percentunit", asked);
    let bad = vec![below(0, Urgency::Page)];
    Sketch { bad, drawn: "dashed+area", max: Some(Decimal::ONE), soft_min: Some(Decimal::ZERO), ..sketch }
}

pub(super) fn month_budget_over_time(slo: &Slo) -> Sketch {
    let said =
        "Error budget left of the events of this month, as the month went. It begins anew on the first.".to_owned();
    let asked = vec![Asked::new("Budget left", recorded(conventions::SLO_MONTH_BUDGET_LEFT, slo))];
    let sketch = Sketch::new("Budget over this month", said, Visual::lines(false), "percentunit", asked);
    let bad = vec![below(0, Urgency::Page)];
    let whole = Some(Decimal::ONE);
    let from = Some("now/M");
    Sketch { bad, drawn: "dashed+area", max: whole, soft_min: Some(Decimal::ZERO), time_from: from, ..sketch }
}

pub(super) fn burn_rates(platform: &Platform, slo: &Slo) -> Sketch {
    // The shortest window shows first that it is over, the long ones what it cost.
    let shortest = slo.tiers.first().map(|tier| tier.short);
    let mut windows: Vec<Duration> = slo.tiers.iter().map(|tier| tier.long).chain(shortest).collect();
    windows.sort();
    windows.dedup();
    let told: Vec<String> = slo
        .tiers
        .iter()
        .map(|tier| {
            let (name, factor) = (tier.name.name(), print_decimal(tier.factor));
            format!("- {name} ({}): above {factor} over {} and over {}", tier.severity, tier.long, tier.short)
        })
        .collect();
    let said = format!("How many times faster than allowed the budget goes.\n\nAlerts:\n{}", told.join("\n"));
    let asked = windows.into_iter().map(|window| Asked::new(&window.to_string(), burn(slo, window))).collect();
    let sketch = Sketch::new("Burn rates", said, Visual::lines(true), "suffix:×", asked);
    Sketch { bad: tiers(platform, slo), decimals: Some(1), soft_min: Some(Decimal::ZERO), ..sketch }
}

pub(super) fn attained(slo: &Slo) -> Sketch {
    let window = burn_window(slo).unwrap_or(slo.grain);
    let said = format!("Share of good events over {window}, beside the objective");
    let asked = vec![
        Asked::new(&format!("good over {window}"), sub(number(1), recorded(slo_error_ratio(window), slo))),
        Asked::new("objective", recorded(conventions::SLO_OBJECTIVE, slo)),
    ];
    let sketch = Sketch::new("Reached over time", said, Visual::lines(false), "percentunit", asked);
    let objective = Override {
        matcher: Matcher { id: "byFrameRefID", options: "B".to_owned() },
        properties: vec![
            Property { id: "custom.lineStyle", value: json!({ "fill": "dash", "dash": [10, 10] }) },
            Property { id: "custom.fillOpacity", value: json!(0) },
            Property { id: "color", value: json!({ "mode": "fixed", "fixedColor": "red" }) },
        ],
    };
    // What matters lies between the objective and one.
    let lowest = (slo.objective.value - slo.budget() * Decimal::from(3)).max(Decimal::ZERO);
    Sketch {
        overrides: vec![objective],
        decimals: Some(decimals(slo)),
        max: Some(Decimal::ONE),
        soft_min: Some(lowest.normalize()),
        ..sketch
    }
}
