//! Panels of SLOs: what was promised, what was kept, how fast the budget goes. It reads the series
//! that the rules record, so that panel and alert speak of the same numbers.

use rust_decimal::Decimal;

use super::bands::{self, Bad};
use super::config::{Field, FieldConfig, Number, Panel, Target};
use super::links;
use super::signals::{PROMETHEUS, target};
use super::text;
use super::visual::{CLEAR, Color, Custom, Lines, OK, ThresholdsStyle, Visual};
use crate::conventions::{self, SLO_LABEL, slo_error_ratio};
use crate::dashboards::{self, ObjectivePanel};
use crate::model::{Platform, Slo, Urgency};
use crate::promql::Expr;
use crate::promql::build::{call, div, greater, max_by, metric, mul, number, sub};
use crate::quantity::{Duration, print_decimal};

/// What a panel of an SLO asks, and how it looks.
struct Sketch {
    title: &'static str,
    description: String,
    visual: Visual,
    unit: &'static str,
    asked: Vec<(String, Expr)>,
    bad: Vec<Bad>,
    decimals: Option<u32>,
    /// What is shown where there is no value.
    nothing: &'static str,
    max: Option<Decimal>,
}

/// A panel of an SLO, without its place.
pub(super) fn panel(platform: &Platform, panel: ObjectivePanel, slo: &Slo, home: bool) -> Panel {
    let mut sketch = match panel {
        ObjectivePanel::Reached => reached(slo),
        ObjectivePanel::Promised => promised(slo),
        ObjectivePanel::BudgetLeft => budget_left(slo),
        ObjectivePanel::BudgetOverTime => budget_over_time(slo),
        ObjectivePanel::BurnRate => burn_rate(platform, slo),
        ObjectivePanel::BurnRates => burn_rates(platform, slo),
        ObjectivePanel::TimeLeft => time_left(slo),
        ObjectivePanel::Events => events(slo),
    };
    let over_time = sketch.visual.over_time();
    let targets =
        std::mem::take(&mut sketch.asked).into_iter().zip(["A", "B", "C", "D", "E"]).map(|((name, expr), letter)| {
            Target::Prometheus(target(expr, letter, text::legend(&name), "time_series", over_time))
        });
    let (title, link) = if home {
        (sketch.title.to_owned(), links::promiser(platform, slo))
    } else {
        let path = dashboards::objectives_path(platform);
        (
            format!("{}: {}", slo.name.value, sketch.title.to_lowercase()),
            path.map(|path| links::to("Objectives".to_owned(), &path, false)),
        )
    };
    Panel {
        id: 0,
        title,
        description: text::words(&sketch.description),
        grid_pos: super::config::GridPos::default(),
        datasource: PROMETHEUS,
        links: link.into_iter().collect(),
        targets: targets.collect(),
        transformations: Vec::new(),
        field_config: FieldConfig { defaults: field(&sketch, over_time), overrides: Vec::new() },
        visual: sketch.visual,
    }
}

fn field(sketch: &Sketch, lines: bool) -> Field {
    let fine = if lines {
        CLEAR
    } else if sketch.bad.is_empty() {
        "text"
    } else {
        OK
    };
    let mode = if sketch.bad.is_empty() { "off" } else { "dashed" };
    let custom = Lines { thresholds_style: ThresholdsStyle { mode }, ..Lines::default() };
    Field {
        unit: Some(sketch.unit.to_owned()),
        decimals: sketch.decimals,
        min: None,
        max: sketch.max.map(Number),
        no_value: Some(sketch.nothing),
        color: if lines { Color::default() } else { Color { mode: "thresholds" } },
        mappings: Vec::new(),
        thresholds: bands::thresholds(&sketch.bad, fine),
        custom: lines.then_some(Custom::Lines(custom)),
    }
}

impl Sketch {
    fn new(title: &'static str, description: String, visual: Visual, unit: &'static str, expr: Expr) -> Self {
        let asked = vec![(title.to_owned(), expr)];
        Self { title, description, visual, unit, asked, bad: Vec::new(), decimals: None, nothing: "no data", max: None }
    }
}

/// A recorded series of one SLO. Who recorded it is left out: what Prometheus knows and what looks back further
/// than Prometheus come with other external labels, and are compared all the same.
fn recorded(name: impl Into<String>, slo: &Slo) -> Expr {
    max_by(["service", SLO_LABEL], metric(name).with(SLO_LABEL, slo.id()))
}

fn left(slo: &Slo) -> Expr {
    recorded(conventions::SLO_BUDGET_LEFT, slo)
}

/// How many times faster than allowed the budget goes, over a window that a tier records.
fn burn(slo: &Slo, window: Duration) -> Expr {
    div(recorded(slo_error_ratio(window), slo), number(slo.budget()))
}

fn percent(share: Decimal) -> String {
    format!("{} %", print_decimal(share * Decimal::ONE_HUNDRED))
}

/// Decimals that tell the objective from one spent budget: 99.9 % wants two.
fn decimals(slo: &Slo) -> Option<u32> {
    Some((slo.objective.value * Decimal::ONE_HUNDRED).normalize().scale() + 1)
}

