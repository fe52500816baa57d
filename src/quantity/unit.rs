//! Units, the dimensions they measure, and quantities as written: `5%`, `500ms`, `5GB`, `10/s`, `80`.

use std::fmt;
use std::ops::Range;

use rust_decimal::Decimal;

/// What a quantity measures. Two quantities compare only when their dimensions are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// A share of a whole: 0 to 1, written as a percentage.
    Ratio,
    /// A length of time, in seconds.
    Time,
    /// A size, in bytes.
    Bytes,
    /// Things: connections, requests, evictions.
    Count,
    /// Things a second.
    Rate,
    /// Bytes a second.
    Throughput,
    /// Money, in the platform's currency.
    Money,
    /// A temperature, in degrees Celsius.
    Temperature,
    /// Electrical power, in watts.
    Power,
    /// Electrical energy, in joules.
    Energy,
    /// A number that is nothing else (a score, an info value).
    Number,
}

impl Dimension {
    /// With its article, for messages: "a share (percent)".
    pub fn describe(self) -> &'static str {
        match self {
            Dimension::Ratio => "a share (percent)",
            Dimension::Time => "a time (ms, s, m, h, d)",
            Dimension::Bytes => "a size (B, KB, MB, GB)",
            Dimension::Count => "a count (a plain number)",
            Dimension::Rate => "a rate (10/s)",
            Dimension::Throughput => "a throughput (5MB/s)",
            Dimension::Money => "an amount of money (a plain number)",
            Dimension::Temperature => "a temperature (60C)",
            Dimension::Power => "a power (5kW)",
            Dimension::Energy => "an energy (2kWh)",
            Dimension::Number => "a plain number",
        }
    }

    /// An example of a bound, for help texts.
    pub fn example(self) -> &'static str {
        match self {
            Dimension::Ratio => "5%",
            Dimension::Time => "500ms",
            Dimension::Bytes => "5GB",
            Dimension::Rate => "10/s",
            Dimension::Throughput => "5MB/s",
            Dimension::Temperature => "60C",
            Dimension::Power => "5kW",
            Dimension::Energy => "2kWh",
            Dimension::Count | Dimension::Money | Dimension::Number => "80",
        }
    }
}

/// The unit of a metric or signal; values are stored in it, one for each dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// 0 to 1.
    Ratio,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// Things.
    Count,
    /// Things a second.
    PerSecond,
    /// Bytes a second.
    BytesPerSecond,
    /// Money.
    Money,
    /// Degrees Celsius.
    Celsius,
    /// Watts.
    Watts,
    /// Joules.
    Joules,
    /// A plain number.
    Number,
}

/// Names as a spec writes them, with the unit.
pub const UNIT_NAMES: [(&str, Unit); 11] = [
    ("ratio", Unit::Ratio),
    ("seconds", Unit::Seconds),
    ("bytes", Unit::Bytes),
    ("count", Unit::Count),
    ("per_second", Unit::PerSecond),
    ("bytes_per_second", Unit::BytesPerSecond),
    ("money", Unit::Money),
    ("celsius", Unit::Celsius),
    ("watts", Unit::Watts),
    ("joules", Unit::Joules),
    ("number", Unit::Number),
];

impl Unit {
    /// What it measures.
    pub fn dimension(self) -> Dimension {
        match self {
            Unit::Ratio => Dimension::Ratio,
            Unit::Seconds => Dimension::Time,
            Unit::Bytes => Dimension::Bytes,
            Unit::Count => Dimension::Count,
            Unit::PerSecond => Dimension::Rate,
            Unit::BytesPerSecond => Dimension::Throughput,
            Unit::Money => Dimension::Money,
            Unit::Celsius => Dimension::Temperature,
            Unit::Watts => Dimension::Power,
            Unit::Joules => Dimension::Energy,
            Unit::Number => Dimension::Number,
        }
    }

    /// As a spec writes it.
    pub fn name(self) -> &'static str {
        UNIT_NAMES.iter().find(|(_, unit)| *unit == self).map_or("number", |(name, _)| name)
    }

    /// The unit a spec's word means.
    pub fn named(name: &str) -> Option<Self> {
        UNIT_NAMES.iter().find(|(known, _)| *known == name).map(|(_, unit)| *unit)
    }

    /// The unit of "so much of this, every second".
    pub fn per_second(self) -> Option<Self> {
        match self {
            Unit::Count | Unit::Number => Some(Unit::PerSecond),
            Unit::Bytes => Some(Unit::BytesPerSecond),
            Unit::Seconds => Some(Unit::Ratio),
            Unit::Joules => Some(Unit::Watts),
            _ => None,
        }
    }
}

/// A number with a dimension, in that dimension's base unit, and the text it was written as.
#[derive(Debug, Clone)]
pub struct Quantity {
    /// In the base unit: a ratio, seconds, bytes, things, things a second.
    pub value: Decimal,
    /// What it measures.
    pub dimension: Dimension,
    /// As written: `5%`, `500ms`.
    pub text: String,
}

/// `90%` and `0.9` of the same thing are the same bound.
impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.dimension == other.dimension
    }
}

impl Eq for Quantity {}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Why a text is no quantity, and the bytes at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantityError {
    /// What is wrong.
    pub message: String,
    /// Where in the text.
    pub range: Range<usize>,
}

