//! Google Cloud, as Terraform: an alerting policy for each alert that Cloud Monitoring can evaluate, the channels that
//! hear of them, and log buckets with their retention.

mod lower;
mod render;
pub mod terraform;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::terraform::Stack;
use super::Backend;
use crate::artifacts::Artifacts;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;

/// Google Cloud, as Terraform.
#[derive(Debug)]
pub struct Google;

/// The system's configuration.
#[derive(Debug, Default)]
pub struct Config {
    /// What Terraform is to make; nothing when the platform has no Google Cloud.
    pub stack: Option<Stack>,
}

impl Backend for Google {
    type Config = Config;
    const NAME: &'static str = "google";
    const SUMMARY: &'static str = "Terraform for Google Cloud: alerting policies, notification channels, log buckets";
    const OWNS: &'static [&'static str] = &["terraform/google/"];

    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
        let settings = platform.stack.google_cloud.as_ref();
        Config { stack: settings.map(|settings| lower::stack(platform, settings, diagnostics)) }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if let Some(stack) = &config.stack {
            render::render(stack, artifacts);
        }
    }
}
