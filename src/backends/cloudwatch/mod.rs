//! CloudWatch, as Terraform.

use super::Backend;
use crate::artifacts::Artifacts;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;

/// CloudWatch, as Terraform.
#[derive(Debug)]
pub struct CloudWatch;

/// The system's configuration.
#[derive(Debug, Default)]
pub struct Config {}

impl Backend for CloudWatch {
    type Config = Config;
    const NAME: &'static str = "cloudwatch";
    const SUMMARY: &'static str = "Terraform for CloudWatch: alarms, topics, logs, queries, dashboards";

    fn lower(_: &Platform, _: &mut Diagnostics) -> Config {
        Config {}
    }

    fn render(_: &Config, _: &mut Artifacts) {}
}
