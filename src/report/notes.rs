//! What of an objective deserves attention, in words.

use rust_decimal::Decimal;

use super::words::{exact, number, percent, rough, times as burn};
use super::{Note, Objective, Tier};

/// Fewer events than these in a whole budget: each of them is a noticeable part of it.
const FEW_EVENTS: Decimal = Decimal::TEN;

/// The notes of an objective; `quiet_times` are the times that each tier's route knows.
pub(super) fn notes(objective: &Objective, quiet_times: &[Vec<String>]) -> Vec<Note> {
    let silent: Vec<&Tier> = objective.tiers.iter().filter(|tier| tier.tells.is_empty()).collect();
    let nobody = silent.into_iter().map(nobody_told);
    let quiet = objective.tiers.iter().zip(quiet_times).filter_map(|(tier, times)| at_times(tier, times));
    let single = [undefendable(objective), silent_burn(objective), few_events(objective), too_short(objective)];
    single.into_iter().flatten().chain(nobody).chain(quiet).collect()
}

fn note(code: &str, message: String) -> Option<Note> {
    Some(Note { code: code.to_owned(), message })
}

fn undefendable(objective: &Objective) -> Option<Note> {
    let told = objective.first_told().filter(|_| objective.is_undefendable())?;
    let message = format!(
        "a total outage spends the whole budget in {}, and nobody is told before {}: no alert can protect this objective",
        rough(objective.exhausted_after),
        rough(told),
    );
    note("undefendable", message)
}

fn silent_burn(objective: &Objective) -> Option<Note> {
    let silent = objective.silent_burn?;
    let gone = rough(silent.exhausted_after);
    let heard = objective.tiers.iter().any(|tier| tier.slowest.told_after.is_some());
    let message = if heard {
        let rate = burn(silent.burn_rate);
        format!("a burn of {rate} or less is reported by no tier, and spends the budget in {gone}")
    } else {
        format!("nobody hears of any burn, not even of a total outage, which spends the budget in {gone}")
    };
    note("silent-burn", message)
}

fn few_events(objective: &Objective) -> Option<Note> {
    let events = objective.traffic?.budget_events;
    let each = Decimal::ONE.checked_div(events).filter(|_| events < FEW_EVENTS)?;
    let message = format!(
        "the budget is {} events over {}: each failure spends {} of it",
        number(events),
        exact(objective.window),
        percent(each),
    );
    note("few-events", message)
}

fn too_short(objective: &Objective) -> Option<Note> {
    let retention = objective.retention;
    let kept = retention.long_term.map_or(retention.local, |long_term| long_term.max(retention.local));
    if objective.window <= kept {
        return None;
    }
    let (kept, window) = (exact(kept), exact(objective.window));
    let message = format!("samples are kept for {kept}: the budget is that of {kept}, not of {window}");
    note("retention-too-short", message)
}

fn nobody_told(tier: &Tier) -> Note {
    let message = format!("nobody is told of {}: the severity {} leads to no channel", tier.tier, tier.severity);
    Note { code: "nobody-told".to_owned(), message }
}

fn at_times(tier: &Tier, times: &[String]) -> Option<Note> {
    let message = format!("the route of {} is quiet at times: see {}", tier.tier, times.join(", "));
    if times.is_empty() { None } else { note("quiet-times", message) }
}
