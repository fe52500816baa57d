//! Mutations of an expression: every place of the tree, changed in every way that its kind knows.
//!
//! A variant is a whole expression that differs in one place, and the words for the difference.

use bellwether::promql::{Aggregate, AggregateOp, BinaryOp, Expr, Kind, MatchOp, Matcher, Selector, Window};
use bellwether::quantity::Duration;
use rust_decimal::Decimal;

/// An expression with one change.
#[derive(Debug, Clone)]
pub(super) struct Variant {
    /// What was changed: `window [5m] -> [10m]`.
    pub(super) change: String,
    pub(super) expr: Expr,
}

/// Every variant of an expression, in the order of its text.
pub(super) fn variants(expr: &Expr) -> Vec<Variant> {
    let mut found = here(expr);
    let mut copy = expr.clone();
    for index in 0..children(&mut copy).len() {
        let child = children(&mut copy)[index].clone();
        if index == 0 && is_quantile(expr) {
            continue;
        }
        for variant in variants(&child) {
            let mut whole = expr.clone();
            *children(&mut whole)[index] = variant.expr;
            found.push(Variant { change: variant.change, expr: whole });
        }
    }
    found
}

pub(super) fn children(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.kind {
        Kind::Number(_) | Kind::Float(_) | Kind::Text(_) | Kind::Selector(_) | Kind::Matrix { .. } => Vec::new(),
        Kind::Subquery { expr, .. } | Kind::Unary { expr, .. } | Kind::Paren(expr) => vec![expr],
        Kind::Call(call) => call.args.iter_mut().collect(),
        Kind::Aggregate(aggregate) => {
            aggregate.param.as_deref_mut().into_iter().chain([aggregate.expr.as_mut()]).collect()
        }
        Kind::Binary(binary) => vec![&mut binary.left, &mut binary.right],
    }
}

/// Changes of the topmost node alone.
fn here(expr: &Expr) -> Vec<Variant> {
    let changed = |change: String, kind: Kind| Variant { change, expr: kind.into() };
    match &expr.kind {
        Kind::Number(number) => {
            let numbers = numbers(*number).into_iter();
            numbers.map(|other| changed(format!("number {number} -> {other}"), Kind::Number(other))).collect()
        }
        Kind::Selector(selector) => selectors(selector)
            .into_iter()
            .map(|(change, selector)| changed(change, Kind::Selector(selector)))
            .collect(),
        Kind::Matrix { selector, range } => {
            let others = selectors(selector).into_iter();
            let others = others.map(|(change, selector)| changed(change, Kind::Matrix { selector, range: *range }));
            let windows = windows(*range)
                .into_iter()
                .map(|(change, range)| changed(change, Kind::Matrix { selector: selector.clone(), range }));
            windows.chain(others).collect()
        }
        Kind::Subquery { expr: inner, range, step, offset } => windows(*range)
            .into_iter()
            .map(|(change, range)| {
                let (expr, step, offset) = (inner.clone(), *step, offset.clone());
                changed(change, Kind::Subquery { expr, range, step, offset })
            })
            .collect(),
        Kind::Call(_) if is_quantile(expr) => quantiles(expr),
        Kind::Aggregate(aggregate) => aggregates(aggregate),
        Kind::Binary(_) => binaries(expr),
        _ => Vec::new(),
    }
}

/// A fifth more, a fifth less, and the other sign; of zero, something on either side.
fn numbers(number: Decimal) -> Vec<Decimal> {
    if number.is_zero() {
        return vec![Decimal::ONE, -Decimal::ONE];
    }
    let fifth = Decimal::new(12, 1);
    [number * fifth, number / fifth, -number].map(|other| other.round_dp(9).normalize()).to_vec()
}

fn is_quantile(expr: &Expr) -> bool {
    matches!(&expr.kind, Kind::Call(call) if call.function == "histogram_quantile")
}

