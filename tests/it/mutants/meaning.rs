//! When two expressions mean the same, although they are written differently.
//!
//! An expression is brought into a normal form by five rules, each of which keeps what it means on every
//! Prometheus that evaluates the platform's rules and no others of these names:
//! 1. A selector of recorded series stands for the recording rules whose series it lets in: a matcher that
//!    keeps none of them out says nothing.
//! 2. Where two sides are matched by all their labels, and all series of one side have `a="b"`, other series
//!    of the other side find no partner: `x{a="b"} / y` is `x{a="b"} / y{a="b"}`.
//! 3. Of `0 * x` only the labels and the existence count: any of sum, average, least and largest of the same
//!    series is zero, and so is a sum and a difference.
//! 4. An alert on anything above zero fires alike on the sum, the average and the largest of numbers that are
//!    never negative: rates and increases of counters.
//! 5. A quantile looks at the shape of a histogram and not at its size: the average of buckets has it as well
//!    as their sum.

use bellwether::promql::{
    AggregateOp, Binary, BinaryOp, Expr, Kind, MatchOp, Matcher, Range, Selector, ask, canonical,
};
use rust_decimal::Decimal;

use super::operators::children;
use super::suite::{Rule, Suite};

/// Equal for expressions of which these rules know that they mean the same.
pub(super) fn normal(suite: &Suite, expr: &Expr) -> Expr {
    let mut copy = expr.clone();
    share_labels(&mut copy);
    above_zero(&mut copy);
    look_through(&mut copy);
    each_selector(&mut copy, &|selector| {
        if let Some(rules) = recorded(&suite.rules, selector) {
            *selector = Selector { metric: Some(format!("{rules:?}")), matchers: Vec::new(), ..selector.clone() };
        }
    });
    canonical(&copy)
}

fn each_selector(expr: &mut Expr, change: &dyn Fn(&mut Selector)) {
    if let Kind::Selector(selector) | Kind::Matrix { selector, .. } = &mut expr.kind {
        change(selector);
    }
    for child in children(expr) {
        each_selector(child, change);
    }
}

/// The recording rules whose series a selector lets in; none, if they are not recorded.
fn recorded(rules: &[Rule], selector: &Selector) -> Option<Vec<usize>> {
    let of_name = |rule: &Rule| !rule.alert && selector.metric.as_ref() == Some(&rule.name);
    let plain = selector.matchers.iter().all(|matcher| matcher.op == MatchOp::Equal);
    let fits =
        |rule: &Rule| selector.matchers.iter().all(|matcher| rule.labels.get(&*matcher.label) == Some(&matcher.value));
    let of_name: Vec<(usize, &Rule)> = rules.iter().enumerate().filter(|(_, rule)| of_name(rule)).collect();
    (plain && !of_name.is_empty())
        .then(|| of_name.into_iter().filter(|(_, rule)| fits(rule)).map(|(index, _)| index).collect())
}

/// Rule 2, from the leaves up.
fn share_labels(expr: &mut Expr) {
    for child in children(expr) {
        share_labels(child);
    }
    let Kind::Binary(Binary { op, left, right, matching: None, .. }) = &mut expr.kind else { return };
    if *op == BinaryOp::Or {
        return;
    }
    let (of_left, of_right) = (told(left), told(right));
    hand_down(right, &of_left);
    if *op != BinaryOp::Unless {
        hand_down(left, &of_right);
    }
}

/// Labels with values that all series of an expression have.
fn told(expr: &Expr) -> Vec<(String, String)> {
    let leaves = ask::leaves(expr);
    let labels = ask::labels(expr);
    let value = |label: &str| {
        let mut of_label = leaves.iter().map(|leaf| {
            let mut equal = leaf.selector.matchers.iter();
            equal.find(|matcher| matcher.label == label && matcher.op == MatchOp::Equal).map(|matcher| &matcher.value)
        });
        let first = of_label.next().flatten()?;
        of_label.all(|value| value == Some(first)).then(|| first.clone())
    };
    labels.certain().filter_map(|label| Some((label.to_owned(), value(label)?))).collect()
}

/// The matchers added to all series of an expression that keeps their labels.
fn hand_down(expr: &mut Expr, told: &[(String, String)]) {
    let labels = ask::labels(expr);
    let added: Vec<&(String, String)> = told.iter().filter(|(label, _)| !labels.fate(label).is_never()).collect();
    if !keeps_labels(expr) {
        return;
    }
    each_selector(expr, &|selector| {
        for (label, value) in &added {
            let (label, value) = (label.clone(), value.clone());
            selector.matchers.push(Matcher { label: label.into(), op: MatchOp::Equal, value, at: Range::default() });
        }
    });
}

/// Whether no part of an expression makes up labels, or is there because something is not.
fn keeps_labels(expr: &Expr) -> bool {
    let here = match &expr.kind {
        Kind::Call(call) => {
            let name = &*call.function;
            name != "absent_over_time" && (name.ends_with("_over_time") || ["rate", "increase"].contains(&name))
        }
        Kind::Binary(binary) => !matches!(binary.op, BinaryOp::Or | BinaryOp::Unless) && binary.matching.is_none(),
        _ => true,
    };
    here && children(&mut expr.clone()).into_iter().all(|child| keeps_labels(child))
}

