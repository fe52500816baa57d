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

/// Lowest and highest value that there can be.
pub(super) fn limits(unit: &str) -> (Option<Decimal>, Option<Decimal>) {
    match unit {
        "percentunit" => (Some(Decimal::ZERO), Some(Decimal::ONE)),
        "percent" => (Some(Decimal::ZERO), Some(Decimal::ONE_HUNDRED)),
        "celsius" | "watt" | "locale" | "none" => (None, None),
        _ => (Some(Decimal::ZERO), None),
    }
}
