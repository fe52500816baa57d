//! Which values an expression's samples can have, by interval arithmetic: what lies outside can never be compared
//! with success.

use rust_decimal::Decimal;

use crate::promql::{Aggregate, AggregateOp, Binary, BinaryOp, Call, Expr, Kind, Selector};

/// An interval of values, both ends included; an end that is not there is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Values {
    /// The least.
    pub low: Option<Decimal>,
    /// The greatest.
    pub high: Option<Decimal>,
}

/// What is known of the values of a selector's series.
pub type KnownValues<'k> = &'k dyn Fn(&Selector) -> Values;

impl Values {
    /// Anything.
    pub const ANY: Self = Self { low: None, high: None };
    /// Never below zero.
    pub const NEVER_NEGATIVE: Self = Self { low: Some(Decimal::ZERO), high: None };
    /// A share, or a truth value.
    pub const SHARE: Self = Self { low: Some(Decimal::ZERO), high: Some(Decimal::ONE) };

    /// From one number to another.
    pub fn between(low: impl Into<Decimal>, high: impl Into<Decimal>) -> Self {
        Self { low: Some(low.into()), high: Some(high.into()) }
    }

    fn exactly(value: Decimal) -> Self {
        Self { low: Some(value), high: Some(value) }
    }

    fn at_least(low: impl Into<Decimal>) -> Self {
        Self { low: Some(low.into()), high: None }
    }

    fn is_never_negative(self) -> bool {
        self.low.is_some_and(|low| low >= Decimal::ZERO)
    }

    fn negated(self) -> Self {
        Self { low: self.high.map(|high| -high), high: self.low.map(|low| -low) }
    }

    fn plus(self, other: Self) -> Self {
        let add = |one: Option<Decimal>, other: Option<Decimal>| one?.checked_add(other?);
        Self { low: add(self.low, other.low), high: add(self.high, other.high) }
    }

    fn times(self, other: Self) -> Self {
        let (Some(a), Some(b), Some(c), Some(d)) = (self.low, self.high, other.low, other.high) else {
            return if self.is_never_negative() && other.is_never_negative() {
                Self::NEVER_NEGATIVE
            } else {
                Self::ANY
            };
        };
        let products: Option<Vec<Decimal>> =
            [(a, c), (a, d), (b, c), (b, d)].map(|(x, y)| x.checked_mul(y)).into_iter().collect();
        products.map_or(Self::ANY, |all| Self { low: all.iter().min().copied(), high: all.iter().max().copied() })
    }

    fn over(self, other: Self) -> Self {
        match (other.low, other.high) {
            (Some(low), Some(high)) if low == high && !low.is_zero() => {
                Decimal::ONE.checked_div(low).map_or(Self::ANY, |inverse| self.times(Self::exactly(inverse)))
            }
            _ if self.is_never_negative() && other.is_never_negative() => Self::NEVER_NEGATIVE,
            _ => Self::ANY,
        }
    }

    fn hull(self, other: Self) -> Self {
        let low = self.low.zip(other.low).map(|(one, other)| one.min(other));
        Self { low, high: self.high.zip(other.high).map(|(one, other)| one.max(other)) }
    }

    /// What a comparison with success leaves.
    fn narrowed(self, op: BinaryOp, bound: Self) -> Self {
        let raised = |low: Option<Decimal>, to: Option<Decimal>| low.max(to);
        let lowered = |high: Option<Decimal>, to: Option<Decimal>| match (high, to) {
            (Some(high), Some(to)) => Some(high.min(to)),
            (one, other) => one.or(other),
        };
        match op {
            BinaryOp::Greater | BinaryOp::GreaterEqual => Self { low: raised(self.low, bound.low), high: self.high },
            BinaryOp::Less | BinaryOp::LessEqual => Self { low: self.low, high: lowered(self.high, bound.high) },
            BinaryOp::Equal => Self { low: raised(self.low, bound.low), high: lowered(self.high, bound.high) },
            _ => self,
        }
    }
}

/// Whether a comparison can come out one way only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It never holds.
    Never,
    /// It always holds.
    Always,
}

