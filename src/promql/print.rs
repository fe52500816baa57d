//! A tree to text, one way: the parentheses that are needed and no others.
//!
//! What is printed reads back as an equal tree, apart from parentheses. Names and values are quoted
//! wherever they are not plain, so none can end the expression it stands in.

use std::fmt::{self, Display as _, Write as _};

use super::words::{self, POWER_BINDING, UNARY_BINDING};
use super::{Aggregate, At, Binary, Expr, Float, Grouping, Kind, Matching, Offset, Selector, Window, text};
use crate::quantity::{Duration, print_decimal};

/// Tighter than any operator.
const OPERAND_BINDING: u8 = u8::MAX;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Number(number) => f.write_str(&print_decimal(*number)),
            Kind::Float(float) => float.fmt(f),
            Kind::Text(value) => f.write_str(&text::quote(value)),
            Kind::Selector(selector) => selector.fmt(f),
            Kind::Matrix { selector, range } => {
                write_series(f, selector)?;
                write!(f, "[{range}]{}", selector.offset)
            }
            Kind::Subquery { expr, range, step, offset } => {
                write_operand(f, expr, suffix_needs_parens(expr))?;
                f.write_str(&subquery_suffix(*range, *step, offset))
            }
            Kind::Call(call) => {
                write!(f, "{}(", call.function)?;
                write_list(f, &call.args)?;
                f.write_char(')')
            }
            Kind::Aggregate(aggregate) => {
                write!(f, "{}(", aggregate_head(aggregate))?;
                if let Some(param) = &aggregate.param {
                    write!(f, "{param}, ")?;
                }
                write!(f, "{})", aggregate.expr)
            }
            Kind::Binary(binary) => {
                write_operand(f, &binary.left, left_needs_parens(binary))?;
                write!(f, " {} ", operator_words(binary))?;
                write_operand(f, &binary.right, right_needs_parens(binary))
            }
            Kind::Unary { minus, expr } => {
                f.write_char(sign(*minus))?;
                write_operand(f, expr, sign_needs_parens(expr))
            }
            Kind::Paren(inner) => inner.fmt(f),
        }
    }
}

/// As PromQL writes it: `Inf`, `NaN`, `1e300`.
impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            value if value.is_nan() => f.write_str("NaN"),
            value if value.is_infinite() => f.write_str(if value > 0.0 { "Inf" } else { "-Inf" }),
            value if value == 0.0 => f.write_str(if value.is_sign_negative() { "-0" } else { "0" }),
            value => write!(f, "{value:?}"),
        }
    }
}

/// With `offset` and `@`, if any.
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_series(f, self)?;
        self.offset.fmt(f)
    }
}

/// Empty, or ` @ end() offset 5m` with the blank before it.
impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(At::Time(millis)) => {
                let seconds = rust_decimal::Decimal::from_i128_with_scale(i128::from(millis), 3);
                write!(f, " @ {}", print_decimal(seconds))?;
            }
            Some(At::Start) => f.write_str(" @ start()")?,
            Some(At::End) => f.write_str(" @ end()")?,
            None => {}
        }
        if self.offset_millis == 0 {
            return Ok(());
        }
        let minus = if self.offset_millis < 0 { "-" } else { "" };
        write!(f, " offset {minus}{}", Duration::millis(self.offset_millis.unsigned_abs()))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.fixed(), self.variable()) {
            (Some(duration), _) => duration.fmt(f),
            (None, name) => f.write_str(name.unwrap_or("")),
        }
    }
}

fn write_series(f: &mut fmt::Formatter<'_>, selector: &Selector) -> fmt::Result {
    let name = selector.metric.as_deref();
    let named_by_matcher = selector.matchers.iter().any(|matcher| matcher.label == "__name__");
    let plain = name.filter(|name| words::is_plain_metric(name) && !words::is_keyword(name) && !named_by_matcher);
    let quoted = name.filter(|_| plain.is_none()).map(text::quote);
    f.write_str(plain.unwrap_or(""))?;
    if selector.matchers.is_empty() && plain.is_some() {
        return Ok(());
    }
    let matchers = selector.matchers.iter().map(|matcher| {
        let label = &matcher.label;
        let label = if words::is_plain_label(label) { label.clone() } else { text::quote(label) };
        format!("{label}{}{}", matcher.op.sign(), text::quote(&matcher.value))
    });
    let inside: Vec<String> = quoted.into_iter().chain(matchers).collect();
    write!(f, "{{{}}}", inside.join(", "))
}

