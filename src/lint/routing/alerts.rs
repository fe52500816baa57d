//! The alerts that there are, and what is known of their labels.

use std::collections::BTreeMap;

use super::conditions::{Condition, Known, Value};
use crate::lint::facts::Facts;
use crate::plain::rules::{Group, Makes, Rule};
use crate::promql::ask::{self, Fate, LabelSet, leaves};
use crate::promql::{Expr, Kind, MatchOp, build};
use crate::source::Span;

/// An alert.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Alert {
    /// Its name.
    pub(in crate::lint) name: String,
    /// Where the name stands, where a person wrote it.
    pub(in crate::lint) place: Option<Span>,
    /// Labels that its rule sets, and where; templates are unknown.
    pub(in crate::lint) set: BTreeMap<String, (Value, Option<Span>)>,
    /// Whether it always fires: a dead man's switch.
    pub(in crate::lint) always: bool,
    /// Whether it is made of other alerts.
    pub(in crate::lint) of_alerts: bool,
    /// Whether its expression speaks of severities.
    brings_severity: bool,
    /// Labels of its series.
    series: LabelSet,
    /// Values of labels that all of its selectors name.
    fixed: BTreeMap<String, String>,
    /// Labels that Prometheus adds; none when nobody says.
    external: Option<Vec<String>>,
}

impl Alert {
    /// An alert of which everything is known.
    pub(super) fn with_labels(labels: &BTreeMap<String, String>) -> Self {
        let set = labels.iter().map(|(label, value)| (label.clone(), (Value::Is(value.clone()), None)));
        Self {
            name: labels.get("alertname").cloned().unwrap_or_default(),
            place: None,
            set: set.collect(),
            always: false,
            of_alerts: false,
            brings_severity: false,
            series: ask::labels(&build::number(0_u64)),
            fixed: BTreeMap::new(),
            external: Some(Vec::new()),
        }
    }

    /// What is known of a label.
    pub(in crate::lint) fn value(&self, label: &str) -> Value {
        if label == "alertname" {
            return Value::Is(self.name.clone());
        }
        if let Some((value, _)) = self.set.get(label) {
            return value.clone();
        }
        let fixed = self.fixed.get(label).cloned();
        let added = match &self.external {
            Some(labels) => Known::from(labels.iter().any(|known| known == label)),
            // Nobody sets the severity of everything.
            None if label == "severity" => Known::No,
            None => Known::Maybe,
        };
        // A severity is what somebody says of an alert: series of which an expression does not say so have none.
        if label == "severity" && added == Known::No && !self.brings_severity {
            return Value::Is(String::new());
        }
        match (self.series.fate(label), fixed, added) {
            (Fate::Surely, Some(value), _) => Value::Is(value),
            (Fate::Surely, None, _) | (_, _, Known::Yes) => Value::Some,
            (Fate::Never { .. }, _, Known::No) => Value::Is(String::new()),
            _ => Value::Unknown,
        }
    }

    /// Whether all conditions hold of it.
    pub(in crate::lint) fn meets(&self, conditions: &[Condition]) -> Known {
        let each = conditions.iter().map(|condition| condition.wants.holds(&self.value(&condition.label)));
        each.min().unwrap_or(Known::Yes)
    }

    /// Whether it surely does not have a label.
    pub(in crate::lint) fn lacks(&self, label: &str) -> bool {
        self.value(label) == Value::Is(String::new())
    }

    /// Every label that it is known to have or to may have.
    pub(in crate::lint) fn labels(&self) -> Vec<String> {
        let listed = self.series.all().unwrap_or_else(|| self.series.certain().collect());
        let listed = listed.into_iter().filter(|label| *label != "__name__").map(str::to_owned);
        let set = self.set.keys().cloned();
        std::iter::once("alertname".to_owned())
            .chain(set)
            .chain(listed)
            .chain(self.external.clone().unwrap_or_default())
            .collect()
    }
}

impl From<bool> for Known {
    fn from(is: bool) -> Self {
        if is { Known::Yes } else { Known::No }
    }
}

/// The alerts of rule groups; `relabelled` when Prometheus may change their labels on the way.
pub(super) fn of_groups(groups: &[Group], facts: &Facts, relabelled: bool) -> Vec<Alert> {
    let rules = groups.iter().flat_map(|group| group.rules.iter().map(move |rule| (group, rule)));
    rules.filter_map(|(group, rule)| of_rule(group, rule, facts, relabelled)).collect()
}

fn of_rule(group: &Group, rule: &Rule, facts: &Facts, relabelled: bool) -> Option<Alert> {
    let Makes::Alert { name, .. } = &rule.makes else { return None };
    let labels = group.labels.as_slice().iter().chain(rule.labels.as_slice());
    let set = labels.map(|(label, text)| (label.value.clone(), (written(text.as_str()), Some(text.span)))).collect();
    let external = facts.external_labels.clone().filter(|_| !relabelled);
    Some(Alert { place: Some(name.span), external, ..of_expr(&name.value, set, &rule.expr, facts) })
}

/// An alert that the compiler made, or of which only its expression is known.
pub(super) fn of_expr(name: &str, set: BTreeMap<String, (Value, Option<Span>)>, expr: &Expr, facts: &Facts) -> Alert {
    Alert {
        name: name.to_owned(),
        place: None,
        set,
        always: is_constant(expr),
        of_alerts: leaves(expr).iter().any(|leaf| leaf.selector.metric_name() == Some("ALERTS")),
        brings_severity: expr.to_string().contains("severity"),
        series: ask::labels_with(expr, &|selector| facts.labels(selector)),
        fixed: fixed(expr),
        external: facts.external_labels.clone(),
    }
}

/// What a rule says of a label's value; a template may become anything.
pub(super) fn written(text: &str) -> Value {
    if text.contains("{{") { Value::Unknown } else { Value::Is(text.to_owned()) }
}

/// `vector(1)`.
fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Paren(inner) => is_constant(inner),
        Kind::Call(call) => &*call.function == "vector" && leaves(expr).is_empty(),
        _ => false,
    }
}

/// Labels that every selector gives the same value, where no function makes labels.
fn fixed(expr: &Expr) -> BTreeMap<String, String> {
    const MAKERS: [&str; 3] = ["label_replace", "label_join", "info"];
    let leaves = leaves(expr);
    let made = leaves.iter().any(|leaf| leaf.functions().any(|function| MAKERS.contains(&function)));
    let named = |leaf: &ask::Leaf| -> BTreeMap<String, String> {
        let equal = leaf.selector.matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal);
        equal.map(|matcher| (matcher.label.to_string(), matcher.value.clone())).collect()
    };
    let mut all = leaves.iter().map(named);
    let Some(first) = all.next().filter(|_| !made) else { return BTreeMap::new() };
    all.fold(first, |common, next| common.into_iter().filter(|(label, value)| next.get(label) == Some(value)).collect())
}
