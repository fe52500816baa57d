//! How many series a platform makes, estimated from what it declares.

use crate::model::{JobOrigin, Metric, MetricType, Platform, Service};
use crate::packs::components;

/// Values that a label usually has. A label that is not here is taken for [`OTHER`].
pub(super) const USUAL_VALUES: [(&str, u64); 9] = [
    ("method", 4),
    ("status", 6),
    ("code", 6),
    ("endpoint", 20),
    ("path", 20),
    ("route", 20),
    ("operation", 8),
    ("instance", 1),
    ("job", 1),
];
/// Values of any other label.
pub(super) const OTHER: u64 = 5;
/// Buckets of a classic histogram whose buckets nobody declares: as many as the client libraries make.
const BUCKETS: u64 = 11;
/// Most combinations of label values that a metric of an exporter is taken to have.
const MOST_OF_EXPORTER: u64 = 20;
/// Series that Prometheus adds to every target.
const OF_TARGET: u64 = 5;

/// The series of a job.
#[derive(Debug)]
pub(super) struct JobSeries {
    pub(super) name: String,
    pub(super) targets: u64,
    /// Of one target.
    pub(super) each: u64,
    /// Where the number comes from.
    pub(super) from: &'static str,
    pub(super) interval: crate::quantity::Duration,
}

/// Each scrape job with its series.
pub(super) fn of(platform: &Platform) -> Vec<JobSeries> {
    let mut all = Vec::new();
    for service in &platform.services {
        for job in &service.jobs {
            let component = match &job.from {
                JobOrigin::Exporter(name) | JobOrigin::Component(name) => components::component(name),
                JobOrigin::Scrape => None,
            };
            let measured = component.and_then(|component| component.series);
            // An exporter's labels name things that are there, mostly few of them: databases, topics, members.
            let most = if component.is_some() { MOST_OF_EXPORTER } else { u64::MAX };
            let declared: u64 = metrics(service, &job.name.value).map(|metric| series(metric, most)).sum();
            all.push(JobSeries {
                name: job.name.value.clone(),
                targets: job.targets.len() as u64,
                // A pack names only the metrics that it needs; an exporter exposes more, but no product of labels.
                each: measured.unwrap_or(declared) + OF_TARGET,
                from: if measured.is_some() { "measured on the exporter" } else { "declared metrics and labels" },
                interval: job.interval.value,
            });
        }
    }
    all
}

fn metrics<'s>(service: &'s Service, job: &'s str) -> impl Iterator<Item = &'s Metric> {
    service.metrics.values().filter(move |metric| metric.job == job)
}

/// Series of one metric on one target: a series for each combination of label values that occurs, estimated as all.
fn series(metric: &Metric, most: u64) -> u64 {
    let values =
        |label: &String| USUAL_VALUES.iter().find(|(name, _)| name == label).map_or(OTHER, |(_, count)| *count);
    let combinations = metric.labels.iter().flatten().map(values).fold(1, u64::saturating_mul).min(most);
    let each = match metric.r#type {
        MetricType::Histogram if metric.native => 1,
        // The buckets, the one without a bound, the sum and the count.
        MetricType::Histogram => metric.buckets.as_ref().map_or(BUCKETS, |buckets| buckets.len() as u64) + 3,
        MetricType::Summary => 5,
        _ => 1,
    };
    combinations.saturating_mul(each)
}
