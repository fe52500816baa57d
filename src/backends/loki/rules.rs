//! Thresholds on log lines as rules of Loki's ruler: the labels, annotations and groups that Prometheus' rules have.

use super::config::{Rule, RuleGroup};
use crate::backends::rules;
use crate::dashboards::Addresses;
use crate::diagnostics::Diagnostics;
use crate::model::{Evaluator, Platform};
use crate::signals::logql;

/// The groups, in the order of their first thresholds.
pub(super) fn groups(platform: &Platform, diagnostics: &mut Diagnostics) -> Vec<RuleGroup> {
    let addresses = Addresses::of(platform);
    let mut groups: Vec<RuleGroup> = Vec::new();
    for (service, threshold) in platform.thresholds() {
        let signal = threshold.signal.as_ref().and_then(|name| service.signals.get(&name.value));
        let Some(signal) = signal.filter(|_| threshold.on.contains(&Evaluator::Loki)) else { continue };
        let Some(expr) = logql::condition(&platform.logs, threshold, signal) else { continue };
        let words = rules::threshold_words(platform, &addresses, service, threshold, Some(signal), diagnostics);
        // Absence needs no `for`: the expression looks back for as long as there must be nothing.
        let rule = Rule {
            alert: threshold.name.value.clone(),
            expr,
            hold: Some(threshold.hold.value).filter(|hold| !hold.is_zero()),
            keep_firing_for: threshold.keep_firing.filter(|keep| !keep.is_zero()),
            labels: words.labels,
            annotations: words.annotations,
        };
        match groups.iter_mut().find(|group| group.name == threshold.group) {
            Some(group) => group.rules.push(rule),
            None => groups.push(RuleGroup { name: threshold.group.clone(), rules: vec![rule] }),
        }
    }
    groups
}
