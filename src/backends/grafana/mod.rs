//! Grafana dashboards and provisioning.

use super::Backend;
use crate::artifacts::Artifacts;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;

/// Grafana dashboards and provisioning.
#[derive(Debug)]
pub struct Grafana;

/// The system's configuration.
#[derive(Debug, Default)]
pub struct Config {}

impl Backend for Grafana {
    type Config = Config;
    const NAME: &'static str = "grafana";
    const SUMMARY: &'static str = "dashboards and provisioning";

    fn lower(_: &Platform, _: &mut Diagnostics) -> Config {
        Config {}
    }

    fn render(_: &Config, _: &mut Artifacts) {}
}
