//! Questions about an expression: which series it reads and through what, how far back, whether it
//! is a condition.

use std::collections::BTreeSet;

use super::{Aggregate, At, Binary, Call, Expr, Kind, MatchOp, Offset, Range, Selector, Window};
use crate::quantity::Duration;

mod condition;
mod label_set;
mod labels;
mod operands;
mod units;
mod values;

pub use condition::is_condition;
pub use label_set::{Fate, LabelSet};
pub use labels::{KnownLabels, labels, labels_with};
pub use operands::{Operands, Side, operands, operands_with};
pub use units::{KnownUnits, Mixed, SeriesUnit, unit};
pub use values::{KnownValues, Values, Verdict, is_part_of, values, verdict};

/// The label that holds a metric's name.
pub(super) const NAME_LABEL: &str = "__name__";

/// One step on the way from the whole expression down to a selector.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// Into the argument of this index.
    Call {
        /// The call.
        call: &'a Call,
        /// Which argument, from 0.
        argument: usize,
        /// Where the call was read.
        at: Range,
    },
    /// Into what is aggregated, or into the parameter.
    Aggregate {
        /// The aggregation.
        aggregate: &'a Aggregate,
        /// Whether into its parameter.
        param: bool,
        /// Where the aggregation was read.
        at: Range,
    },
    /// Into one side of an operator.
    Binary {
        /// The operation.
        binary: &'a Binary,
        /// Whether into the left side.
        left: bool,
        /// Where the operation was read.
        at: Range,
    },
    /// Into a subquery.
    Subquery {
        /// Its window.
        range: Window,
        /// Its resolution.
        step: Option<Duration>,
        /// `offset` and `@`.
        offset: &'a Offset,
        /// Where the subquery was read.
        at: Range,
    },
    /// Behind a sign.
    Unary {
        /// Whether the sign is minus.
        minus: bool,
    },
}

/// A selector and everything around it, outermost first.
#[derive(Debug, Clone)]
pub struct Leaf<'a> {
    /// The selector.
    pub selector: &'a Selector,
    /// Its own window, if it has one.
    pub window: Option<Window>,
    /// Where the selector was read, with its window.
    pub at: Range,
    /// From the whole expression down to here.
    pub path: Vec<Step<'a>>,
}

impl<'a> Leaf<'a> {
    /// The innermost function around it, aggregations and operators not crossed: `rate` in
    /// `sum(rate(x[5m]))`, none in `rate(sum(x)[5m:])`.
    pub fn function(&self) -> Option<&'a str> {
        self.path.iter().rev().find_map(|step| match step {
            Step::Subquery { .. } | Step::Unary { .. } => None,
            Step::Call { call, .. } => Some(Some(&*call.function)),
            Step::Aggregate { .. } | Step::Binary { .. } => Some(None),
        })?
    }

    /// All functions around it, innermost first.
    pub fn functions(&self) -> impl Iterator<Item = &'a str> {
        self.path.iter().rev().filter_map(|step| match step {
            Step::Call { call, .. } => Some(&*call.function),
            _ => None,
        })
    }

    /// Whether an aggregation stands around it.
    pub fn is_aggregated(&self) -> bool {
        self.path.iter().any(|step| matches!(step, Step::Aggregate { param: false, .. }))
    }

    /// How long before the moment of evaluation its oldest sample may lie; none when `@` pins it to
    /// a moment, or when a dashboard decides.
    pub fn reach(&self) -> Option<Duration> {
        let own = &self.selector.offset;
        let mut windows = vec![(self.window.unwrap_or(Window::Fixed(Duration::ZERO)), own)];
        for step in &self.path {
            if let Step::Subquery { range, offset, .. } = step {
                windows.push((*range, offset));
            }
        }
        let mut millis = 0_i64;
        for (window, offset) in windows {
            if matches!(offset.at, Some(At::Time(_) | At::Start)) {
                return None;
            }
            let length = i64::try_from(window.fixed()?.as_millis()).unwrap_or(i64::MAX);
            millis = millis.saturating_add(length).saturating_add(offset.offset_millis);
        }
        Some(Duration::millis(u64::try_from(millis).unwrap_or(0)))
    }
}

impl Selector {
    /// The metric it names, before the braces or as `{__name__="metric"}`.
    pub fn metric_name(&self) -> Option<&str> {
        self.metric.as_deref().or_else(|| {
            let named = |matcher: &&super::Matcher| matcher.label == NAME_LABEL && matcher.op == MatchOp::Equal;
            self.matchers.iter().find(named).map(|matcher| matcher.value.as_str())
        })
    }
}

/// Every selector, in the order of the text.
pub fn leaves(expr: &Expr) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    collect(expr, &mut Vec::new(), &mut found);
    found
}

fn collect<'a>(expr: &'a Expr, path: &mut Vec<Step<'a>>, found: &mut Vec<Leaf<'a>>) {
    let at = expr.at;
    let mut down = |step: Step<'a>, child: &'a Expr, path: &mut Vec<Step<'a>>| {
        path.push(step);
        collect(child, path, found);
        path.pop();
    };
    match &expr.kind {
        Kind::Number(_) | Kind::Float(_) | Kind::Text(_) => {}
        Kind::Selector(selector) => found.push(Leaf { selector, window: None, at, path: path.clone() }),
        Kind::Matrix { selector, range } => {
            found.push(Leaf { selector, window: Some(*range), at, path: path.clone() });
        }
        Kind::Subquery { expr, range, step, offset } => {
            down(Step::Subquery { range: *range, step: *step, offset, at }, expr, path);
        }
        Kind::Call(call) => {
            for (argument, child) in call.args.iter().enumerate() {
                down(Step::Call { call, argument, at }, child, path);
            }
        }
        Kind::Aggregate(aggregate) => {
            if let Some(param) = &aggregate.param {
                down(Step::Aggregate { aggregate, param: true, at }, param, path);
            }
            down(Step::Aggregate { aggregate, param: false, at }, &aggregate.expr, path);
        }
        Kind::Binary(binary) => {
            down(Step::Binary { binary, left: true, at }, &binary.left, path);
            down(Step::Binary { binary, left: false, at }, &binary.right, path);
        }
        Kind::Unary { minus, expr } => down(Step::Unary { minus: *minus }, expr, path),
        Kind::Paren(inner) => collect(inner, path, found),
    }
}

