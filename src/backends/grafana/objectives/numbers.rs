//! Numbers of one SLO: what it is now.

use rust_decimal::Decimal;

use super::{
    Asked, Sketch, below, budget_bands, burn, burn_window, decimals, exhaustion_bands, forecast_window, identity, left,
    percent, recorded, series, tiers,
};
use crate::backends::grafana::visual::Visual;
use crate::conventions::{self, slo_error_ratio};
use crate::model::{Platform, Slo, Urgency};
use crate::promql::build::{call, div, greater, min_by, mul, number, sub, subquery};
use crate::promql::{Expr, Window};
use crate::quantity::Duration;
use crate::slo::seconds;

pub(super) fn reached(slo: &Slo) -> Sketch {
    let window = slo.window.value;
    let said = format!("Share of good events over {window}, each event counted once. {}", slo.description);
    let share = sub(number(1), recorded(slo_error_ratio(window), slo));
    let bad = vec![below(slo.objective.value, Urgency::Page)];
    Sketch { bad, decimals: Some(decimals(slo)), ..Sketch::number("Reached", said, "percentunit", share) }
}

pub(super) fn promised(slo: &Slo) -> Sketch {
    let said = format!("Share of events that must be good over {}", slo.window.value);
    let objective = recorded(conventions::SLO_OBJECTIVE, slo);
    Sketch { decimals: Some(decimals(slo) - 1), ..Sketch::number("Objective", said, "percentunit", objective) }
}

pub(super) fn budget_left(slo: &Slo) -> Sketch {
    let said = format!(
        "What is left of the {} of events that may be bad over {}. Below zero, the promise is broken.",
        percent(slo.budget()),
        slo.window.value
    );
    Sketch {
        visual: Visual::signal_light(),
        bad: budget_bands(),
        decimals: Some(1),
        ..Sketch::number("Budget left", said, "percentunit", left(slo))
    }
}

/// None of the budget left is no time left.
fn what_is_left(slo: &Slo) -> Expr {
    call("clamp_min", [left(slo), number(0)])
}

pub(super) fn outage_left(slo: &Slo) -> Sketch {
    let whole = seconds(slo.window.value) * slo.budget();
    let said = format!(
        "How long every event may still be bad at the usual traffic. The whole budget is an outage of {}.",
        crate::slo::duration(whole),
    );
    let expr = mul(what_is_left(slo), number(whole.normalize()));
    let urgency = [(0.into(), Urgency::Page), (Decimal::new(25, 2), Urgency::Ticket)];
    // Nothing left is red, too: what lies below the smallest time that is some.
    let bound = |share: Decimal| (share * whole).max(Decimal::new(1, 3)).normalize();
    let bad = urgency.into_iter().map(|(share, urgency)| below(bound(share), urgency)).collect();
    Sketch { bad, decimals: Some(1), ..Sketch::number("Outage left", said, "s", expr) }
}

pub(super) fn burn_rate(platform: &Platform, slo: &Slo) -> Sketch {
    let window = burn_window(slo).unwrap_or(slo.grain);
    let said = format!("How many times faster than allowed the budget went in the last {window}");
    let sketch = Sketch::number("Burn rate", said, "suffix:×", burn(slo, window));
    Sketch { bad: tiers(platform, slo), decimals: Some(1), ..sketch }
}

pub(super) fn time_left(slo: &Slo) -> Sketch {
    let window = forecast_window(slo).unwrap_or(slo.grain);
    let said = format!("When the budget will be gone if things go on as in the last {window}");
    let rest = mul(what_is_left(slo), number(seconds(slo.window.value)));
    let expr = div(rest, greater(burn(slo, window), number(0)));
    let sketch = Sketch::number("Time left", said, "s", expr);
    Sketch { bad: exhaustion_bands(), nothing: "not burning", decimals: Some(1), ..sketch }
}

pub(super) fn month_reached(slo: &Slo) -> Sketch {
    let said = "Share of good events since the first of this month (UTC), each event counted once".to_owned();
    let share = sub(number(1), recorded(conventions::SLO_MONTH_ERROR_RATIO, slo));
    let bad = vec![below(slo.objective.value, Urgency::Page)];
    Sketch { bad, decimals: Some(decimals(slo)), ..Sketch::number("Reached this month", said, "percentunit", share) }
}

pub(super) fn month_budget_left(slo: &Slo) -> Sketch {
    let said = format!(
        "What is left of the {} of this month's events so far that may be bad. Below zero, the month has had too many.",
        percent(slo.budget()),
    );
    let left = recorded(conventions::SLO_MONTH_BUDGET_LEFT, slo);
    let sketch = Sketch::number("Budget of this month", said, "percentunit", left);
    Sketch { visual: Visual::signal_light(), bad: budget_bands(), decimals: Some(1), ..sketch }
}

/// A window that is not yet full looks better, or worse, than it will be.
pub(super) fn since(slo: &Slo) -> Sketch {
    let window = slo.window.value;
    let said = format!(
        "When the oldest event was counted. Until that is {window} ago, everything here that speaks of {window} is of \
         a shorter time."
    );
    let seen = call("timestamp", [series(conventions::slo_total_rate(slo.grain), slo).into()]);
    let oldest = subquery(seen, Window::Fixed(window), Some(Duration::hours(1).max(slo.grain)));
    let oldest = min_by(identity([slo]), call("min_over_time", [oldest]));
    // Grafana's times are in milliseconds.
    let asked = vec![Asked::new("Data since", mul(oldest, number(1000)))];
    Sketch::new("Data since", said, Visual::number(), "dateTimeFromNow", asked)
}
