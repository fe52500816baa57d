//! Which metrics a signal is made of.

use crate::model::{Part, Shape, Whole};
use crate::promql::Selector;

/// The selectors of a shape.
pub fn selectors(shape: &Shape) -> Vec<&Selector> {
    match shape {
        Shape::Rate { of } | Shape::Increase { of } => of.iter().map(|one| &one.value).collect(),
        Shape::Ratio { part, total, .. } => part.iter().chain(total).map(|one| &one.value).collect(),
        Shape::Latency { histogram, .. } => vec![&histogram.value],
        Shape::Gauge { of, .. } | Shape::Age { of, .. } => vec![&of.value],
        Shape::Fraction { part, whole, .. } => {
            let (Part::Used(part) | Part::Free(part)) = part;
            let whole = match whole {
                Whole::Gauge(whole) => Some(&whole.value),
                Whole::Constant(_) => None,
            };
            std::iter::once(&part.value).chain(whole).collect()
        }
        Shape::Expr { expr, .. } => {
            crate::promql::ask::leaves(&expr.value).into_iter().map(|leaf| leaf.selector).collect()
        }
    }
}

/// Names of the metrics of a shape.
pub fn metric_names(shape: &Shape) -> Vec<&str> {
    selectors(shape).into_iter().filter_map(|selector| selector.metric_name()).collect()
}
