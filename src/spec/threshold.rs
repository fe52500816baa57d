//! Thresholds: conditions on a signal that raise an alert.

use super::metric::Bucket;
use super::values::{LabelName, Name, Named, Number, OneOrMany, Written};
use crate::decode::{record, words};
use crate::quantity::{Duration, Quantity};
use crate::source::Spanned;

words! {
    /// What evaluates a condition.
    pub enum Evaluator "an evaluator" {
        /// A Prometheus alert rule.
        "prometheus" => Prometheus,
        /// A CloudWatch alarm.
        "cloudwatch" => CloudWatch,
        /// A rule of Loki's ruler.
        "loki" => Loki,
        /// An alerting policy in Google Cloud.
        "google" => Google,
        /// An alert rule in Azure.
        "azure" => Azure,
    }
}

record! {
    /// A condition on a signal that raises an alert. Exactly one of `above`, `below`, `above_baseline`,
    /// `below_baseline`, `drops_by`, `any`, `absent` or `expr` says which.
    pub struct Threshold "a threshold" {
        /// The signal. Not needed for `expr`.
        signal: Option<Spanned<Name>>,
        /// For a latency: which quantile (`p95`); p95 unless given.
        quantile: Option<Spanned<String>>,
        /// For a latency: the share within this bound instead of a quantile.
        within: Option<Spanned<Bucket>>,
        /// For a latency: the mean instead of a quantile.
        mean: Option<bool>,
        /// Higher than this.
        above: Option<Spanned<Quantity>>,
        /// Lower than this.
        below: Option<Spanned<Quantity>>,
        /// So many times its trailing average, or more.
        above_baseline: Option<Baseline>,
        /// So many times its trailing average, or less.
        below_baseline: Option<Baseline>,
        /// Lower by this share than some time before.
        drops_by: Option<Drop>,
        /// Anything at all: more than zero.
        any: Option<bool>,
        /// No data for this long.
        absent: Option<Spanned<Duration>>,
        /// Raw PromQL, true when the alert should be.
        expr: Option<Written>,
        /// The window of rates, increases and cloud statistics; the signal's own unless given.
        over: Option<Spanned<Duration>>,
        /// How long it must hold before the alert fires.
        r#for: Option<Spanned<Duration>>,
        /// How long the alert stays after the condition has ended.
        keep_firing: Option<Spanned<Duration>>,
        /// How urgent.
        severity: Spanned<Name>,
        /// The rule group; `<service>_alerts` unless given.
        group: Option<Spanned<Name>>,
        /// Labels kept apart, each with its own alert, beside the signal's `per`.
        by: Option<Vec<Spanned<LabelName>>>,
        /// Where it is evaluated; everywhere the signal can be unless given.
        on: Option<OneOrMany<Spanned<Evaluator>>>,
        /// One line for people, with `{{ value }}`, `{{ bound }}` and `{{ labels.x }}`; made from the condition unless given.
        summary: Option<Written>,
        /// What it means and what to look at.
        description: Option<Written>,
        /// Its runbook: an address, instead of the platform's pattern; or words in Markdown, which join the page that
        /// is generated for the alert.
        runbook: Option<Written>,
        /// More labels on the alert.
        #[schemars(default)]
        labels: Named<LabelName, String>,
    }
}

record! {
    /// A multiple of a trailing average.
    pub struct Baseline "a baseline" {
        /// How many times the average.
        times: Spanned<Number>,
        /// Averaged over this long.
        over: Spanned<Duration>,
    }
}

record! {
    /// A fall against some time before.
    pub struct Drop "a drop" {
        /// By this share.
        by: Spanned<Quantity>,
        /// Against the value this long ago.
        against: Spanned<Duration>,
    }
}
