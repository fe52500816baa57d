//! All SLOs at once, or those of one service: a table, their budgets, their alerts.

use serde_json::{Value, json};

use super::{
    Asked, IDENTITY, Sketch, alerts, below, budget_bands, burn_window, exhaustion_bands, forecast_window, identity,
    tiers,
};
use crate::backends::grafana::bands::{self, Bad};
use crate::backends::grafana::config::{Matcher, Number, Override, Panel, Property};
use crate::backends::grafana::tables::{columns, merged};
use crate::backends::grafana::visual::{OK, Visual};
use crate::conventions::{
    MONTH_LABEL, SLO_BUDGET, SLO_BUDGET_LEFT, SLO_LABEL, SLO_MONTH_BUDGET_LEFT, SLO_MONTH_ERROR_RATIO, SLO_OBJECTIVE,
    SLO_PERIOD_DAYS, dashboard_uid, slo_dashboard, slo_error_ratio,
};
use crate::dashboards::Overview;
use crate::model::{Platform, Service, Slo, Urgency};
use crate::promql::build::{
    NO_LABELS, any_of, call, div, greater, literal_regex, matched, max_by, metric, mul, number, or, over_time, sub,
    text,
};
use crate::promql::{BinaryOp, Expr, MatchOp, Matching, Selector};
use crate::quantity::Duration;
use crate::slo::windows::LONGEST_MONTH;

/// Label and column with the uid of the dashboard that has more.
const DETAILS: &str = "dashboard";

/// A panel on all SLOs, or on those of one service, without its place.
pub(in super::super) fn panel(platform: &Platform, panel: Overview, of: Option<&Service>) -> Panel {
    let sketch = match panel {
        Overview::Table => table(platform, of),
        Overview::Months => months(platform, of),
        Overview::Budgets => budgets(&shown(platform, of), of),
        Overview::Firing => alerts::firing(None),
        Overview::History => alerts::history(platform, None),
    };
    sketch.draw()
}

/// A recorded series of these SLOs.
fn series(name: impl Into<String>, of: Option<&Service>) -> Selector {
    let series = metric(name);
    match of {
        Some(service) => series.with("service", service.name.value.clone()),
        None => series,
    }
}

/// The SLOs shown.
fn shown<'a>(platform: &'a Platform, of: Option<&Service>) -> Vec<&'a Slo> {
    let slos = platform.slos().filter(|(service, _)| of.is_none_or(|of| of.name == service.name));
    slos.map(|(_, slo)| slo).collect()
}

/// A series of each SLO.
fn each(name: impl Into<String>, of: Option<&Service>) -> Expr {
    max_by(IDENTITY, series(name, of))
}

/// A series of each budget.
fn every(name: impl Into<String>, slos: &[&Slo], of: Option<&Service>) -> Expr {
    max_by(identity(slos.iter().copied()), series(name, of))
}

/// An SLO's own constants beside its budgets, of which it may have several.
fn beside(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    matched(op, left, Matching::on(IDENTITY).group_left(NO_LABELS), right)
}

fn budgets(slos: &[&Slo], of: Option<&Service>) -> Sketch {
    let labels = identity(slos.iter().copied()).into_iter().filter(|label| *label != "service");
    let legend: Vec<String> = labels.map(|label| format!("{{{{{label}}}}}")).collect();
    let asked = Asked { legend: legend.join(" "), ..Asked::new("", every(SLO_BUDGET_LEFT, slos, of)) };
    let said = "Error budgets left in the window before each moment; below zero a promise is broken".to_owned();
    let sketch = Sketch::new("Budgets over time", said, Visual::lines(true), "percentunit", vec![asked]);
    let bad = vec![below(0, Urgency::Page)];
    Sketch { bad, drawn: "dashed+area", max: Some(1.into()), soft_min: Some(0.into()), ..sketch }
}

