//! What the formulas predict beside what happens: when a tier begins to fire, and when it ends.
//!
//! `played` asks promtool, in every version at hand, with samples and evaluations of a minute. `live` asks a
//! Prometheus that scrapes and evaluates every second. Both stand in `docs/slo.md`.

mod live;
mod played;

use bellwether::model::{Slo, Tier};
use bellwether::quantity::Duration;
use bellwether::slo::times;
use rust_decimal::Decimal;

/// What the formulas say of a failure with a share of bad events.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Predicted {
    /// From the start of the failure until the condition holds.
    fires: Duration,
    /// From its end until the condition no longer holds.
    ends: Duration,
}

/// The prediction of one tier, whose rules are these; `None` where the tier stays silent.
fn predict(slo: &Slo, tier: &Tier, rules: &str, share: Decimal) -> Option<Predicted> {
    let through = |exact: Duration, window: Duration| {
        let grain = if is_recorded(rules, window) { slo.grain } else { Duration::ZERO };
        times::through_grain(exact, window, grain)
    };
    let fires = times::detection(tier, slo.budget(), share)?;
    let ends = times::recovery(tier, slo.budget(), share)?;
    Some(Predicted { fires: through(fires, tier.long), ends: through(ends, tier.short) })
}

/// Whether a window is made of recorded rates instead of the counters.
fn is_recorded(rules: &str, window: Duration) -> bool {
    let file: serde_json::Value = yaml_serde::from_str(rules).unwrap();
    let rules = file["groups"].as_array().unwrap().iter().flat_map(|group| group["rules"].as_array().unwrap());
    let name = format!("slo:error_ratio:rate{window}");
    let mut expressions = rules.filter(|rule| rule["record"] == name).filter_map(|rule| rule["expr"].as_str());
    expressions.next().unwrap_or_else(|| panic!("{name} is not recorded")).contains("_over_time(slo:bad")
}

/// A share as people write it.
fn percent(share: Decimal) -> String {
    format!("{} %", (share * Decimal::ONE_HUNDRED).normalize())
}
