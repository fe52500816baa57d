//! Metrics that a service or a pack's exporter exposes.

use super::values::{LabelName, Number};
use crate::decode::{record, words};
use crate::quantity::{Quantity, Unit, unit::UNIT_NAMES};
use crate::source::{Node, Spanned, Value};

words! {
    /// The type of a metric.
    pub enum MetricType "a metric type" {
        /// Only goes up.
        "counter" => Counter,
        /// Goes up and down.
        "gauge" => Gauge,
        /// Counts in buckets: `_bucket`, `_sum` and `_count` series, or a native histogram.
        "histogram" => Histogram,
        /// Quantiles computed by the client.
        "summary" => Summary,
        /// The exporter does not say.
        "untyped" => Untyped,
    }
}

record! {
    /// A time series family.
    pub struct Metric "a metric" {
        /// Its type.
        r#type: Spanned<MetricType>,
        /// What it counts or measures, in words.
        help: Option<String>,
        /// Its unit.
        unit: Option<Spanned<Unit>>,
        /// Its labels, beside those that scraping adds.
        labels: Option<Vec<Spanned<LabelName>>>,
        /// Upper bounds of a classic histogram's buckets, in the unit of the metric (`+Inf` is understood).
        buckets: Option<Spanned<Vec<Bucket>>>,
        /// Whether the histogram is a native one, which needs no buckets.
        native: Option<bool>,
    }
}

/// The upper bound of a bucket: a number in the metric's unit, or a quantity (`500ms`).
#[derive(Debug, Clone, PartialEq)]
pub enum Bucket {
    /// In the metric's unit.
    Plain(Number),
    /// With a unit of its own.
    Quantity(Quantity),
}

impl crate::decode::Decode for Bucket {
    fn decode(node: &Node, decoder: &mut crate::decode::Decoder) -> Option<Self> {
        match node.value {
            Value::Number(number) => Some(Bucket::Plain(Number(number))),
            _ => Quantity::decode(node, decoder).map(Bucket::Quantity),
        }
    }
}

super::values::inline_schema!(Bucket, "Bucket", { "type": ["number", "string"] });

impl crate::decode::Decode for Unit {
    fn decode(node: &Node, decoder: &mut crate::decode::Decoder) -> Option<Self> {
        let known: Vec<&'static str> = UNIT_NAMES.iter().map(|(name, _)| *name).collect();
        crate::decode::Table::word(node, "a unit", &known, decoder).and_then(Unit::named)
    }
}

super::values::inline_schema!(Unit, "Unit", {
    "enum": ["ratio", "seconds", "bytes", "count", "per_second", "bytes_per_second", "money", "celsius", "watts", "joules", "number"]
});