/// Every SLO in a line, the one with the least budget on top.
fn table(platform: &Platform, of: Option<&Service>) -> Sketch {
    let slos = shown(platform, of);
    let left = || every(SLO_BUDGET_LEFT, &slos, of);
    // A table's rows are joined by all their labels, so that each budget has its SLO's objective.
    let budgets = identity(slos.iter().copied());
    let objective = match budgets.len() == IDENTITY.len() {
        true => each(SLO_OBJECTIVE, of),
        false => beside(BinaryOp::Add, mul(number(0), left()), each(SLO_OBJECTIVE, of)),
    };
    let spent = beside(BinaryOp::Mul, sub(number(1), left()), each(SLO_BUDGET, of));
    let whole = mul(each(SLO_PERIOD_DAYS, of), number(Duration::days(1).as_seconds()));
    let rest = beside(BinaryOp::Mul, call("clamp_min", [left(), number(0)]), whole);
    let time_left = burn(&slos, of, forecast_window).map(|burn| div(rest, greater(burn, number(0))));
    let first = if of.is_some() { objective } else { with_details(platform, objective) };
    let cells = [
        ("Objective", Some(first)),
        ("Reached", Some(sub(number(1), spent))),
        ("Budget left", Some(left())),
        ("Burn rate", burn(&slos, of, burn_window)),
        ("Time left", time_left),
    ];
    let cells: Vec<_> = cells.into_iter().filter_map(|(title, expr)| Some((title, expr?))).zip('A'..='Z').collect();
    let values: Vec<(String, &str)> =
        cells.iter().map(|((title, _), letter)| (format!("Value #{letter}"), *title)).collect();
    let mut shown = vec![(SLO_LABEL, "SLO")];
    shown.extend(budgets.iter().skip(IDENTITY.len()).map(|label| (*label, *label)));
    if of.is_none() {
        shown.insert(0, ("service", "Service"));
    }
    shown.extend(values.iter().map(|(name, title)| (name.as_str(), *title)));
    if of.is_none() {
        shown.push((DETAILS, "Details"));
    }
    let transformations = merged(columns(&shown));
    let asked = cells.into_iter().map(|((_, expr), _)| Asked::column(expr)).collect();
    let said = "What was promised, what was kept, what is left of the error budgets, and how fast they go".to_owned();
    let visual = Visual::table_from_lowest("Budget left");
    let sketch = Sketch::new("All objectives", said, visual, "percentunit", asked);
    let title = if of.is_some() { "Objectives" } else { "All objectives" };
    Sketch { title, decimals: Some(2), transformations, overrides: looks(platform, &slos), ..sketch }
}

/// Each SLO and each month that ended or is under way in a line. A month's share is recorded with the number of its
/// month; what it was last is what the month came to.
fn months(platform: &Platform, of: Option<&Service>) -> Sketch {
    let slos: Vec<&Slo> = shown(platform, of).into_iter().filter(|slo| slo.calendar_month).collect();
    let budgets = identity(slos.iter().copied());
    let level: Vec<&str> = budgets.iter().copied().chain([MONTH_LABEL]).collect();
    let last = |name: &str| max_by(&level, over_time("last_over_time", series(name, of), LONGEST_MONTH));
    let missed = || last(SLO_MONTH_ERROR_RATIO);
    let cells = [
        ("Objective", beside(BinaryOp::Add, mul(number(0), missed()), each(SLO_OBJECTIVE, of))),
        ("Reached", sub(number(1), missed())),
        ("Budget left", last(SLO_MONTH_BUDGET_LEFT)),
    ];
    let values: Vec<(String, &str)> =
        cells.iter().zip('A'..='Z').map(|((title, _), letter)| (format!("Value #{letter}"), *title)).collect();
    let mut shown = vec![("service", "Service"), (SLO_LABEL, "SLO")];
    shown.extend(budgets.iter().skip(IDENTITY.len()).map(|label| (*label, *label)));
    shown.push((MONTH_LABEL, "Month"));
    shown.extend(values.iter().map(|(name, title)| (name.as_str(), *title)));
    let transformations = merged(columns(&shown));
    let asked = cells.into_iter().map(|(_, expr)| Asked::column(expr)).collect();
    let said = "What was promised and what was kept in each month of the calendar (UTC): this one so far, the one before \
                as it ended. Below zero, a month broke its promise";
    let visual = Visual::table_from_lowest("Budget left");
    let sketch = Sketch::new("Compliance by month", said.to_owned(), visual, "percentunit", asked);
    Sketch { decimals: Some(2), transformations, overrides: vec![budget_column()], ..sketch }
}

