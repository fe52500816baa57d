//! What is known of a series by its name: who declares it, or who makes it up.

use std::borrow::Cow;
use std::collections::BTreeMap;

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

/// Every series that services declare, by its name.
#[derive(Debug, Default)]
pub struct Catalogue<'a> {
    by_name: BTreeMap<Cow<'a, str>, &'a Metric>,
    by_job: BTreeMap<(Cow<'a, str>, &'a str), &'a Metric>,
}

impl<'a> Catalogue<'a> {
    /// Of a platform; of two declarations the first counts.
    pub(super) fn of(platform: &'a Platform) -> Self {
        let mut catalogue = Self::default();
        for metric in metrics(platform) {
            for name in series(metric) {
                catalogue.by_name.entry(name.clone()).or_insert(metric);
                catalogue.by_job.entry((name, metric.job.as_str())).or_insert(metric);
            }
        }
        catalogue
    }

    fn metric(&self, name: &str, job: Option<&str>) -> Option<&'a Metric> {
        match job {
            Some(job) => self.by_job.get(&(Cow::Borrowed(name), job)).copied(),
            None => self.by_name.get(name).copied(),
        }
    }
}

/// Looks up what a selector reads; `MadeUp` when it names no metric.
pub(super) fn look_up<'a>(context: &Context<'a>, selector: &Selector) -> Known<'a> {
    let platform = context.platform;
    let Some(name) = selector.metric_name() else { return Known::MadeUp };
    let job = job_of(selector);
    if let Some(metric) = context.catalogue.metric(name, job) {
        return Known::Metric(metric);
    }
    if is_made_up(context, name) || job.is_some_and(|job| !is_own_job(platform, job)) {
        return Known::MadeUp;
    }
    if job.is_none() && !platform.stack.scrape_configs.is_empty() {
        return Known::MadeUp;
    }
    context.catalogue.metric(name, None).map_or(Known::Nowhere, Known::Elsewhere)
}

/// Every metric that a service declares.
pub(super) fn metrics(platform: &Platform) -> impl Iterator<Item = &Metric> {
    platform.services.iter().flat_map(|service| service.metrics.values())
}

/// The names of the series that a metric brings.
pub(super) fn series(metric: &Metric) -> impl Iterator<Item = Cow<'_, str>> {
    let suffixes: &[&str] = match metric.r#type {
        MetricType::Histogram => &["_bucket", "_sum", "_count"],
        MetricType::Summary => &["_sum", "_count"],
        _ => &[],
    };
    let parts = suffixes.iter().map(|suffix| Cow::Owned(format!("{}{suffix}", metric.name)));
    std::iter::once(Cow::Borrowed(metric.name.as_str())).chain(parts)
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
