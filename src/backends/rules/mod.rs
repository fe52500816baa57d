//! Recording and alerting rules, and promtool tests.

mod config;
mod labels;
mod meta;
mod objectives;
mod panels;
mod passthrough;
mod slos;
#[cfg(test)]
mod tests;
mod thresholds;
mod unit_tests;
mod words;

pub use config::{AlertingRule, RecordingRule, Rule, RuleFile, RuleGroup};
pub use objectives::Config;
pub use slos::look_beyond_retention;
pub(super) use thresholds::words as threshold_words;
pub use unit_tests::{Behaviour, Motion, Showing, burning, showing, steady};
pub use unit_tests::{ExpressionTest, InputSeries, Sample, TestCase, TestFile};

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, RULE_TESTS_FOLDER, RULES_FOLDER, THANOS_RULES_FOLDER};
use crate::dashboards::Addresses;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::parallel;
use crate::writers::yaml;
use objectives::Objectives;
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

    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
        let (mut local, mut far) = (config::Files::default(), config::Files::default());
        let addresses = Addresses::of(platform);
        thresholds::lower(platform, &addresses, &mut local, diagnostics);
        meta::lower(platform, &addresses, &mut local);
        slos::lower_shared(platform, &mut local);
        let objectives = Objectives::lower(platform, addresses, &mut local, &mut far);
        passthrough::lower(platform, &mut local, diagnostics);
        Config::new(local, far, objectives)
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        let write = |local: bool, file: &RuleFile| {
            let folder = if local { RULES_FOLDER } else { THANOS_RULES_FOLDER };
            written(folder, &file.name, &[], file)
        };
        artifacts.extend(parallel::map(config.len(), |index| config.piece(index, write)).into_iter().flatten());
    }
}

/// promtool's unit tests of the rules.
#[derive(Debug)]
pub struct RuleTests;

impl Backend for RuleTests {
    type Config = Tests;
    const NAME: &'static str = "rule-tests";
    const SUMMARY: &'static str = "unit tests for promtool that prove the rules";
    const OWNS: &'static [&'static str] = &["prometheus/tests/"];

    fn lower(platform: &Arc<Platform>, _: &mut Diagnostics) -> Tests {
        Tests { platform: Some(platform.clone()) }
    }

    fn render(tests: &Tests, artifacts: &mut Artifacts) {
        let files = tests.files();
        let write =
            |index: usize| files.get(index).map(|file| written(RULE_TESTS_FOLDER, &file.name, &file.untested, file));
        artifacts.extend(parallel::map(files.len(), write).into_iter().flatten());
    }
}

/// Unit tests, made when somebody asks for them: nothing but their files depends on them.
#[derive(Debug, Clone, Default)]
pub struct Tests {
    platform: Option<Arc<Platform>>,
}

impl Tests {
    /// The test files, by name.
    pub fn files(&self) -> Vec<TestFile> {
        let Some(platform) = &self.platform else { return Vec::new() };
        // What there is to say about the rules was said where they are lowered for themselves.
        let rules = Rules::lower(platform, &mut Diagnostics::new());
        unit_tests::lower(platform, &rules.prometheus(), &rules.thanos())
    }
}

/// Path and text of a file.
fn written(folder: &str, name: &str, remarks: &[String], content: &impl Serialize) -> (String, String) {
    let banner: Vec<&str> = std::iter::once(BANNER).chain(remarks.iter().map(String::as_str)).collect();
    (format!("{folder}/{name}.yml"), yaml::write(content, &banner))
}
