//! Panels of SLOs: what was promised, what was kept, how fast the budget goes. They read the series that the
//! rules record, so that panel and alert speak of the same numbers.

mod alerts;
mod events;
mod lines;
mod numbers;
mod overview;

pub(super) use overview::panel as overview;

use rust_decimal::Decimal;

use super::bands::{self, Bad};
use super::config::{Field, FieldConfig, GridPos, Link, Mapping, Number, Override, Panel, Target, Transformation};
use super::signals::{PROMETHEUS, target};
use super::visual::{CLEAR, Cells, Color, Custom, Lines, OK, Stacking, StateBands, ThresholdsStyle, Visual};
use super::{links, text};
use crate::conventions::{self, SLO_LABEL, slo_error_ratio};
use crate::dashboards::{self, ObjectivePanel};
use crate::model::{Platform, Slo, Urgency};
use crate::promql::build::{div, max_by, metric, number};
use crate::promql::{Expr, Selector};
use crate::quantity::{Duration, print_decimal};

/// What tells SLOs apart.
const IDENTITY: [&str; 2] = ["service", SLO_LABEL];

/// What tells the budgets of SLOs apart: an SLO may have one for each value of some labels. Who recorded the series is
/// left out: what Prometheus knows and what looks back further than Prometheus come with other external labels, and
/// are compared all the same.
fn identity<'a>(slos: impl IntoIterator<Item = &'a Slo>) -> Vec<&'a str> {
    let mut labels: Vec<&str> = IDENTITY.into();
    for label in slos.into_iter().flat_map(|slo| &slo.by) {
        if !labels.contains(&label.as_str()) {
            labels.push(label);
        }
    }
    labels
}

/// What a panel asks, and how it looks.
struct Sketch {
    title: &'static str,
    description: String,
    visual: Visual,
    unit: &'static str,
    asked: Vec<Asked>,
    bad: Vec<Bad>,
    /// How the bad is drawn into lines.
    drawn: &'static str,
    decimals: Option<u32>,
    /// What is shown where there is no value.
    nothing: &'static str,
    max: Option<Decimal>,
    soft_min: Option<Decimal>,
    stacked: bool,
    mappings: Vec<Mapping>,
    overrides: Vec<Override>,
    transformations: Vec<Transformation>,
    /// The time shown, where asking for all that the dashboard shows would read too many samples.
    time_from: Option<&'static str>,
}

/// One question of a panel.
struct Asked {
    /// What its series are called, as Grafana writes it.
    legend: String,
    expr: Expr,
    format: &'static str,
    /// The smallest step that makes sense.
    step: Option<Duration>,
}

impl Asked {
    fn new(name: &str, expr: Expr) -> Self {
        Self { legend: text::legend(name), expr, format: "time_series", step: None }
    }

    /// A table's column.
    fn column(expr: Expr) -> Self {
        Self { legend: String::new(), expr, format: "table", step: None }
    }

    fn step(self, step: Duration) -> Self {
        Self { step: Some(step), ..self }
    }
}

impl Sketch {
    fn new(title: &'static str, description: String, visual: Visual, unit: &'static str, asked: Vec<Asked>) -> Self {
        Self {
            title,
            description,
            visual,
            unit,
            asked,
            bad: Vec::new(),
            drawn: "dashed",
            decimals: None,
            nothing: "no data",
            max: None,
            soft_min: None,
            stacked: false,
            mappings: Vec::new(),
            overrides: Vec::new(),
            transformations: Vec::new(),
            time_from: None,
        }
    }

    /// A number with its name.
    fn number(title: &'static str, description: String, unit: &'static str, expr: Expr) -> Self {
        Self::new(title, description, Visual::number(), unit, vec![Asked::new(title, expr)])
    }

    /// Tells the budgets of an SLO apart in the legend.
    fn for_each_of(mut self, labels: &[String]) -> Self {
        for asked in &mut self.asked {
            for label in labels.iter().filter(|_| asked.format != "table") {
                asked.legend.push_str(&format!(" {{{{{label}}}}}"));
            }
        }
        self
    }

    /// The panel, without its place.
    fn draw(self) -> Panel {
        let field = self.field();
        let over_time = self.visual.over_time();
        let letters = ('A'..='Z').map(String::from);
        let targets = self.asked.into_iter().zip(letters).map(|(asked, letter)| {
            let target = target(asked.expr, &letter, asked.legend, asked.format, over_time);
            Target::Prometheus(super::config::PrometheusTarget { interval: asked.step.map(text::time), ..target })
        });
        Panel {
            id: 0,
            title: self.title.to_owned(),
            description: text::words(&self.description),
            grid_pos: GridPos::default(),
            datasource: PROMETHEUS,
            links: Vec::new(),
            targets: targets.collect(),
            transformations: self.transformations,
            field_config: FieldConfig { defaults: field, overrides: self.overrides },
            visual: self.visual,
            time_from: self.time_from,
        }
    }

    fn field(&self) -> Field {
        let fine = match self.visual {
            Visual::TimeSeries(_) => CLEAR,
            _ if self.bad.is_empty() => "text",
            _ => OK,
        };
        let fixed = matches!(self.visual, Visual::TimeSeries(_) | Visual::Heatmap(_));
        Field {
            unit: Some(self.unit.to_owned()),
            decimals: self.decimals,
            min: None,
            max: self.max.map(Number),
            no_value: Some(self.nothing),
            color: if fixed { Color::default() } else { Color { mode: "thresholds" } },
            mappings: self.mappings.clone(),
            thresholds: bands::thresholds(&self.bad, fine),
            custom: self.custom(),
        }
    }

