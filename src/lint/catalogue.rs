//! Declared series by their names.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{Metric, MetricType};

/// Every series that services declare, by its name.
#[derive(Debug, Default)]
pub(super) struct Catalogue<'a> {
    all: Vec<&'a Metric>,
    by_name: BTreeMap<Cow<'a, str>, &'a Metric>,
    by_job: BTreeMap<(Cow<'a, str>, &'a str), &'a Metric>,
}

impl<'a> Catalogue<'a> {
    /// Of these metrics; of two declarations the first counts.
    pub(super) fn of(metrics: impl IntoIterator<Item = &'a Metric>) -> Self {
        let mut catalogue = Self::default();
        for metric in metrics {
            catalogue.all.push(metric);
            for name in series(metric) {
                catalogue.by_name.entry(name.clone()).or_insert(metric);
                catalogue.by_job.entry((name, metric.job.as_str())).or_insert(metric);
            }
        }
        catalogue
    }

    /// The metric that brings this series, from this job if one is asked.
    pub(super) fn metric(&self, name: &str, job: Option<&str>) -> Option<&'a Metric> {
        match job {
            Some(job) => self.by_job.get(&(Cow::Borrowed(name), job)).copied(),
            None => self.by_name.get(name).copied(),
        }
    }

    /// Every metric, as declared.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a Metric> {
        self.all.iter().copied()
    }
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
