//! The instrumentation contract: what each service must expose, as a page and as a module to start from. Names,
//! labels and buckets come from the spec, so that they cannot drift from what rules and dashboards ask.

mod lower;
mod node;
mod page;
mod problems;
mod python;
#[cfg(test)]
mod tests;

pub use problems::{CODES, COUNTER_WITHOUT_TOTAL};

use std::sync::Arc;

use rust_decimal::Decimal;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, CONTRACT_FOLDER};
use crate::diagnostics::Diagnostics;
use crate::model::{Language, MetricType, Platform};
use crate::quantity::Unit;

/// The instrumentation contract.
#[derive(Debug)]
pub struct Contract;

/// The contract of every service that exposes metrics of its own.
#[derive(Debug, Default)]
pub struct Config {
    /// What the platform is called.
    pub platform: String,
    /// In the order of the spec.
    pub services: Vec<Promise>,
}

/// What one service must expose.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// The service.
    pub service: String,
    /// What people call it.
    pub title: String,
    /// What it is written in.
    pub language: Option<Language>,
    /// Where Prometheus asks: addresses and path.
    pub asked_at: Vec<String>,
    /// Its metrics.
    pub metrics: Vec<Promised>,
}

/// A metric that a service must expose.
#[derive(Debug, Clone, PartialEq)]
pub struct Promised {
    /// Its name.
    pub name: String,
    /// Its type.
    pub r#type: MetricType,
    /// What it counts or measures.
    pub help: String,
    /// Its unit.
    pub unit: Option<Unit>,
    /// Its labels.
    pub labels: Vec<String>,
    /// Bounds of a histogram's buckets; the library's own if `None`.
    pub buckets: Option<Vec<Decimal>>,
    /// Whether the libraries export it by themselves.
    pub by_library: bool,
    /// Alerts, objectives and dashboards that need it.
    pub needed_by: Vec<String>,
}

impl Promise {
    /// The module's path, if its language has one.
    pub fn module(&self) -> Option<String> {
        let name = &self.service;
        match self.language? {
            // A hyphen cannot be imported.
            Language::Python => Some(format!("{CONTRACT_FOLDER}/{}.py", name.replace('-', "_"))),
            Language::Node => Some(format!("{CONTRACT_FOLDER}/{name}.js")),
            _ => None,
        }
    }
}

impl Backend for Contract {
    type Config = Config;
    const NAME: &'static str = "contract";
    const SUMMARY: &'static str = "the metrics that each service must expose, and a module to start from";
    const OWNS: &'static [&'static str] = &["contract/"];

    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
        lower::config(platform, diagnostics)
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if config.services.is_empty() {
            return;
        }
        artifacts.add(format!("{CONTRACT_FOLDER}/README.md"), page::page(config).markdown(BANNER));
        for promise in &config.services {
            let text = match promise.language {
                Some(Language::Python) => python::module(promise),
                Some(Language::Node) => node::module(promise),
                _ => continue,
            };
            if let Some(path) = promise.module() {
                artifacts.add(path, text);
            }
        }
    }
}
