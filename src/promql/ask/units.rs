//! In which unit an expression's values are, and where two units meet that do not go together.

use rust_decimal::Decimal;

use crate::promql::{Aggregate, AggregateOp, Binary, BinaryOp, Call, Expr, Kind, Range, Selector};
use crate::quantity::Unit;

/// What is known of the unit of a selector's series.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SeriesUnit {
    /// Of the samples themselves: the buckets of a histogram count.
    pub samples: Option<Unit>,
    /// Of what a histogram's buckets have observed.
    pub observed: Option<Unit>,
}

/// What is known of the units of a selector's series.
pub type KnownUnits<'k> = &'k dyn Fn(&Selector) -> SeriesUnit;

/// Two sides of an operator whose units do not go together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mixed {
    /// The operator.
    pub op: BinaryOp,
    /// The left side.
    pub left: (Range, Unit),
    /// The right side.
    pub right: (Range, Unit),
}

/// The unit of the expression's values, if it is known; every mixture on the way is told.
pub fn unit(expr: &Expr, known: KnownUnits<'_>, mixed: &mut Vec<Mixed>) -> Option<Unit> {
    Asker { known, mixed }.unit(expr)
}

struct Asker<'k, 'm> {
    known: KnownUnits<'k>,
    mixed: &'m mut Vec<Mixed>,
}

impl Asker<'_, '_> {
    fn unit(&mut self, expr: &Expr) -> Option<Unit> {
        match &expr.kind {
            Kind::Number(_) | Kind::Float(_) | Kind::Text(_) => None,
            Kind::Selector(selector) | Kind::Matrix { selector, .. } => (self.known)(selector).samples,
            Kind::Subquery { expr, .. } | Kind::Paren(expr) | Kind::Unary { expr, .. } => self.unit(expr),
            Kind::Aggregate(aggregate) => self.of_aggregate(aggregate),
            Kind::Call(call) => self.of_call(call),
            Kind::Binary(binary) => self.of_binary(binary),
        }
    }

    fn of_aggregate(&mut self, aggregate: &Aggregate) -> Option<Unit> {
        let inner = self.unit(&aggregate.expr);
        match aggregate.op {
            AggregateOp::Count | AggregateOp::CountValues => Some(Unit::Count),
            AggregateOp::Group | AggregateOp::Stdvar => None,
            _ => inner,
        }
    }

    fn of_call(&mut self, call: &Call) -> Option<Unit> {
        let mut inner: Vec<Option<Unit>> = call.args.iter().map(|argument| self.unit(argument)).collect();
        let first = inner.first().copied().flatten();
        match &*call.function {
            "rate" | "irate" | "deriv" => first.and_then(a_second),
            "increase" | "delta" | "idelta" | "avg_over_time" | "min_over_time" | "max_over_time"
            | "last_over_time" | "first_over_time" | "sum_over_time" | "stddev_over_time" | "abs" | "ceil"
            | "floor" | "round" | "clamp" | "clamp_min" | "clamp_max" | "sort" | "sort_desc" | "label_replace"
            | "label_join" | "vector" | "scalar" | "predict_linear" => first,
            "quantile_over_time" => inner.pop().flatten(),
            "time" | "timestamp" => Some(Unit::Seconds),
            "histogram_quantile" => call.args.last().and_then(|buckets| self.observed(buckets)),
            "histogram_fraction" => Some(Unit::Ratio),
            "count_over_time" | "changes" | "resets" => Some(Unit::Count),
            _ => None,
        }
    }

    /// The unit of what the buckets have observed, below rates and sums.
    fn observed(&self, expr: &Expr) -> Option<Unit> {
        match &expr.kind {
            Kind::Selector(selector) | Kind::Matrix { selector, .. } => (self.known)(selector).observed,
            Kind::Paren(inner) => self.observed(inner),
            Kind::Aggregate(aggregate) => self.observed(&aggregate.expr),
            Kind::Call(call) => call.args.first().and_then(|argument| self.observed(argument)),
            _ => None,
        }
    }

