//! Durations as Prometheus writes them: `15s`, `1h30m`, `30d`.

use std::fmt;
use std::ops::Range;

/// A span of time in whole milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration {
    millis: u64,
}

/// Why a text is no duration, and the bytes at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationError {
    /// What is wrong there.
    pub message: &'static str,
    /// Where in the text.
    pub range: Range<usize>,
}

/// Largest first, the order Prometheus demands.
const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self { millis: 0 };

    /// From milliseconds.
    pub const fn millis(millis: u64) -> Self {
        Self { millis }
    }

    /// From seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self { millis: seconds * 1_000 }
    }

    /// From minutes.
    pub const fn minutes(minutes: u64) -> Self {
        Self::seconds(minutes * 60)
    }

    /// From hours.
    pub const fn hours(hours: u64) -> Self {
        Self::minutes(hours * 60)
    }

    /// From days of 24 hours.
    pub const fn days(days: u64) -> Self {
        Self::hours(days * 24)
    }

    /// In milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.millis
    }

    /// In whole seconds, rounded down.
    pub const fn as_seconds(self) -> u64 {
        self.millis / 1_000
    }

    /// Whether it is no time at all.
    pub const fn is_zero(self) -> bool {
        self.millis == 0
    }

    /// This many times as long; the longest duration there is, if it would not fit.
    #[must_use]
    pub const fn times(self, factor: u64) -> Self {
        Self { millis: self.millis.saturating_mul(factor) }
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { millis: self.millis.saturating_add(other.millis) }
    }

    /// Reads `1h30m`: units `y w d h m s ms`, largest first, each at most once, whole numbers. `0` needs no unit.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let fail = |message, range| Err(DurationError { message, range });
        if text == "0" {
            return Ok(Self::ZERO);
        }
        if text.is_empty() {
            return fail("empty", 0..0);
        }
        let (mut total, mut at, mut next_unit) = (0_u64, 0, 0);
        while at < text.len() {
            let rest = text.get(at..).unwrap_or("");
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return fail("expected a whole number here", at..text.len());
            }
            let letters = rest.bytes().skip(digits).take_while(u8::is_ascii_alphabetic).count();
            let end = at + digits + letters;
            if letters == 0 {
                return fail("unit missing", at..at + digits);
            }
            let unit = text.get(at + digits..end).unwrap_or("");
            let Some(index) = UNITS.iter().position(|(name, _)| *name == unit) else {
                return fail("not a unit of time", at + digits..end);
            };
            if index < next_unit {
                return fail("units go from large to small, each once", at..end);
            }
            next_unit = index + 1;
            let number = text.get(at..at + digits).unwrap_or("").parse::<u64>().ok();
            let part = number.zip(UNITS.get(index)).and_then(|(n, (_, size))| n.checked_mul(*size));
            match part.and_then(|part| total.checked_add(part)) {
                Some(sum) => total = sum,
                None => return fail("too long", at..end),
            }
            at = end;
        }
        Ok(Self { millis: total })
    }
}

/// As Prometheus prints it: weeks and years only when nothing is left over.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.millis == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.millis;
        for (unit, size) in UNITS {
            let exact_only = matches!(unit, "y" | "w");
            if rest < size || (exact_only && !rest.is_multiple_of(size)) {
                continue;
            }
            f.write_str(&(rest / size).to_string())?;
            f.write_str(unit)?;
            rest %= size;
            if rest == 0 {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, printed) in [
            ("15s", "15s"),
            ("1h30m", "1h30m"),
            ("30d", "30d"),
            ("90m", "1h30m"),
            ("7d", "1w"),
            ("0", "0s"),
            ("500ms", "500ms"),
        ] {
            assert_eq!(Duration::parse(text).map(|d| d.to_string()), Ok(printed.to_owned()), "{text}");
        }
    }

    #[test]
    fn points_at_the_fault() {
        let at = |text: &str| Duration::parse(text).err().map(|e| text.get(e.range).unwrap_or("").to_owned());
        assert_eq!(at("4 weeks").as_deref(), Some("4"));
        assert_eq!(at("5m1h").as_deref(), Some("1h"));
        assert_eq!(at("5x").as_deref(), Some("x"));
        assert_eq!(at("99999999999999999y").as_deref(), Some("99999999999999999y"));
    }
}
