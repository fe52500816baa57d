//! Operators between numbers and series.

use super::{Evaluation, Labels, Point, Result, Unknown, Value, nameless};
use crate::promql::ask::NAME_LABEL;
use crate::promql::{Binary, BinaryOp, Group, Matching};

impl Evaluation<'_> {
    pub(super) fn binary(&self, binary: &Binary) -> Result<Value> {
        let (left, right) = (self.of(&binary.left)?, self.of(&binary.right)?);
        match (left, right) {
            (Value::Scalar(left), Value::Scalar(right)) => computed(binary.op, left, right).map(Value::Scalar),
            (Value::Vector(points), Value::Scalar(number)) => {
                with_number(binary, points, |value| (value, number), |left, _| left).map(Value::Vector)
            }
            (Value::Scalar(number), Value::Vector(points)) => {
                with_number(binary, points, |value| (number, value), |_, right| right).map(Value::Vector)
            }
            (Value::Vector(left), Value::Vector(right)) if binary.op.is_set() => {
                Ok(Value::Vector(joined(binary, left, right)))
            }
            (Value::Vector(left), Value::Vector(right)) => paired(binary, left, right).map(Value::Vector),
            _ => Err(Unknown("a text where numbers belong".to_owned())),
        }
    }
}

fn with_number(
    binary: &Binary,
    points: Vec<Point>,
    sides: impl Fn(f64) -> (f64, f64),
    own: impl Fn(f64, f64) -> f64,
) -> Result<Vec<Point>> {
    let mut found = Vec::new();
    for point in points {
        let (left, right) = sides(point.value);
        let value = computed(binary.op, left, right)?;
        if binary.op.is_comparison() && !binary.return_bool {
            if value != 0.0 {
                found.push(Point { labels: point.labels, value: own(left, right) });
            }
        } else {
            found.push(Point { labels: nameless(point.labels), value });
        }
    }
    Ok(found)
}

/// What two samples have in common, so that they meet.
fn signature(labels: &Labels, matching: Option<&Matching>) -> Labels {
    let mut labels = nameless(labels.clone());
    if let Some(matching) = matching {
        labels.retain(|label, _| matching.labels.contains(label) == matching.on);
    }
    labels
}

fn joined(binary: &Binary, left: Vec<Point>, right: Vec<Point>) -> Vec<Point> {
    let of = |point: &Point| signature(&point.labels, binary.matching.as_ref());
    let has = |points: &[Point], one: &Point| points.iter().any(|other| of(other) == of(one));
    match binary.op {
        BinaryOp::And => left.into_iter().filter(|point| has(&right, point)).collect(),
        BinaryOp::Unless => left.into_iter().filter(|point| !has(&right, point)).collect(),
        _ => {
            let more: Vec<Point> = right.into_iter().filter(|point| !has(&left, point)).collect();
            left.into_iter().chain(more).collect()
        }
    }
}

fn paired(binary: &Binary, left: Vec<Point>, right: Vec<Point>) -> Result<Vec<Point>> {
    let matching = binary.matching.as_ref();
    let group = matching.and_then(|matching| matching.group.as_ref());
    let left_is_many = group.is_none_or(|group| group.left);
    let (many, ones) = if left_is_many { (&left, &right) } else { (&right, &left) };
    let mut found: Vec<Point> = Vec::new();
    for point in many {
        let wanted = signature(&point.labels, matching);
        let mut partners = ones.iter().filter(|one| signature(&one.labels, matching) == wanted);
        let Some(one) = partners.next() else { continue };
        if partners.next().is_some() {
            return Err(Unknown("several series where one is matched".to_owned()));
        }
        let (one_value, many_value) = (one.value, point.value);
        let (l, r) = if left_is_many { (many_value, one_value) } else { (one_value, many_value) };
        let value = computed(binary.op, l, r)?;
        let filters = binary.op.is_comparison() && !binary.return_bool;
        if filters && value == 0.0 {
            continue;
        }
        let mut labels = result_labels(&point.labels, &one.labels, matching, group);
        if filters
            && let Some(name) =
                point.labels.get(NAME_LABEL).filter(|_| group.is_none() && matching.is_none_or(|m| !m.on))
        {
            labels.insert(NAME_LABEL.to_owned(), name.clone());
        }
        if found.iter().any(|other| nameless(other.labels.clone()) == nameless(labels.clone())) {
            return Err(Unknown("several series where one is matched".to_owned()));
        }
        found.push(Point { labels, value: if filters { l } else { value } });
    }
    Ok(found)
}

fn result_labels(many: &Labels, one: &Labels, matching: Option<&Matching>, group: Option<&Group>) -> Labels {
    let mut labels = nameless(many.clone());
    match (matching, group) {
        (_, Some(group)) => {
            for label in &group.labels {
                match one.get(label) {
                    Some(value) => labels.insert(label.clone(), value.clone()),
                    None => labels.remove(label),
                };
            }
        }
        (Some(matching), None) => labels.retain(|label, _| matching.labels.contains(label) == matching.on),
        (None, None) => {}
    }
    labels
}

fn computed(op: BinaryOp, left: f64, right: f64) -> Result<f64> {
    let truth = |is: bool| f64::from(u8::from(is));
    Ok(match op {
        BinaryOp::Add => left + right,
        BinaryOp::Sub => left - right,
        BinaryOp::Mul => left * right,
        BinaryOp::Div => left / right,
        BinaryOp::Mod => left % right,
        BinaryOp::Pow => left.powf(right),
        BinaryOp::Equal => truth(left == right),
        BinaryOp::NotEqual => truth(left != right),
        BinaryOp::Greater => truth(left > right),
        BinaryOp::Less => truth(left < right),
        BinaryOp::GreaterEqual => truth(left >= right),
        BinaryOp::LessEqual => truth(left <= right),
        _ => return Err(Unknown(format!("the operator {}", op.sign()))),
    })
}