/// A quantile stays between 0 and 1, or the answer would be an infinity.
fn quantiles(expr: &Expr) -> Vec<Variant> {
    let Kind::Call(call) = &expr.kind else { return Vec::new() };
    let Some(Kind::Number(quantile)) = call.args.first().map(|arg| arg.kind.clone()) else { return Vec::new() };
    let half_way = (quantile + Decimal::ONE) / Decimal::TWO;
    let less = (quantile / Decimal::new(12, 1)).round_dp(9);
    [half_way, less]
        .map(|other| {
            let mut call = call.clone();
            call.args[0] = Kind::Number(other.normalize()).into();
            Variant { change: format!("quantile {quantile} -> {}", other.normalize()), expr: Kind::Call(call).into() }
        })
        .to_vec()
}

/// Twice and half as long.
fn windows(window: Window) -> Vec<(String, Window)> {
    let Some(fixed) = window.fixed() else { return Vec::new() };
    let others = [fixed.times(2), Duration::millis(fixed.as_millis() / 2)];
    others.map(|other| (format!("window [{fixed}] -> [{other}]"), other.into())).to_vec()
}

fn selectors(selector: &Selector) -> Vec<(String, Selector)> {
    let mut found = Vec::new();
    for (index, matcher) in selector.matchers.iter().enumerate() {
        let mut without = selector.clone();
        without.matchers.remove(index);
        found.push((format!("matcher {} removed", shown(matcher)), without));
        for other in matchers(matcher) {
            let mut with = selector.clone();
            with.matchers[index] = other.clone();
            found.push((format!("matcher {} -> {}", shown(matcher), shown(&other)), with));
        }
    }
    if selector.offset.offset_millis != 0 {
        for offset in [selector.offset.offset_millis * 2, selector.offset.offset_millis / 2, 0] {
            let mut other = selector.clone();
            other.offset.offset_millis = offset;
            found.push((format!("offset {}ms -> {offset}ms", selector.offset.offset_millis), other));
        }
    }
    found
}

/// The opposite, and another value.
fn matchers(matcher: &Matcher) -> [Matcher; 2] {
    let op = match matcher.op {
        MatchOp::Equal => MatchOp::NotEqual,
        MatchOp::NotEqual => MatchOp::Equal,
        MatchOp::Regex => MatchOp::NotRegex,
        MatchOp::NotRegex => MatchOp::Regex,
    };
    [Matcher { op, ..matcher.clone() }, Matcher { value: "mutated".to_owned(), ..matcher.clone() }]
}

fn shown(matcher: &Matcher) -> String {
    let op = match matcher.op {
        MatchOp::Equal => "=",
        MatchOp::NotEqual => "!=",
        MatchOp::Regex => "=~",
        MatchOp::NotRegex => "!~",
    };
    format!("{}{op}{:?}", matcher.label, matcher.value)
}

/// Another way to make one of many, and one label less to keep.
fn aggregates(aggregate: &Aggregate) -> Vec<Variant> {
    use AggregateOp::{Avg, Count, Max, Min, Sum};
    let mut found = Vec::new();
    if [Sum, Max, Avg, Min, Count].contains(&aggregate.op) {
        for op in [Sum, Max, Avg, Min, Count].into_iter().filter(|op| *op != aggregate.op) {
            let change = format!("aggregation {} -> {}", word(aggregate.op), word(op));
            found.push(Variant { change, expr: Kind::Aggregate(Aggregate { op, ..aggregate.clone() }).into() });
        }
    }
    for (index, label) in aggregate.grouping.iter().flat_map(|grouping| &grouping.labels).enumerate() {
        let mut other = aggregate.clone();
        if let Some(grouping) = &mut other.grouping {
            grouping.labels.remove(index);
        }
        found.push(Variant { change: format!("label {label} not kept"), expr: Kind::Aggregate(other).into() });
    }
    found
}

fn word(op: AggregateOp) -> String {
    format!("{op:?}").to_lowercase()
}