/// Names of the metrics that are read; selectors by pattern are left out.
pub fn metrics(expr: &Expr) -> BTreeSet<&str> {
    leaves(expr).into_iter().filter_map(|leaf| leaf.selector.metric_name()).collect()
}

/// A window that is read, of a selector or a subquery.
#[derive(Debug, Clone)]
pub struct UsedWindow<'a> {
    /// How long.
    pub window: Window,
    /// Where: the selector or subquery with its window.
    pub at: Range,
    /// The function that reads it.
    pub function: Option<&'a str>,
    /// The selector; none for a subquery.
    pub selector: Option<&'a Selector>,
    /// A subquery's resolution; none means the evaluation interval.
    pub step: Option<Duration>,
}

/// Every window, in the order of the text.
pub fn windows(expr: &Expr) -> Vec<UsedWindow<'_>> {
    let mut found = Vec::new();
    visit(expr, None, &mut |node, function| match &node.kind {
        Kind::Matrix { selector, range } => {
            found.push(UsedWindow { window: *range, at: node.at, function, selector: Some(selector), step: None });
        }
        Kind::Subquery { range, step, .. } => {
            found.push(UsedWindow { window: *range, at: node.at, function, selector: None, step: *step });
        }
        _ => {}
    });
    found
}

/// Calls `see` for every node, parents first, with the function whose argument it is.
pub fn visit<'a>(expr: &'a Expr, function: Option<&'a str>, see: &mut impl FnMut(&'a Expr, Option<&'a str>)) {
    see(expr, function);
    match &expr.kind {
        Kind::Number(_) | Kind::Float(_) | Kind::Text(_) | Kind::Selector(_) | Kind::Matrix { .. } => {}
        Kind::Paren(inner) => visit(inner, function, see),
        Kind::Subquery { expr, .. } | Kind::Unary { expr, .. } => visit(expr, None, see),
        Kind::Call(call) => {
            for arg in &call.args {
                visit(arg, Some(&call.function), see);
            }
        }
        Kind::Aggregate(aggregate) => {
            if let Some(param) = &aggregate.param {
                visit(param, None, see);
            }
            visit(&aggregate.expr, None, see);
        }
        Kind::Binary(binary) => {
            visit(&binary.left, None, see);
            visit(&binary.right, None, see);
        }
    }
}

/// Functions and aggregations that Prometheus runs only with `--enable-feature=promql-experimental-functions`.
pub fn experimental(expr: &Expr) -> Vec<(&str, Range)> {
    let mut found = Vec::new();
    visit(expr, None, &mut |node, _| match &node.kind {
        Kind::Call(call) if super::functions::named(&call.function).is_some_and(|f| f.experimental) => {
            found.push((&*call.function, node.at));
        }
        Kind::Aggregate(aggregate) if aggregate.op.is_experimental() => found.push((aggregate.op.word(), node.at)),
        _ => {}
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    #[test]
    fn every_selector_with_what_encloses_it() {
        let expr = parse("sum(rate(a[5m])) / on (x) b > scalar(c) or max_over_time(rate(d[1m])[1h:]) ").unwrap();
        let found: Vec<_> = leaves(&expr)
            .iter()
            .map(|leaf| format!("{} {:?} {}", leaf.selector, leaf.function(), leaf.is_aggregated()))
            .collect();
        assert_eq!(
            found,
            ["a Some(\"rate\") true", "b None false", "c Some(\"scalar\") false", "d Some(\"rate\") false"]
        );
        assert_eq!(metrics(&expr).into_iter().collect::<Vec<_>>(), ["a", "b", "c", "d"]);
        let windows: Vec<_> = windows(&expr).iter().map(|w| format!("{} {:?}", w.window, w.function)).collect();
        assert_eq!(windows, ["5m Some(\"rate\")", "1h Some(\"max_over_time\")", "1m Some(\"rate\")"]);
    }

    #[test]
    fn how_far_back() {
        let reach = |text: &str| {
            let expr = parse(text).unwrap();
            leaves(&expr).first().and_then(Leaf::reach).map(|reach| reach.to_string())
        };
        assert_eq!(reach("a").as_deref(), Some("0s"));
        assert_eq!(reach("rate(a[5m] offset 1h)").as_deref(), Some("1h5m"));
        assert_eq!(reach("max_over_time(rate(a[5m])[1d:] offset 2h)").as_deref(), Some("1d2h5m"));
        assert_eq!(reach("a offset -5m").as_deref(), Some("0s"));
        assert_eq!(reach("a @ 5"), None);
    }

    #[test]
    fn what_is_experimental() {
        let expr = parse("limitk(3, mad_over_time(a[5m])) + rate(b[5m])").unwrap();
        let names: Vec<_> = experimental(&expr).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["limitk", "mad_over_time"]);
    }
}
