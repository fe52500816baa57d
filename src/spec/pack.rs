//! Packs: what is known of one technology, as data. Built-in ones and a user's own have this one form.

use super::metric::Metric;
use super::signal::Signal;
use super::threshold::Threshold;
use super::values::{MetricName, Name, Named, VariableName};
use crate::decode::record;
use crate::quantity::Duration;
use crate::source::Spanned;

record! {
    /// What is known of one technology.
    pub struct Pack "a pack" {
        /// Its name.
        pack: Spanned<Name>,
        /// What people call the technology.
        title: String,
        /// What it covers, in a sentence.
        description: Option<String>,
        /// Parameters that a service gives it: cloud identifiers and the like.
        #[schemars(default)]
        parameters: Named<Name, PackParameter>,
        /// The exporter that speaks for the technology. Without one the service itself exposes the metrics.
        exporter: Option<PackExporter>,
        /// Whether the metrics come from probes of the service's addresses. False unless given.
        probes: Option<bool>,
        /// How long a scrape interval usually is, when not the platform's.
        interval: Option<Spanned<Duration>>,
        /// Metrics that the pinned exporter version really exports.
        #[schemars(default)]
        metrics: Named<MetricName, Metric>,
        /// What can be measured.
        #[schemars(default)]
        signals: Named<Name, Signal>,
        /// Thresholds that are usual, taken over with `usual_thresholds: true`; named with the service's name in front.
        #[schemars(default)]
        thresholds: Named<Name, Threshold>,
        /// What to look at first when one of its alerts fires, for the generated runbooks: a step each.
        first_steps: Option<Vec<String>>,
        /// Whether client libraries export its metrics by themselves, so that nobody has to count anything. False
        /// unless given.
        by_library: Option<bool>,
        /// Signals shown on a service's own dashboard, in this order; all of them unless given.
        panels: Option<Vec<Spanned<Name>>>,
    }
}

record! {
    /// A parameter of a pack.
    pub struct PackParameter "a parameter" {
        /// What it is.
        description: String,
        /// Its value unless a service gives one, `$name` for that of another parameter; without a default it is required.
        default: Option<String>,
    }
}

record! {
    /// The exporter that a pack's metrics come from.
    pub struct PackExporter "a pack's exporter" {
        /// Its component in the image table.
        component: Spanned<Name>,
        /// Environment variables that it needs from the service.
        requires: Option<Vec<Spanned<VariableName>>>,
        /// More command-line arguments.
        arguments: Option<Vec<String>>,
    }
}
