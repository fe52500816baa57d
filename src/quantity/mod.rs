//! Numbers that mean something: durations, shares, sizes, rates. Exact, and never without a unit.

pub mod date;
pub mod duration;
pub mod unit;

pub use date::Date;
pub use duration::Duration;
pub use unit::{Dimension, Quantity, QuantityError, Unit};

use rust_decimal::Decimal;

/// A decimal in the shortest form that reads back the same: `0.999`, `5`, `14.4`.
pub fn print_decimal(value: Decimal) -> String {
    // What most numbers are, without a formatter's detours.
    let whole = (value.scale() == 0).then(|| u64::try_from(value).ok()).flatten();
    whole.map_or_else(|| value.normalize().to_string(), |whole| whole.to_string())
}

/// A share in percent, as exact as it is: `99.95%`.
pub fn print_percent(share: Decimal) -> String {
    // A share too large for a percentage is none; it is shown as it is.
    format!("{}%", print_decimal(share.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(share)))
}