fn below(bound: impl Into<Decimal>, urgency: Urgency) -> Bad {
    Bad { bound: bound.into(), above: false, urgency }
}

fn reached(slo: &Slo) -> Sketch {
    let said = format!("Share of good events over {}. {}", slo.window.value, slo.description);
    let share = sub(number(1), mul(sub(number(1), left(slo)), number(slo.budget())));
    let bad = vec![below(slo.objective.value, Urgency::Page)];
    Sketch { bad, decimals: decimals(slo), ..Sketch::new("Reached", said, Visual::number(), "percentunit", share) }
}

fn promised(slo: &Slo) -> Sketch {
    let said = format!("Share of events that must be good over {}", slo.window.value);
    let objective = recorded(conventions::SLO_OBJECTIVE, slo);
    let decimals = decimals(slo).map(|decimals| decimals - 1);
    Sketch { decimals, ..Sketch::new("Objective", said, Visual::number(), "percentunit", objective) }
}

pub(super) fn budget_bands() -> Vec<Bad> {
    vec![
        below(0, Urgency::Page),
        below(Decimal::new(25, 2), Urgency::Ticket),
        below(Decimal::new(5, 1), Urgency::Nothing),
    ]
}

fn budget_left(slo: &Slo) -> Sketch {
    let allowed = percent(slo.budget());
    let said = format!("What is left of the {allowed} of events that may be bad over {}", slo.window.value);
    let sketch = Sketch::new("Budget left", said, Visual::signal_light(), "percentunit", left(slo));
    Sketch { bad: budget_bands(), decimals: Some(1), ..sketch }
}

fn budget_over_time(slo: &Slo) -> Sketch {
    let said =
        format!("Error budget left in the {} before each moment; below zero the promise is broken", slo.window.value);
    let sketch = Sketch::new("Budget over time", said, Visual::lines(false), "percentunit", left(slo));
    Sketch { bad: vec![below(0, Urgency::Page)], max: Some(Decimal::ONE), ..sketch }
}

fn burn_rate(platform: &Platform, slo: &Slo) -> Sketch {
    let window = slo.tiers.first().map_or(Duration::hours(1), |tier| tier.long);
    let said = format!("How many times faster than allowed the budget went in the last {window}");
    let sketch = Sketch::new("Burn rate", said, Visual::number(), "suffix:×", burn(slo, window));
    Sketch { bad: tiers(platform, slo), decimals: Some(1), ..sketch }
}

fn burn_rates(platform: &Platform, slo: &Slo) -> Sketch {
    let mut windows: Vec<Duration> = slo.tiers.iter().map(|tier| tier.long).collect();
    windows.dedup();
    let tiers_told: Vec<String> = slo
        .tiers
        .iter()
        .map(|tier| {
            let (name, factor) = (tier.name.name(), print_decimal(tier.factor));
            format!("- {name} ({}): above {factor} over {} and over {}", tier.severity, tier.long, tier.short)
        })
        .collect();
    let said = format!("How many times faster than allowed the budget goes.\n\nAlerts:\n{}", tiers_told.join("\n"));
    let mut sketch = Sketch::new("Burn rates", said, Visual::lines(true), "suffix:×", number(0));
    sketch.asked = windows.into_iter().map(|window| (window.to_string(), burn(slo, window))).collect();
    Sketch { bad: tiers(platform, slo), ..sketch }
}

/// The factors at which tiers fire, as urgent as their severities.
fn tiers(platform: &Platform, slo: &Slo) -> Vec<Bad> {
    let urgency = |severity: &str| platform.severity(severity).map_or(Urgency::Ticket, |severity| severity.urgency);
    slo.tiers.iter().map(|tier| Bad { bound: tier.factor, above: true, urgency: urgency(&tier.severity) }).collect()
}

fn time_left(slo: &Slo) -> Sketch {
    let window = slo.tiers.get(1).or(slo.tiers.first()).map_or(Duration::hours(6), |tier| tier.long);
    let said = format!("When the budget will be gone if things go on as in the last {window}");
    let whole = number(Decimal::from(slo.window.value.as_seconds()));
    let rest = mul(call("clamp_min", [left(slo), number(0)]), whole);
    let expr = div(rest, greater(burn(slo, window), number(0)));
    let day = |days: u64| Decimal::from(Duration::days(days).as_seconds());
    let bad = vec![below(day(1), Urgency::Page), below(day(7), Urgency::Ticket)];
    let sketch = Sketch::new("Time left", said, Visual::number(), "dtdurations", expr);
    Sketch { bad, nothing: "not burning", decimals: Some(0), ..sketch }
}

fn events(slo: &Slo) -> Sketch {
    let window = slo.grain;
    let said = format!("Events a second over {window}, and how many of them were bad");
    let mut sketch = Sketch::new("Events", said, Visual::lines(false), "cps", number(0));
    sketch.asked = vec![
        ("bad".to_owned(), recorded(conventions::slo_bad_rate(window), slo)),
        ("all".to_owned(), recorded(conventions::slo_total_rate(window), slo)),
    ];
    sketch
}
