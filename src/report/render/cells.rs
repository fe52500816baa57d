//! What stands in the cells, whatever draws the table.

use crate::quantity::print_percent;
use crate::report::words::{counted, events, exact, number, percent, rough, times};
use crate::report::{Burn, Cost, EvaluatedBy, Objective, Tier};

/// A cell for what never happens.
const NEVER: &str = "-";

/// A column of a tier's settings: its title, whether it is aligned to the right, its cell.
type Column = (&'static str, bool, fn(&Tier) -> String);

const SETTINGS: [Column; 8] = [
    ("tier", false, |tier| tier.tier.clone()),
    ("long", true, |tier| exact(tier.long)),
    ("short", true, |tier| exact(tier.short)),
    ("factor", true, |tier| times(tier.factor)),
    ("budget", true, |tier| percent(tier.budget_share)),
    ("reset", true, |tier| tier.total_outage.resolved_after.map_or(NEVER.to_owned(), rough)),
    (EVALUATED_BY, false, |tier| tier.evaluated_by.name().to_owned()),
    ("tells", false, |tier| if tier.tells.is_empty() { "nobody".to_owned() } else { tier.tells.join(", ") }),
];

const EVALUATED_BY: &str = "evaluated by";

/// Titles, which of them are numbers, and rows.
pub(super) struct Cells {
    pub(super) titles: Vec<&'static str>,
    pub(super) right: Vec<bool>,
    pub(super) rows: Vec<Vec<String>>,
}

/// The settings of every tier. Who evaluates them is said where it is not Prometheus for all of them.
pub(super) fn settings(tiers: &[Tier]) -> Cells {
    let usual = tiers.iter().all(|tier| tier.evaluated_by == EvaluatedBy::Prometheus);
    let columns: Vec<&Column> = SETTINGS.iter().filter(|(title, ..)| !usual || *title != EVALUATED_BY).collect();
    Cells {
        titles: columns.iter().map(|(title, ..)| *title).collect(),
        right: columns.iter().map(|(_, right, _)| *right).collect(),
        rows: tiers.iter().map(|tier| columns.iter().map(|(.., cell)| cell(tier)).collect()).collect(),
    }
}

/// The three burns, named; the share of bad events where it is the same for all tiers.
pub(super) fn burns(objective: &Objective) -> [String; 3] {
    let tenfold = objective.tiers.iter().find_map(|tier| tier.tenfold);
    let tenfold =
        tenfold.map_or("10x (impossible)".to_owned(), |burn| format!("10x ({} bad)", percent(burn.bad_share)));
    ["total outage".to_owned(), tenfold, "slowest reported".to_owned()]
}

/// Names of the columns of one burn.
pub(super) const COURSE: [&str; 3] = ["seen", "told", "gone"];

/// What a tier makes of the three burns: seen, told, gone for each.
pub(super) fn courses(tier: &Tier) -> Vec<String> {
    let burns = [Some(tier.total_outage), tier.tenfold, Some(tier.slowest)];
    burns.into_iter().flat_map(course).collect()
}

fn course(burn: Option<Burn>) -> [String; 3] {
    let cell = |text: Option<String>| text.unwrap_or_else(|| NEVER.to_owned());
    [
        cell(burn.and_then(|burn| burn.detected_after).map(rough)),
        cell(burn.and_then(|burn| burn.told_after).map(rough)),
        cell(burn.and_then(|burn| burn.budget_gone).map(percent)),
    ]
}

/// `99.9% over 30d`
pub(super) fn promise(objective: &Objective) -> String {
    format!("{} over {}", print_percent(objective.objective), exact(objective.window))
}

/// What there is to say below the tables, each with a name.
pub(super) fn facts(objective: &Objective) -> Vec<(&'static str, String)> {
    let mut facts = vec![("budget", budget(objective)), ("retention", retention(objective))];
    facts.extend(objective.cost.iter().map(|cost| ("cost", self::cost(cost, &objective.by))));
    facts.extend(objective.notes.iter().map(|note| ("note", note.message.clone())));
    facts
}

fn budget(objective: &Objective) -> String {
    let outage = rough(objective.exhausted_after);
    let tenfold = objective.tiers.iter().find_map(|tier| tier.tenfold);
    let tenfold = tenfold.map_or(String::new(), |burn| format!(", 10x in {}", rough(burn.exhausted_after)));
    let traffic = objective.traffic.map_or(String::new(), |traffic| {
        let a_second = number(traffic.events_per_second);
        format!("; {} bad events at {a_second} events a second", events(traffic.budget_events))
    });
    format!("{} of events; a total outage spends it in {outage}{tenfold}{traffic}", print_percent(objective.budget))
}

fn retention(objective: &Objective) -> String {
    let retention = objective.retention;
    let (alerts, budget) = (exact(retention.alerts_need), exact(retention.budget_needs));
    let needs = if retention.alerts_need.is_zero() {
        format!("the budget needs {budget}")
    } else {
        format!("alerts need {alerts}, the budget {budget}")
    };
    let long_term = retention.long_term.map(|kept| format!(", long-term storage {}", exact(kept)));
    let by = match retention.budget_by {
        EvaluatedBy::Prometheus => "",
        EvaluatedBy::ThanosRuler => "; the Thanos ruler evaluates the budget",
    };
    format!("{needs}; Prometheus keeps {}{}{by}", exact(retention.local), long_term.unwrap_or_default())
}

fn cost(cost: &Cost, by: &[String]) -> String {
    let each = if by.is_empty() { String::new() } else { format!(" for each {}", by.join(" and ")) };
    format!(
        "{}: {}, {}, {} read every {}{each}",
        cost.evaluated_by.name(),
        counted(cost.rules, "rule", "rules"),
        counted(cost.series, "series", "series"),
        counted(cost.samples, "sample", "samples"),
        exact(cost.every),
    )
}
