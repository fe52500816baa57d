//! Quantities for people: short, and as exact as anybody cares.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::quantity::{Duration, print_decimal};

/// A time in its two largest units: `52s`, `2m52s`, `1h2m`, `3d1h`; tenths of a second below ten.
pub(crate) fn rough(exact: Duration) -> String {
    const SECOND: u64 = 1_000;
    let millis = exact.as_millis();
    if millis < 10 * SECOND {
        let tenths = Decimal::new(i64::try_from(millis).unwrap_or(i64::MAX), 3).round_dp(1);
        return format!("{}s", print_decimal(tenths));
    }
    let nearest = |unit: u64| millis.saturating_add(unit / 2) / unit * unit;
    let (minute, hour, day) = (60 * SECOND, 3_600 * SECOND, 86_400 * SECOND);
    // Each is rounded in its smaller unit before the larger is chosen: 59m59.9s is 1h.
    let in_steps = [(SECOND, hour), (minute, day), (hour, 100 * day)];
    let fits = in_steps.into_iter().find(|(unit, below)| nearest(*unit) < *below);
    let rounded = nearest(fits.map_or(day, |(unit, _)| unit));
    let largest = [(day, "d"), (hour, "h"), (minute, "m"), (SECOND, "s")];
    let parts = largest.into_iter().scan(rounded, |rest, (size, unit)| {
        let count = *rest / size;
        *rest %= size;
        Some((count, unit))
    });
    let parts: Vec<String> =
        parts.filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}")).collect();
    parts.concat()
}

/// A time as exact as it is, in days at most: people who plan for 35 days do not say five weeks.
pub(super) fn exact(time: Duration) -> String {
    const DAY: u64 = 86_400_000;
    let (days, rest) = (time.as_millis() / DAY, Duration::millis(time.as_millis() % DAY));
    match (days, rest.is_zero()) {
        (0, _) => rest.to_string(),
        (_, true) => format!("{days}d"),
        _ => format!("{days}d{rest}"),
    }
}

/// A share in percent, three digits at most: `7.8%`, `59.9%`, `581%`, `<0.01%`.
pub(super) fn percent(share: Decimal) -> String {
    let percent = share.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(Decimal::MAX);
    let digits = match () {
        () if percent >= Decimal::ONE_HUNDRED => 0,
        () if percent >= Decimal::ONE => 1,
        () => 2,
    };
    let rounded = percent.round_dp(digits);
    if rounded.is_zero() && !percent.is_zero() {
        return "<0.01%".to_owned();
    }
    format!("{}%", print_decimal(rounded))
}

/// How many times faster: `14.4x`.
pub(super) fn times(factor: Decimal) -> String {
    format!("{}x", number(factor))
}

/// A number, two digits after the point at most.
pub(super) fn number(value: Decimal) -> String {
    print_decimal(value.round_dp(2))
}

/// A large count: `950`, `43,200`.
pub(super) fn count(value: u64) -> String {
    let digits = value.to_string();
    let length = digits.len();
    let separated = digits.chars().enumerate().flat_map(|(at, digit)| {
        let comma = (at > 0 && (length - at).is_multiple_of(3)).then_some(',');
        comma.into_iter().chain([digit])
    });
    separated.collect()
}

/// A count with its noun: `1 rule`, `2 rules`.
pub(super) fn counted(value: u64, noun: &str, plural: &str) -> String {
    format!("{} {}", count(value), if value == 1 { noun } else { plural })
}

/// A budget in events, whole when it is many.
pub(super) fn events(value: Decimal) -> String {
    match value.to_u64().filter(|_| value >= Decimal::ONE_HUNDRED) {
        Some(many) => count(many),
        None => number(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::print_percent;

    #[test]
    fn times_in_two_units() {
        for (exact, wanted) in [
            ("0s", "0s"),
            ("519ms", "0.5s"),
            ("5s184ms", "5.2s"),
            ("51s840ms", "52s"),
            ("59s700ms", "1m"),
            ("3m21s840ms", "3m22s"),
            ("59m59s900ms", "1h"),
            ("1h2m31s", "1h3m"),
            ("23h59m40s", "1d"),
            ("3d1h29m", "3d1h"),
            ("200d13h", "201d"),
        ] {
            assert_eq!(rough(Duration::parse(exact).unwrap()), wanted, "{exact}");
        }
    }

    #[test]
    fn exact_times_know_no_weeks() {
        for time in ["0s", "5m", "35d", "3d5m", "365d"] {
            assert_eq!(exact(Duration::parse(time).unwrap()), time);
        }
    }

    #[test]
    fn shares_and_counts() {
        let percents = ["0.07785", "0.5987", "5.807", "0.999", "0.00001", "0.0005", "0"].map(|share| {
            let share: Decimal = share.parse().unwrap();
            percent(share)
        });
        assert_eq!(percents, ["7.8%", "59.9%", "581%", "99.9%", "<0.01%", "0.05%", "0%"]);
        assert_eq!(print_percent(Decimal::new(9995, 4)), "99.95%");
        assert_eq!([999, 1_000, 43_200, 1_234_567].map(count), ["999", "1,000", "43,200", "1,234,567"]);
        assert_eq!(events(Decimal::new(72, 1)), "7.2");
        assert_eq!(events(Decimal::from(259_200)), "259,200");
    }
}
