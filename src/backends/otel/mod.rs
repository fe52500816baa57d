//! The OpenTelemetry collector: takes traces from applications, samples and scrubs them, gives them to Jaeger.

pub mod config;
mod lower;
pub(crate) mod parts;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, OTEL_COLLECTOR_CONFIG};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::yaml;

/// The OpenTelemetry collector.
#[derive(Debug)]
pub struct Otel;

/// Its file, if the stack has a collector.
#[derive(Debug, Default)]
pub struct Config {
    /// `collector.yaml`
    pub file: Option<config::File>,
}

impl Backend for Otel {
    type Config = Config;
    const NAME: &'static str = "otel";
    const SUMMARY: &'static str = "collector.yaml: OTLP in, sampled and scrubbed, out to Jaeger";
    const OWNS: &'static [&'static str] = &["otel/"];

    fn lower(platform: &Arc<Platform>, _: &mut Diagnostics) -> Config {
        Config { file: lower::file(platform) }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if let Some(file) = &config.file {
            artifacts.add(OTEL_COLLECTOR_CONFIG, yaml::write(file, &[BANNER]));
        }
    }
}
