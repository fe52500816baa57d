//! Signals: measurable quantities, defined by their shape over metrics.

use super::values::{FieldName, GroupName, LabelName, Name, Named, Number, OneOrMany, Setting, Written};
use crate::decode::{record, words};
use crate::quantity::{Duration, Unit};
use crate::source::Spanned;

record! {
    /// A measurable quantity. It has one shape over Prometheus metrics (`rate`, `ratio`, `latency`, `gauge`,
    /// `fraction`, `increase`, `age` or `expr`), or a rendering in the cloud (`cloud`, `log`), or both.
    pub struct Signal "a signal" {
        /// What it is called on panels and in messages; made from its name unless given.
        title: Option<String>,
        /// What it means, in a sentence.
        description: Option<String>,
        /// Its unit; follows from the shape unless given. Required for `expr`.
        unit: Option<Spanned<Unit>>,
        /// Which way is better; none unless given.
        better: Option<Better>,
        /// Labels that are kept apart: a value for each instance, mount point, ...
        per: Option<Vec<Spanned<LabelName>>>,
        /// A counter's rate: things a second.
        rate: Option<OneOrMany<Written>>,
        /// Good or bad events as a share of all events.
        ratio: Option<Ratio>,
        /// A histogram, asked for a quantile or for the share within a bound.
        latency: Option<Written>,
        /// A gauge.
        gauge: Option<Written>,
        /// A gauge as a share of another, or of a constant.
        fraction: Option<Fraction>,
        /// A counter's increase over a window.
        increase: Option<OneOrMany<Written>>,
        /// Time since the moment that a gauge tells.
        age: Option<Written>,
        /// Raw PromQL.
        expr: Option<Written>,
        /// How the series of a gauge, fraction or age become one: sum unless given (max for age).
        aggregate: Option<Spanned<Aggregation>>,
        /// The window of an increase, and of the rates in ratios; a condition may choose another. 5m unless given.
        over: Option<Spanned<Duration>>,
        /// A CloudWatch metric, or math over several.
        cloud: Option<Cloud>,
        /// Matching log lines, counted.
        log: Option<Log>,
        /// A metric of Google Cloud Monitoring.
        google: Option<GoogleMetric>,
        /// A metric of Azure Monitor.
        azure: Option<AzureMetric>,
    }
}

record! {
    /// A metric of Google Cloud Monitoring.
    pub struct GoogleMetric "a Google Cloud metric" {
        /// Its type: `cloudsql.googleapis.com/database/cpu/utilization`.
        metric: Spanned<String>,
        /// The type of the monitored resource: `cloudsql_database`.
        resource: Spanned<String>,
        /// Labels of the resource that must have these values. `$instance` stands for the pack's parameter `instance`.
        #[schemars(default)]
        labels: Named<Name, Setting>,
        /// Labels of the metric that must have these values.
        #[schemars(default)]
        metric_labels: Named<Name, Setting>,
        /// How a period of each series becomes one value. `mean` unless given.
        align: Option<Spanned<GoogleAlign>>,
        /// The unit it is reported in; follows from the signal's unit unless given.
        unit: Option<Spanned<CloudUnit>>,
    }
}

words! {
    /// How Google Cloud makes a period one value.
    pub enum GoogleAlign "an alignment" {
        /// The average.
        "mean" => Mean,
        /// The smallest.
        "min" => Min,
        /// The largest.
        "max" => Max,
        /// Added up.
        "sum" => Sum,
        /// How many values there were.
        "count" => Count,
        /// A counter's growth a second.
        "rate" => Rate,
        /// A counter's growth.
        "delta" => Delta,
    }
}

record! {
    /// A metric of Azure Monitor.
    pub struct AzureMetric "an Azure metric" {
        /// Namespace: `Microsoft.DBforPostgreSQL/flexibleServers`.
        namespace: Spanned<String>,
        /// The metric: `cpu_percent`.
        metric: Spanned<String>,
        /// Id of the resource that is watched. `$server` stands for the pack's parameter `server`.
        resource: Setting,
        /// How a period becomes one value. `average` unless given.
        aggregate: Option<Spanned<AzureAggregation>>,
        /// Dimensions that must have these values.
        #[schemars(default)]
        dimensions: Named<Name, Setting>,
        /// The unit it is reported in; follows from the signal's unit unless given.
        unit: Option<Spanned<CloudUnit>>,
    }
}

words! {
    /// How Azure makes a period one value.
    pub enum AzureAggregation "an aggregation" {
        /// The average.
        "average" => Average,
        /// The smallest.
        "minimum" => Minimum,
        /// The largest.
        "maximum" => Maximum,
        /// Added up.
        "total" => Total,
        /// How many values there were.
        "count" => Count,
    }
}

