//! Both sides of every operator between vectors: what a lint of matching wants to know.

use std::collections::BTreeSet;

use super::label_set::LabelSet;
use super::labels::{KnownLabels, labels_with};
use super::{Leaf, leaves};
use crate::promql::types::type_of;
use crate::promql::{Binary, Expr, Kind, Range, ValueType};

/// One side of an operator.
#[derive(Debug, Clone)]
pub struct Side<'a> {
    /// The operand.
    pub expr: &'a Expr,
    /// Its labels.
    pub labels: LabelSet,
    /// Its selectors.
    pub leaves: Vec<Leaf<'a>>,
}

impl Side<'_> {
    /// Whether every series it reads goes through an aggregation first.
    pub fn is_aggregated(&self) -> bool {
        !self.leaves.is_empty() && self.leaves.iter().all(Leaf::is_aggregated)
    }
}

/// An operator between two instant vectors.
#[derive(Debug, Clone)]
pub struct Operands<'a> {
    /// The operation.
    pub binary: &'a Binary,
    /// Where it was read.
    pub at: Range,
    /// Its left side.
    pub left: Side<'a>,
    /// Its right side.
    pub right: Side<'a>,
}

impl Operands<'_> {
    /// Whether only one side is aggregated and nothing says which labels to match by: such sides
    /// rarely share their labels, and then nothing matches.
    pub fn is_aggregated_on_one_side(&self) -> bool {
        // What `without` leaves depends on the metric: it may well be what the other side has.
        let is_closed = |side: &Side<'_>| side.is_aggregated() && side.labels.all().is_some();
        self.binary.matching.is_none()
            && self.left.is_aggregated() != self.right.is_aggregated()
            && (is_closed(&self.left) || is_closed(&self.right))
    }

    /// Whether both sides read the same metric, neither aggregated, under different matchers: each
    /// series then meets only itself, or nothing. The ratio of such sides is 1, whatever happens.
    pub fn is_metric_against_itself(&self) -> bool {
        if self.binary.matching.is_some() || self.left.is_aggregated() || self.right.is_aggregated() {
            return false;
        }
        let metrics = |side: &Side<'_>| -> Vec<Option<String>> {
            side.leaves.iter().map(|leaf| leaf.selector.metric_name().map(str::to_owned)).collect()
        };
        let matchers = |side: &Side<'_>| -> BTreeSet<(String, &'static str, String)> {
            let all = side.leaves.iter().flat_map(|leaf| &leaf.selector.matchers);
            all.map(|matcher| (matcher.label.to_string(), matcher.op.sign(), matcher.value.clone())).collect()
        };
        let named = metrics(&self.left);
        !named.is_empty()
            && named.iter().all(Option::is_some)
            && named == metrics(&self.right)
            && matchers(&self.left) != matchers(&self.right)
    }

    /// Labels that one side surely has and the other surely lacks, among those that must agree.
    pub fn impossible_labels(&self) -> Vec<String> {
        let matched = |label: &str| match &self.binary.matching {
            Some(matching) => matching.on == matching.labels.iter().any(|other| other == label),
            None => true,
        };
        let one_way = |one: &LabelSet, other: &LabelSet| -> Vec<String> {
            let certain = one.certain().filter(|label| *label != super::NAME_LABEL && matched(label));
            certain.filter(|label| other.fate(label).is_never()).map(str::to_owned).collect()
        };
        let mut labels = one_way(&self.left.labels, &self.right.labels);
        labels.extend(one_way(&self.right.labels, &self.left.labels));
        labels
    }
}

/// Every operator between two instant vectors, outermost first.
pub fn operands(expr: &Expr) -> Vec<Operands<'_>> {
    operands_with(expr, &|_| None)
}

/// Every operator between two instant vectors, outermost first, with what is known of the metrics.
pub fn operands_with<'a>(expr: &'a Expr, known: KnownLabels<'_>) -> Vec<Operands<'a>> {
    let mut found = Vec::new();
    super::visit(expr, None, &mut |node, _| {
        let Kind::Binary(binary) = &node.kind else { return };
        let vector = |side: &Expr| type_of(side) == ValueType::Instant;
        if vector(&binary.left) && vector(&binary.right) {
            let side = |expr| Side { expr, labels: labels_with(expr, known), leaves: leaves(expr) };
            found.push(Operands { binary, at: node.at, left: side(&binary.left), right: side(&binary.right) });
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    #[test]
    fn one_side_aggregated() {
        let one_side = |text: &str| operands(&parse(text).unwrap()).iter().any(Operands::is_aggregated_on_one_side);
        assert!(one_side("sum(rate(a[5m])) / rate(b[5m])"));
        assert!(!one_side("a / sum without (x) (b)"));
        assert!(!one_side("sum(a) / sum(b)"));
        assert!(!one_side("a / on (x) group_left () sum by (x) (b)"));
        assert!(!one_side("a / b"));
    }

    #[test]
    fn ratio_of_a_metric_with_itself() {
        let itself = |text: &str| operands(&parse(text).unwrap()).iter().any(Operands::is_metric_against_itself);
        assert!(itself("rate(r{code=~\"5..\"}[5m]) / rate(r[5m])"));
        assert!(!itself("rate(r[5m]) / rate(r[5m] offset 1d)"));
        assert!(!itself("rate(a{job=\"x\"}[5m]) / rate(b[5m])"));
        assert!(!itself("sum(rate(r{code=~\"5..\"}[5m])) / sum(rate(r[5m]))"));
    }

    #[test]
    fn labels_that_cannot_match() {
        let impossible =
            |text: &str| operands(&parse(text).unwrap()).first().map(Operands::impossible_labels).unwrap_or_default();
        assert_eq!(impossible("sum(a) and b{job=\"x\"}"), ["job"]);
        assert_eq!(impossible("sum(a) and on () b{job=\"x\"}"), [""; 0]);
        assert_eq!(impossible("sum by (job) (a) and b{job=\"x\"}"), [""; 0]);
    }
}
