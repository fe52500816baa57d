//! Whether an expression is a condition: it may return nothing although its series exist.

use crate::promql::{BinaryOp, Expr, Kind};

/// Whether the expression can serve as an alert's: it returns nothing while all is well. False when
/// it returns something as long as its series exist, so that an alert on it would always fire.
pub fn is_condition(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Number(_) | Kind::Float(_) | Kind::Text(_) | Kind::Selector(_) | Kind::Matrix { .. } => false,
        Kind::Subquery { expr, .. } | Kind::Unary { expr, .. } | Kind::Paren(expr) => is_condition(expr),
        Kind::Aggregate(aggregate) => is_condition(&aggregate.expr),
        Kind::Call(call) => match &*call.function {
            "absent" | "absent_over_time" => true,
            // Both give a number for a vector of no series.
            "scalar" | "vector" => false,
            _ => call.args.iter().any(is_condition),
        },
        Kind::Binary(binary) => {
            let (left, right) = (is_condition(&binary.left), is_condition(&binary.right));
            match binary.op {
                BinaryOp::Unless => true,
                BinaryOp::Or => left && right,
                op if op.is_comparison() && !binary.return_bool => true,
                _ => left || right,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    #[test]
    fn conditions_and_plain_values() {
        for text in [
            "up == 0",
            "(a > 5) / b",
            "absent(up)",
            "a unless b",
            "a and b > 1",
            "sum(a > 1)",
            "count_over_time((a > 1)[1h:])",
            "a > 1 or b > 1",
            "-(a > 1)",
        ] {
            assert!(is_condition(&parse(text).unwrap()), "{text}");
        }
        for text in ["up", "a > bool 5", "a > 1 or b", "vector(scalar(a > 1))", "a + b", "a and b", "rate(a[5m])", "1"]
        {
            assert!(!is_condition(&parse(text).unwrap()), "{text}");
        }
    }
}