/// How a comparison of these values comes out, if that is certain.
pub fn verdict(op: BinaryOp, left: Values, right: Values) -> Option<Verdict> {
    // Whether every value of one lies above, or not below, every value of the other.
    let above = |one: Values, other: Values| one.low.zip(other.high).is_some_and(|(low, high)| low > high);
    let not_below = |one: Values, other: Values| one.low.zip(other.high).is_some_and(|(low, high)| low >= high);
    let apart = above(left, right) || above(right, left);
    let (never, always) = match op {
        BinaryOp::Greater => (not_below(right, left), above(left, right)),
        BinaryOp::GreaterEqual => (above(right, left), not_below(left, right)),
        BinaryOp::Less => (not_below(left, right), above(right, left)),
        BinaryOp::LessEqual => (above(left, right), not_below(right, left)),
        BinaryOp::Equal => (apart, false),
        BinaryOp::NotEqual => (false, apart),
        _ => (false, false),
    };
    match (never, always) {
        (true, _) => Some(Verdict::Never),
        (_, true) => Some(Verdict::Always),
        _ => None,
    }
}

/// The values that samples of the expression can have.
pub fn values(expr: &Expr, known: KnownValues<'_>) -> Values {
    match &expr.kind {
        Kind::Number(number) => Values::exactly(*number),
        Kind::Float(_) | Kind::Text(_) => Values::ANY,
        Kind::Selector(selector) | Kind::Matrix { selector, .. } => known(selector),
        Kind::Subquery { expr, .. } | Kind::Paren(expr) => values(expr, known),
        Kind::Unary { minus, expr } => {
            let inner = values(expr, known);
            if *minus { inner.negated() } else { inner }
        }
        Kind::Aggregate(aggregate) => of_aggregate(aggregate, known),
        Kind::Call(call) => of_call(call, known),
        Kind::Binary(binary) => of_binary(binary, known),
    }
}

fn of_aggregate(aggregate: &Aggregate, known: KnownValues<'_>) -> Values {
    let inner = values(&aggregate.expr, known);
    match aggregate.op {
        AggregateOp::Sum if inner.is_never_negative() => Values { low: inner.low, high: None },
        AggregateOp::Sum => Values::ANY,
        AggregateOp::Count | AggregateOp::CountValues => Values::at_least(1),
        AggregateOp::Group => Values::between(1, 1),
        AggregateOp::Stddev | AggregateOp::Stdvar => Values::NEVER_NEGATIVE,
        // A quantile beyond 0 and 1 is infinite.
        AggregateOp::Quantile => match aggregate.param.as_ref().map(|param| &param.kind) {
            Some(Kind::Number(share)) if (Decimal::ZERO..=Decimal::ONE).contains(share) => inner,
            _ => Values::ANY,
        },
        AggregateOp::Avg
        | AggregateOp::Min
        | AggregateOp::Max
        | AggregateOp::Topk
        | AggregateOp::Bottomk
        | AggregateOp::Limitk
        | AggregateOp::LimitRatio => inner,
    }
}

fn of_call(call: &Call, known: KnownValues<'_>) -> Values {
    let argument = |index: usize| call.args.get(index).map_or(Values::ANY, |arg| values(arg, known));
    match &*call.function {
        "rate" | "irate" | "increase" | "resets" | "changes" | "time" | "timestamp" | "sqrt" | "exp"
        | "stddev_over_time" | "stdvar_over_time" | "histogram_count" | "histogram_stddev" | "histogram_stdvar" => {
            Values::NEVER_NEGATIVE
        }
        "count_over_time" => Values::at_least(1),
        "absent" | "absent_over_time" | "present_over_time" => Values::between(1, 1),
        "avg_over_time" | "min_over_time" | "max_over_time" | "last_over_time" | "first_over_time" | "vector"
        | "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" | "label_replace" | "label_join" => argument(0),
        "sum_over_time" if argument(0).is_never_negative() => Values { low: argument(0).low, high: None },
        "abs" => match argument(0) {
            inner if inner.is_never_negative() => inner,
            _ => Values::NEVER_NEGATIVE,
        },
        "clamp_min" => argument(0).narrowed(BinaryOp::Greater, argument(1)),
        "clamp_max" => argument(0).narrowed(BinaryOp::Less, argument(1)),
        "histogram_fraction" => Values::SHARE,
        "sgn" => Values::between(-1, 1),
        "minute" => Values::between(0, 59),
        "hour" => Values::between(0, 23),
        "day_of_week" => Values::between(0, 6),
        "day_of_month" => Values::between(1, 31),
        "day_of_year" => Values::between(1, 366),
        "days_in_month" => Values::between(28, 31),
        "month" => Values::between(1, 12),
        _ => Values::ANY,
    }
}

