//! Windows and durations as CloudWatch counts them: periods, and how many in a row.

use crate::quantity::Duration;

/// When an alarm is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timing {
    /// Seconds that become one value.
    pub(super) period: u64,
    /// So many values in a row must be bad.
    pub(super) evaluation_periods: u64,
}

/// Why CloudWatch cannot look that far back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLong {
    /// The longest time that periods of this length may cover together.
    pub(super) most: Duration,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;
const WEEK: u64 = 7 * DAY;

/// The period for a window, in seconds: whole minutes, at least one. Shorter periods exist, but only for
/// metrics that are published at high resolution, and their alarms flap on all others.
pub(super) fn period(window: Duration) -> u64 {
    window.as_millis().div_ceil(MINUTE * 1_000).max(1) * MINUTE
}

/// A value over `window` that is bad for `hold`: consecutive periods that cover it, one at least.
pub(super) fn timing(window: Duration, hold: Duration) -> Result<Timing, TooLong> {
    within_limits(period(window), hold)
}

/// Nothing at all for `wait`. Short periods notice soonest: CloudWatch looks back further than asked when
/// data are missing, by a few periods.
pub(super) fn silence(wait: Duration) -> Result<Timing, TooLong> {
    let period = match wait.as_seconds() {
        seconds if seconds <= HOUR => MINUTE,
        seconds if seconds <= DAY => 5 * MINUTE,
        _ => HOUR,
    };
    within_limits(period, wait)
}

/// Periods together cover at most a day, or a week when each is an hour or longer.
fn within_limits(period: u64, hold: Duration) -> Result<Timing, TooLong> {
    let evaluation_periods = hold.as_millis().div_ceil(period.saturating_mul(1_000)).max(1);
    let most = if period < HOUR { DAY } else { WEEK };
    if period.saturating_mul(evaluation_periods) > most {
        return Err(TooLong { most: Duration::seconds(most) });
    }
    Ok(Timing { period, evaluation_periods })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Duration {
        Duration::parse(text).unwrap()
    }

    #[test]
    fn windows_become_periods() {
        for (window, hold, expected) in [
            ("5m", "0", Ok((300, 1))),
            ("5m", "10m", Ok((300, 2))),
            ("5m", "2m", Ok((300, 1))),
            ("5m", "12m", Ok((300, 3))),
            ("1m", "5m", Ok((60, 5))),
            ("15s", "30s", Ok((60, 1))),
            ("90s", "0", Ok((120, 1))),
            ("61s", "0", Ok((120, 1))),
            ("5m", "1d", Ok((300, 288))),
            ("5m", "1d5m", Err("1d")),
            ("59m", "2d", Err("1d")),
            ("1h", "2d", Ok((3600, 48))),
            ("1h", "8d", Err("1w")),
            ("7d", "0", Ok((604_800, 1))),
            ("8d", "0", Err("1w")),
            ("100000y", "100000y", Err("1w")),
        ] {
            let found = timing(read(window), read(hold))
                .map(|timing| (timing.period, timing.evaluation_periods))
                .map_err(|too_long| too_long.most.to_string());
            assert_eq!(found, expected.map_err(str::to_owned), "{hold} of {window}");
        }
    }

    #[test]
    fn silence_is_counted_in_short_periods() {
        for (wait, expected) in [
            ("5m", Some((60, 5))),
            ("1h", Some((60, 60))),
            ("1d", Some((300, 288))),
            ("2d", Some((3600, 48))),
            ("8d", None),
        ] {
            let found = silence(read(wait)).ok().map(|timing| (timing.period, timing.evaluation_periods));
            assert_eq!(found, expected, "{wait}");
        }
    }
}
