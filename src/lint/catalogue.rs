//! What is known of a series by its name: who declares it, or who makes it up.

use crate::model::{Metric, MetricType, Platform};
use crate::promql::Selector;

use super::Context;
use super::series::job_of;

/// What is known of a series.
#[derive(Debug, Clone, Copy)]
pub(super) enum Known<'a> {
    /// A service declares it, and its job is the one that is asked.
    Metric(&'a Metric),
    /// A service declares it, but another job brings it.
    Elsewhere(&'a Metric),
    /// Prometheus, a rule or a raw scrape configuration makes it: nothing more is known.
    MadeUp,
    /// Nothing makes it.
    Nowhere,
}

impl<'a> Known<'a> {
    /// The metric, if a service declares it.
    pub(super) fn metric(self) -> Option<&'a Metric> {
        match self {
            Known::Metric(metric) => Some(metric),
            Known::Elsewhere(_) | Known::MadeUp | Known::Nowhere => None,
        }
    }
}

/// Looks up what a selector reads; `MadeUp` when it names no metric.
pub(super) fn look_up<'a>(context: &Context<'a>, selector: &Selector) -> Known<'a> {
    let platform = context.platform;
    let Some(name) = selector.metric_name() else { return Known::MadeUp };
    let job = job_of(selector);
    let declared: Vec<&Metric> = metrics(platform).filter(|metric| exports(metric, name)).collect();
    let here = declared.iter().find(|metric| job.is_none_or(|job| metric.job == job));
    if let Some(metric) = here {
        return Known::Metric(metric);
    }
    if is_made_up(context, name) || job.is_some_and(|job| !is_own_job(platform, job)) {
        return Known::MadeUp;
    }
    if job.is_none() && !platform.stack.scrape_configs.is_empty() {
        return Known::MadeUp;
    }
    declared.first().map_or(Known::Nowhere, |metric| Known::Elsewhere(metric))
}

/// Every metric that a service declares.
pub(super) fn metrics(platform: &Platform) -> impl Iterator<Item = &Metric> {
    platform.services.iter().flat_map(|service| service.metrics.values())
}

/// Whether the metric brings series of this name.
pub(super) fn exports(metric: &Metric, name: &str) -> bool {
    let Some(suffix) = name.strip_prefix(metric.name.as_str()) else { return false };
    let is_histogram = metric.r#type == MetricType::Histogram;
    match suffix {
        "" => true,
        "_sum" | "_count" => is_histogram || metric.r#type == MetricType::Summary,
        "_bucket" => is_histogram,
        _ => false,
    }
}

/// Whether a job of this name is generated from the services.
fn is_own_job(platform: &Platform, job: &str) -> bool {
    let probes = platform.services.iter().flat_map(|service| &service.probes);
    platform.jobs().any(|(_, own)| own.name.value == job) || probes.into_iter().any(|probe| probe.job == job)
}

/// Series that Prometheus adds, that the probes bring, and that rules record.
fn is_made_up(context: &Context, name: &str) -> bool {
    const BY_PROMETHEUS: [&str; 4] = ["up", "ALERTS", "ALERTS_FOR_STATE", "target_info"];
    BY_PROMETHEUS.contains(&name)
        || name.starts_with("scrape_")
        || (name.starts_with("probe_") && context.platform.services.iter().any(|service| !service.probes.is_empty()))
        || context.configs.rules.records(name)
}
