//! Promtail, for those who still run it: the pipeline that Alloy has, in the words of its predecessor.

mod config;
mod lower;
#[cfg(test)]
mod tests;

pub use config::{Client, Docker, File, PipelineStage, Positions, Relabel, ScrapeConfig, Server, Static};

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, PROMTAIL_CONFIG};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::yaml;

/// Promtail.
#[derive(Debug)]
pub struct Promtail;

/// `promtail.yml`; none when the platform runs no Promtail.
#[derive(Debug, Default)]
pub struct Config {
    /// The file.
    pub file: Option<File>,
}

impl Backend for Promtail {
    type Config = Config;
    const NAME: &'static str = "promtail";
    const SUMMARY: &'static str = "promtail.yml, for those who have not moved to Alloy yet";
    const OWNS: &'static [&'static str] = &[PROMTAIL_CONFIG];

    fn lower(platform: &Arc<Platform>, _: &mut Diagnostics) -> Config {
        Config { file: platform.stack.promtail.as_ref().map(|collector| lower::file(platform, collector)) }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if let Some(file) = &config.file {
            artifacts.add(PROMTAIL_CONFIG, yaml::write(file, &[BANNER]));
        }
    }
}