fn binaries(expr: &Expr) -> Vec<Variant> {
    use BinaryOp::{Add, And, Div, Equal, Greater, GreaterEqual, Less, LessEqual, Mul, NotEqual, Or, Sub, Unless};
    let Kind::Binary(binary) = &expr.kind else { return Vec::new() };
    let others: &[BinaryOp] = match binary.op {
        Greater => &[Less, GreaterEqual],
        Less => &[Greater, LessEqual],
        GreaterEqual => &[LessEqual, Greater],
        LessEqual => &[GreaterEqual, Less],
        Equal => &[NotEqual],
        NotEqual => &[Equal],
        Add => &[Sub],
        Sub => &[Add],
        Mul => &[Div],
        Div => &[Mul],
        _ => &[],
    };
    let with = |op: &BinaryOp| {
        let mut other = binary.clone();
        other.op = *op;
        Variant { change: format!("operator {} -> {}", sign(binary.op), sign(*op)), expr: Kind::Binary(other).into() }
    };
    let mut found: Vec<Variant> = others.iter().map(with).collect();
    let arm = |what: &str, arm: &Expr| Variant {
        change: format!("{what} of {} removed", sign(binary.op)),
        expr: arm.clone(),
    };
    if matches!(binary.op, And | Or | Unless) {
        found.push(arm("right arm", &binary.left));
    }
    if matches!(binary.op, And | Or) {
        found.push(arm("left arm", &binary.right));
    }
    found
}

fn sign(op: BinaryOp) -> String {
    use BinaryOp::{Add, Div, Equal, Greater, GreaterEqual, Less, LessEqual, Mul, NotEqual, Sub};
    let sign = match op {
        Add => "+",
        Sub => "-",
        Mul => "*",
        Div => "/",
        Equal => "==",
        NotEqual => "!=",
        Greater => ">",
        Less => "<",
        GreaterEqual => ">=",
        LessEqual => "<=",
        other => return format!("{other:?}").to_lowercase(),
    };
    sign.to_owned()
}

#[test]
fn every_place_is_changed() {
    let parse = |text: &str| bellwether::promql::parse(text).unwrap();
    let changes = |text: &str| -> Vec<String> {
        variants(&parse(text)).into_iter().map(|variant| format!("{}: {}", variant.change, variant.expr)).collect()
    };
    assert_eq!(
        changes("x > 5 and y"),
        [
            "right arm of and removed: x > 5",
            "left arm of and removed: y",
            "operator > -> <: x < 5 and y",
            "operator > -> >=: x >= 5 and y",
            "number 5 -> 6: x > 6 and y",
            "number 5 -> 4.166666667: x > 4.166666667 and y",
            "number 5 -> -5: x > -5 and y",
        ]
    );
    assert_eq!(
        changes(r#"max by (a) (rate(x{b="c"}[1m]))"#),
        [
            r#"aggregation max -> sum: sum by (a) (rate(x{b="c"}[1m]))"#,
            r#"aggregation max -> avg: avg by (a) (rate(x{b="c"}[1m]))"#,
            r#"aggregation max -> min: min by (a) (rate(x{b="c"}[1m]))"#,
            r#"aggregation max -> count: count by (a) (rate(x{b="c"}[1m]))"#,
            r#"label a not kept: max by () (rate(x{b="c"}[1m]))"#,
            r#"window [1m] -> [2m]: max by (a) (rate(x{b="c"}[2m]))"#,
            r#"window [1m] -> [30s]: max by (a) (rate(x{b="c"}[30s]))"#,
            r#"matcher b="c" removed: max by (a) (rate(x[1m]))"#,
            r#"matcher b="c" -> b!="c": max by (a) (rate(x{b!="c"}[1m]))"#,
            r#"matcher b="c" -> b="mutated": max by (a) (rate(x{b="mutated"}[1m]))"#,
        ]
    );
    assert_eq!(
        changes("histogram_quantile(0.9, x) or 0 * y offset 1m"),
        [
            "right arm of or removed: histogram_quantile(0.9, x)",
            "left arm of or removed: 0 * y offset 1m",
            "quantile 0.9 -> 0.95: histogram_quantile(0.95, x) or 0 * y offset 1m",
            "quantile 0.9 -> 0.75: histogram_quantile(0.75, x) or 0 * y offset 1m",
            "operator * -> /: histogram_quantile(0.9, x) or 0 / y offset 1m",
            "number 0 -> 1: histogram_quantile(0.9, x) or 1 * y offset 1m",
            "number 0 -> -1: histogram_quantile(0.9, x) or -1 * y offset 1m",
            "offset 60000ms -> 120000ms: histogram_quantile(0.9, x) or 0 * y offset 2m",
            "offset 60000ms -> 30000ms: histogram_quantile(0.9, x) or 0 * y offset 30s",
            "offset 60000ms -> 0ms: histogram_quantile(0.9, x) or 0 * y",
        ]
    );
}
