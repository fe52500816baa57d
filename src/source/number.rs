//! Numbers exactly as written, from their decimal digits.

use rust_decimal::Decimal;

/// Reads `[-+]digits[.digits][e[-+]digits]` without rounding. None when the number needs more
/// than the 28 digits that a [`Decimal`] holds. The result carries no trailing zeros, so that
/// `99.90` in one format and `99.9` in another are the same down to how they print.
pub(crate) fn exact(written: &str) -> Option<Decimal> {
    let (negative, unsigned) = match written.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, written.strip_prefix('+').unwrap_or(written)),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent),
        None => (unsigned, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return digits.bytes().all(|byte| byte == b'0').then_some(Decimal::ZERO);
    }
    let dropped = digits.len() - digits.trim_end_matches('0').len();
    let exponent: i64 = exponent.parse().ok()?;
    let shift = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?.checked_add(i64::try_from(dropped).ok()?)?;
    let number: i128 = significant.parse().ok()?;
    let (number, scale) = if shift >= 0 {
        (number.checked_mul(10_i128.checked_pow(u32::try_from(shift).ok()?)?)?, 0)
    } else {
        (number, u32::try_from(shift.checked_neg()?).ok()?)
    };
    Decimal::try_from_i128_with_scale(if negative { -number } else { number }, scale).ok()
}

/// Reads digits of another base (`0x1F`, `0o17`, `0b1` without their prefix).
pub(crate) fn of_base(digits: &str, base: u32) -> Option<Decimal> {
    let number = i128::from_str_radix(digits, base).ok()?;
    Decimal::try_from_i128_with_scale(number, 0).ok()
}

/// Whether this is a plain integer or decimal of YAML's core schema (no base prefix, no `.inf`).
pub(crate) fn looks_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_holds = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    !(whole.is_empty() && fraction.is_empty()) && all_digits(whole) && all_digits(fraction) && exponent_holds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        for (written, printed) in [
            ("99.9", "99.9"),
            ("99.90", "99.9"),
            ("-0", "0"),
            ("+1.5e3", "1500"),
            ("1e-3", "0.001"),
            (".5", "0.5"),
            ("5.", "5"),
            ("0.1e0000", "0.1"),
            ("1000", "1000"),
            ("79228162514264337593543950335", "79228162514264337593543950335"),
            ("0e999999999999999999999999", "0"),
        ] {
            assert_eq!(exact(written).map(|number| number.to_string()).as_deref(), Some(printed), "{written}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_and_never_rounded() {
        for written in [
            "1e29",
            "1e-29",
            "79228162514264337593543950336",
            "0.12345678901234567890123456789",
            "1e999999999999999999999",
        ] {
            assert_eq!(exact(written), None, "{written}");
        }
    }

    #[test]
    fn only_core_schema_numbers_look_decimal() {
        for number in ["0", "5", "-5", "+5", "0.5", ".5", "5.", "1e3", "1.5E-3"] {
            assert!(looks_decimal(number), "{number}");
        }
        for text in ["", ".", "-", "5%", "30d", "10/s", "1_000", "22:22", "1e", "e1", "0x1F", "1.2.3", "+-1", "٣"] {
            assert!(!looks_decimal(text), "{text}");
        }
    }
}
