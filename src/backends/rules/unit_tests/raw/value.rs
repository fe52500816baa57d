//! An expression's value as an equation over the levels of its series.

use rust_decimal::Decimal;

use super::cast::{Cast, Company};
use super::linear::Linear;
use super::samples::Role;
use super::solve::{Course, beside};
use crate::promql::{Aggregate, AggregateOp, Binary, BinaryOp, Call, Expr, Kind, Selector};
use crate::slo::seconds;

/// An unknown that is one value times or divided by another.
#[derive(Debug, Clone)]
pub(super) struct Product {
    /// The unknown.
    pub unknown: usize,
    /// The first operand, and
    pub left: Linear,
    /// the second: neither is a constant.
    pub right: Linear,
    /// Whether the first is divided by the second.
    pub divided: bool,
}

/// Reads expressions as equations.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    /// The series.
    pub cast: &'a mut Cast,
    /// Products met so far, outer ones first.
    pub products: Vec<Product>,
    /// How many unknowns there are besides the series' levels and the time.
    pub more: &'a mut usize,
}

type Read = Result<Linear, String>;

fn too_large() -> String {
    "its numbers are too large".to_owned()
}

impl Reader<'_> {
    /// The value, in which series add up as `company` says.
    pub(super) fn value(&mut self, expr: &Expr, company: Company) -> Read {
        match &expr.kind {
            Kind::Number(number) => Ok(Linear::constant(*number)),
            Kind::Float(_) | Kind::Text(_) => Err(format!("{expr} is no number that a series can have")),
            Kind::Paren(inner) => self.value(inner, company),
            Kind::Unary { minus, expr } => {
                let value = self.value(expr, company)?;
                if *minus { value.times(Decimal::NEGATIVE_ONE).ok_or_else(too_large) } else { Ok(value) }
            }
            Kind::Selector(selector) => self.gauge(selector, company),
            Kind::Matrix { .. } | Kind::Subquery { .. } => Err(format!("{expr} is no value")),
            Kind::Call(call) => self.call(call, expr, company),
            Kind::Aggregate(aggregate) => self.aggregate(aggregate),
            Kind::Binary(binary) => self.binary(binary, company),
        }
    }

    fn gauge(&mut self, selector: &Selector, company: Company) -> Read {
        if !self.cast.tells_moments(selector) {
            return self.cast.levels(selector, Role::Gauge, company);
        }
        let age = self.cast.levels(selector, Role::Moment, company)?;
        Linear::unknown(self.cast.time()).plus(&age, Decimal::NEGATIVE_ONE).ok_or_else(too_large)
    }

    fn call(&mut self, call: &Call, expr: &Expr, company: Company) -> Read {
        match (call.function.as_ref(), call.args.as_slice()) {
            ("time", []) => Ok(Linear::unknown(self.cast.time())),
            (
                "abs" | "clamp" | "clamp_min" | "clamp_max" | "round" | "ceil" | "floor" | "sort" | "sort_desc"
                | "label_replace" | "vector" | "scalar",
                [value, ..],
            ) => self.value(value, company),
            ("histogram_quantile", [quantile, buckets]) => {
                let quantile = self.value(quantile, Company::One)?.known();
                let quantile = quantile.ok_or_else(|| format!("{expr} has a quantile that is no number"))?;
                self.cast.quantile(quantile, buckets)
            }
            ("quantile_over_time", [_, range]) => self.over_time("quantile_over_time", range, company),
            (function, [range] | [range, _]) => self.over_time(function, range, company),
            _ => Err(format!("{} cannot be inverted", call.function)),
        }
    }

    fn over_time(&mut self, function: &str, range: &Expr, company: Company) -> Read {
        let unknown = || format!("{function} cannot be inverted");
        let (selector, window) = match &range.kind {
            Kind::Paren(inner) => return self.over_time(function, inner, company),
            Kind::Matrix { selector, range } => (selector, range.fixed().ok_or_else(unknown)?),
            Kind::Subquery { expr, .. } if keeps_level(function) => return self.value(expr, company),
            _ => return Err(unknown()),
        };
        let (role, factor) = match function {
            "rate" | "irate" => (Role::Counter, Decimal::ONE),
            "increase" => (Role::Counter, seconds(window)),
            "deriv" => (Role::Slope, Decimal::ONE),
            "delta" => (Role::Slope, seconds(window)),
            "changes" => (Role::Changing(window), Decimal::ONE),
            _ if keeps_level(function) => return self.gauge(selector, company),
            _ => return Err(unknown()),
        };
        // Where the gauge itself is looked at, too, it stands.
        if role == Role::Slope && self.cast.stands(selector) {
            return Ok(Linear::default());
        }
        self.cast.levels(selector, role, company)?.times(factor).ok_or_else(too_large)
    }

    fn aggregate(&mut self, aggregate: &Aggregate) -> Read {
        let company = match aggregate.op {
            AggregateOp::Sum => Company::Added,
            AggregateOp::Avg => Company::Averaged,
            AggregateOp::Max | AggregateOp::Min | AggregateOp::Topk | AggregateOp::Bottomk | AggregateOp::Quantile => {
                Company::One
            }
            AggregateOp::Group => return Ok(Linear::constant(Decimal::ONE)),
            AggregateOp::Count => return self.count(&aggregate.expr),
            _ => return Err(format!("{} cannot be inverted", aggregate.op.word())),
        };
        self.value(&aggregate.expr, company)
    }

    /// How many series there are, or of how many a comparison holds.
    fn count(&mut self, expr: &Expr) -> Read {
        match &expr.kind {
            Kind::Paren(inner) => self.count(inner),
            Kind::Selector(selector) => self.cast.count(selector, Decimal::ONE),
            Kind::Binary(Binary { op, left, right, return_bool: false, .. }) => match (&left.kind, &right.kind) {
                (Kind::Selector(selector), Kind::Number(bound)) => {
                    self.cast.count(selector, beside(*bound, *op, true, Course::Jump))
                }
                _ => Err(format!("count of {expr} cannot be inverted")),
            },
            _ => Err(format!("count of {expr} cannot be inverted")),
        }
    }

    fn binary(&mut self, binary: &Binary, company: Company) -> Read {
        if binary.op.is_set() || (binary.op.is_comparison() && !binary.return_bool) {
            return self.value(&binary.left, company);
        }
        let slot = self.products.len();
        let (left, right) = (self.value(&binary.left, company)?, self.value(&binary.right, company)?);
        let done = match (binary.op, left.known(), right.known()) {
            (BinaryOp::Add, ..) => left.plus(&right, Decimal::ONE),
            (BinaryOp::Sub, ..) => left.plus(&right, Decimal::NEGATIVE_ONE),
            (BinaryOp::Mul, Some(factor), _) => right.times(factor),
            (BinaryOp::Mul, _, Some(factor)) => left.times(factor),
            (BinaryOp::Div, _, Some(divisor)) => {
                Decimal::ONE.checked_div(divisor).and_then(|factor| left.times(factor))
            }
            (BinaryOp::Mul | BinaryOp::Div, ..) => {
                let unknown = self.cast.time() + 1 + *self.more;
                *self.more += 1;
                let divided = binary.op == BinaryOp::Div;
                // The operands' own products are solved after this one.
                self.products.insert(slot, Product { unknown, left, right, divided });
                Some(Linear::unknown(unknown))
            }
            (BinaryOp::Pow, Some(base), Some(power)) => {
                let power =
                    power.try_into().ok().filter(|power: &u32| Decimal::from(*power) == power.to_owned().into());
                let mut result = Some(Decimal::ONE);
                for _ in 0..power.unwrap_or(u32::MAX).min(64) {
                    result = result.and_then(|result| result.checked_mul(base));
                }
                power.and(result).map(Linear::constant)
            }
            _ => return Err(format!("{} {} {} cannot be inverted", binary.left, binary.op.sign(), binary.right)),
        };
        done.ok_or_else(too_large)
    }
}

/// Whether a steady gauge's value goes through the function as it is.
fn keeps_level(function: &str) -> bool {
    matches!(
        function,
        "avg_over_time"
            | "max_over_time"
            | "min_over_time"
            | "last_over_time"
            | "first_over_time"
            | "quantile_over_time"
            | "predict_linear"
    )
}
