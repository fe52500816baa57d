//! Prometheus' own configuration.

use super::Backend;
use crate::artifacts::Artifacts;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;

/// Prometheus' own configuration.
#[derive(Debug)]
pub struct Prometheus;

/// The system's configuration.
#[derive(Debug, Default)]
pub struct Config {}

impl Backend for Prometheus {
    type Config = Config;
    const NAME: &'static str = "prometheus";
    const SUMMARY: &'static str = "prometheus.yml: scrape jobs, probes, rule files, alerting, retention";

    fn lower(_: &Platform, _: &mut Diagnostics) -> Config {
        Config {}
    }

    fn render(_: &Config, _: &mut Artifacts) {}
}
