//! Grafana Alloy: collects what containers write, scrubs and labels it, and sends it to Loki.

mod lower;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{ALLOY_CONFIG, BANNER};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::alloy::{self, Body};

/// Grafana Alloy.
#[derive(Debug)]
pub struct Alloy;

/// `config.alloy`; none when the platform runs no Alloy.
#[derive(Debug, Default)]
pub struct Config {
    /// The components.
    pub body: Option<Body>,
}

impl Backend for Alloy {
    type Config = Config;
    const NAME: &'static str = "alloy";
    const SUMMARY: &'static str = "config.alloy: collects log lines, scrubs and labels them, sends them to Loki";
    const OWNS: &'static [&'static str] = &[ALLOY_CONFIG];

    fn lower(platform: &Arc<Platform>, _: &mut Diagnostics) -> Config {
        Config { body: platform.stack.alloy.as_ref().map(|collector| lower::body(platform, collector)) }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if let Some(body) = &config.body {
            artifacts.add(ALLOY_CONFIG, alloy::write(body, BANNER));
        }
    }
}
