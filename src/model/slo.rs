//! SLOs, resolved: what counts as bad, how much of it is allowed, and when people are told.

use rust_decimal::Decimal;

use crate::promql::{Expr, Selector};
use crate::quantity::Duration;
use crate::source::{Place, Spanned};
pub use crate::spec::slo::Combine;

/// An objective of one service.
#[derive(Debug, Clone, PartialEq)]
pub struct Slo {
    /// Its name, unique in the service.
    pub name: Spanned<String>,
    /// The service.
    pub service: String,
    /// What it promises.
    pub description: String,
    /// The signal that it is about; none if it counts its own events or is made of other SLOs.
    pub signal: Option<String>,
    /// What counts as good and bad.
    pub sli: Sli,
    /// Labels with a budget for each of their values.
    pub by: Vec<String>,
    /// Share of good events, between 0 and 1, neither included.
    pub objective: Spanned<Decimal>,
    /// Over which time.
    pub window: Spanned<Duration>,
    /// Whether each month of the calendar is reported beside that time.
    pub calendar_month: bool,
    /// Fewest bad events in a long window that may raise an alert.
    pub min_failures: Option<u64>,
    /// Expected events a second.
    pub traffic: Option<Decimal>,
    /// The longest time between two samples of its series.
    pub scrape: Duration,
    /// The window whose rates of bad and of all events are recorded: long windows are sums of them.
    pub grain: Duration,
    /// What people wrote for its page, in Markdown.
    pub advice: Option<String>,
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
    /// Events counted by PromQL over `$window`.
    Raw {
        /// Good or bad events a second.
        part: Box<Counted>,
        /// All events a second.
        total: Box<Counted>,
        /// Whether `part` counts bad events.
        part_is_bad: bool,
    },
    /// A share of bad that is told afresh at each evaluation: nothing is counted, each moment weighs the same.
    Share {
        /// Between 0 and 1.
        bad: Expr,
    },
    /// Other SLOs.
    Composed {
        /// Which.
        of: Vec<Member>,
        /// How they become one.
        combine: Combine,
    },
}

impl Sli {
    /// Whether it can be asked over any window, rather than only of what was recorded of it.
    pub fn is_counted(&self) -> bool {
        match self {
            Self::Events { .. } | Self::Within { .. } | Self::Boolean { .. } | Self::Raw { .. } => true,
            Self::Share { .. } => false,
            Self::Composed { of, .. } => of.iter().all(|member| member.sli.is_counted()),
        }
    }

    /// Whether it is only a share, of nothing that is counted.
    pub fn is_share(&self) -> bool {
        match self {
            Self::Share { .. } => true,
            Self::Composed { combine, .. } => *combine != Combine::Events,
            _ => false,
        }
    }

    /// Whether its events are things that happened, rather than samples or moments.
    pub fn has_events(&self) -> bool {
        match self {
            Self::Events { .. } | Self::Within { .. } | Self::Raw { .. } => true,
            Self::Boolean { .. } | Self::Share { .. } => false,
            Self::Composed { of, combine } => {
                *combine == Combine::Events && of.iter().all(|member| member.sli.has_events())
            }
        }
    }
}

/// Events that PromQL counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The expression, over `$window`; its places are offsets in `text`.
    pub expr: Spanned<Expr>,
    /// As written.
    pub text: crate::spec::values::Written,
}

/// An SLO that is part of another.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its id.
    pub slo: String,
    /// Its own objective.
    pub objective: Decimal,
    /// What it counts.
    pub sli: Sli,
    /// How much it weighs against the others, where that matters.
    pub weight: Decimal,
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
