//! A docker-compose stack.

use super::Backend;
use crate::artifacts::Artifacts;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;

/// A docker-compose stack.
#[derive(Debug)]
pub struct Compose;

/// The system's configuration.
#[derive(Debug, Default)]
pub struct Config {}

impl Backend for Compose {
    type Config = Config;
    const NAME: &'static str = "compose";
    const SUMMARY: &'static str = "docker-compose.yml and .env.example";

    fn lower(_: &Platform, _: &mut Diagnostics) -> Config {
        Config {}
    }

    fn render(_: &Config, _: &mut Artifacts) {}
}
