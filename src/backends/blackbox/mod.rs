//! The blackbox exporter's modules.

mod config;
mod lower;
#[cfg(test)]
mod tests;

pub use config::{Config, Http, Module, Network};

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, BLACKBOX_CONFIG};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::yaml;

/// The blackbox exporter's modules.
#[derive(Debug)]
pub struct Blackbox;

impl Backend for Blackbox {
    type Config = Config;
    const NAME: &'static str = "blackbox";
    const SUMMARY: &'static str = "blackbox.yml: a module for each way of probing";
    const OWNS: &'static [&'static str] = &[BLACKBOX_CONFIG];

    fn lower(platform: &Arc<Platform>, _: &mut Diagnostics) -> Config {
        lower::config(platform)
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if config.modules.is_empty() {
            return;
        }
        artifacts.add(BLACKBOX_CONFIG, yaml::write(config, &[BANNER]));
    }
}
