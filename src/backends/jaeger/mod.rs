//! Jaeger 2: an OpenTelemetry collector with a store of traces and pages to look at them.

mod lower;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::Backend;
use super::otel::Config;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, JAEGER_CONFIG};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::yaml;

/// Jaeger.
#[derive(Debug)]
pub struct Jaeger;

impl Backend for Jaeger {
    type Config = Config;
    const NAME: &'static str = "jaeger";
    const SUMMARY: &'static str = "config.yaml of Jaeger 2: OTLP in, a store with a retention, pages";
    const OWNS: &'static [&'static str] = &["jaeger/"];

    fn lower(platform: &Arc<Platform>, _: &mut Diagnostics) -> Config {
        Config { file: lower::file(platform) }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if let Some(file) = &config.file {
            artifacts.add(JAEGER_CONFIG, yaml::write(file, &[BANNER]));
        }
    }
}
