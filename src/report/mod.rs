//! What each objective means in operation: when somebody is told, what has gone by then, what it costs.
//!
//! Nothing here is derived a second time. Intervals, holds and costs are read from the rules as lowered, waiting
//! times from the routing tree as lowered, and the arithmetic is that of [`crate::slo`]: what is reported is what
//! the generated files do.

mod cost;
mod notes;
mod numbers;
mod objective;
pub mod render;
mod rules;
#[cfg(test)]
mod tests;
mod tier;
pub(crate) mod words;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::backends::Configs;
use crate::model::Platform;
use crate::quantity::Duration;

/// Version of the JSON form. Grows only when something is taken away.
const VERSION: u32 = 1;

/// Every objective of a platform. Times are in seconds, shares between 0 and 1; `null` means never, or unknown.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "SloReport")]
pub struct Report {
    /// Version of this form.
    pub version: u32,
    /// The platform.
    pub platform: String,
    /// Which copy of it.
    pub environment: String,
    /// The objectives, in the order of the spec.
    pub slos: Vec<Objective>,
}

/// One objective.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Objective {
    /// `<service>-<name>`: the label `slo`.
    pub id: String,
    /// The service that promises it.
    pub service: String,
    /// Its name in the service.
    pub name: String,
    /// What it promises.
    pub description: String,
    /// Labels with a budget for each of their values: all figures are those of one such group.
    pub by: Vec<String>,
    /// Share of good events that is promised.
    #[serde(serialize_with = "numbers::decimal")]
    #[schemars(with = "f64")]
    pub objective: Decimal,
    /// Over which time.
    #[serde(rename = "window_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub window: Duration,
    /// Share of bad events that is allowed.
    #[serde(serialize_with = "numbers::decimal")]
    #[schemars(with = "f64")]
    pub budget: Decimal,
    /// How long a total outage takes to spend a full budget.
    #[serde(rename = "exhausted_after_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub exhausted_after: Duration,
    /// What little traffic would mean, if the spec says how much there is.
    pub traffic: Option<Traffic>,
    /// Its burn-rate tiers, fastest first.
    pub tiers: Vec<Tier>,
    /// The largest burn that no tier ever reports; `null` when it spends no more than the budget.
    pub silent_burn: Option<SilentBurn>,
    /// How long samples must be kept, and are.
    pub retention: Retention,
    /// What its rules cost, for each system that evaluates some.
    pub cost: Vec<Cost>,
    /// What deserves attention.
    pub notes: Vec<Note>,
}

impl Objective {
    /// How soon somebody can be told of a total outage, at the latest; `None` if nobody ever is.
    pub fn first_told(&self) -> Option<Duration> {
        self.tiers.iter().filter_map(|tier| tier.total_outage.told_after).min()
    }

    /// Whether a total outage has spent the whole budget by the time that the first person is told.
    pub fn is_undefendable(&self) -> bool {
        self.first_told().is_some_and(|told| told >= self.exhausted_after)
    }
}

/// The budget counted in events.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Traffic {
    /// Expected events a second.
    #[serde(serialize_with = "numbers::decimal")]
    #[schemars(with = "f64")]
    pub events_per_second: Decimal,
    /// Bad events that are allowed in the window.
    #[serde(serialize_with = "numbers::decimal")]
    #[schemars(with = "f64")]
    pub budget_events: Decimal,
}

/// One burn-rate tier: an alert of its own.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "SloTier")]
pub struct Tier {
    /// `page-fast`, `page-slow`, `ticket-fast` or `ticket-slow`: the label `tier`.
    pub tier: String,
    /// Its severity.
    pub severity: String,
    /// Long window.
    #[serde(rename = "long_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub long: Duration,
    /// Short window.
    #[serde(rename = "short_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub short: Duration,
    /// How many times faster than allowed the budget must go.
    #[serde(serialize_with = "numbers::decimal")]
    #[schemars(with = "f64")]
    pub factor: Decimal,
    /// Share of the budget that goes over the long window at that factor.
    #[serde(serialize_with = "numbers::decimal")]
    #[schemars(with = "f64")]
    pub budget_share: Decimal,
    /// Share of bad events above which it fires.
    #[serde(serialize_with = "numbers::decimal")]
    #[schemars(with = "f64")]
    pub fires_above: Decimal,
    /// Fewest bad events in the long window that may raise it.
    pub min_failures: Option<u64>,
    /// Which system evaluates its alert.
    pub evaluated_by: EvaluatedBy,
    /// Channels that are told first; none when its severity leads nowhere.
    pub tells: Vec<String>,
    /// What lies between an event and the message.
    pub pipeline: Pipeline,
    /// How long samples must be kept for it: the long window and a grain.
    #[serde(rename = "needed_retention_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub needed_retention: Duration,
    /// All events are bad.
    pub total_outage: Burn,
    /// Ten times the burn that the objective allows; `null` when not even a total outage burns so fast.
    pub tenfold: Option<Burn>,
    /// The slowest burn that it reports: just above its factor, or as fast as it takes to gather `min_failures`
    /// in the long window. Times are those that such burns approach.
    pub slowest: Burn,
}

