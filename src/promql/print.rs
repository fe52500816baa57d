//! A tree to text, one way: the parentheses that are needed and no others.
//!
//! What is printed reads back as an equal tree, apart from parentheses. Names and values are quoted
//! wherever they are not plain, so none can end the expression it stands in.

use std::fmt::{self, Write as _};

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
        let mut line = String::new();
        print_kind(&mut line, self);
        f.write_str(&line)
    }
}

/// Puts an expression behind what is there, on one line. It goes straight into the text: formatters within formatters
/// would take several times as long.
pub(super) fn print(out: &mut String, expr: &Expr) {
    print_kind(out, &expr.kind);
}

/// How many characters the line that [`print`] makes has at least: enough to see that most long expressions do not
/// fit before they are printed in vain.
pub(super) fn least_length(expr: &Expr) -> usize {
    let characters = |text: &str| text.chars().count();
    let series = |selector: &Selector| {
        let matchers =
            selector.matchers.iter().map(|matcher| characters(&matcher.label) + characters(&matcher.value) + 3);
        selector.metric.as_deref().map_or(0, characters) + matchers.sum::<usize>()
    };
    match &expr.kind {
        Kind::Number(_) | Kind::Float(_) => 1,
        Kind::Text(value) => characters(value),
        Kind::Selector(selector) => series(selector),
        Kind::Matrix { selector, .. } => series(selector) + 4,
        Kind::Subquery { expr, .. } | Kind::Unary { expr, .. } | Kind::Paren(expr) => least_length(expr),
        Kind::Call(call) => characters(&call.function) + 2 + call.args.iter().map(least_length).sum::<usize>(),
        Kind::Aggregate(aggregate) => 5 + least_length(&aggregate.expr),
        Kind::Binary(binary) => least_length(&binary.left) + 3 + least_length(&binary.right),
    }
}

fn print_kind(out: &mut String, kind: &Kind) {
    match kind {
        Kind::Number(number) => out.push_str(&print_decimal(*number)),
        Kind::Float(float) => print_displayed(out, float),
        Kind::Text(value) => text::quote(out, value),
        Kind::Selector(selector) => {
            print_series(out, selector);
            print_offset(out, &selector.offset);
        }
        Kind::Matrix { selector, range } => {
            print_series(out, selector);
            out.push('[');
            print_displayed(out, range);
            out.push(']');
            print_offset(out, &selector.offset);
        }
        Kind::Subquery { expr, range, step, offset } => {
            print_operand(out, expr, suffix_needs_parens(expr));
            out.push_str(&subquery_suffix(*range, *step, offset));
        }
        Kind::Call(call) => {
            out.push_str(&call.function);
            out.push('(');
            for (index, arg) in call.args.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                print(out, arg);
            }
            out.push(')');
        }
        Kind::Aggregate(aggregate) => {
            print_aggregate_head(out, aggregate);
            out.push('(');
            if let Some(param) = &aggregate.param {
                print(out, param);
                out.push_str(", ");
            }
            print(out, &aggregate.expr);
            out.push(')');
        }
        Kind::Binary(binary) => {
            print_operand(out, &binary.left, left_needs_parens(binary));
            out.push(' ');
            print_operator(out, binary);
            out.push(' ');
            print_operand(out, &binary.right, right_needs_parens(binary));
        }
        Kind::Unary { minus, expr } => {
            out.push(sign(*minus));
            print_operand(out, expr, sign_needs_parens(expr));
        }
        Kind::Paren(inner) => print(out, inner),
    }
}

fn print_displayed(out: &mut String, value: &impl fmt::Display) {
    // A string takes whatever it is given.
    let _ = write!(out, "{value}");
}

fn print_offset(out: &mut String, offset: &Offset) {
    if *offset != Offset::default() {
        print_displayed(out, offset);
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
        let mut line = String::new();
        print_series(&mut line, self);
        print_offset(&mut line, &self.offset);
        f.write_str(&line)
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

fn print_series(out: &mut String, selector: &Selector) {
    let name = selector.metric.as_deref();
    let named_by_matcher = selector.matchers.iter().any(|matcher| matcher.label == "__name__");
    let plain = name.filter(|name| words::is_plain_metric(name) && !words::is_keyword(name) && !named_by_matcher);
    out.push_str(plain.unwrap_or(""));
    if selector.matchers.is_empty() && plain.is_some() {
        return;
    }
    out.push('{');
    let mut first = true;
    let mut separate = |out: &mut String| out.push_str(if std::mem::take(&mut first) { "" } else { ", " });
    if let Some(quoted) = name.filter(|_| plain.is_none()) {
        separate(out);
        text::quote(out, quoted);
    }
    for matcher in &selector.matchers {
        separate(out);
        print_label(out, &matcher.label, true);
        out.push_str(matcher.op.sign());
        text::quote(out, &matcher.value);
    }
    out.push('}');
}

/// A label's name, quoted where it is not plain.
fn print_label(out: &mut String, label: &str, may_be_plain: bool) {
    if may_be_plain && words::is_plain_label(label) {
        out.push_str(label);
    } else {
        text::quote(out, label);
    }
}

fn print_operand(out: &mut String, expr: &Expr, parens: bool) {
    if parens {
        out.push('(');
        print(out, expr);
        out.push(')');
    } else {
        print(out, expr);
    }
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
pub(super) fn print_aggregate_head(out: &mut String, aggregate: &Aggregate) {
    out.push_str(aggregate.op.word());
    if let Some(Grouping { without, labels }) = &aggregate.grouping {
        out.push_str(if *without { " without " } else { " by " });
        print_labels(out, labels);
        out.push(' ');
    }
}

/// `> bool on (a) group_left (b)`
pub(super) fn print_operator(out: &mut String, binary: &Binary) {
    out.push_str(binary.op.sign());
    if binary.return_bool {
        out.push_str(" bool");
    }
    if let Some(Matching { on, labels, group }) = &binary.matching {
        out.push_str(if *on { " on " } else { " ignoring " });
        print_labels(out, labels);
        if let Some(group) = group {
            // The parentheses are written even when empty: they would else be taken from the operand.
            out.push_str(if group.left { " group_left " } else { " group_right " });
            print_labels(out, &group.labels);
        }
    }
}

/// `(a, b)`
fn print_labels(out: &mut String, labels: &[String]) {
    out.push('(');
    for (index, label) in labels.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { ", " });
        print_label(out, label, words::can_be_grouped(label));
    }
    out.push(')');
}
