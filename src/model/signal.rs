//! Signals, resolved: shapes over selectors that name their job, cloud metrics with their dimensions.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::Setting;
use crate::promql::{Expr, Selector};
use crate::quantity::{Duration, Unit, print_decimal};
use crate::source::{Place, Spanned};
pub use crate::spec::signal::{Aggregation, AzureAggregation, Better, CloudUnit, GoogleAlign, MissingData};

/// A measurable quantity of one service. At least one of its renderings is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Its name, unique in the service.
    pub name: String,
    /// The service.
    pub service: String,
    /// On panels and in messages.
    pub title: String,
    /// In a sentence.
    pub description: Option<String>,
    /// Of its values, in every rendering after conversion.
    pub unit: Unit,
    /// Which way is better.
    pub better: Option<Better>,
    /// Labels kept apart.
    pub per: Vec<String>,
    /// Over Prometheus metrics.
    pub shape: Option<Shape>,
    /// In CloudWatch.
    pub cloud: Option<CloudMetric>,
    /// Over log lines.
    pub log: Option<LogFilter>,
    /// In Google Cloud Monitoring.
    pub google: Option<GoogleMetric>,
    /// In Azure Monitor.
    pub azure: Option<AzureMetric>,
    /// Window of rates and increases unless a condition chooses another.
    pub window: Spanned<Duration>,
    /// Where it is declared.
    pub origin: Place,
}

/// A signal's shape over Prometheus metrics. Every selector carries its job as the first matcher.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Counters, added up: things a second.
    Rate {
        /// The counters.
        of: Vec<Spanned<Selector>>,
    },
    /// A share of events: the good or the bad over all.
    Ratio {
        /// The events counted.
        part: Vec<Spanned<Selector>>,
        /// All events.
        total: Vec<Spanned<Selector>>,
        /// Whether `part` counts bad events (good ones otherwise).
        part_is_bad: bool,
    },
    /// A histogram.
    Latency {
        /// The histogram's base name and matchers.
        histogram: Spanned<Selector>,
        /// Whether it is a native histogram.
        native: bool,
        /// Classic bucket bounds, if known.
        buckets: Option<Spanned<Vec<Decimal>>>,
    },
    /// A gauge.
    Gauge {
        /// The gauge.
        of: Spanned<Selector>,
        /// How series become one.
        aggregate: Aggregation,
    },
    /// A share of a gauge.
    Fraction {
        /// The part.
        part: Part,
        /// The whole.
        whole: Whole,
        /// How series of each become one.
        aggregate: Aggregation,
    },
    /// How much counters went up over the window.
    Increase {
        /// The counters.
        of: Vec<Spanned<Selector>>,
    },
    /// Time since the moment that a gauge tells (Unix seconds).
    Age {
        /// The gauge.
        of: Spanned<Selector>,
        /// How series become one: max is the oldest.
        aggregate: Aggregation,
    },
    /// Raw PromQL.
    Expr {
        /// The expression; its places are offsets in `text`.
        expr: Spanned<Expr>,
        /// As written.
        text: crate::spec::values::Written,
    },
}

/// The part of a fraction.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// The signal is its share.
    Used(Spanned<Selector>),
    /// The signal is one minus its share.
    Free(Spanned<Selector>),
}

/// The whole of a fraction.
#[derive(Debug, Clone, PartialEq)]
pub enum Whole {
    /// Another gauge.
    Gauge(Spanned<Selector>),
    /// A constant.
    Constant(Decimal),
}

/// What is asked of a signal.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// Its value. (A latency is always asked for one of the others.)
    Value,
    /// A quantile of a latency, 0 to 1.
    Quantile(Decimal),
    /// The share of a latency's events within a bound in seconds.
    Within(Spanned<Decimal>),
    /// The mean of a latency.
    Mean,
}

impl Measure {
    /// As people say it: `p95`, `mean`, `within 500ms`.
    pub fn in_words(&self) -> String {
        match self {
            Self::Value => "value".to_owned(),
            Self::Mean => "mean".to_owned(),
            Self::Quantile(quantile) => format!("p{}", print_decimal(*quantile * Decimal::ONE_HUNDRED)),
            Self::Within(bound) => format!("within {}", seconds(bound.value)),
        }
    }
}

/// Seconds as people write them.
fn seconds(seconds: Decimal) -> String {
    let millis = seconds * Decimal::ONE_THOUSAND;
    match u64::try_from(millis).ok().filter(|_| millis.fract().is_zero()) {
        Some(millis) => Duration::millis(millis).to_string(),
        None => format!("{}s", print_decimal(seconds)),
    }
}

/// A CloudWatch metric, or math over several.
#[derive(Debug, Clone, PartialEq)]
pub struct CloudMetric {
    /// By id: one called `m1` when there is no math.
    pub queries: IndexMap<String, CloudQuery>,
    /// Math over the ids.
    pub math: Option<Spanned<String>>,
    /// The unit that the metric, or the math, comes in.
    pub unit: CloudUnit,
    /// What an alarm makes of a period without data.
    pub missing: MissingData,
    /// Where it is declared.
    pub origin: Place,
}

/// One metric of a [`CloudMetric`].
#[derive(Debug, Clone, PartialEq)]
pub struct CloudQuery {
    /// `AWS/RDS`
    pub namespace: String,
    /// `CPUUtilization`
    pub metric: String,
    /// How a period becomes one value.
    pub statistic: Statistic,
    /// What it is of.
    pub dimensions: Vec<(String, Setting)>,
}

/// How CloudWatch makes a period one value.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each is CloudWatch's own word")]
pub enum Statistic {
    Average,
    Sum,
    Minimum,
    Maximum,
    SampleCount,
    /// 0 to 100.
    Percentile(Decimal),
}

/// A metric of Google Cloud Monitoring.
#[derive(Debug, Clone, PartialEq)]
pub struct GoogleMetric {
    /// Its type.
    pub metric: String,
    /// The type of the monitored resource.
    pub resource: String,
    /// `resource.labels.x` or `metric.labels.x`, and its value.
    pub labels: Vec<(String, Setting)>,
    /// How a period becomes one value.
    pub align: GoogleAlign,
    /// The unit it comes in.
    pub unit: CloudUnit,
}

/// A metric of Azure Monitor.
#[derive(Debug, Clone, PartialEq)]
pub struct AzureMetric {
    /// Its namespace.
    pub namespace: String,
    /// The metric.
    pub metric: String,
    /// Id of the resource that is watched.
    pub resource: Setting,
    /// How a period becomes one value.
    pub aggregate: AzureAggregation,
    /// What it is of.
    pub dimensions: Vec<(String, Setting)>,
    /// The unit it comes in.
    pub unit: CloudUnit,
}

/// Log lines that count.
#[derive(Debug, Clone, PartialEq)]
pub struct LogFilter {
    /// Name of the CloudWatch log group; Loki counts where there is none.
    pub group: Option<Spanned<String>>,
    /// Fields of a JSON line and the value each must have.
    pub fields: Vec<(String, String)>,
    /// Words a plain line must contain.
    pub contains: Option<String>,
}
