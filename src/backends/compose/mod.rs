//! A docker-compose stack: every component pinned, healthy, limited and reachable from this machine only.

mod backup;
mod config;
mod disks;
mod logs;
mod lower;
mod merge;
mod problems;
mod running;
mod services;
#[cfg(test)]
mod tests;
mod text;
pub mod tls;
mod variables;

pub use config::{
    Config, Dependency, Deploy, File, Healthcheck, Limits, Logging, Network, Resources, Secret, Service, TlsServer,
    Variable, Volume, WebConfig,
};
pub use problems::{
    CODES, COMPONENT_WITHOUT_DISK, COMPONENT_WITHOUT_TLS, DUPLICATE_CONTAINER, SAMPLES_BEYOND_DISK, UNKNOWN_COMPONENT,
};
pub use running::{Running, components};
pub use text::Text;

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, COMPOSE_FILE, ENVIRONMENT_EXAMPLE, TLS_FOLDER, WEB_CONFIG};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::yaml;

/// A docker-compose stack.
#[derive(Debug)]
pub struct Compose;

impl Backend for Compose {
    type Config = Config;
    const NAME: &'static str = "compose";
    const SUMMARY: &'static str = "docker-compose.yml and .env.example; with TLS, the web configuration of servers";
    const OWNS: &'static [&'static str] = &[COMPOSE_FILE, ENVIRONMENT_EXAMPLE, TLS_FOLDER];

    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
        lower::config(platform, diagnostics)
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        let Some(file) = &config.file else { return };
        let text = match &config.overrides {
            Some(overrides) => {
                let mut value = serde_json::to_value(file).unwrap_or_default();
                merge::merge(&mut value, overrides);
                yaml::write(&value, &[BANNER])
            }
            None => yaml::write(file, &[BANNER]),
        };
        artifacts.add(COMPOSE_FILE, text);
        artifacts.add(ENVIRONMENT_EXAMPLE, variables::render(&config.variables));
        if let Some(web) = &config.web {
            artifacts.add(WEB_CONFIG, yaml::write(web, &[BANNER]));
        }
    }
}
