//! What is known of a platform that a spec describes.

use std::collections::BTreeMap;

use super::{Facts, KnownJob, Recorded, Said};
use crate::backends::rules;
use crate::lint::catalogue::Catalogue;
use crate::model::Platform;

impl<'a> Facts<'a> {
    /// Of a platform: everything is known.
    pub(in crate::lint) fn of(platform: &'a Platform, rules: &'a rules::Config) -> Self {
        let mut jobs = BTreeMap::new();
        for service in &platform.services {
            let labels: Vec<String> =
                std::iter::once("service".to_owned()).chain(service.labels.keys().cloned()).collect();
            // Discovery gives targets labels of its own: of what, and how many, the cluster decides.
            let own = service.jobs.iter().map(|job| (&job.name.value, job.interval, job.discovery.is_none()));
            let probes = service.probes.iter().map(|probe| (&probe.job, probe.interval, true));
            for (name, interval, is_listed) in own.chain(probes) {
                let labels = is_listed.then(|| labels.clone());
                jobs.entry(name.clone()).or_insert(KnownJob { interval, labels });
            }
        }
        let platform_labels = platform.labels.keys().cloned();
        let external = ["platform".to_owned(), "environment".to_owned()].into_iter().chain(platform_labels);
        Self {
            catalogue: Catalogue::of(platform.services.iter().flat_map(|service| service.metrics.values())),
            complete: true,
            told_by_job: true,
            jobs,
            foreign_jobs: !platform.stack.scrape_configs.is_empty(),
            probes: platform.services.iter().any(|service| !service.probes.is_empty()),
            scrape_interval: Some(platform.scrape_interval),
            evaluation_interval: Some(Said {
                value: platform.evaluation_interval.value,
                place: Some(platform.evaluation_interval.span),
            }),
            retention: Some(Said { value: platform.retention.reach(), place: None }),
            version: Some(platform.stack.prometheus_version),
            external_labels: Some(external.collect()),
            recorded: Recorded::Compiled(rules),
        }
    }
}
