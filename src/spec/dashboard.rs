//! Dashboards: panels on signals. The same declaration serves Grafana and CloudWatch.

use super::metric::Bucket;
use super::values::{LabelName, Name, OneOrMany, Written};
use crate::decode::{record, words};
use crate::quantity::{Duration, Unit};
use crate::source::Spanned;

record! {
    /// A dashboard.
    pub struct Dashboard "a dashboard" {
        /// What it is called; made from its name unless given.
        title: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// How often it refreshes. 30s unless given.
        refresh: Option<Spanned<Duration>>,
        /// The time it shows at first: the last hour unless given.
        range: Option<Spanned<Duration>>,
        /// Tags, to find it by.
        tags: Option<Vec<String>>,
        /// Its panels, in rows.
        rows: Option<Vec<Row>>,
        /// Its panels, without rows.
        panels: Option<Vec<Panel>>,
    }
}

record! {
    /// A titled row of panels.
    pub struct Row "a row" {
        /// Its title.
        title: String,
        /// Its panels.
        panels: Vec<Panel>,
        /// Whether it is folded at first.
        collapsed: Option<bool>,
    }
}

record! {
    /// A panel on one signal or several.
    pub struct Panel "a panel" {
        /// Its title; the signal's title unless given.
        title: Option<String>,
        /// What it shows, for people.
        description: Option<String>,
        /// The service whose signal is shown.
        service: Option<Spanned<Name>>,
        /// The signals, by name; `service/signal` for one of another service.
        signal: Option<OneOrMany<Spanned<String>>>,
        /// A line for each value of these labels.
        by: Option<Vec<Spanned<LabelName>>>,
        /// For latencies: which quantiles; p95 unless given.
        quantile: Option<OneOrMany<Spanned<String>>>,
        /// For latencies: the share within this bound instead of a quantile.
        within: Option<Spanned<Bucket>>,
        /// Raw PromQL instead of a signal.
        expr: Option<Written>,
        /// The unit of `expr`.
        unit: Option<Spanned<Unit>>,
        /// How it is drawn; chosen from the signal unless given.
        view: Option<Spanned<View>>,
        /// Width in 24ths of the screen; chosen from the view unless given.
        width: Option<Spanned<u64>>,
        /// Where the data come from, when the signal has several renderings; Prometheus if it can unless given.
        source: Option<Spanned<PanelSource>>,
    }
}

words! {
    /// How a panel is drawn.
    pub enum View "a view" {
        /// Lines over time.
        "lines" => Lines,
        /// One big number.
        "number" => Number,
        /// A gauge between its bounds.
        "gauge" => Gauge,
        /// A table of the latest values.
        "table" => Table,
        /// The distribution of a histogram over time.
        "heatmap" => Heatmap,
        /// Bars, one for each label value.
        "bars" => Bars,
    }
}

words! {
    /// Where a panel's data come from.
    pub enum PanelSource "a source of data" {
        /// Prometheus (or Thanos in front of it).
        "prometheus" => Prometheus,
        /// CloudWatch.
        "cloudwatch" => CloudWatch,
    }
}
