//! Long-term storage through Thanos.

use super::Backend;
use crate::artifacts::Artifacts;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;

/// Long-term storage through Thanos.
#[derive(Debug)]
pub struct Thanos;

/// The system's configuration.
#[derive(Debug, Default)]
pub struct Config {}

impl Backend for Thanos {
    type Config = Config;
    const NAME: &'static str = "thanos";
    const SUMMARY: &'static str = "Thanos' object store configuration";

    fn lower(_: &Platform, _: &mut Diagnostics) -> Config {
        Config {}
    }

    fn render(_: &Config, _: &mut Artifacts) {}
}