fn write_list(f: &mut fmt::Formatter<'_>, args: &[Expr]) -> fmt::Result {
    for (index, arg) in args.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { ", " })?;
        arg.fmt(f)?;
    }
    Ok(())
}

fn write_operand(f: &mut fmt::Formatter<'_>, expr: &Expr, parens: bool) -> fmt::Result {
    if parens { write!(f, "({expr})") } else { expr.fmt(f) }
}

/// The node inside any parentheses the author wrote.
pub(super) fn bare(expr: &Expr) -> &Expr {
    match &expr.kind {
        Kind::Paren(inner) => bare(inner),
        _ => expr,
    }
}

fn is_number(expr: &Expr) -> bool {
    matches!(bare(expr).kind, Kind::Number(_) | Kind::Float(_))
}

fn is_signed(expr: &Expr) -> bool {
    match &bare(expr).kind {
        Kind::Number(number) => number.is_sign_negative() && !number.is_zero(),
        Kind::Float(float) => float.0.is_sign_negative() && !float.0.is_nan(),
        Kind::Unary { .. } => true,
        _ => false,
    }
}

fn binding(expr: &Expr) -> u8 {
    match &bare(expr).kind {
        Kind::Binary(binary) => binary.op.binding(),
        _ if is_signed(expr) => UNARY_BINDING,
        _ => OPERAND_BINDING,
    }
}

pub(super) fn left_needs_parens(binary: &Binary) -> bool {
    let (own, child) = (binary.op.binding(), binding(&binary.left));
    child < own || (child == own && own == POWER_BINDING)
}

pub(super) fn right_needs_parens(binary: &Binary) -> bool {
    if is_signed(&binary.right) {
        return false;
    }
    let (own, child) = (binary.op.binding(), binding(&binary.right));
    child < own || (child == own && own != POWER_BINDING)
}

/// A sign before a number would become part of the number.
pub(super) fn sign_needs_parens(operand: &Expr) -> bool {
    is_number(operand) || (binding(operand) <= UNARY_BINDING && !matches!(bare(operand).kind, Kind::Unary { .. }))
}

pub(super) fn suffix_needs_parens(operand: &Expr) -> bool {
    binding(operand) != OPERAND_BINDING
}

pub(super) fn sign(minus: bool) -> char {
    if minus { '-' } else { '+' }
}

/// `[1h:5m] offset 1d`
pub(super) fn subquery_suffix(range: Window, step: Option<Duration>, offset: &Offset) -> String {
    let step = step.map(|step| step.to_string()).unwrap_or_default();
    format!("[{range}:{step}]{offset}")
}

/// `sum by (a, b) `, or `sum` alone.
pub(super) fn aggregate_head(aggregate: &Aggregate) -> String {
    let word = aggregate.op.word();
    match &aggregate.grouping {
        Some(Grouping { without, labels }) => {
            let how = if *without { "without" } else { "by" };
            format!("{word} {how} ({}) ", label_list(labels))
        }
        None => word.to_owned(),
    }
}

/// `> bool on (a) group_left (b)`
pub(super) fn operator_words(binary: &Binary) -> String {
    let mut words = binary.op.sign().to_owned();
    if binary.return_bool {
        words.push_str(" bool");
    }
    if let Some(Matching { on, labels, group }) = &binary.matching {
        let how = if *on { "on" } else { "ignoring" };
        words.push_str(&format!(" {how} ({})", label_list(labels)));
        if let Some(group) = group {
            // The parentheses are written even when empty: they would else be taken from the operand.
            let side = if group.left { "group_left" } else { "group_right" };
            words.push_str(&format!(" {side} ({})", label_list(&group.labels)));
        }
    }
    words
}

fn label_list(labels: &[String]) -> String {
    let written: Vec<String> = labels
        .iter()
        .map(|label| {
            let plain = words::is_plain_label(label) && words::can_be_grouped(label);
            if plain { label.clone() } else { text::quote(label) }
        })
        .collect();
    written.join(", ")
}
