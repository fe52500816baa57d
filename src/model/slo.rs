//! SLOs, resolved: what counts as bad, how much of it is allowed, and when people are told.

use rust_decimal::Decimal;

use crate::promql::Selector;
use crate::quantity::Duration;
use crate::source::{Place, Spanned};

/// An objective of one service.
#[derive(Debug, Clone, PartialEq)]
pub struct Slo {
    /// Its name, unique in the service.
    pub name: Spanned<String>,
    /// The service.
    pub service: String,
    /// What it promises.
    pub description: String,
    /// The signal that it is about.
    pub signal: String,
    /// What counts as good and bad.
    pub sli: Sli,
    /// Share of good events, between 0 and 1, neither included.
    pub objective: Spanned<Decimal>,
    /// Over which time.
    pub window: Spanned<Duration>,
    /// Fewest bad events in a long window that may raise an alert.
    pub min_failures: Option<u64>,
    /// Expected events a second.
    pub traffic: Option<Decimal>,
    /// The window whose rates of bad and of all events are recorded: long windows are sums of them.
    pub grain: Duration,
    /// Burn-rate tiers, fastest first. Those that can never fire are already gone, with a diagnostic.
    pub tiers: Vec<Tier>,
    /// Where it is declared.
    pub origin: Place,
}

impl Slo {
    /// The budget: the share of bad events that is allowed.
    pub fn budget(&self) -> Decimal {
        (Decimal::ONE - self.objective.value).normalize()
    }

    /// `<service>-<name>`: the `slo` label, unique in the platform.
    pub fn id(&self) -> String {
        format!("{}-{}", self.service, self.name.value)
    }
}

/// What counts as good and bad.
#[derive(Debug, Clone, PartialEq)]
pub enum Sli {
    /// Counters of events.
    Events {
        /// Good or bad events.
        part: Vec<Spanned<Selector>>,
        /// All events.
        total: Vec<Spanned<Selector>>,
        /// Whether `part` counts bad events.
        part_is_bad: bool,
    },
    /// Events of a histogram at or below a bound.
    Within {
        /// Base name and matchers.
        histogram: Spanned<Selector>,
        /// Whether it is a native histogram.
        native: bool,
        /// The bound, in seconds.
        bound: Spanned<Decimal>,
    },
    /// Samples of a 0/1 gauge: 1 is good.
    Boolean {
        /// The gauge.
        gauge: Spanned<Selector>,
    },
}

/// A burn-rate tier: an alert of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Tier {
    /// Which.
    pub name: TierName,
    /// Long window.
    pub long: Duration,
    /// Short window.
    pub short: Duration,
    /// How many times faster than allowed the budget goes.
    pub factor: Decimal,
    /// Share of the budget spent over the long window at that factor.
    pub budget_share: Decimal,
    /// Name of the severity.
    pub severity: String,
}

/// The stable names of tiers: the `tier` label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the name says it")]
pub enum TierName {
    PageFast,
    PageSlow,
    TicketFast,
    TicketSlow,
}

impl TierName {
    /// Fastest first.
    pub const ALL: [TierName; 4] = [Self::PageFast, Self::PageSlow, Self::TicketFast, Self::TicketSlow];

    /// As in specs and labels.
    pub fn name(self) -> &'static str {
        match self {
            Self::PageFast => "page-fast",
            Self::PageSlow => "page-slow",
            Self::TicketFast => "ticket-fast",
            Self::TicketSlow => "ticket-slow",
        }
    }
}