    fn custom(&self) -> Option<Custom> {
        match self.visual {
            Visual::TimeSeries(_) => Some(Custom::Lines(Lines {
                thresholds_style: ThresholdsStyle { mode: if self.bad.is_empty() { "off" } else { self.drawn } },
                axis_soft_min: self.soft_min.map(Number),
                fill_opacity: if self.stacked { 40 } else { 10 },
                stacking: self.stacked.then_some(Stacking { mode: "normal", group: "A" }),
                ..Lines::default()
            })),
            Visual::Table(_) => Some(Custom::Cells(Cells { align: "auto", inspect: false, filterable: false })),
            Visual::States(_) => Some(Custom::Bands(StateBands { line_width: 0, fill_opacity: 80 })),
            _ => None,
        }
    }
}

/// A panel of an SLO, without its place. `home` is the dashboard of the service's SLOs; elsewhere it says whose it is.
pub(super) fn panel(platform: &Platform, panel: ObjectivePanel, slo: &Slo, home: bool) -> Option<Panel> {
    let sketch = match panel {
        ObjectivePanel::Reached => numbers::reached(slo),
        ObjectivePanel::Promised => numbers::promised(slo),
        ObjectivePanel::BudgetLeft => numbers::budget_left(slo),
        ObjectivePanel::OutageLeft => numbers::outage_left(slo),
        ObjectivePanel::BurnRate => numbers::burn_rate(platform, slo),
        ObjectivePanel::TimeLeft => numbers::time_left(slo),
        ObjectivePanel::Since => numbers::since(slo),
        ObjectivePanel::MonthReached => numbers::month_reached(slo),
        ObjectivePanel::MonthBudgetLeft => numbers::month_budget_left(slo),
        ObjectivePanel::MonthBudgetOverTime => lines::month_budget_over_time(slo),
        ObjectivePanel::Firing => alerts::firing(Some(slo)),
        ObjectivePanel::History => alerts::history(platform, Some(slo)),
        ObjectivePanel::BudgetOverTime => lines::budget_over_time(slo),
        ObjectivePanel::BurnRates => lines::burn_rates(platform, slo),
        ObjectivePanel::Attained => lines::attained(slo),
        ObjectivePanel::Events => events::events(slo),
        ObjectivePanel::Distribution => return events::distribution(platform, slo),
        ObjectivePanel::Spenders => events::spenders(platform, slo)?,
    };
    // What has labels of its own in its legend tells them apart already.
    let named = !matches!(panel, ObjectivePanel::History | ObjectivePanel::Spenders | ObjectivePanel::Promised);
    let mut panel = if named { sketch.for_each_of(&slo.by).draw() } else { sketch.draw() };
    if !home {
        panel.title = text::words(&format!("{}: {}", slo.name.value, panel.title.to_lowercase()));
        let path = dashboards::path(platform, &conventions::slo_dashboard(&slo.service));
        panel.links.push(Link { keep_time: false, ..links::to("Objectives".to_owned(), &path, false) });
    }
    Some(panel)
}

/// A recorded series of one SLO.
fn series(name: impl Into<String>, slo: &Slo) -> Selector {
    metric(name).with(SLO_LABEL, slo.id())
}

/// Its value, or its values where the SLO has several budgets.
fn recorded(name: impl Into<String>, slo: &Slo) -> Expr {
    max_by(identity([slo]), series(name, slo))
}

/// The share of the budget that is left.
fn left(slo: &Slo) -> Expr {
    recorded(conventions::SLO_BUDGET_LEFT, slo)
}

/// How many times faster than allowed the budget goes, over a window that a tier records.
fn burn(slo: &Slo, window: Duration) -> Expr {
    div(recorded(slo_error_ratio(window), slo), number(slo.budget()))
}

/// The window that says how fast the budget goes: the fastest tier's.
fn burn_window(slo: &Slo) -> Option<Duration> {
    slo.tiers.first().map(|tier| tier.long)
}

/// The window that says when the budget will be gone: calmer than the fastest.
fn forecast_window(slo: &Slo) -> Option<Duration> {
    slo.tiers.get(1).or(slo.tiers.first()).map(|tier| tier.long)
}

/// The factors at which tiers fire, as urgent as their severities.
fn tiers(platform: &Platform, slo: &Slo) -> Vec<Bad> {
    let urgency = |severity: &str| platform.severity(severity).map_or(Urgency::Ticket, |severity| severity.urgency);
    slo.tiers.iter().map(|tier| Bad { bound: tier.factor, above: true, urgency: urgency(&tier.severity) }).collect()
}

fn below(bound: impl Into<Decimal>, urgency: Urgency) -> Bad {
    Bad { bound: bound.into(), above: false, urgency }
}

/// What is left of a budget is fine while more than half is.
fn budget_bands() -> Vec<Bad> {
    vec![
        below(0, Urgency::Page),
        below(Decimal::new(25, 2), Urgency::Ticket),
        below(Decimal::new(5, 1), Urgency::Nothing),
    ]
}

/// A budget that is gone tomorrow, or this week.
fn exhaustion_bands() -> Vec<Bad> {
    let days = |days: u64| Decimal::from(Duration::days(days).as_seconds());
    vec![below(days(1), Urgency::Page), below(days(7), Urgency::Ticket)]
}

fn percent(share: Decimal) -> String {
    format!("{} %", print_decimal(share * Decimal::ONE_HUNDRED))
}

/// Decimals that tell the objective from one spent budget: 99.9 % wants two.
fn decimals(slo: &Slo) -> u32 {
    (slo.objective.value * Decimal::ONE_HUNDRED).normalize().scale() + 1
}

#[cfg(test)]
mod tests;