words! {
    /// Which way is better.
    pub enum Better "a direction" {
        /// More is better: a hit rate.
        "higher" => Higher,
        /// Less is better: a latency.
        "lower" => Lower,
    }
}

words! {
    /// How several series become one.
    pub enum Aggregation "an aggregation" {
        /// Added up.
        "sum" => Sum,
        /// Their average.
        "avg" => Avg,
        /// The largest.
        "max" => Max,
        /// The smallest.
        "min" => Min,
        /// How many there are.
        "count" => Count,
    }
}

record! {
    /// Good or bad events as a share of all events. Each is a counter with label matchers, or a list of
    /// counters that are added up.
    pub struct Ratio "a ratio" {
        /// Good events; the signal is their share.
        good: Option<OneOrMany<Written>>,
        /// Bad events; the signal is their share.
        bad: Option<OneOrMany<Written>>,
        /// All events.
        total: OneOrMany<Written>,
    }
}

record! {
    /// A gauge as a share of another gauge, or of a constant.
    pub struct Fraction "a fraction" {
        /// What is used.
        used: Option<Written>,
        /// What is free: the signal is one minus its share.
        free: Option<Written>,
        /// Of this gauge,
        of: Option<Written>,
        /// or of this constant, in the gauge's unit.
        of_constant: Option<Spanned<Number>>,
    }
}

record! {
    /// A CloudWatch metric, or math over several.
    pub struct Cloud "a CloudWatch metric" {
        /// Namespace: `AWS/RDS`.
        namespace: Option<Spanned<String>>,
        /// The metric: `CPUUtilization`.
        metric: Option<Spanned<String>>,
        /// Average, Sum, Minimum, Maximum, SampleCount, or p0 to p100. Average unless given.
        statistic: Option<Spanned<String>>,
        /// Dimensions: what the metric is of. `$instance` stands for the pack's parameter `instance`.
        #[schemars(default)]
        dimensions: Named<Name, Setting>,
        /// Unit CloudWatch reports it in; follows from the signal's unit unless given.
        unit: Option<Spanned<CloudUnit>>,
        /// Metrics that the math speaks of, by lower-case id.
        #[schemars(default)]
        metrics: Named<Name, CloudMetric>,
        /// Metric math over those ids: `100 * errors / requests`.
        math: Option<Written>,
        /// Absence of data: `missing` unless given. `notBreaching` where no data means that nothing happened.
        missing: Option<Spanned<MissingData>>,
    }
}

record! {
    /// One CloudWatch metric in a math expression.
    pub struct CloudMetric "a CloudWatch metric" {
        /// Namespace; that of the signal unless given.
        namespace: Option<Spanned<String>>,
        /// The metric.
        metric: Spanned<String>,
        /// Statistic. Sum unless given.
        statistic: Option<Spanned<String>>,
        /// Dimensions; those of the signal unless given.
        #[schemars(default)]
        dimensions: Named<Name, Setting>,
    }
}

words! {
    /// The unit in which CloudWatch reports.
    pub enum CloudUnit "a CloudWatch unit" {
        /// 0 to 100.
        "percent" => Percent,
        /// 0 to 1.
        "ratio" => Ratio,
        /// Seconds.
        "seconds" => Seconds,
        /// Thousandths of a second.
        "milliseconds" => Milliseconds,
        /// Millionths of a second.
        "microseconds" => Microseconds,
        /// Bytes.
        "bytes" => Bytes,
        /// 1024 * 1024 bytes.
        "megabytes" => Megabytes,
        /// Things, in a period.
        "count" => Count,
        /// Things a second.
        "count_per_second" => CountPerSecond,
        /// Bytes a second.
        "bytes_per_second" => BytesPerSecond,
    }
}

words! {
    /// What an alarm makes of a period without data.
    pub enum MissingData "a treatment of missing data" {
        /// The alarm keeps its state when there is nothing to look at.
        "missing" => Missing,
        /// It counts as good.
        "notBreaching" => NotBreaching,
        /// It counts as bad.
        "breaching" => Breaching,
        /// The alarm keeps its state.
        "ignore" => Ignore,
    }
}

record! {
    /// Matching log lines, counted.
    pub struct Log "a log signal" {
        /// The CloudWatch log group, one that `retention.logs` declares. Without one Loki counts the lines that the
        /// service writes.
        group: Option<Spanned<GroupName>>,
        /// Fields of a JSON log line that must have these values: `level: ERROR`. `*` stands for anything.
        #[schemars(default)]
        r#where: Named<FieldName, String>,
        /// Words that the line must contain.
        contains: Option<Spanned<String>>,
    }
}
