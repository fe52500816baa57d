//! Numbers of the JSON form: seconds and shares as numbers, written as short as they are exact.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serializer;

use crate::quantity::{Duration, print_decimal};
use crate::slo;

/// Digits after the point: more than any promise has, fewer than a division yields.
const DIGITS: u32 = 9;

/// A decimal as a number.
pub(super) fn decimal<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    let value = value.round_dp(DIGITS).normalize();
    match value.is_integer().then(|| value.to_i64()).flatten() {
        Some(whole) => serializer.serialize_i64(whole),
        // Read back from its own text, so that the nearest float prints the same digits.
        None => serializer.serialize_f64(print_decimal(value).parse().unwrap_or_default()),
    }
}

/// A time in seconds.
pub(super) fn seconds<S: Serializer>(value: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    decimal(&slo::seconds(*value), serializer)
}

/// A decimal, or null.
pub(super) fn maybe_decimal<S: Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => decimal(value, serializer),
        None => serializer.serialize_none(),
    }
}

/// A time in seconds, or null.
pub(super) fn maybe_seconds<S: Serializer>(value: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => seconds(value, serializer),
        None => serializer.serialize_none(),
    }
}
