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
    /// A panel on one signal or several, or on what was promised.
    pub struct Panel "a panel" {
        /// Its title; the signal's title, or that of what is shown of a promise, unless given.
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
        /// What of the platform's SLOs is shown instead of a signal; of those of one `service` if it is named.
        objectives: Option<Spanned<Objectives>>,
        /// One SLO that is shown instead of a signal: `service/name`, or its name with `service`.
        slo: Option<Spanned<String>>,
        /// What of that SLO is shown. What was reached of it unless given.
        show: Option<Spanned<Objective>>,
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
    /// What of several SLOs is shown.
    pub enum Objectives "a view of SLOs" {
        /// Each in a line: what was promised, what was kept, what is left, how fast it goes.
        "table" => Table,
        /// Each month of the calendar in a line: what was promised, what was kept.
        "months" => Months,
        /// What was left of the budgets at each moment.
        "budgets" => Budgets,
        /// Alerts that fire now.
        "firing" => Firing,
        /// Alerts that fired.
        "history" => History,
    }
}

words! {
    /// What of one SLO is shown.
    pub enum Objective "a view of an SLO" {
        /// The share of good events over the window.
        "reached" => Reached,
        /// What was promised.
        "promised" => Promised,
        /// The share of the budget that is left.
        "budget-left" => BudgetLeft,
        /// How long everything may still fail.
        "outage-left" => OutageLeft,
        /// How fast the budget goes.
        "burn-rate" => BurnRate,
        /// When it will be gone.
        "time-left" => TimeLeft,
        /// The share of good events since the month began.
        "month-reached" => MonthReached,
        /// The share of the month's budget that is left.
        "month-budget-left" => MonthBudgetLeft,
        /// The share of good events at each moment, beside the objective.
        "attained" => Attained,
        /// The budget that was left at each moment.
        "budget-over-time" => BudgetOverTime,
        /// What was left of the month's budget at each moment.
        "month-budget-over-time" => MonthBudgetOverTime,
        /// How fast the budget went, by window.
        "burn-rates" => BurnRates,
        /// Good and bad events.
        "events" => Events,
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
        /// Loki.
        "loki" => Loki,
    }
}
