//! Levels of series at which comparisons hold, or do not.

use rust_decimal::Decimal;

use super::cast::{Cast, Company};
use super::linear::{Linear, solve};
use super::truth::{Atom, Literal};
use super::value::{Product, Reader};
use crate::promql::ask::leaves;
use crate::promql::{Binary, BinaryOp, Expr, Kind};

/// Larger numbers would not fit once they have grown for hours.
pub(super) const LARGEST: Decimal = Decimal::from_parts(0xa4c6_8000, 0x0003_8d7e, 0, false, 0);

/// A level for each series; none where it is not there.
pub(super) type Levels = Vec<Option<Decimal>>;

/// Gives each series of an expression its part.
pub(super) fn parts(cast: &mut Cast, expr: &Expr) {
    if speaks_of_time(expr) {
        cast.tell_moments(expr);
    }
    let mut reader = Reader { cast, products: Vec::new(), more: &mut 0 };
    // What cannot be read keeps its usual part.
    let _ = reader.value(expr, Company::One);
}

/// Equations, and unknowns that are products of others.
struct Equations {
    rows: Vec<Linear>,
    /// Rows that make numbers round, if they can hold.
    wishes: Vec<Linear>,
    products: Vec<Product>,
    gone: Vec<usize>,
    more: usize,
}

/// Levels at which the atoms hold, or do not, as the literals say.
pub(super) fn levels(cast: &mut Cast, atoms: &[Atom], literals: &[Literal]) -> Result<Levels, String> {
    let mut equations =
        Equations { rows: Vec::new(), wishes: Vec::new(), products: Vec::new(), gone: Vec::new(), more: 0 };
    let mut reason = None;
    for atom in atoms {
        if let Atom::Compared(expr, _) = atom
            && speaks_of_time(expr)
        {
            cast.tell_moments(expr);
        }
    }
    for (atom, holds) in literals {
        match atoms.get(*atom) {
            Some(Atom::Compared(expr, binary)) => {
                // What cannot be read is left to chance; playing the alert shows whether it holds.
                if let Err(why) = equations.compared(cast, expr, binary, *holds) {
                    reason = reason.or(Some(why));
                }
            }
            Some(Atom::There(expr)) if !holds => {
                equations.gone.extend(leaves(expr).iter().flat_map(|leaf| cast.matched(leaf.selector)));
            }
            Some(Atom::There(expr)) => {
                // Only to learn the parts of its series.
                let _ = equations.read(cast, expr);
            }
            None => {}
        }
    }
    for negative in [false, true] {
        for wished in [true, false] {
            for open in [Decimal::ONE_HUNDRED, Decimal::ONE, Decimal::ZERO] {
                let Some(values) = equations.solved(cast, wished, open) else { continue };
                let known = values.into_iter().take(cast.len()).enumerate();
                let levels: Levels =
                    known.map(|(at, value)| (!equations.gone.contains(&at)).then_some(value)).collect();
                if cast.can_play(&levels, negative) {
                    return Ok(levels);
                }
            }
        }
    }
    Err(reason.unwrap_or_else(|| "its comparisons cannot hold together".to_owned()))
}

impl Equations {
    fn read(&mut self, cast: &mut Cast, expr: &Expr) -> Result<Linear, String> {
        let mut reader = Reader { cast, products: Vec::new(), more: &mut self.more };
        let value = reader.value(expr, Company::One)?;
        let products = reader.products;
        self.products.extend(products);
        Ok(value)
    }

    /// A comparison that holds, or does not: the left side as far from the right as a margin.
    fn compared(&mut self, cast: &mut Cast, expr: &Expr, binary: &Binary, holds: bool) -> Result<(), String> {
        let left = self.read(cast, &binary.left)?;
        let right = self.read(cast, &binary.right)?;
        let large = || "its numbers are too large".to_owned();
        let (value, bound, op) = match (left.known(), right.known()) {
            (Some(bound), None) => (right.clone(), Some(bound), flipped(binary.op)),
            (None, bound) => (left, bound, binary.op),
            (Some(_), Some(_)) => return Err(format!("{expr} depends on nothing")),
        };
        let time = cast.time();
        let slides = leaves(expr).iter().any(|leaf| leaf.window.is_some());
        let usual = if slides { Course::Slide } else { Course::Jump };
        if bound.is_some_and(|bound| bound.abs() > LARGEST) {
            return Err(large());
        }
        let row = if let Some(bound) = bound {
            let course = value.factors.keys().find_map(|index| cast.course(*index)).unwrap_or(usual);
            let wanted = beside(bound, op, holds, course);
            value.plus(&Linear::constant(wanted), Decimal::NEGATIVE_ONE).ok_or_else(large)?
        } else {
            let wish = right.clone().plus(&Linear::constant(Decimal::ONE_HUNDRED), Decimal::NEGATIVE_ONE);
            self.wishes.extend(wish.filter(|wish| !wish.factors.contains_key(&time)));
            let times = beside(Decimal::ONE, op, holds, usual);
            value.plus(&right, -times).ok_or_else(large)?
        };
        if row.factors.contains_key(&time) {
            return Err(format!("{expr} moves with the time"));
        }
        self.rows.push(row);
        Ok(())
    }

