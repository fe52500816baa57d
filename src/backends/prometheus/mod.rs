//! Prometheus' own configuration.

mod config;
mod discovery;
mod lower;
mod lower_jobs;
mod problems;
#[cfg(test)]
mod tests;

pub use config::{
    Alerting, AlertmanagerConfig, ClusterSelector, Config, Global, KubernetesDiscovery, Namespaces, RelabelConfig,
    Retention, ScrapeConfig, ScrapeEntry, StaticConfig, Storage, TlsConfig, Tsdb,
};
pub use lower::says_retention;
pub use lower_jobs::{dropping, fallback_protocol, has_native_histograms, probe_timeout, target_labels};
pub use problems::{CODES, JOB_NAME_TAKEN, TIMEOUT_BEYOND_INTERVAL, UNNAMED_JOB};

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, PROMETHEUS_CONFIG};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::yaml;

/// Prometheus' own configuration.
#[derive(Debug)]
pub struct Prometheus;

impl Backend for Prometheus {
    type Config = Config;
    const NAME: &'static str = "prometheus";
    const SUMMARY: &'static str = "prometheus.yml: scrape jobs, probes, rule files, alerting, retention";
    const OWNS: &'static [&'static str] = &[PROMETHEUS_CONFIG];

    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
        lower::config(platform, diagnostics)
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if config.scrape_configs.is_empty() {
            return;
        }
        artifacts.add(PROMETHEUS_CONFIG, yaml::write(config, &[BANNER]));
    }
}