/// Who evaluates a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvaluatedBy {
    /// Prometheus itself.
    Prometheus,
    /// Thanos' ruler, over the object store.
    ThanosRuler,
}

impl EvaluatedBy {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            EvaluatedBy::Prometheus => "Prometheus",
            EvaluatedBy::ThanosRuler => "Thanos ruler",
        }
    }
}

/// The steps between an event and the message about it, each at its longest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Pipeline {
    /// Scrape interval.
    #[serde(rename = "scrape_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub scrape: Duration,
    /// Evaluation interval of another system's rules, which the alert reads.
    #[serde(rename = "recording_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub recording: Duration,
    /// Evaluation interval of the alert.
    #[serde(rename = "evaluation_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub evaluation: Duration,
    /// `for` of the alert.
    #[serde(rename = "for_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub hold: Duration,
    /// `group_wait` of the route that it takes.
    #[serde(rename = "group_wait_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub group_wait: Duration,
    /// `group_interval` of that route: the wait instead, when its group has been told of already.
    #[serde(rename = "group_interval_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub group_interval: Duration,
    /// `keep_firing_for` of the alert.
    #[serde(rename = "keep_firing_for_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub keep_firing: Duration,
    /// Length of the recorded rates that the long window averages; 0 when it asks the counters themselves.
    #[serde(rename = "grain_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub grain: Duration,
}

/// What a tier makes of a burn that begins all at once and lasts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Burn {
    /// How many times faster than allowed the budget goes.
    #[serde(serialize_with = "numbers::decimal")]
    #[schemars(with = "f64")]
    pub burn_rate: Decimal,
    /// Share of bad events.
    #[serde(serialize_with = "numbers::decimal")]
    #[schemars(with = "f64")]
    pub bad_share: Decimal,
    /// Until a full budget is gone.
    #[serde(rename = "exhausted_after_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub exhausted_after: Duration,
    /// Until the condition of the alert holds.
    #[serde(rename = "detected_after_seconds", serialize_with = "numbers::maybe_seconds")]
    #[schemars(with = "Option<f64>")]
    pub detected_after: Option<Duration>,
    /// Until the first message leaves Alertmanager, at the latest.
    #[serde(rename = "told_after_seconds", serialize_with = "numbers::maybe_seconds")]
    #[schemars(with = "Option<f64>")]
    pub told_after: Option<Duration>,
    /// Share of a full budget that is gone by then; above 1 there is none left.
    #[serde(serialize_with = "numbers::maybe_decimal")]
    #[schemars(with = "Option<f64>")]
    pub budget_gone: Option<Decimal>,
    /// From the end of the burn until the alert resolves, at the latest.
    #[serde(rename = "resolved_after_seconds", serialize_with = "numbers::maybe_seconds")]
    #[schemars(with = "Option<f64>")]
    pub resolved_after: Option<Duration>,
}

/// The largest burn of which nobody ever hears.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct SilentBurn {
    /// How many times faster than allowed the budget goes.
    #[serde(serialize_with = "numbers::decimal")]
    #[schemars(with = "f64")]
    pub burn_rate: Decimal,
    /// How long it takes to spend a full budget.
    #[serde(rename = "exhausted_after_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub exhausted_after: Duration,
}

/// How long samples must be kept for an objective, and are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "SloRetention")]
pub struct Retention {
    /// For its alerts: the longest long window and a grain.
    #[serde(rename = "alerts_need_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub alerts_need: Duration,
    /// For its budget: the longest time that its rules look back, and a grain.
    #[serde(rename = "budget_needs_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub budget_needs: Duration,
    /// What Prometheus keeps.
    #[serde(rename = "local_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub local: Duration,
    /// What long-term storage keeps, if there is one.
    #[serde(rename = "long_term_seconds", serialize_with = "numbers::maybe_seconds")]
    #[schemars(with = "Option<f64>")]
    pub long_term: Option<Duration>,
    /// Which system evaluates the budget.
    pub budget_by: EvaluatedBy,
}

/// What the rules of an objective cost one system.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Cost {
    /// Which.
    pub evaluated_by: EvaluatedBy,
    /// How many rules.
    pub rules: u64,
    /// Series that they record.
    pub series: u64,
    /// Samples that one evaluation of all of them reads.
    pub samples: u64,
    /// How often that is.
    #[serde(rename = "every_seconds", serialize_with = "numbers::seconds")]
    #[schemars(with = "f64")]
    pub every: Duration,
}

/// Something that deserves attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Note {
    /// Stable name.
    pub code: String,
    /// In words.
    pub message: String,
}

/// Reports every objective of a platform.
pub fn report(platform: &Platform, configs: &Configs) -> Report {
    let groups = configs.rules.groups();
    let rules = rules::Index::new(platform, &groups);
    let slos =
        platform.slos().map(|(service, slo)| objective::objective(platform, configs, &rules, service, slo)).collect();
    Report { version: VERSION, platform: platform.name.value.clone(), environment: platform.environment.clone(), slos }
}
