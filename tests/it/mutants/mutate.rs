//! Mutants of rules: of the expression, of the time that it must hold, of the labels that it sets.
//!
//! What means the same as the rule is no mutant: an expression of the same [normal form](super::meaning), and a
//! label that is no longer set where every series of the expression has it anyway, with the same value.

use std::collections::{BTreeMap, BTreeSet};

use bellwether::promql::{Expr, MatchOp, ask, equivalent, read};
use bellwether::quantity::Duration;
use serde_json::{Value, json};

use super::meaning::normal;
use super::operators::variants;
use super::suite::{Rule, Suite};

/// One changed rule.
#[derive(Debug)]
pub(super) struct Mutant<'a> {
    /// File, rule and change, alike for the same spec.
    pub(super) name: String,
    pub(super) original: &'a Rule,
    pub(super) changed: Rule,
}

/// Every mutant of every rule, in the order of the files.
pub(super) fn mutants(suite: &Suite) -> Vec<Mutant<'_>> {
    suite.rules.iter().flat_map(|rule| of_rule(suite, rule)).collect()
}

fn of_rule<'a>(suite: &Suite, rule: &'a Rule) -> Vec<Mutant<'a>> {
    let title = title(suite, rule);
    let mut changes = of_expression(suite, rule);
    if rule.alert {
        changes.extend(of_times(rule, suite.evaluation));
    }
    changes.extend(of_labels(rule));
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let mut named = |change: String| {
        let count = times.entry(change.clone()).or_default();
        *count += 1;
        if *count == 1 { format!("{title}: {change}") } else { format!("{title}: {change} ({count})") }
    };
    let mutant = |(change, written)| Mutant { name: named(change), original: rule, changed: rule.rewritten(written) };
    changes.into_iter().map(mutant).collect()
}

/// `rules/meta.yml TargetDown{job="api"}`: the label that tells it from its namesakes in the file.
fn title(suite: &Suite, rule: &Rule) -> String {
    let namesakes: Vec<&Rule> =
        suite.rules.iter().filter(|other| other.file == rule.file && other.name == rule.name).collect();
    let tells_apart = |label: &&String| {
        let values: BTreeSet<_> = namesakes.iter().map(|other| other.labels.get(*label)).collect();
        values.len() == namesakes.len()
    };
    let file = &rule.file;
    match rule.labels.keys().find(tells_apart) {
        Some(label) if namesakes.len() > 1 => format!("{file} {}{{{label}={:?}}}", rule.name, rule.labels[label]),
        _ => format!("{file} {}", rule.name),
    }
}

fn of_expression(suite: &Suite, rule: &Rule) -> Vec<(String, Value)> {
    let mut known: Vec<Expr> = vec![rule.expr.clone()];
    let meaning = normal(suite, &rule.expr);
    let mut changes = Vec::new();
    for variant in variants(&rule.expr) {
        let text = variant.expr.to_string();
        // What Prometheus would not even load is no mutant.
        let Ok(expr) = read(&text) else { continue };
        assert!(equivalent(&expr, &variant.expr), "printed as something else: {text}");
        if known.iter().any(|known| equivalent(known, &expr)) || normal(suite, &expr) == meaning {
            continue;
        }
        known.push(expr);
        let mut written = rule.written.clone();
        written["expr"] = json!(text);
        changes.push((variant.change, written));
    }
    changes
}

/// An evaluation more, one less, none at all.
fn of_times(rule: &Rule, evaluation: Duration) -> Vec<(String, Value)> {
    let mut changes = Vec::new();
    for key in ["for", "keep_firing_for"] {
        let now = rule.written.get(key).and_then(Value::as_str).map(|text| Duration::parse(text).unwrap());
        let others = match now {
            Some(now) if now > evaluation => {
                let less = Duration::millis(now.as_millis() - evaluation.as_millis());
                vec![Some(now.plus(evaluation)), Some(less), None]
            }
            Some(now) => vec![Some(now.plus(evaluation)), None],
            None if key == "for" => vec![Some(evaluation)],
            None => Vec::new(),
        };
        let shown = |time: Option<Duration>| time.map_or("nothing".to_owned(), |time| time.to_string());
        for other in others {
            let mut written = rule.written.clone();
            let map = written.as_object_mut().unwrap();
            match other {
                Some(other) => map.insert(key.to_owned(), json!(other.to_string())),
                None => map.shift_remove(key),
            };
            changes.push((format!("{key} {} -> {}", shown(now), shown(other)), written));
        }
    }
    changes
}

fn of_labels(rule: &Rule) -> Vec<(String, Value)> {
    let mut changes = Vec::new();
    for (label, value) in &rule.labels {
        let mut other = rule.written.clone();
        other["labels"][label] = json!("mutated");
        changes.push((format!("label {label} {value:?} -> \"mutated\""), other));
        if !carried(&rule.expr, label, value) {
            let mut without = rule.written.clone();
            without["labels"].as_object_mut().unwrap().shift_remove(label);
            changes.push((format!("label {label} not set"), without));
        }
    }
    changes
}

/// Whether every series of the expression has the label, with this value.
fn carried(expr: &Expr, label: &str, value: &str) -> bool {
    let of_label = ask::leaves(expr);
    let mut of_label =
        of_label.iter().flat_map(|leaf| &leaf.selector.matchers).filter(|matcher| matcher.label == label).peekable();
    ask::labels(expr).fate(label) == ask::Fate::Surely
        && of_label.peek().is_some()
        && of_label.all(|matcher| matcher.op == MatchOp::Equal && matcher.value == value)
}
