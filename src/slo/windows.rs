//! Windows that people know: rounded, long enough to be measured.

use crate::quantity::Duration;

/// Windows that are a known length of time to people, in minutes. Steps are about a third apart.
const LADDER: [u64; 34] = [
    1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 540, 720, 1080, 1440, 2160, 2880,
    4320, 5760, 7200, 8640, 10080, 12960, 14400, 20160,
];

/// What a report of the calendar month looks back on, on the last day of a long one.
pub const LONGEST_MONTH: Duration = Duration::days(31);

/// The nearest window that people know. Beyond four weeks, whole days.
pub fn friendly(exact: Duration) -> Duration {
    let distance = |minutes: u64| {
        let (step, exact) = (Duration::minutes(minutes).as_millis(), exact.as_millis().max(1));
        // How many times longer one is than the other, in millionths: the ladder is one of ratios.
        u128::from(step.max(exact)) * 1_000_000 / u128::from(step.min(exact))
    };
    let day = Duration::days(1).as_millis();
    if exact > Duration::days(14) {
        return Duration::days((exact.as_millis() + day / 2) / day);
    }
    let nearest = LADDER.iter().copied().min_by_key(|minutes| distance(*minutes));
    Duration::minutes(nearest.unwrap_or(1))
}

/// The nearest window that people know and that is no shorter than this.
pub fn friendly_at_least(exact: Duration) -> Duration {
    let longer = LADDER.iter().map(|minutes| Duration::minutes(*minutes)).find(|window| *window >= exact);
    longer.unwrap_or_else(|| friendly(exact).max(exact))
}

/// The longest window that people know and that is no longer than this.
pub fn friendly_at_most(exact: Duration) -> Duration {
    let shorter = LADDER.iter().rev().map(|minutes| Duration::minutes(*minutes)).find(|window| *window <= exact);
    shorter.unwrap_or(exact)
}

/// The shortest window in which a rate can be measured and an evaluation can see it: four scrapes and
/// two evaluations. (A rate needs two samples; four survive a scrape that fails.)
pub fn measurable(scrape: Duration, evaluation: Duration) -> Duration {
    scrape.times(4).max(evaluation.times(2))
}

/// The shortest window that is chosen: one that can be measured, and two minutes, below which alerts flutter.
pub fn shortest(scrape: Duration, evaluation: Duration) -> Duration {
    measurable(scrape, evaluation).max(Duration::minutes(2))
}

/// The window whose rates are recorded as the grain of all long ones: five minutes, or more when
/// scrapes are rare.
pub fn grain(scrape: Duration, evaluation: Duration) -> Duration {
    friendly_at_least(shortest(scrape, evaluation).max(Duration::minutes(5)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_to_what_people_know() {
        for (exact, rounded) in [
            ("56m", "1h"),
            ("14m", "15m"),
            ("1h24m", "1h30m"),
            ("16h48m", "18h"),
            ("9d", "9d"),
            ("40d7h", "40d"),
            ("5s", "1m"),
        ] {
            assert_eq!(friendly(Duration::parse(exact).unwrap()).to_string(), rounded, "{exact}");
        }
    }

    #[test]
    fn a_grain_holds_four_scrapes() {
        let grain = |scrape| grain(Duration::seconds(scrape), Duration::minutes(1)).to_string();
        assert_eq!(grain(15), "5m");
        assert_eq!(grain(75), "5m");
        assert_eq!(grain(120), "8m");
    }
}
