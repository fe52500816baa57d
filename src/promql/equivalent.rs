//! Whether two expressions mean the same, however they are written.

use super::ask::NAME_LABEL;
use super::{Aggregate, Binary, Call, Expr, Grouping, Kind, MatchOp, Matching, Selector};

/// Whether both ask the same: parentheses, places, the order and doubling of matchers and of label
/// lists, and the place of the metric's name do not count. Operands are not reordered.
pub fn equivalent(a: &Expr, b: &Expr) -> bool {
    canonical(a) == canonical(b)
}

/// The expression with everything in one order and no parentheses.
pub fn canonical(expr: &Expr) -> Expr {
    let child = |expr: &Expr| Box::new(canonical(expr));
    let kind = match &expr.kind {
        Kind::Number(_) | Kind::Float(_) | Kind::Text(_) => expr.kind.clone(),
        Kind::Selector(selector) => Kind::Selector(ordered(selector)),
        Kind::Matrix { selector, range } => Kind::Matrix { selector: ordered(selector), range: *range },
        Kind::Subquery { expr, range, step, offset } => {
            Kind::Subquery { expr: child(expr), range: *range, step: *step, offset: offset.clone() }
        }
        Kind::Call(call) => {
            Kind::Call(Call { function: call.function.clone(), args: call.args.iter().map(canonical).collect() })
        }
        Kind::Aggregate(aggregate) => Kind::Aggregate(Aggregate {
            op: aggregate.op,
            grouping: aggregate.grouping.as_ref().and_then(grouped),
            param: aggregate.param.as_deref().map(child),
            expr: child(&aggregate.expr),
        }),
        Kind::Binary(binary) => Kind::Binary(Binary {
            op: binary.op,
            left: child(&binary.left),
            right: child(&binary.right),
            return_bool: binary.return_bool,
            matching: binary.matching.as_ref().and_then(matched),
        }),
        Kind::Unary { minus, expr } => Kind::Unary { minus: *minus, expr: child(expr) },
        Kind::Paren(inner) => return canonical(inner),
    };
    Expr { at: expr.at, kind }
}

fn ordered(selector: &Selector) -> Selector {
    let mut selector = selector.clone();
    if selector.metric.is_none() {
        let named = |m: &super::Matcher| m.label == NAME_LABEL && m.op == MatchOp::Equal && !m.value.is_empty();
        if let Some(index) = selector.matchers.iter().position(named) {
            selector.metric = Some(selector.matchers.remove(index).value);
        }
    }
    let key = |m: &super::Matcher| (m.label.clone(), m.op.sign(), m.value.clone());
    selector.matchers.sort_by_key(key);
    selector.matchers.dedup();
    selector
}

fn sorted(labels: &[String]) -> Vec<String> {
    let mut labels = labels.to_vec();
    labels.sort();
    labels.dedup();
    labels
}

/// `by ()` keeps no label, as no grouping does.
fn grouped(grouping: &Grouping) -> Option<Grouping> {
    let labels = sorted(&grouping.labels);
    (grouping.without || !labels.is_empty()).then_some(Grouping { without: grouping.without, labels })
}

/// `ignoring ()` alone matches by all labels, as no matching does.
fn matched(matching: &Matching) -> Option<Matching> {
    let labels = sorted(&matching.labels);
    let mut matching = Matching { labels, ..matching.clone() };
    if let Some(group) = &mut matching.group {
        group.labels = sorted(&group.labels);
    }
    (matching.on || matching.group.is_some() || !matching.labels.is_empty()).then_some(matching)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    #[test]
    fn same_and_different() {
        let same = |a: &str, b: &str| equivalent(&parse(a).unwrap(), &parse(b).unwrap());
        assert!(same("sum(a) by (y, x)", "(sum by (x,y) ((a)))"));
        assert!(same("a{x=\"1\",y=\"2\"}", "{__name__=\"a\", y=\"2\", x=\"1\", x='1'}"));
        assert!(same("a / ignoring () b", "a / b"));
        assert!(same("a[60s] offset 60m", "a[1m] offset 1h"));
        assert!(same("0.50", ".5"));
        assert!(!same("a - b", "b - a"));
        assert!(!same("a / on () b", "a / b"));
        assert!(!same("(a + b) * c", "a + b * c"));
        assert!(!same("a{x=\"1\"}", "a{x=~\"1\"}"));
        assert!(same("NaN", "nan"));
    }
}
