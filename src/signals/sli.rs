//! What an SLO measures: its bad and all events over a window, and the share that the bad ones are.

use rust_decimal::Decimal;

use super::bucket::bucket;
use super::events::{Counting, added_up, aggregated, or_zero, part_of, suffixed};
use super::prometheus::share_within;
use crate::model::{Combine, Member, Sli};
use crate::promql::ask::leaves;
use crate::promql::build::{add, call, div, greater, mul, number, or, over_time, rate, sub, vector};
use crate::promql::{AggregateOp, Expr, Kind, Selector, Window, bind_window};

/// Bad and all events a second, as two expressions that are there at the same times.
#[derive(Debug, Clone, PartialEq)]
pub struct BadAndAll {
    /// Bad events a second: zero where none has happened.
    pub bad: Expr,
    /// All events a second.
    pub all: Expr,
}

/// What an SLO counts, a second, over a window, for each value of the labels `by`. Samples of a 0/1 gauge
/// are events, too. Where nothing is counted, all is one, and bad the share of it.
///
/// `None` only for a list of counters that is empty, which a resolved model does not have.
pub fn bad_and_all(sli: &Sli, window: Window, by: &[String]) -> Option<BadAndAll> {
    let sum = |expr: Expr| summed(by, expr);
    match sli {
        Sli::Events { part, total, part_is_bad } => {
            let all = added_up(Counting::Rate, total, window, by)?;
            let part = part_of(Counting::Rate, part, &all, window, by)?;
            let bad = if *part_is_bad { part } else { sub(all.clone(), part) };
            Some(BadAndAll { bad, all })
        }
        Sli::Raw { part, total, part_is_bad } => {
            let all = sum(bind_window(&total.expr.value, window));
            let part = or_zero(sum(bind_window(&part.expr.value, window)), all.clone());
            let bad = if *part_is_bad { part } else { sub(all.clone(), part) };
            Some(BadAndAll { bad, all })
        }
        Sli::Within { histogram, native: false, bound } => {
            let all = sum(rate(suffixed(&histogram.value, "_count"), window));
            // No zero for an absent bucket: it was never there, and every event would look slow.
            Some(BadAndAll { bad: sub(all.clone(), sum(rate(bucket(&histogram.value, bound.value), window))), all })
        }
        Sli::Within { histogram, native: true, bound } => {
            let all = call("histogram_count", [sum(rate(histogram.value.clone(), window))]);
            let good = mul(share_within(&histogram.value, true, bound.value, window, by), all.clone());
            Some(BadAndAll { bad: or_zero(sub(all.clone(), good), all.clone()), all })
        }
        Sli::Boolean { gauge } => {
            let count = |function| sum(over_time(function, gauge.value.clone(), window));
            let all = per_second(count("count_over_time"), window);
            let bad = sub(count("count_over_time"), count("sum_over_time"));
            Some(BadAndAll { bad: per_second(bad, window), all })
        }
        Sli::Share { bad } => Some(whole(bad.clone())),
        Sli::Composed { of, combine: Combine::Events } => {
            let counted: Vec<BadAndAll> =
                of.iter().map(|one| bad_and_all(&one.sli, window, by)).collect::<Option<_>>()?;
            let all = counted.iter().map(|one| one.all.clone()).reduce(add)?;
            Some(BadAndAll { bad: counted.into_iter().map(|one| one.bad).reduce(add)?, all })
        }
        Sli::Composed { of, combine } => combined(of, *combine, window, by).map(whole),
    }
}

/// A share of one.
fn whole(bad: Expr) -> BadAndAll {
    BadAndAll { all: one_where(bad.clone()), bad }
}

/// One wherever there is a sample.
pub fn one_where(expr: Expr) -> Expr {
    add(mul(number(0), expr), number(1))
}

