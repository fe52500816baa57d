//! Azure, as Terraform: an alert rule for each alert that Azure Monitor can evaluate, the action groups that hear of
//! them, and a log workspace with its retention.

mod lower;
mod render;
pub mod terraform;
#[cfg(test)]
mod tests;
mod times;

use std::sync::Arc;

use self::terraform::Stack;
use super::Backend;
use crate::artifacts::Artifacts;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;

/// Azure, as Terraform.
#[derive(Debug)]
pub struct Azure;

/// The system's configuration.
#[derive(Debug, Default)]
pub struct Config {
    /// What Terraform is to make; nothing when the platform has no Azure.
    pub stack: Option<Stack>,
}

impl Backend for Azure {
    type Config = Config;
    const NAME: &'static str = "azure";
    const SUMMARY: &'static str =
        "Terraform for Azure: metric alerts, Prometheus rule groups, action groups, log workspace";
    const OWNS: &'static [&'static str] = &["terraform/azure/"];

    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
        let settings = platform.stack.azure.as_ref();
        Config { stack: settings.map(|settings| lower::stack(platform, settings, diagnostics)) }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if let Some(stack) = &config.stack {
            render::render(stack, artifacts);
        }
    }
}
