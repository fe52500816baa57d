//! Aggregations.

use std::collections::BTreeMap;

use super::{Evaluation, Labels, Point, Result, Unknown, nameless};
use crate::promql::{Aggregate, AggregateOp, Grouping};

impl Evaluation<'_> {
    pub(super) fn aggregate(&self, aggregate: &Aggregate) -> Result<Vec<Point>> {
        let points = self.vector(&aggregate.expr)?;
        let number = match &aggregate.param {
            Some(param) if aggregate.op != AggregateOp::CountValues => Some(self.scalar(param)?),
            _ => None,
        };
        let mut groups: BTreeMap<Labels, Vec<Point>> = BTreeMap::new();
        for point in points {
            groups.entry(kept(&point.labels, aggregate.grouping.as_ref())).or_default().push(point);
        }
        let mut found = Vec::new();
        for (labels, members) in groups {
            match (aggregate.op, number) {
                (AggregateOp::Topk, Some(count)) => found.extend(first(members, count, false)),
                (AggregateOp::Bottomk, Some(count)) => found.extend(first(members, count, true)),
                (op, number) => found.push(Point { labels, value: one(op, number, &members)? }),
            }
        }
        Ok(found)
    }
}

/// The labels that a grouping keeps.
fn kept(labels: &Labels, grouping: Option<&Grouping>) -> Labels {
    let Some(grouping) = grouping else { return Labels::new() };
    let mut labels = if grouping.without { nameless(labels.clone()) } else { labels.clone() };
    labels.retain(|label, _| grouping.labels.contains(label) != grouping.without);
    labels
}

fn first(mut members: Vec<Point>, count: f64, ascending: bool) -> Vec<Point> {
    members.sort_by(|one, other| {
        let order = one.value.total_cmp(&other.value);
        if ascending { order } else { order.reverse() }
    });
    members.truncate(count.max(0.0) as usize);
    members
}

fn one(op: AggregateOp, number: Option<f64>, members: &[Point]) -> Result<f64> {
    let values = || members.iter().map(|point| point.value);
    let count = members.len() as f64;
    let varies = || {
        let mean = values().sum::<f64>() / count;
        values().map(|value| (value - mean).powi(2)).sum::<f64>() / count
    };
    Ok(match (op, number) {
        (AggregateOp::Sum, _) => values().sum(),
        (AggregateOp::Avg, _) => values().sum::<f64>() / count,
        (AggregateOp::Min, _) => values().reduce(f64::min).unwrap_or(f64::NAN),
        (AggregateOp::Max, _) => values().reduce(f64::max).unwrap_or(f64::NAN),
        (AggregateOp::Count, _) => count,
        (AggregateOp::Group, _) => 1.0,
        (AggregateOp::Stdvar, _) => varies(),
        (AggregateOp::Stddev, _) => varies().sqrt(),
        (AggregateOp::Quantile, Some(quantile)) => super::quantile::of_values(quantile, values().collect()),
        _ => return Err(Unknown(format!("the aggregation {}", op.word()))),
    })
}