    fn of_binary(&mut self, binary: &Binary) -> Option<Unit> {
        let (left, right) = (self.unit(&binary.left), self.unit(&binary.right));
        let numbers = (is_number(&binary.left), is_number(&binary.right));
        match binary.op {
            BinaryOp::Mul => match (left, right) {
                // A factor changes the scale: what 100 times a share is has no unit here.
                _ if numbers.0 || numbers.1 => None,
                (Some(Unit::Ratio), other) | (other, Some(Unit::Ratio)) => other,
                _ => None,
            },
            BinaryOp::Div => match (left, right) {
                (Some(left), Some(right)) if left == right => Some(Unit::Ratio),
                (Some(left), Some(Unit::Count | Unit::Ratio)) => Some(left),
                _ => None,
            },
            BinaryOp::Add | BinaryOp::Sub => {
                self.compare(binary, left, right);
                left.or(right)
            }
            BinaryOp::And | BinaryOp::Unless => left,
            BinaryOp::Or => {
                left.filter(|left| right.is_none_or(|right| right == *left)).or(right.filter(|_| left.is_none()))
            }
            op if op.is_comparison() => {
                self.compare(binary, left, right);
                if binary.return_bool { None } else { left.filter(|_| !numbers.0).or(right) }
            }
            _ => None,
        }
    }

    fn compare(&mut self, binary: &Binary, left: Option<Unit>, right: Option<Unit>) {
        let (Some(one), Some(other)) = (left, right) else { return };
        if !go_together(one, other) {
            let (left, right) = ((binary.left.at, one), (binary.right.at, other));
            self.mixed.push(Mixed { op: binary.op, left, right });
        }
    }
}

/// What a second of it is.
fn a_second(unit: Unit) -> Option<Unit> {
    match unit {
        Unit::Count => Some(Unit::PerSecond),
        Unit::Bytes => Some(Unit::BytesPerSecond),
        Unit::Joules => Some(Unit::Watts),
        // Seconds a second: how much of the time, or how many at once.
        _ => None,
    }
}

/// Plain numbers, counts and shares are numbers without a unit: only the reader knows how they are meant.
fn go_together(one: Unit, other: Unit) -> bool {
    let plain = |unit: Unit| matches!(unit, Unit::Number | Unit::Count | Unit::Ratio);
    one == other || (plain(one) && plain(other))
}

fn is_number(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Number(number) => *number != Decimal::ONE,
        Kind::Paren(inner) | Kind::Unary { expr: inner, .. } => is_number(inner),
        Kind::Binary(binary) => is_number(&binary.left) && is_number(&binary.right),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    fn found(text: &str) -> (Option<Unit>, usize) {
        let known = |selector: &Selector| {
            let unit = |samples| SeriesUnit { samples: Some(samples), observed: None };
            match selector.metric_name().unwrap_or_default() {
                "bytes" => unit(Unit::Bytes),
                "seconds" => unit(Unit::Seconds),
                "count" => unit(Unit::Count),
                "share" => unit(Unit::Ratio),
                "h_bucket" => SeriesUnit { samples: Some(Unit::Count), observed: Some(Unit::Seconds) },
                _ => SeriesUnit::default(),
            }
        };
        let mut mixed = Vec::new();
        (unit(&parse(text).unwrap(), &known, &mut mixed), mixed.len())
    }

    #[test]
    fn units_that_come_out() {
        for (text, expected) in [
            ("bytes", Some(Unit::Bytes)),
            ("rate(count[5m])", Some(Unit::PerSecond)),
            ("sum(rate(bytes[5m]))", Some(Unit::BytesPerSecond)),
            ("rate(seconds[5m])", None),
            ("bytes / bytes", Some(Unit::Ratio)),
            ("100 * (bytes / bytes)", None),
            ("bytes / 1024", None),
            ("time() - seconds", Some(Unit::Seconds)),
            ("histogram_quantile(0.9, sum by (le) (rate(h_bucket[5m])))", Some(Unit::Seconds)),
            ("seconds / count", Some(Unit::Seconds)),
            ("1 - share", Some(Unit::Ratio)),
            ("unheard_of", None),
        ] {
            assert_eq!(found(text), (expected, 0), "{text}");
        }
    }

    #[test]
    fn units_that_do_not_go_together() {
        for text in ["bytes + seconds", "bytes > seconds", "time() - bytes", "rate(count[5m]) > bytes"] {
            assert_eq!(found(text).1, 1, "{text}");
        }
        for text in ["bytes + bytes", "share > count", "bytes > 5", "bytes * seconds", "bytes > unheard_of"] {
            assert_eq!(found(text).1, 0, "{text}");
        }
    }
}
