//! One objective: its tiers, its budget in time and in events, and what it needs.

use rust_decimal::Decimal;

use super::rules::Index;
use super::{EvaluatedBy, Objective, Retention, SilentBurn, Tier, Traffic, cost, notes, tier};
use crate::backends::Configs;
use crate::conventions::SLO_BUDGET_LEFT;
use crate::model::{Platform, Service, Slo};
use crate::quantity::Duration;
use crate::slo::{self, times};

/// Reports an objective.
pub(super) fn objective(
    platform: &Platform,
    configs: &Configs,
    rules: &Index,
    service: &Service,
    slo: &Slo,
) -> Objective {
    let (id, budget, window) = (slo.id(), slo.budget(), slo.window.value);
    let reported: Vec<tier::Reported> =
        slo.tiers.iter().filter_map(|tier| tier::tier(platform, configs, rules, service, slo, tier)).collect();
    let quiet_times: Vec<Vec<String>> = reported.iter().map(|reported| reported.quiet_times.clone()).collect();
    let tiers: Vec<Tier> = reported.into_iter().map(|reported| reported.tier).collect();
    let mut objective = Objective {
        service: slo.service.clone(),
        name: slo.name.value.clone(),
        description: slo.description.clone(),
        by: slo.by.clone(),
        objective: slo.objective.value,
        window,
        budget,
        exhausted_after: times::exhaustion(budget, window, Decimal::ONE).unwrap_or_default(),
        traffic: slo.traffic.and_then(|traffic| in_events(traffic, budget, window)),
        silent_burn: silent_burn(&tiers, budget, window),
        retention: retention(platform, rules, &id, slo, &tiers),
        cost: cost::cost(rules, &id, slo.scrape),
        tiers,
        notes: Vec::new(),
        id,
    };
    objective.notes = notes::notes(&objective, &quiet_times);
    objective
}

fn in_events(traffic: Decimal, budget: Decimal, window: Duration) -> Option<Traffic> {
    let budget_events = traffic.checked_mul(slo::seconds(window))?.checked_mul(budget)?;
    Some(Traffic { events_per_second: traffic, budget_events: budget_events.normalize() })
}

/// Up to the slowest burn of which somebody hears there is silence; without such a tier, at any burn.
fn silent_burn(tiers: &[Tier], budget: Decimal, window: Duration) -> Option<SilentBurn> {
    let heard = tiers.iter().filter(|tier| tier.slowest.told_after.is_some()).map(|tier| tier.slowest.burn_rate);
    let most = Decimal::ONE.checked_div(budget)?;
    let burn_rate = heard.min().unwrap_or(most).normalize();
    let share = budget.checked_mul(burn_rate)?.min(Decimal::ONE);
    let exhausted_after = times::exhaustion(budget, window, share)?;
    (burn_rate > Decimal::ONE).then_some(SilentBurn { burn_rate, exhausted_after })
}

fn retention(platform: &Platform, rules: &Index, id: &str, slo: &Slo, tiers: &[Tier]) -> Retention {
    let kept = &platform.retention;
    Retention {
        alerts_need: tiers.iter().map(|tier| tier.needed_retention).max().unwrap_or(Duration::ZERO),
        budget_needs: rules.looks_back(id).max(slo.window.value).plus(slo.grain),
        local: kept.local.value,
        long_term: kept.long_term.as_ref().map(|long_term| long_term.raw.value),
        budget_by: rules.recording(id, SLO_BUDGET_LEFT).map_or(EvaluatedBy::Prometheus, |found| found.by),
    }
}