/// With the uid of the dashboard that has more of the SLO. A uid that would be too long is cut, so those services
/// are named one by one.
fn with_details(platform: &Platform, expr: Expr) -> Expr {
    let label = |expr: Expr, uid: String, service: &str| {
        let [to, uid, from, service] = [DETAILS, &uid, "service", service].map(text);
        call("label_replace", [expr, to, uid, from, service])
    };
    let uid = |service: &str| dashboard_uid(&platform.name.value, &slo_dashboard(service));
    let whole = |service: &str| format!("{}-{}", platform.name.value, slo_dashboard(service));
    let expr = label(expr, whole("$1"), "(.*)");
    let promising = platform.services.iter().filter(|service| !service.slos.is_empty());
    let cut = promising.map(|service| service.name.value.as_str()).filter(|name| uid(name) != whole(name));
    cut.fold(expr, |expr, name| label(expr, uid(name), &literal_regex(name)))
}

/// How many times faster than allowed each budget goes, each over a window that its own tiers record.
fn burn(slos: &[&Slo], of: Option<&Service>, window: fn(&Slo) -> Option<Duration>) -> Option<Expr> {
    let mut windows: Vec<(Duration, Vec<String>)> = Vec::new();
    for slo in slos {
        let Some(own) = window(slo) else { continue };
        match windows.iter_mut().find(|(known, _)| *known == own) {
            Some((_, ids)) => ids.push(slo.id()),
            None => windows.push((own, vec![slo.id()])),
        }
    }
    // What most have in common is said by naming the exceptions.
    windows.sort_by_key(|(_, ids)| ids.len());
    let (usual, _) = windows.pop()?;
    let except: Vec<&String> = windows.iter().flat_map(|(_, ids)| ids).collect();
    let (op, usual) = (MatchOp::NotRegex, series(slo_error_ratio(usual), of));
    let usual = if except.is_empty() { usual } else { usual.with_matcher(SLO_LABEL, op, any_of(&except)) };
    let exception = |(window, ids): &(Duration, Vec<String>)| {
        let series = series(slo_error_ratio(*window), of);
        max_by(identity(slos.iter().copied()), series.with_matcher(SLO_LABEL, MatchOp::Regex, any_of(ids)))
    };
    let ratios = windows.iter().map(exception).fold(max_by(identity(slos.iter().copied()), usual), or);
    Some(beside(BinaryOp::Div, ratios, each(SLO_BUDGET, of)))
}

/// How one column looks.
fn column(title: &str, properties: Vec<(&'static str, Value)>) -> Override {
    Override {
        matcher: Matcher { id: "byName", options: title.to_owned() },
        properties: properties.into_iter().map(|(id, value)| Property { id, value }).collect(),
    }
}

fn colours(bad: &[Bad]) -> Value {
    serde_json::to_value(bands::thresholds(bad, OK)).unwrap_or_default()
}

fn whole(value: i64) -> Value {
    serde_json::to_value(Number(value.into())).unwrap_or_default()
}

/// What is left of a budget, as a bar.
fn budget_column() -> Override {
    let properties = vec![
        ("thresholds", colours(&budget_bands())),
        ("min", whole(0)),
        ("max", whole(1)),
        ("custom.cellOptions", json!({ "type": "gauge", "mode": "basic" })),
    ];
    column("Budget left", properties)
}

/// Units and colours of the columns.
fn looks(platform: &Platform, slos: &[&Slo]) -> Vec<Override> {
    let colored = || json!({ "type": "color-text" });
    let burning: Vec<Bad> = slos.iter().flat_map(|slo| tiers(platform, slo)).collect();
    let details = json!([{ "title": "The objectives of ${__data.fields.Service}", "url": "/d/${__value.raw}" }]);
    let open = json!([{ "type": "regex", "options": { "pattern": ".+", "result": { "text": "open", "index": 0 } } }]);
    vec![
        budget_column(),
        column(
            "Burn rate",
            vec![
                ("unit", json!("suffix:×")),
                ("decimals", whole(1)),
                ("thresholds", colours(&burning)),
                ("custom.cellOptions", colored()),
            ],
        ),
        column(
            "Time left",
            vec![
                ("unit", json!("s")),
                ("decimals", whole(1)),
                ("noValue", json!("not burning")),
                ("thresholds", colours(&exhaustion_bands())),
                ("custom.cellOptions", colored()),
            ],
        ),
        column("Details", vec![("mappings", open), ("links", details), ("custom.width", whole(80))]),
    ]
}
