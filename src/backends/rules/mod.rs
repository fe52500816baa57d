//! Recording and alerting rules, and promtool tests.

mod config;
mod labels;
mod meta;
mod panels;
mod passthrough;
mod problems;
mod slos;
#[cfg(test)]
mod tests;
mod thresholds;
mod unit_tests;
mod words;

pub use config::{AlertingRule, Config, RecordingRule, Rule, RuleFile, RuleGroup};
pub use problems::{CODES, INVALID_RULE};
pub use slos::look_beyond_retention;
pub use unit_tests::{ExpressionTest, InputSeries, Sample, TestCase, TestFile};

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, RULE_TESTS_FOLDER, RULES_FOLDER, THANOS_RULES_FOLDER};
use crate::dashboards::Addresses;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::yaml;
use serde::Serialize;

/// Recording and alerting rules.
#[derive(Debug)]
pub struct Rules;

impl Backend for Rules {
    type Config = Config;
    const NAME: &'static str = "rules";
    const SUMMARY: &'static str = "rule files: recording rules, SLO tiers, thresholds, meta alerts";
    const OWNS: &'static [&'static str] = &["prometheus/rules/", "thanos/rules/"];
    const LINTED: bool = true;

    fn lower(platform: &Platform, diagnostics: &mut Diagnostics) -> Config {
        let (mut local, mut far) = (config::Files::default(), config::Files::default());
        let addresses = Addresses::of(platform);
        thresholds::lower(platform, &addresses, &mut local, diagnostics);
        slos::lower(platform, &addresses, &mut local, &mut far);
        meta::lower(platform, &addresses, &mut local);
        passthrough::lower(platform, &mut local, diagnostics);
        Config { prometheus: local.finish(), thanos: far.finish() }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        for (folder, files) in [(RULES_FOLDER, &config.prometheus), (THANOS_RULES_FOLDER, &config.thanos)] {
            for file in files {
                add(artifacts, folder, &file.name, &[], file);
            }
        }
    }
}

/// promtool's unit tests of the rules.
#[derive(Debug)]
pub struct RuleTests;

impl Backend for RuleTests {
    type Config = Vec<TestFile>;
    const NAME: &'static str = "rule-tests";
    const SUMMARY: &'static str = "unit tests for promtool that prove the rules";
    const OWNS: &'static [&'static str] = &["prometheus/tests/"];

    fn lower(platform: &Platform, _: &mut Diagnostics) -> Vec<TestFile> {
        // What there is to say about the rules was said where they are lowered for themselves.
        let rules = Rules::lower(platform, &mut Diagnostics::new());
        unit_tests::lower(platform, &rules.prometheus, &rules.thanos)
    }

    fn render(files: &Vec<TestFile>, artifacts: &mut Artifacts) {
        for file in files {
            add(artifacts, RULE_TESTS_FOLDER, &file.name, &file.untested, file);
        }
    }
}

fn add(artifacts: &mut Artifacts, folder: &str, name: &str, remarks: &[String], content: &impl Serialize) {
    let banner: Vec<&str> = std::iter::once(BANNER).chain(remarks.iter().map(String::as_str)).collect();
    artifacts.add(format!("{folder}/{name}.yml"), yaml::write(content, &banner));
}
