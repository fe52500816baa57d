//! Our units as Grafana's, and CloudWatch's values beside them.

use rust_decimal::Decimal;

use crate::model::CloudUnit;
use crate::quantity::Unit;

/// Grafana's unit for values in ours.
pub(super) fn of(unit: Unit) -> &'static str {
    match unit {
        Unit::Ratio => "percentunit",
        Unit::Seconds => "s",
        Unit::Bytes => "bytes",
        Unit::Count => "short",
        Unit::Number => "none",
        Unit::PerSecond => "cps",
        Unit::BytesPerSecond => "binBps",
        // No currency: a spec names none.
        Unit::Money => "locale",
        Unit::Celsius => "celsius",
        Unit::Watts => "watt",
        Unit::Joules => "joule",
    }
}

/// Grafana's unit for values that CloudWatch reports in its own.
pub(super) fn of_cloud(unit: CloudUnit) -> &'static str {
    match unit {
        CloudUnit::Percent => "percent",
        CloudUnit::Ratio => "percentunit",
        CloudUnit::Seconds => "s",
        CloudUnit::Milliseconds => "ms",
        CloudUnit::Microseconds => "µs",
        CloudUnit::Bytes => "bytes",
        CloudUnit::Megabytes => "mbytes",
        CloudUnit::Count => "short",
        CloudUnit::CountPerSecond => "cps",
        CloudUnit::BytesPerSecond => "binBps",
    }
}

/// A bound in our unit, in the unit that CloudWatch reports.
pub(super) fn in_cloud(bound: Decimal, unit: CloudUnit) -> Decimal {
    let converted = match unit {
        CloudUnit::Percent => bound * Decimal::ONE_HUNDRED,
        CloudUnit::Milliseconds => bound * Decimal::ONE_THOUSAND,
        CloudUnit::Microseconds => bound * Decimal::from(1_000_000),
        CloudUnit::Megabytes => bound / Decimal::from(1_048_576),
        CloudUnit::Ratio
        | CloudUnit::Seconds
        | CloudUnit::Bytes
        | CloudUnit::Count
        | CloudUnit::CountPerSecond
        | CloudUnit::BytesPerSecond => bound,
    };
    converted.normalize()
}

/// Lowest and highest value that there can be.
pub(super) fn limits(unit: &str) -> (Option<Decimal>, Option<Decimal>) {
    match unit {
        "percentunit" => (Some(Decimal::ZERO), Some(Decimal::ONE)),
        "percent" => (Some(Decimal::ZERO), Some(Decimal::ONE_HUNDRED)),
        "celsius" | "watt" | "locale" | "none" => (None, None),
        _ => (Some(Decimal::ZERO), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_as_cloudwatch_reports_values() {
        for (bound, unit, converted) in [
            ("0.8", CloudUnit::Percent, "80"),
            ("0.01", CloudUnit::Milliseconds, "10"),
            ("5368709120", CloudUnit::Bytes, "5368709120"),
            ("5242880", CloudUnit::Megabytes, "5"),
        ] {
            assert_eq!(in_cloud(bound.parse().unwrap(), unit).to_string(), converted);
        }
    }
}
