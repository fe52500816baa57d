//! Recording and alerting rules, and promtool tests.

use super::Backend;
use crate::artifacts::Artifacts;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;

/// Recording and alerting rules, and promtool tests.
#[derive(Debug)]
pub struct Rules;

/// The system's configuration.
#[derive(Debug, Default)]
pub struct Config {}

impl Backend for Rules {
    type Config = Config;
    const NAME: &'static str = "rules";
    const SUMMARY: &'static str =
        "rule files: recording rules, SLO tiers, thresholds, meta alerts; and the unit tests that prove them";

    fn lower(_: &Platform, _: &mut Diagnostics) -> Config {
        Config {}
    }

    fn render(_: &Config, _: &mut Artifacts) {}
}
