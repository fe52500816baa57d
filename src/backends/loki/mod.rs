//! Loki: what keeps log lines, and the rules on them.

mod config;
mod lower;
mod rules;
#[cfg(test)]
mod tests;

pub use config::{Config, File, Rule, RuleFile, RuleGroup};

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, LOKI_CONFIG, LOKI_RULES_FOLDER};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::yaml;

/// What Loki calls the one tenant of an installation without tenants: the folder of its rules.
pub const TENANT: &str = "fake";

/// Where the ruler finds the folders of its tenants.
pub const RULES_IN_CONTAINER: &str = "/etc/loki/rules";

/// Loki.
#[derive(Debug)]
pub struct Loki;

impl Backend for Loki {
    type Config = Config;
    const NAME: &'static str = "loki";
    const SUMMARY: &'static str = "loki.yml, and rules on log lines for its ruler";
    const OWNS: &'static [&'static str] = &["loki/"];

    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
        let Some(settings) = &platform.stack.loki else { return Config::default() };
        let groups = rules::groups(platform, diagnostics);
        Config { file: Some(lower::file(platform, settings, diagnostics)), groups }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        let Some(file) = &config.file else { return };
        artifacts.add(LOKI_CONFIG, yaml::write(file, &[BANNER]));
        for group in &config.groups {
            let path = format!("{LOKI_RULES_FOLDER}/{TENANT}/{}.yml", group.name);
            artifacts.add(path, yaml::write(&RuleFile { groups: [group] }, &[BANNER]));
        }
    }
}
