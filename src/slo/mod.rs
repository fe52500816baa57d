//! The arithmetic of objectives: burn-rate tiers, when they fire, what is left when people know.
//!
//! Words: an objective `O` over a window `P` allows the budget `b = 1 - O`. A tier with the burn
//! factor `B` looks at a long window `Wl` and a short one `Ws` and fires while the share of bad events
//! is above `B * b` in both: the share `f = B * Wl / P` of the budget has gone by then. Everything is
//! in exact decimals; times are in seconds where they are not a [`Duration`].

mod guard;
pub mod problems;
mod tiers;
pub mod times;
pub mod windows;

pub use guard::min_failures;
pub use tiers::tiers;

use rust_decimal::Decimal;

use crate::quantity::Duration;

/// A duration in seconds, exactly.
pub fn seconds(duration: Duration) -> Decimal {
    Decimal::new(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX), 3).normalize()
}

/// A number of seconds as a duration, rounded up to whole milliseconds; none below zero.
pub fn duration(seconds: Decimal) -> Duration {
    use rust_decimal::prelude::ToPrimitive;
    let millis = seconds.checked_mul(Decimal::ONE_THOUSAND).map(|millis| millis.ceil());
    Duration::millis(millis.map_or(u64::MAX, |millis| millis.to_u64().unwrap_or(0)))
}

/// The share of bad events above which a tier fires: `B * b`, the burn factor times the budget.
pub fn fires_above(factor: Decimal, budget: Decimal) -> Decimal {
    (factor * budget).normalize()
}

/// Whether a tier can fire at all: not even a total outage has more than all events bad.
pub fn can_fire(factor: Decimal, budget: Decimal) -> bool {
    fires_above(factor, budget) < Decimal::ONE
}
