//! Alerts that keep others quiet.
//!
//! A rule is added only where both alerts say the same thing, people are always told of the one that
//! stays, and it is at least as urgent: silence must never be the outcome. A target that is down keeps
//! quiet only alerts about missing data of its own job; it says nothing of the harm that thresholds and
//! objectives speak of. Rules are limited by labels that both alerts have: a label missing from both
//! counts as equal, and would let a rule reach further than it means.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::config::{InhibitRule, MatchCondition, Matcher};
use super::matching::{is_always_told, threshold_labels, tier_labels};
use super::routes::equal;
use crate::conventions::{SLO_LABEL, TARGET_DOWN_ALERT, TARGET_VANISHED_ALERT, TIER_LABEL};
use crate::model::{Condition, Inhibition, Part, Platform, Service, Shape, Signal, Threshold, TierName, Whole};
use crate::promql::{MatchOp, Selector};

/// External labels, which every alert carries: two platforms that share an Alertmanager stay apart.
const PLACE: [&str; 2] = ["platform", "environment"];

/// Every rule: tiers, thresholds of one signal, missing data, raw rules, then what the platform declares.
pub(super) fn rules(platform: &Platform) -> Vec<InhibitRule> {
    let mut rules = tiers(platform);
    rules.extend(same_signal(platform));
    rules.extend(missing_data(platform));
    rules.extend(raw_rules(platform));
    rules.extend(platform.inhibitions.iter().map(declared));
    rules
}

fn declared(inhibition: &Inhibition) -> InhibitRule {
    let matchers = |labels: &[(String, String)]| labels.iter().map(|(label, value)| equal(label, value)).collect();
    InhibitRule {
        source_matchers: matchers(&inhibition.when),
        target_matchers: matchers(&inhibition.quiet),
        equal: inhibition.equal.clone(),
    }
}

/// Labels that must be the same, the place included.
fn equal_labels<'a>(labels: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for label in labels.into_iter().chain(PLACE) {
        if !all.iter().any(|known| known == label) {
            all.push(label.to_owned());
        }
    }
    all
}

fn one_of(label: &str, values: Vec<String>) -> Matcher {
    match <[String; 1]>::try_from(values) {
        Ok([only]) => equal(label, &only),
        Err(several) => Matcher { label: label.to_owned(), condition: MatchCondition::OneOf(several) },
    }
}

/// How urgent a severity is: the smaller, the more. Severities are declared in this order.
fn rank(platform: &Platform, severity: &str) -> usize {
    let position = platform.severities.iter().position(|known| known.name.value == severity);
    position.unwrap_or(usize::MAX)
}

/// A budget that burns fast also burns slowly: the faster tier keeps quiet the slower ones of its objective.
fn tiers(platform: &Platform) -> Vec<InhibitRule> {
    let mut rules = Vec::new();
    let groups: BTreeSet<&str> = platform.slos().flat_map(|(_, slo)| &slo.by).map(String::as_str).collect();
    for (index, source) in TierName::ALL.into_iter().enumerate() {
        let mut trusted = Vec::new();
        let mut all_are_trusted = true;
        let mut targets: Vec<TierName> = TierName::ALL.into_iter().skip(index + 1).collect();
        for (service, slo) in platform.slos() {
            let Some(tier) = slo.tiers.iter().find(|tier| tier.name == source) else { continue };
            let at_least = |slower: &TierName| {
                let slower = slo.tiers.iter().find(|tier| tier.name == *slower);
                slower.is_none_or(|slower| rank(platform, &tier.severity) <= rank(platform, &slower.severity))
            };
            targets.retain(at_least);
            if is_always_told(platform, &tier_labels(platform, service, slo, tier)) {
                trusted.push(slo.id());
            } else {
                all_are_trusted = false;
            }
        }
        targets.retain(|target| platform.slos().any(|(_, slo)| slo.tiers.iter().any(|tier| tier.name == *target)));
        if trusted.is_empty() || targets.is_empty() {
            continue;
        }
        let present = Matcher { label: SLO_LABEL.to_owned(), condition: MatchCondition::Present };
        let which = if all_are_trusted { present.clone() } else { one_of(SLO_LABEL, trusted) };
        let slower = targets.iter().map(|tier| tier.name().to_owned()).collect();
        rules.push(InhibitRule {
            source_matchers: vec![equal(TIER_LABEL, source.name()), which],
            target_matchers: vec![one_of(TIER_LABEL, slower), present],
            // A label that neither alert has is equal, too.
            equal: equal_labels(std::iter::once(SLO_LABEL).chain(groups.iter().copied())),
        });
    }
    rules
}

/// An alert that makes others superfluous: its name, theirs, and the labels that both have.
type Superfluous<'a> = (&'a str, Vec<String>, Vec<String>);