/// Suffix, dimension, and how many base units it is. Sizes in bytes are powers of two, as Prometheus,
/// Kubernetes' `Gi` and every exporter that reports memory count them.
const SUFFIXES: [(&str, Dimension, i64, u32); 29] = [
    ("%", Dimension::Ratio, 1, 2),
    ("ns", Dimension::Time, 1, 9),
    ("us", Dimension::Time, 1, 6),
    ("µs", Dimension::Time, 1, 6),
    ("ms", Dimension::Time, 1, 3),
    ("s", Dimension::Time, 1, 0),
    ("m", Dimension::Time, 60, 0),
    ("h", Dimension::Time, 3600, 0),
    ("d", Dimension::Time, 86400, 0),
    ("w", Dimension::Time, 604_800, 0),
    ("B", Dimension::Bytes, 1, 0),
    ("KB", Dimension::Bytes, 1 << 10, 0),
    ("MB", Dimension::Bytes, 1 << 20, 0),
    ("GB", Dimension::Bytes, 1 << 30, 0),
    ("TB", Dimension::Bytes, 1 << 40, 0),
    ("KiB", Dimension::Bytes, 1 << 10, 0),
    ("MiB", Dimension::Bytes, 1 << 20, 0),
    ("GiB", Dimension::Bytes, 1 << 30, 0),
    ("TiB", Dimension::Bytes, 1 << 40, 0),
    ("C", Dimension::Temperature, 1, 0),
    ("°C", Dimension::Temperature, 1, 0),
    ("W", Dimension::Power, 1, 0),
    ("kW", Dimension::Power, 1000, 0),
    ("MW", Dimension::Power, 1_000_000, 0),
    ("J", Dimension::Energy, 1, 0),
    ("Wh", Dimension::Energy, 3600, 0),
    ("kWh", Dimension::Energy, 3_600_000, 0),
    ("k", Dimension::Count, 1000, 0),
    ("M", Dimension::Count, 1_000_000, 0),
];

impl Quantity {
    /// Reads `5%`, `500ms`, `1h30m`, `5GB`, `10/s`, `300/m`, `5MB/s`, `80`, `-3C`.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let fail = |message: &str, range: Range<usize>| Err(QuantityError { message: message.to_owned(), range });
        let done = |value: Decimal, dimension| Ok(Self { value: value.normalize(), dimension, text: text.to_owned() });
        let (amount, per) = match text.split_once('/') {
            Some((amount, per)) => (amount.trim_end(), Some(per.trim_start())),
            None => (text, None),
        };
        let digits =
            amount.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'_')).count();
        let (number, suffix) = (amount.get(..digits).unwrap_or(""), amount.get(digits..).unwrap_or(""));
        let Ok(number) = number.replace('_', "").parse::<Decimal>() else {
            return fail("expected a number", 0..amount.len());
        };
        let unit = suffix.trim();
        let unit_at = amount.len() - suffix.trim_start().len();
        let (mut value, mut dimension) = if unit.is_empty() {
            (number, Dimension::Count)
        } else if let Some(&(_, dimension, factor, scale)) = SUFFIXES.iter().find(|(name, ..)| *name == unit) {
            let Some(value) = number.checked_mul(Decimal::new(factor, scale)) else {
                return fail("too large", 0..amount.len());
            };
            (value, dimension)
        } else if let Ok(duration) = super::Duration::parse(amount) {
            (Decimal::new(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX), 3), Dimension::Time)
        } else {
            return fail("not a unit known here", unit_at..amount.len());
        };
        if let Some(per) = per {
            let per_at = text.len() - per.len();
            let seconds = match per.trim() {
                "s" | "sec" | "second" => 1,
                "m" | "min" | "minute" => 60,
                "h" | "hour" => 3600,
                "d" | "day" => 86400,
                _ => return fail("expected s, m, h or d after the slash", per_at..text.len()),
            };
            dimension = match dimension {
                Dimension::Count => Dimension::Rate,
                Dimension::Bytes => Dimension::Throughput,
                _ => return fail("only counts and sizes can be a rate", 0..text.len()),
            };
            // A thirtieth of a second is no decimal: 28 digits are as good as exact for a bound.
            value /= Decimal::from(seconds);
        }
        done(value, dimension)
    }

    /// The same bound read as another dimension that a plain number can stand for.
    pub fn as_dimension(&self, wanted: Dimension) -> Option<Decimal> {
        let plain = [Dimension::Count, Dimension::Money, Dimension::Number];
        let same = self.dimension == wanted || (plain.contains(&self.dimension) && plain.contains(&wanted));
        // Nothing is nothing in every unit: "above: 0" needs none.
        (same || (self.dimension == Dimension::Count && self.value.is_zero())).then_some(self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_dimension() {
        for (text, value, dimension) in [
            ("5%", "0.05", Dimension::Ratio),
            ("99.9%", "0.999", Dimension::Ratio),
            ("500ms", "0.5", Dimension::Time),
            ("1h30m", "5400", Dimension::Time),
            ("5GB", "5368709120", Dimension::Bytes),
            ("10/s", "10", Dimension::Rate),
            ("300/m", "5", Dimension::Rate),
            ("1MB/s", "1048576", Dimension::Throughput),
            ("80", "80", Dimension::Count),
            ("-3C", "-3", Dimension::Temperature),
        ] {
            let quantity = Quantity::parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
            assert_eq!(
                (super::super::print_decimal(quantity.value).as_str(), quantity.dimension),
                (value, dimension),
                "{text}"
            );
        }
    }

    #[test]
    fn points_at_the_fault() {
        let at = |text: &str| Quantity::parse(text).err().map(|e| text.get(e.range).unwrap_or("").to_owned());
        assert_eq!(at("5 parsecs").as_deref(), Some("parsecs"));
        assert_eq!(at("10/fortnight").as_deref(), Some("fortnight"));
        assert_eq!(at("many").as_deref(), Some("many"));
        assert_eq!(at("5%/s").as_deref(), Some("5%/s"));
    }
}
