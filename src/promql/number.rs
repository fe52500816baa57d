//! Numbers and durations as PromQL writes them.

use rust_decimal::Decimal;

use super::{Float, Kind};
use crate::quantity::Duration;

/// The longest time Prometheus can hold: nanoseconds in 64 bits.
const LONGEST_MILLIS: u64 = i64::MAX as u64 / 1_000_000;

/// How many bytes of a text that begins with a digit or a dot belong to the number or duration.
pub(super) fn written_length(text: &str) -> usize {
    let hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    let mut previous = b' ';
    text.bytes()
        .take_while(|&byte| {
            let signed_exponent =
                matches!(byte, b'+' | b'-') && matches!(previous, b'e' | b'E') && !hexadecimal && previous != b' ';
            previous = byte;
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') || signed_exponent
        })
        .count()
}

/// Whether digits and units of time alternate, as in `1h30m`; [`Duration::parse`] judges the rest.
pub(super) fn is_duration_shaped(written: &str) -> bool {
    let unit = written.bytes().find(|b| !b.is_ascii_digit());
    unit.is_some_and(|b| matches!(b, b's' | b'm' | b'h' | b'd' | b'w' | b'y'))
        && written.bytes().all(|b| b.is_ascii_digit() || matches!(b, b's' | b'm' | b'h' | b'd' | b'w' | b'y'))
        && written.bytes().next_back().is_some_and(|b| !b.is_ascii_digit())
}

/// Whether a number stands there: decimal with point, exponent and single underscores, or hexadecimal.
pub(super) fn is_number_shaped(written: &str) -> bool {
    let underscores_separate = !written.contains("__") && !written.ends_with('_') && !written.starts_with('_');
    if let Some(digits) = written.strip_prefix("0x").or_else(|| written.strip_prefix("0X")) {
        return underscores_separate
            && !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_hexdigit() || b == b'_');
    }
    let lower = written.to_ascii_lowercase();
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.trim_start_matches(['+', '-']))),
        None => (lower.as_str(), None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| {
        part.bytes().all(|b| b.is_ascii_digit() || b == b'_') && !part.starts_with('_') && !part.ends_with('_')
    };
    let some_digit = whole.len() + fraction.len() > 0;
    underscores_separate
        && some_digit
        && digits(whole)
        && digits(fraction)
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

/// The number that is written; none if it is beyond what a 64-bit float holds.
///
/// A leading zero means octal to Prometheus (`010` is eight), unless a digit forbids it (`08` is eight, too).
pub(super) fn read_number(written: &str) -> Option<Kind> {
    let plain = written.replace('_', "");
    let lower = plain.to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok().map(|n| Kind::Number(Decimal::from(n)));
    }
    let octal = lower.len() > 1 && lower.starts_with('0') && lower.bytes().all(|b| matches!(b, b'0'..=b'7'));
    if octal && let Ok(n) = i64::from_str_radix(&lower, 8) {
        return Some(Kind::Number(Decimal::from(n)));
    }
    if let Some(decimal) = exact(&lower) {
        return Some(Kind::Number(decimal));
    }
    lower.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| Kind::Float(Float(n)))
}

/// The decimal of `12.5e3`, if 28 digits hold it without loss.
fn exact(lower: &str) -> Option<Decimal> {
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((lower, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{}", fraction.trim_end_matches('0'));
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Some(Decimal::ZERO);
    }
    if significant.len() > 28 {
        return None;
    }
    let exponent: i64 = exponent.parse().ok()?;
    let scale = i64::try_from(fraction.trim_end_matches('0').len()).ok()?.checked_sub(exponent)?;
    let mut value: i128 = significant.parse().ok()?;
    let scale = match u32::try_from(scale) {
        Ok(scale) => scale,
        Err(_) => {
            let power = u32::try_from(scale.checked_neg()?).ok().filter(|power| *power <= 28)?;
            value = value.checked_mul(10_i128.checked_pow(power)?)?;
            0
        }
    };
    Decimal::try_from_i128_with_scale(value, scale).ok().map(|value| value.normalize())
}

/// A duration as written, or what is wrong with it.
pub(super) fn read_duration(written: &str) -> Result<Duration, String> {
    let duration = Duration::parse(written).map_err(|error| {
        let part = written.get(error.range).unwrap_or(written);
        format!("`{part}` in duration `{written}`: {}", error.message)
    })?;
    if duration.as_millis() > LONGEST_MILLIS {
        return Err(format!("duration `{written}` is longer than Prometheus can hold (292 years)"));
    }
    Ok(duration)
}

/// Seconds as milliseconds, if they are whole and fit.
pub(super) fn millis_of_seconds(seconds: Decimal) -> Option<i64> {
    use rust_decimal::prelude::ToPrimitive;
    let millis = seconds.checked_mul(Decimal::from(1000))?;
    if !millis.fract().is_zero() {
        return None;
    }
    millis.to_i64().filter(|millis| millis.unsigned_abs() <= LONGEST_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_mean_what_prometheus_reads() {
        for (written, value) in [
            ("1_000.5", "1000.5"),
            ("1_0e3", "10000"),
            ("0x_1f", "31"),
            ("0X1F", "31"),
            ("010", "8"),
            ("08", "8"),
            ("1.", "1"),
            (".5", "0.5"),
            ("1.e5", "100000"),
            ("1e-3", "0.001"),
            ("0.9990", "0.999"),
            ("0e999", "0"),
        ] {
            assert!(is_number_shaped(written), "{written}");
            assert_eq!(read_number(written), Some(Kind::Number(value.parse().unwrap())), "{written}");
        }
        assert_eq!(read_number("1e300"), Some(Kind::Float(Float(1e300))));
        assert_eq!(read_number("1e-999"), Some(Kind::Float(Float(0.0))));
        for beyond in ["1e999", "0xfffffffffffffffff"] {
            assert_eq!(read_number(beyond), None, "{beyond}");
        }
        for fault in ["1__0", "1_", "0x", "1e", "1.2.3", "1e5e5", "1._5", "1x", "0b1"] {
            assert!(!is_number_shaped(fault), "{fault}");
        }
    }

    #[test]
    fn durations_are_told_from_numbers() {
        for written in ["5m", "1h30m", "500ms", "1y2w"] {
            assert!(is_duration_shaped(written), "{written}");
        }
        for written in ["5", "1e5", "5m3", "0x5d", "5.5m"] {
            assert!(!is_duration_shaped(written), "{written}");
        }
        assert!(read_duration("293y").is_err());
        assert!(read_duration("292y").is_ok());
    }
}