/// The share of bad events over a window, for each value of the labels `by`: what [`bad_and_all`] divides
/// to, asking for less. There is no sample without events.
pub fn bad_share(sli: &Sli, window: Window, by: &[String]) -> Option<Expr> {
    let sum = |expr: Expr| summed(by, expr);
    let some = |all: Expr| greater(all, number(0));
    let of_part = |share: Expr, part_is_bad: bool| if part_is_bad { share } else { sub(number(1), share) };
    match sli {
        Sli::Events { part, total, part_is_bad } => {
            let all = added_up(Counting::Rate, total, window, by)?;
            let counted = if by.is_empty() {
                // Over events of none of these there is nothing to divide, so the zero may stand alone.
                let terms = part.iter().map(|part| or(sum(rate(part.value.clone(), window)), vector(number(0))));
                terms.reduce(add)?
            } else {
                part_of(Counting::Rate, part, &all, window, by)?
            };
            Some(of_part(div(counted, some(all)), *part_is_bad))
        }
        Sli::Raw { part, total, part_is_bad } => {
            let all = sum(bind_window(&total.expr.value, window));
            let part = sum(bind_window(&part.expr.value, window));
            let zero = if by.is_empty() { vector(number(0)) } else { mul(number(0), all.clone()) };
            Some(of_part(div(or(part, zero), some(all)), *part_is_bad))
        }
        Sli::Within { histogram, native, bound } => {
            Some(sub(number(1), share_within(&histogram.value, *native, bound.value, window, by)))
        }
        Sli::Boolean { gauge } => {
            // Counts are whole numbers: their difference is exact, one minus a share would not be.
            let count = |function| sum(over_time(function, gauge.value.clone(), window));
            Some(div(sub(count("count_over_time"), count("sum_over_time")), count("count_over_time")))
        }
        Sli::Share { bad } => Some(bad.clone()),
        Sli::Composed { combine: Combine::Events, .. } => {
            let rates = bad_and_all(sli, window, by)?;
            Some(div(rates.bad, some(rates.all)))
        }
        Sli::Composed { of, combine } => combined(of, *combine, window, by),
    }
}

/// The share of bad that several SLOs make together. One that is idle has nothing bad; without the data of
/// one, nothing is known of all.
fn combined(of: &[Member], combine: Combine, window: Window, by: &[String]) -> Option<Expr> {
    let bad = |member: &Member| {
        let share = bad_share(&member.sli, window, by)?;
        let all = bad_and_all(&member.sli, window, by)?.all;
        Some(if matches!(member.sli, Sli::Share { .. }) { share } else { or_zero(share, all) })
    };
    if combine == Combine::Weighted {
        let weighted = of.iter().map(|member| Some(mul(number(member.weight), bad(member)?)));
        let whole: Decimal = of.iter().map(|member| member.weight).sum();
        return Some(div(weighted.collect::<Option<Vec<_>>>()?.into_iter().reduce(add)?, number(whole)));
    }
    let good = of.iter().map(|member| Some(sub(number(1), bad(member)?)));
    Some(sub(number(1), good.collect::<Option<Vec<_>>>()?.into_iter().reduce(mul)?))
}

/// Added up by labels, unless it already is.
fn summed(by: &[String], expr: Expr) -> Expr {
    let sum = aggregated(AggregateOp::Sum, by, expr.clone());
    match (&sum.kind, &expr.kind) {
        (Kind::Aggregate(outer), Kind::Aggregate(inner))
            if outer.op == inner.op && outer.grouping == inner.grouping =>
        {
            expr
        }
        _ => sum,
    }
}

/// A count over a window as a rate; over a dashboard's window it stays a count, which a ratio cannot tell.
fn per_second(count: Expr, window: Window) -> Expr {
    match window.fixed() {
        Some(duration) => div(count, number(crate::slo::seconds(duration))),
        None => count,
    }
}

/// The series without which nothing is known of an SLO.
pub fn selectors(sli: &Sli) -> Vec<Selector> {
    let read = |expr: &Expr| leaves(expr).into_iter().map(|leaf| leaf.selector.clone()).collect();
    match sli {
        Sli::Events { total, .. } => total.iter().map(|selector| selector.value.clone()).collect(),
        Sli::Raw { total, .. } => read(&total.expr.value),
        Sli::Within { histogram, native: true, .. } => vec![histogram.value.clone()],
        Sli::Within { histogram, native: false, .. } => vec![suffixed(&histogram.value, "_count")],
        Sli::Boolean { gauge } => vec![gauge.value.clone()],
        Sli::Share { bad } => read(bad),
        Sli::Composed { of, .. } => of.iter().flat_map(|member| selectors(&member.sli)).collect(),
    }
}
