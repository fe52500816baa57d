//! Times that Azure Monitor has, and how it writes them.

use crate::quantity::Duration;

/// Windows of metric alerts.
const WINDOWS: [Duration; 8] = [
    Duration::minutes(1),
    Duration::minutes(5),
    Duration::minutes(15),
    Duration::minutes(30),
    Duration::hours(1),
    Duration::hours(6),
    Duration::hours(12),
    Duration::hours(24),
];

/// The shortest window that is as long as this; the longest there is, if none is.
pub(super) fn window(wanted: Duration) -> Duration {
    let last = Duration::hours(24);
    WINDOWS.into_iter().find(|window| *window >= wanted).unwrap_or(last)
}

/// How often a metric alert with this window looks: as often as it can.
pub(super) fn frequency(window: Duration) -> Duration {
    if window > Duration::hours(1) { Duration::minutes(5) } else { Duration::minutes(1) }
}

/// ISO 8601: `PT5M`, `PT1H30M`, `P1D`.
pub(super) fn iso(duration: Duration) -> String {
    let seconds = duration.as_seconds();
    if seconds == 0 {
        return "PT0S".to_owned();
    }
    let (days, hours, minutes, rest) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let part = |count: u64, unit: char| if count == 0 { String::new() } else { format!("{count}{unit}") };
    let time = [part(hours, 'H'), part(minutes, 'M'), part(rest, 'S')].concat();
    let time = if time.is_empty() { time } else { format!("T{time}") };
    format!("P{}{time}", part(days, 'D'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_azure_s_own() {
        for (given, expected) in [
            (Duration::minutes(5), "PT5M"),
            (Duration::minutes(90), "PT1H30M"),
            (Duration::days(1), "P1D"),
            (Duration::hours(36), "P1DT12H"),
            (Duration::seconds(45), "PT45S"),
            (Duration::ZERO, "PT0S"),
        ] {
            assert_eq!(iso(given), expected);
        }
        assert_eq!(window(Duration::minutes(7)), Duration::minutes(15));
        assert_eq!(window(Duration::days(9)), Duration::days(1));
        assert_eq!(frequency(Duration::hours(6)), Duration::minutes(5));
    }
}
