//! Alertmanager's routing tree and receivers.

use super::Backend;
use crate::artifacts::Artifacts;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;

/// Alertmanager's routing tree and receivers.
#[derive(Debug)]
pub struct Alertmanager;

/// The system's configuration.
#[derive(Debug, Default)]
pub struct Config {}

impl Backend for Alertmanager {
    type Config = Config;
    const NAME: &'static str = "alertmanager";
    const SUMMARY: &'static str = "alertmanager.yml: routes, receivers, inhibition, times; message templates";

    fn lower(_: &Platform, _: &mut Diagnostics) -> Config {
        Config {}
    }

    fn render(_: &Config, _: &mut Artifacts) {}
}