/// Two thresholds on one signal, one stricter and more urgent: while it fires, the other adds nothing.
///
/// Services may share names of alerts. Where all that have the alert agree, the rule is said once; where they
/// do not, it speaks only of those for which it holds.
fn same_signal(platform: &Platform) -> Vec<InhibitRule> {
    let mut found: IndexMap<Superfluous, Vec<String>> = IndexMap::new();
    for service in &platform.services {
        let thresholds: Vec<&Threshold> = routed(service).collect();
        for source in &thresholds {
            if !is_always_told(platform, &threshold_labels(platform, service, source)) {
                continue;
            }
            let quiet = thresholds.iter().filter(|target| {
                rank(platform, &source.severity) < rank(platform, &target.severity) && implies(source, target)
            });
            let quiet: Vec<&&Threshold> = quiet.collect();
            // The source's labels are all on each target: `implies` sees to it.
            let labels = std::iter::once("service").chain(source.by.iter().map(String::as_str));
            if !quiet.is_empty() {
                let names = quiet.iter().map(|target| target.name.value.clone()).collect();
                let rule = (source.name.as_str(), names, equal_labels(labels));
                found.entry(rule).or_default().push(service.name.value.clone());
            }
        }
    }
    let rule = |((source, quiet, equal_labels), services): (Superfluous, Vec<String>)| {
        let mut source_matchers = vec![equal("alertname", source)];
        let having = platform.services.iter().filter(|service| routed(service).any(|other| *other.name == source));
        if having.count() > services.len() {
            source_matchers.push(one_of("service", services));
        }
        InhibitRule { source_matchers, target_matchers: vec![one_of("alertname", quiet)], equal: equal_labels }
    };
    found.into_iter().map(rule).collect()
}

fn routed(service: &Service) -> impl Iterator<Item = &Threshold> {
    service.thresholds.iter().filter(|threshold| threshold.is_routed())
}

/// Whether the second condition holds wherever the first does, as far as bounds tell.
fn implies(source: &Threshold, target: &Threshold) -> bool {
    let same = source.signal.is_some()
        && source.signal == target.signal
        && source.measure == target.measure
        && source.window == target.window
        && source.by.iter().all(|label| target.by.contains(label));
    let stricter = match (&source.condition, &target.condition) {
        (Condition::Above(source), Condition::Above(target)) => source.value >= target.value,
        (Condition::Below(source), Condition::Below(target)) => source.value <= target.value,
        _ => false,
    };
    same && stricter
}

/// A job whose targets are down or gone brings no data: alerts that miss them say the same once more.
fn missing_data(platform: &Platform) -> Vec<InhibitRule> {
    let mut rules = Vec::new();
    for service in &platform.services {
        for threshold in routed(service) {
            let signal = threshold.signal.as_ref().and_then(|signal| service.signals.get(&signal.value));
            let (Condition::Absent { .. }, Some(job)) = (&threshold.condition, signal.and_then(job_of)) else {
                continue;
            };
            let urgent = platform.meta_severity().into_iter().filter(|severity| {
                let mut labels = threshold_labels(platform, service, threshold);
                labels.insert("severity".to_owned(), severity.name.value.clone());
                let told = [TARGET_DOWN_ALERT, TARGET_VANISHED_ALERT].iter().all(|alert| {
                    labels.insert("alertname".to_owned(), (*alert).to_owned());
                    is_always_told(platform, &labels)
                });
                told && rank(platform, &severity.name) <= rank(platform, &threshold.severity)
            });
            let urgent: Vec<String> = urgent.map(|severity| severity.name.value.clone()).collect();
            if urgent.is_empty() {
                continue;
            }
            let meta = vec![TARGET_DOWN_ALERT.to_owned(), TARGET_VANISHED_ALERT.to_owned()];
            rules.push(InhibitRule {
                source_matchers: vec![one_of("alertname", meta), equal("job", job), one_of("severity", urgent)],
                target_matchers: vec![equal("alertname", &threshold.name)],
                equal: equal_labels(["service"]),
            });
        }
    }
    rules
}

/// The one job that a signal's data come from; none if there are several, or it is not known.
fn job_of(signal: &Signal) -> Option<&str> {
    let selectors = match signal.shape.as_ref()? {
        Shape::Rate { of } | Shape::Increase { of } => of.iter().collect(),
        Shape::Ratio { part, total, .. } => part.iter().chain(total).collect(),
        Shape::Latency { histogram, .. } => vec![histogram],
        Shape::Gauge { of, .. } | Shape::Age { of, .. } => vec![of],
        Shape::Fraction { part: Part::Used(part) | Part::Free(part), whole, .. } => match whole {
            Whole::Gauge(whole) => vec![part, whole],
            Whole::Constant(_) => vec![part],
        },
        Shape::Expr { .. } => Vec::new(),
    };
    let mut jobs = selectors.into_iter().map(|selector| job_matcher(&selector.value));
    let first = jobs.next().flatten()?;
    jobs.all(|job| job == Some(first)).then_some(first)
}

fn job_matcher(selector: &Selector) -> Option<&str> {
    let matcher = selector.matchers.iter().find(|matcher| matcher.label == "job" && matcher.op == MatchOp::Equal)?;
    Some(&matcher.value)
}

/// Generated alerts of one name and service have one severity. Raw rules may raise one alert in several: the most
/// urgent is enough for each instance.
fn raw_rules(platform: &Platform) -> Vec<InhibitRule> {
    if platform.stack.rule_groups.is_empty() {
        return Vec::new();
    }
    let names: Vec<&str> = platform.severities.iter().map(|severity| severity.name.as_str()).collect();
    let mut rules = Vec::new();
    for (index, severity) in platform.severities.iter().enumerate() {
        let quieter: Vec<String> = names.iter().skip(index + 1).map(|name| (*name).to_owned()).collect();
        let labels = [("severity".to_owned(), severity.name.value.clone())].into();
        if quieter.is_empty() || !is_always_told(platform, &labels) {
            continue;
        }
        rules.push(InhibitRule {
            source_matchers: vec![equal("severity", &severity.name)],
            target_matchers: vec![one_of("severity", quieter)],
            equal: equal_labels(["alertname", "service", "instance", SLO_LABEL]),
        });
    }
    rules
}