fn of_binary(binary: &Binary, known: KnownValues<'_>) -> Values {
    let (left, right) = (values(&binary.left, known), values(&binary.right, known));
    match binary.op {
        BinaryOp::Add => left.plus(right),
        BinaryOp::Sub => left.plus(right.negated()),
        BinaryOp::Mul => left.times(right),
        BinaryOp::Div if is_part_of(&binary.left, &binary.right) => Values::SHARE,
        BinaryOp::Div => left.over(right),
        BinaryOp::Or => left.hull(right),
        BinaryOp::And | BinaryOp::Unless => left,
        op if op.is_comparison() && binary.return_bool => Values::SHARE,
        // A number on the left is compared, what is kept are the series.
        op if op.is_comparison() => match &binary.left.kind {
            Kind::Number(_) => right,
            _ => left.narrowed(op, right),
        },
        _ => Values::ANY,
    }
}

/// Whether one side counts some of what the other counts: the same sums and rates of the same counters, under more
/// matchers. Their quotient is a share.
pub fn is_part_of(part: &Expr, whole: &Expr) -> bool {
    match (&part.kind, &whole.kind) {
        (Kind::Paren(part), _) => is_part_of(part, whole),
        (_, Kind::Paren(whole)) => is_part_of(part, whole),
        (Kind::Selector(part), Kind::Selector(whole)) => selects_part(part, whole),
        (Kind::Matrix { selector: part, range: one }, Kind::Matrix { selector: whole, range: other }) => {
            one == other && selects_part(part, whole)
        }
        (Kind::Call(part), Kind::Call(whole)) => {
            matches!(&*part.function, "rate" | "increase")
                && part.function == whole.function
                && part.args.len() == whole.args.len()
                && part.args.iter().zip(&whole.args).all(|(part, whole)| is_part_of(part, whole))
        }
        (Kind::Aggregate(part), Kind::Aggregate(whole)) => {
            part.op == AggregateOp::Sum
                && whole.op == AggregateOp::Sum
                && part.grouping == whole.grouping
                && is_part_of(&part.expr, &whole.expr)
        }
        _ => false,
    }
}

fn selects_part(part: &Selector, whole: &Selector) -> bool {
    part.metric_name().is_some()
        && part.metric_name() == whole.metric_name()
        && part.offset == whole.offset
        && whole.matchers.iter().all(|matcher| part.matchers.contains(matcher))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    fn found(text: &str) -> String {
        let known = |selector: &Selector| match selector.metric_name() {
            Some("up") => Values::SHARE,
            Some("c") => Values::NEVER_NEGATIVE,
            _ => Values::ANY,
        };
        let found = values(&parse(text).unwrap(), &known);
        let end = |end: Option<Decimal>| end.map_or_else(|| "..".to_owned(), |end| end.normalize().to_string());
        format!("{} {}", end(found.low), end(found.high))
    }

    #[test]
    fn what_can_come_out() {
        for (text, expected) in [
            ("up", "0 1"),
            ("-up", "-1 0"),
            ("1 - avg(up)", "0 1"),
            ("100 * (1 - up)", "0 100"),
            ("up / 2", "0 0.5"),
            ("sum(up)", "0 .."),
            ("count(g)", "1 .."),
            ("g", ".. .."),
            ("rate(g[5m])", "0 .."),
            ("delta(c[5m])", ".. .."),
            ("g > 5", "5 .."),
            ("g < 5", ".. 5"),
            ("5 > g", ".. .."),
            ("g > bool 5", "0 1"),
            ("sum(rate(c{code=\"500\"}[5m])) / sum(rate(c[5m]))", "0 1"),
            ("sum(rate(c[5m])) / sum(rate(c{code=\"500\"}[5m]))", "0 .."),
            ("sum(rate(c[5m])) / sum(rate(d[5m]))", "0 .."),
            ("up or c", "0 .."),
            ("hour()", "0 23"),
            ("clamp_max(c, 3)", "0 3"),
            ("quantile(0.9, up)", "0 1"),
            ("quantile(9, up)", ".. .."),
            ("up - up", "-1 1"),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn how_comparisons_come_out() {
        let of = |text: &str| {
            let Kind::Binary(binary) = parse(text).unwrap().kind else { panic!("{text}") };
            let known = |_: &Selector| Values::SHARE;
            verdict(binary.op, values(&binary.left, &known), values(&binary.right, &known))
        };
        for never in ["up > 1", "up >= 2", "up < 0", "up == 5", "1 < up", "up <= -1"] {
            assert_eq!(of(never), Some(Verdict::Never), "{never}");
        }
        for always in ["up >= 0", "up <= 1", "up != 5", "up > -1", "2 > up"] {
            assert_eq!(of(always), Some(Verdict::Always), "{always}");
        }
        for open in ["up > 0", "up == 0", "up < 1", "up >= 1", "up != 1"] {
            assert_eq!(of(open), None, "{open}");
        }
    }
}