/// Rule 4, of the whole expression alone: further inside, the value counts.
fn above_zero(expr: &mut Expr) {
    let Kind::Binary(Binary { op: BinaryOp::Greater, left, right, .. }) = &mut expr.kind else { return };
    if let Kind::Aggregate(aggregate) = &mut left.kind
        && right.kind == Kind::Number(Decimal::ZERO)
        && [AggregateOp::Avg, AggregateOp::Max].contains(&aggregate.op)
        && matches!(&aggregate.expr.kind, Kind::Call(call) if ["rate", "increase"].contains(&&*call.function))
    {
        aggregate.op = AggregateOp::Sum;
    }
}

/// Rules 3 and 5.
fn look_through(expr: &mut Expr) {
    match &mut expr.kind {
        Kind::Binary(binary) if binary.op == BinaryOp::Mul && binary.left.kind == Kind::Number(Decimal::ZERO) => {
            only_there(&mut binary.right);
        }
        Kind::Call(call) if call.function == "histogram_quantile" => {
            if let Some(Kind::Aggregate(aggregate)) = call.args.last_mut().map(|arg| &mut arg.kind)
                && aggregate.op == AggregateOp::Avg
            {
                aggregate.op = AggregateOp::Sum;
            }
        }
        _ => {}
    }
    for child in children(expr) {
        look_through(child);
    }
}

fn only_there(expr: &mut Expr) {
    match &mut expr.kind {
        Kind::Aggregate(aggregate) => {
            use AggregateOp::{Avg, Count, Max, Min, Sum};
            if [Avg, Count, Max, Min].contains(&aggregate.op) {
                aggregate.op = Sum;
            }
        }
        Kind::Binary(binary) => {
            if binary.op == BinaryOp::Sub {
                binary.op = BinaryOp::Add;
            }
            only_there(&mut binary.left);
            only_there(&mut binary.right);
        }
        Kind::Paren(inner) => only_there(inner),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(left: &str, right: &str) -> bool {
        let suite = Suite::made_up(&[
            ("r", &[("slo", "a"), ("service", "s")]),
            ("r", &[("slo", "b"), ("service", "s")]),
            ("q", &[("slo", "a"), ("service", "s")]),
        ]);
        let normal = |text: &str| normal(&suite, &bellwether::promql::parse(text).unwrap());
        normal(left) == normal(right)
    }

    #[test]
    fn a_matcher_that_keeps_nothing_out() {
        assert!(same(r#"r{slo="a", service="s"}"#, r#"r{slo="a"}"#));
        assert!(same(r#"q{slo="a"}"#, "q"));
        assert!(!same(r#"r{slo="a", service="s"}"#, r#"r{service="s"}"#));
        assert!(!same(r#"r{slo="a"}"#, r#"r{slo!="a"}"#));
        assert!(!same(r#"x{slo="a", service="s"}"#, r#"x{slo="a"}"#));
    }

    #[test]
    fn a_side_that_finds_no_partner() {
        assert!(same(r#"x{a="b"} / y{a="b"}"#, r#"x{a="b"} / y"#));
        assert!(same(r#"x{a="b"} > 1 and 2 * y{a="b"}"#, r#"x > 1 and 2 * y{a="b"}"#));
        assert!(same(r#"x unless y{a="b"}"#, r#"x unless y{a="b"}"#));
        assert!(!same(r#"x{a="b"} unless y{a="b"}"#, r#"x unless y{a="b"}"#));
        assert!(!same(r#"x{a="b"} or y{a="b"}"#, r#"x{a="b"} or y"#));
        assert!(!same(r#"x{a="b"} / 2"#, "x / 2"));
        assert!(!same(r#"x{a="b"} / on () y{a="b"}"#, r#"x{a="b"} / on () y"#));
        assert!(!same(r#"x{a="b"} / sum(y{a="b"})"#, r#"x{a="b"} / sum(y)"#));
        assert!(!same(r#"x{a="b"} / y{a="b"}"#, r#"x{a="b"} / y{a!="b"}"#));
    }

    #[test]
    fn zeros_and_shapes() {
        assert!(same("x or 0 * (sum(y) + sum(z))", "x or 0 * (max(y) - count(z))"));
        assert!(!same("x or 0 * sum by (a) (y)", "x or 0 * sum(y)"));
        assert!(!same("x or 0 * sum(y)", "x or 1 * sum(y)"));
        assert!(same("histogram_quantile(0.9, sum by (le) (x))", "histogram_quantile(0.9, avg by (le) (x))"));
        assert!(!same("histogram_quantile(0.9, sum by (le) (x))", "histogram_quantile(0.9, max by (le) (x))"));
        assert!(!same("sum(x)", "avg(x)"));
        assert!(same("sum by (a) (rate(x[1m])) > 0", "max by (a) (rate(x[1m])) > 0"));
        assert!(!same("sum(rate(x[1m])) > 0", "min(rate(x[1m])) > 0"));
        assert!(!same("sum(rate(x[1m])) > 1", "avg(rate(x[1m])) > 1"));
        assert!(!same("sum(x) > 0", "avg(x) > 0"));
        assert!(!same("1 / (sum(rate(x[1m])) > 0)", "1 / (avg(rate(x[1m])) > 0)"));
    }
}
