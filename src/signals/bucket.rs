//! The `le` label of a classic histogram's bucket.

use rust_decimal::Decimal;

use super::events::suffixed;
use crate::promql::build::literal_regex;
use crate::promql::{MatchOp, Matcher, Range, Selector};
use crate::quantity::print_decimal;

/// The events of a classic histogram at or below a bound.
pub(super) fn bucket(histogram: &Selector, bound: Decimal) -> Selector {
    let mut bucket = suffixed(histogram, "_bucket");
    bucket.matchers.push(bound_matcher(bound));
    bucket
}

/// A matcher of the bucket with this upper bound.
///
/// Prometheus 3 writes whole bounds as `1.0` when it scrapes; before, the label was what the client
/// had written, `1` mostly. A whole bound therefore matches both: series of either age, from a server
/// of either version, are the same bucket. Other bounds are written one way only.
pub fn bound_matcher(bound: Decimal) -> Matcher {
    let (op, value) = match whole(bound) {
        Some(digits) => (MatchOp::Regex, format!("{}(\\.0)?", literal_regex(&digits))),
        None => (MatchOp::Equal, float_text(bound)),
    };
    Matcher { label: "le".into(), op, value, at: Range::default() }
}

/// The label's value as Prometheus 3 stores it: `0.5`, `1.0`, `1e+06`.
pub fn stored_bound(bound: Decimal) -> String {
    match whole(bound) {
        Some(digits) => format!("{digits}.0"),
        None => float_text(bound),
    }
}

/// The digits of a whole number small enough to be written without an exponent.
fn whole(bound: Decimal) -> Option<String> {
    let text = float_text(bound);
    (!text.contains(['.', 'e'])).then_some(text)
}

/// As Go prints the float in its shortest form: an exponent below 1e-4 and from 1e6 on, two digits at least.
fn float_text(bound: Decimal) -> String {
    let plain = print_decimal(bound);
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (integer, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let significant = format!("{integer}{fraction}");
    let zeros = significant.bytes().take_while(|byte| *byte == b'0').count();
    let mantissa = significant.trim_start_matches('0').trim_end_matches('0');
    let exponent = i64::try_from(integer.len()).unwrap_or(0) - 1 - i64::try_from(zeros).unwrap_or(0);
    if mantissa.is_empty() || (-4..6).contains(&exponent) {
        return plain;
    }
    let (first, rest) = mantissa.split_at_checked(1).unwrap_or((mantissa, ""));
    let point = if rest.is_empty() { "" } else { "." };
    let direction = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{rest}e{direction}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_as_prometheus_stores_them() {
        for (bound, stored) in [
            ("0.5", "0.5"),
            ("1", "1.0"),
            ("10.0", "10.0"),
            ("0.0001", "0.0001"),
            ("0.000025", "2.5e-05"),
            ("0.00001", "1e-05"),
            ("100000", "100000.0"),
            ("1000000", "1e+06"),
            ("1048576", "1.048576e+06"),
        ] {
            assert_eq!(stored_bound(bound.parse().unwrap()), stored, "{bound}");
        }
    }

    #[test]
    fn a_whole_bound_matches_both_spellings() {
        assert_eq!(bound_matcher(Decimal::from(1)).value, "1(\\.0)?");
        assert_eq!(bound_matcher(Decimal::from(1)).op, MatchOp::Regex);
        assert_eq!(bound_matcher(Decimal::new(25, 2)).value, "0.25");
        assert_eq!(bound_matcher(Decimal::new(25, 2)).op, MatchOp::Equal);
    }
}