    /// Values of all unknowns.
    fn solved(&self, cast: &Cast, wished: bool, open: Decimal) -> Option<Vec<Decimal>> {
        let unknowns = cast.time() + 1 + self.more;
        let mut rows = self.rows.clone();
        let mut values = solve(&rows, unknowns, open)?;
        let mut add = |rows: &mut Vec<Linear>, row: Linear, wish: bool| -> Option<()> {
            rows.push(row);
            match solve(rows, unknowns, open) {
                Some(found) => values = found,
                None if wish => {
                    rows.pop();
                }
                None => return None,
            }
            Some(())
        };
        for wish in self.wishes.iter().filter(|_| wished) {
            add(&mut rows, wish.clone(), true)?;
        }
        for product in &self.products {
            let value = *solve(&rows, unknowns, open)?.get(product.unknown)?;
            let known = Linear::unknown(product.unknown).plus(&Linear::constant(value), Decimal::NEGATIVE_ONE)?;
            add(&mut rows, known, false)?;
            if product.divided {
                add(&mut rows, product.left.clone().plus(&product.right, -value)?, false)?;
                if wished {
                    let whole = Linear::constant(Decimal::ONE_HUNDRED);
                    add(&mut rows, product.right.clone().plus(&whole, Decimal::NEGATIVE_ONE)?, true)?;
                }
            } else {
                add(
                    &mut rows,
                    product.right.clone().plus(&Linear::constant(Decimal::ONE), Decimal::NEGATIVE_ONE)?,
                    false,
                )?;
                add(&mut rows, product.left.clone().plus(&Linear::constant(value), Decimal::NEGATIVE_ONE)?, false)?;
            }
        }
        Some(values)
    }
}

/// Functions that look at the clock.
const CLOCK: [&str; 9] =
    ["time", "minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year"];

/// Whether an expression asks for the time.
pub(super) fn speaks_of_time(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Call(call) => CLOCK.contains(&call.function.as_ref()) || call.args.iter().any(speaks_of_time),
        Kind::Paren(inner) | Kind::Unary { expr: inner, .. } | Kind::Subquery { expr: inner, .. } => {
            speaks_of_time(inner)
        }
        Kind::Aggregate(aggregate) => speaks_of_time(&aggregate.expr),
        Kind::Binary(binary) => speaks_of_time(&binary.left) || speaks_of_time(&binary.right),
        _ => false,
    }
}

fn flipped(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::GreaterEqual => BinaryOp::LessEqual,
        BinaryOp::LessEqual => BinaryOp::GreaterEqual,
        other => other,
    }
}

/// How values move from one side of a bound to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// At once.
    Jump,
    /// By and by, as a window fills.
    Slide,
    /// By and by, in whole steps.
    Steps,
    /// At once, in whole steps.
    Crowd,
}

/// A value close to the bound for which the comparison holds, or does not.
pub(super) fn beside(bound: Decimal, op: BinaryOp, holds: bool, course: Course) -> Decimal {
    let tenth = if bound.is_zero() { Decimal::ONE } else { bound.abs() / Decimal::TEN };
    // A share stays below the whole, a percentage below a hundred.
    let room = |all: Decimal| {
        ((bound * Decimal::TWO >= all || all == Decimal::ONE) && bound < all).then(|| (all - bound) / Decimal::TWO)
    };
    let room = if bound > Decimal::ZERO { room(Decimal::ONE).or(room(Decimal::ONE_HUNDRED)) } else { None };
    // A little further outside than inside: half way, what slides would be at the very bound.
    let off = if course == Course::Slide && holds { Decimal::new(107, 2) } else { Decimal::ONE };
    let (up, down) = match (course, op) {
        (Course::Jump | Course::Slide, _) => {
            (bound + room.map_or(tenth, |room| room.min(tenth)) * off, bound - tenth * off)
        }
        (Course::Steps, _) => (bound.floor() + Decimal::TWO, bound.ceil() - Decimal::ONE),
        (Course::Crowd, BinaryOp::Greater | BinaryOp::LessEqual) => (bound.floor() + Decimal::ONE, bound.floor()),
        (Course::Crowd, _) => (bound.ceil(), bound.ceil() - Decimal::ONE),
    };
    match (op, holds) {
        (BinaryOp::Equal, true) | (BinaryOp::NotEqual, false) => bound,
        (BinaryOp::Equal, false) | (BinaryOp::NotEqual, true) => bound + Decimal::ONE,
        // Zero itself is on the other side of zero.
        (BinaryOp::Less, false) | (BinaryOp::Greater, false) if bound.is_zero() => bound,
        (BinaryOp::Greater | BinaryOp::GreaterEqual, true) | (BinaryOp::Less | BinaryOp::LessEqual, false) => up,
        _ => down,
    }
}
