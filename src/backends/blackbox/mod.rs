//! The blackbox exporter's modules.

use super::Backend;
use crate::artifacts::Artifacts;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;

/// The blackbox exporter's modules.
#[derive(Debug)]
pub struct Blackbox;

/// The system's configuration.
#[derive(Debug, Default)]
pub struct Config {}

impl Backend for Blackbox {
    type Config = Config;
    const NAME: &'static str = "blackbox";
    const SUMMARY: &'static str = "blackbox.yml: a module for each way of probing";

    fn lower(_: &Platform, _: &mut Diagnostics) -> Config {
        Config {}
    }

    fn render(_: &Config, _: &mut Artifacts) {}
}
