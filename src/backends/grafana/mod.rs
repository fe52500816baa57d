//! Grafana: dashboards from signals, SLOs and thresholds, and the files that provision them.

mod bands;
mod cloud;
pub mod config;
mod dashboard;
mod fields;
mod layout;
mod lines;
mod links;
mod objectives;
pub mod provisioning;
mod signals;
mod tables;
mod text;
mod units;
pub mod visual;
mod words;

pub use config::Config;

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, GRAFANA_DASHBOARDS, GRAFANA_PROVISIONING};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::{json, yaml};

/// Grafana dashboards and provisioning.
#[derive(Debug)]
pub struct Grafana;

impl Backend for Grafana {
    type Config = Config;
    const NAME: &'static str = "grafana";
    const SUMMARY: &'static str = "dashboards and provisioning";
    const OWNS: &'static [&'static str] = &["grafana/"];

    fn lower(platform: &Arc<Platform>, _: &mut Diagnostics) -> Config {
        let dashboards = crate::dashboards::plans(platform)
            .into_iter()
            .map(|plan| config::DashboardFile { dashboard: dashboard::draw(platform, &plan), name: plan.name });
        Config { dashboards: dashboards.collect(), provisioning: provisioning::lower(platform) }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if config.dashboards.is_empty() {
            return;
        }
        // None of these can fail: every key is text, every number finite.
        for file in &config.dashboards {
            artifacts.add(format!("{GRAFANA_DASHBOARDS}/{}.json", file.name), json::write(&file.dashboard));
        }
        let path = format!("{GRAFANA_PROVISIONING}/datasources/datasources.yml");
        artifacts.add(path, yaml::write(&config.provisioning.datasources, &[BANNER]));
        let path = format!("{GRAFANA_PROVISIONING}/dashboards/dashboards.yml");
        artifacts.add(path, yaml::write(&config.provisioning.dashboards, &[BANNER]));
    }
}

#[cfg(test)]
mod tests;
