//! Unit tests for promtool, generated from the shapes of what the rules watch.
//!
//! A test makes up series that a signal's selectors match, gives the signal a value just inside its
//! bound and one just outside, and looks at the series `ALERTS`: quiet, pending, firing, with exactly
//! the labels that routing counts on. A rule whose bound, comparison or time is changed fails one.

mod absent;
mod behaviour;
mod clock;
mod crowd;
mod edges;
mod file;
mod inverted;
mod made_up;
mod native;
mod past;
mod play;
mod ratios;
mod raw;
mod recorded;
mod slos;
mod targets;
mod thresholds;
mod track;

pub use behaviour::{Behaviour, Motion, Showing, burning, showing, steady};
pub use file::{ExpressionTest, InputSeries, Sample, TestCase, TestFile};

use std::collections::{BTreeMap, BTreeSet};

use super::config::{RecordingRule, RuleFile, RuleGroup};
use super::meta::META;
use super::passthrough::FILE as EXTRA;
use super::slos::file_name;
use super::thresholds::SIGNALS;
use crate::model::{Evaluator, Platform};
use crate::quantity::Duration;
use raw::Subject;

/// The tests of everything whose series can be made up, a file for each rule file.
pub(super) fn lower(platform: &Platform, local: &[RuleFile], far: &[RuleFile]) -> Vec<TestFile> {
    let evaluation = evaluation(platform);
    let names = |files: &[RuleFile]| files.iter().map(|file| file.name.clone()).collect();
    let mut builder = Builder { files: BTreeMap::new(), local: names(local), far: names(far), platform };
    for (service, threshold) in platform.thresholds() {
        if threshold.on.contains(&Evaluator::Prometheus) {
            builder.add(&threshold.group, &threshold.name, thresholds::tests(platform, service, threshold));
        }
    }
    for (service, slo) in platform.slos() {
        let rules = file_name(slo);
        match slos::tests(platform, service, slo) {
            Ok(slos::Tests { usual, slow, long }) => {
                builder.add(&rules, &slo.id(), Ok::<_, &str>(usual));
                let file = builder.file(&rules, &format!("{rules}-slow"), evaluation.max(slos::SLOW));
                file.tests.extend(slow);
                let file = builder.file(&rules, &format!("{rules}-long"), recorded::evaluation(slo));
                file.tests.extend(long);
            }
            Err(reason) => builder.add(&rules, &slo.id(), Err(reason)),
        }
    }
    if let Some(meta) = local.iter().find(|file| file.name == META) {
        builder.add(META, META, Ok::<_, &str>(targets::tests(evaluation, meta)));
    }
    if let Some(extra) = local.iter().find(|file| file.name == EXTRA) {
        builder.rules(extra);
    }
    builder.files.into_values().filter(TestFile::says_something).collect()
}

/// Shortest time between two evaluations of a test: a day in seconds would take minutes to play.
const QUICKEST: Duration = Duration::seconds(15);

/// How often rules are evaluated in tests: as in the platform, unless that is very often.
fn evaluation(platform: &Platform) -> Duration {
    platform.evaluation_interval.value.max(QUICKEST)
}

/// Test files under construction, one for each rule file.
struct Builder<'a> {
    platform: &'a Platform,
    /// Names of the rule files that Prometheus evaluates.
    local: BTreeSet<String>,
    /// Names of those that a ruler evaluates.
    far: BTreeSet<String>,
    files: BTreeMap<String, TestFile>,
}

impl Builder<'_> {
    /// Adds the tests of one thing, or why there are none.
    fn add(&mut self, name: &str, what: &str, tests: Result<Vec<TestCase>, impl std::fmt::Display>) {
        let file = self.file(name, name, evaluation(self.platform));
        match tests {
            Ok(tests) => file.tests.extend(tests),
            Err(reason) => file.untested.push(format!("No test of {what}: {reason}.")),
        }
    }

    /// Adds the tests of the alerts of a rule file, by nothing but their rules.
    fn rules(&mut self, file: &RuleFile) {
        let recorded: Vec<&RecordingRule> = file.recordings().collect();
        for group in &file.groups {
            for alert in group.alerts() {
                let mut labels = group.labels.clone();
                labels.extend(alert.labels.clone());
                let subject = Subject {
                    name: &alert.alert,
                    expr: &alert.expr,
                    hold: alert.hold.unwrap_or_default(),
                    keep_firing: alert.keep_firing_for.unwrap_or_default(),
                    labels: &labels,
                    namesakes: file
                        .groups
                        .iter()
                        .flat_map(RuleGroup::alerts)
                        .filter(|a| a.alert == alert.alert)
                        .count()
                        > 1,
                    recording: None,
                    changes: Vec::new(),
                };
                let tests = if group.query_offset.is_some_and(|offset| !offset.is_zero()) {
                    Err("its group looks at the past".to_owned())
                } else if let Some(name) = subject.entangled(&recorded) {
                    Err(format!("{name} is recorded from what it reads itself"))
                } else {
                    raw::tests(&subject, evaluation(self.platform))
                };
                self.add(&file.name, &alert.alert, tests);
            }
        }
    }

    /// The test file of that name, for the rule files of another.
    fn file(&mut self, rules: &str, name: &str, evaluation_interval: Duration) -> &mut TestFile {
        if !self.files.contains_key(name) {
            let reads_signals = self.reads_signals(rules);
            let order =
                if reads_signals && rules != SIGNALS { vec![SIGNALS.to_owned(), rules.to_owned()] } else { Vec::new() };
            let file = TestFile {
                name: name.to_owned(),
                untested: Vec::new(),
                rule_files: self.rule_files(rules, reads_signals),
                group_eval_order: order,
                evaluation_interval,
                tests: Vec::new(),
            };
            self.files.insert(name.to_owned(), file);
        }
        self.files.entry(name.to_owned()).or_default()
    }

    /// Whether a threshold of the group looks back on a recorded signal.
    fn reads_signals(&self, group: &str) -> bool {
        let mut thresholds = self.platform.thresholds().filter(|(_, threshold)| threshold.group == group);
        thresholds.any(|(service, threshold)| {
            crate::signals::recording(threshold, super::thresholds::signal_of(service, threshold)).is_some()
        })
    }

    /// The rule file of that name, wherever it is evaluated, and the series that thresholds look back on.
    fn rule_files(&self, name: &str, reads_signals: bool) -> Vec<String> {
        let mut paths = Vec::new();
        for (wanted, folder, name) in [
            (reads_signals && self.local.contains(SIGNALS), "../rules", SIGNALS),
            (self.local.contains(name), "../rules", name),
            (self.far.contains(name), "../../thanos/rules", name),
        ] {
            let path = format!("{folder}/{name}.yml");
            if wanted && !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    }
}
