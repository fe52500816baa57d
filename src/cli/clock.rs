//! The day it is: the only look at a clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::quantity::Date;

/// The day, by UTC. `SOURCE_DATE_EPOCH` (seconds since 1970) stops the clock, as it does for other tools whose runs
/// must be repeatable.
pub(super) fn today() -> Date {
    let stopped = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Date::of_unix_seconds(stopped.unwrap_or_else(now))
}
