//! Metrics, resolved.

use rust_decimal::Decimal;

use crate::quantity::Unit;
use crate::source::{Place, Spanned};
pub use crate::spec::metric::MetricType;

/// A time series family that a service exposes.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Its name (of a histogram: without `_bucket`, `_sum`, `_count`).
    pub name: String,
    /// Its type.
    pub r#type: MetricType,
    /// Its unit, if known.
    pub unit: Option<Unit>,
    /// What it counts or measures.
    pub help: Option<String>,
    /// Labels beside those that scraping adds; `None` when unknown.
    pub labels: Option<Vec<String>>,
    /// Upper bounds of classic buckets in the metric's unit, ascending, without `+Inf`; `None` when unknown.
    pub buckets: Option<Spanned<Vec<Decimal>>>,
    /// Whether it is a native histogram.
    pub native: bool,
    /// The pack it comes from; `None` when the spec declares it.
    pub pack: Option<String>,
    /// Name of the scrape job that brings it.
    pub job: String,
    /// Where it is declared.
    pub origin: Place,
}
