//! Pages for people: what the platform is, what each alert means and what to do, what it all costs.

mod channels;
mod costs;
mod facts;
mod overview;
mod own_alerts;
mod prices;
mod runbooks;
mod series;
mod steps;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, COSTS, INDEX, README, runbook_page};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use facts::Facts;

/// Pages for people.
#[derive(Debug)]
pub struct Docs;

/// The platform: pages are made when somebody asks for them, because nothing but their files depends on them.
#[derive(Debug, Clone, Default)]
pub struct Config {
    platform: Option<Arc<Platform>>,
}

impl Backend for Docs {
    type Config = Config;
    const NAME: &'static str = "docs";
    const SUMMARY: &'static str = "README.md, index.html, a runbook for each alert, an estimate of costs";
    const OWNS: &'static [&'static str] = &[README, INDEX, COSTS, "runbooks/"];

    fn lower(platform: &Arc<Platform>, _: &mut Diagnostics) -> Config {
        Config { platform: (!platform.services.is_empty()).then(|| platform.clone()) }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        let Some(platform) = &config.platform else { return };
        let facts = Facts::of(platform);
        let overview = overview::page(&facts);
        artifacts.add(README, overview.markdown(BANNER));
        artifacts.add(INDEX, overview.html(BANNER));
        artifacts.add(COSTS, costs::page(&facts).markdown(BANNER));
        for (alert, page) in runbooks::pages(&facts) {
            artifacts.add(runbook_page(&alert), page.markdown(BANNER));
        }
    }
}
