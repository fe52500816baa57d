//! Small constructors, so that backends write expressions without pasting text.
//!
//! Names and values given here are data: the printer quotes them, so that none can break out.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::{
    Aggregate, AggregateOp, At, Binary, BinaryOp, Call, Expr, Float, Group, Grouping, Kind, MatchOp, Matcher, Matching,
    Offset, Range, Selector, Window,
};
use crate::quantity::Duration;

impl From<Kind> for Expr {
    fn from(kind: Kind) -> Self {
        Self { at: Range::default(), kind }
    }
}

impl From<Selector> for Expr {
    fn from(selector: Selector) -> Self {
        Kind::Selector(selector).into()
    }
}

impl From<Decimal> for Expr {
    fn from(value: Decimal) -> Self {
        number(value)
    }
}

/// The number with a sign before it, if it is a number. The reader and [`negated`] share this, so
/// that `-5` is one number and not an operation.
pub(super) fn signed_number(minus: bool, kind: &Kind) -> Option<Kind> {
    match kind {
        Kind::Number(_) | Kind::Float(_) if !minus => Some(kind.clone()),
        // Decimals have no negative zero, floats have.
        Kind::Number(value) if value.is_zero() => Some(Kind::Float(Float(-0.0))),
        Kind::Number(value) => Some(Kind::Number(-*value)),
        Kind::Float(Float(value)) if *value == 0.0 && value.is_sign_negative() => Some(Kind::Number(Decimal::ZERO)),
        Kind::Float(Float(value)) => Some(Kind::Float(Float(-value))),
        _ => None,
    }
}

/// A number, exactly.
pub fn number(value: impl Into<Decimal>) -> Expr {
    Kind::Number(value.into()).into()
}

/// A string argument.
pub fn text(value: impl Into<String>) -> Expr {
    Kind::Text(value.into()).into()
}

/// A selector of the metric's every series.
pub fn metric(name: impl Into<String>) -> Selector {
    Selector { metric: Some(name.into()), ..Selector::default() }
}

impl Selector {
    /// With one more matcher.
    #[must_use]
    pub fn with_matcher(mut self, label: impl Into<Cow<'static, str>>, op: MatchOp, value: impl Into<String>) -> Self {
        self.matchers.push(Matcher { label: label.into(), op, value: value.into(), at: Range::default() });
        self
    }

    /// With `label="value"`.
    #[must_use]
    pub fn with(self, label: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.with_matcher(label, MatchOp::Equal, value)
    }

    /// With `label="value"` for each pair.
    #[must_use]
    pub fn with_all(self, labels: impl IntoIterator<Item = (impl Into<Cow<'static, str>>, impl Into<String>)>) -> Self {
        labels.into_iter().fold(self, |selector, (label, value)| selector.with(label, value))
    }

    /// Looking back by this much.
    #[must_use]
    pub fn offset(mut self, by: Duration) -> Self {
        self.offset.offset_millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self
    }

    /// At a fixed moment.
    #[must_use]
    pub fn at(mut self, moment: At) -> Self {
        self.offset.at = Some(moment);
        self
    }

    /// The samples of a window.
    pub fn over(self, window: impl Into<Window>) -> Expr {
        Kind::Matrix { selector: self, range: window.into() }.into()
    }
}

/// A value for a regex matcher that matches exactly this text.
pub fn literal_regex(value: &str) -> String {
    regex_syntax::escape(value)
}

/// A value for a regex matcher that matches exactly these texts.
pub fn any_of(values: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let escaped: Vec<String> = values.into_iter().map(|value| literal_regex(value.as_ref())).collect();
    escaped.join("|")
}

/// A call; the name must be one of [`super::functions`].
pub fn call(function: &'static str, args: impl IntoIterator<Item = Expr>) -> Expr {
    Kind::Call(Call { function: function.into(), args: args.into_iter().collect() }).into()
}

/// `rate(selector[window])`
pub fn rate(selector: Selector, window: impl Into<Window>) -> Expr {
    over_time("rate", selector, window)
}

/// `increase(selector[window])`
pub fn increase(selector: Selector, window: impl Into<Window>) -> Expr {
    over_time("increase", selector, window)
}

/// `function(selector[window])`, for any function of a window alone: `max_over_time`, `deriv`, `changes`.
pub fn over_time(function: &'static str, selector: Selector, window: impl Into<Window>) -> Expr {
    call(function, [selector.over(window)])
}

/// `expr[range:step]`
pub fn subquery(expr: Expr, range: impl Into<Window>, step: Option<Duration>) -> Expr {
    Kind::Subquery { expr: Box::new(expr), range: range.into(), step, offset: Offset::default() }.into()
}

/// `histogram_quantile(quantile, expr)`
pub fn histogram_quantile(quantile: Decimal, expr: impl Into<Expr>) -> Expr {
    call("histogram_quantile", [number(quantile), expr.into()])
}

/// `absent(expr)`
pub fn absent(expr: impl Into<Expr>) -> Expr {
    call("absent", [expr.into()])
}

/// `vector(value)`
pub fn vector(value: impl Into<Expr>) -> Expr {
    call("vector", [value.into()])
}

/// `scalar(expr)`
pub fn scalar(expr: impl Into<Expr>) -> Expr {
    call("scalar", [expr.into()])
}

/// `time()`
pub fn time() -> Expr {
    call("time", [])
}

fn names(labels: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
    labels.into_iter().map(|label| label.as_ref().to_owned()).collect()
}

/// An aggregation that keeps no label.
pub fn aggregate(op: AggregateOp, expr: impl Into<Expr>) -> Expr {
    Kind::Aggregate(Aggregate { op, grouping: None, param: None, expr: Box::new(expr.into()) }).into()
}

/// An aggregation that keeps these labels.
pub fn aggregate_by(op: AggregateOp, labels: impl IntoIterator<Item = impl AsRef<str>>, expr: impl Into<Expr>) -> Expr {
    let grouping = Some(Grouping { without: false, labels: names(labels) });
    Kind::Aggregate(Aggregate { op, grouping, param: None, expr: Box::new(expr.into()) }).into()
}

/// `sum(expr)`
pub fn sum(expr: impl Into<Expr>) -> Expr {
    aggregate(AggregateOp::Sum, expr)
}

/// `sum by (labels) (expr)`
pub fn sum_by(labels: impl IntoIterator<Item = impl AsRef<str>>, expr: impl Into<Expr>) -> Expr {
    aggregate_by(AggregateOp::Sum, labels, expr)
}

/// `max by (labels) (expr)`
pub fn max_by(labels: impl IntoIterator<Item = impl AsRef<str>>, expr: impl Into<Expr>) -> Expr {
    aggregate_by(AggregateOp::Max, labels, expr)
}

/// `min by (labels) (expr)`
pub fn min_by(labels: impl IntoIterator<Item = impl AsRef<str>>, expr: impl Into<Expr>) -> Expr {
    aggregate_by(AggregateOp::Min, labels, expr)
}

/// `avg by (labels) (expr)`
pub fn avg_by(labels: impl IntoIterator<Item = impl AsRef<str>>, expr: impl Into<Expr>) -> Expr {
    aggregate_by(AggregateOp::Avg, labels, expr)
}

/// `count by (labels) (expr)`
pub fn count_by(labels: impl IntoIterator<Item = impl AsRef<str>>, expr: impl Into<Expr>) -> Expr {
    aggregate_by(AggregateOp::Count, labels, expr)
}

/// `sum without (labels) (expr)`
pub fn sum_without(labels: impl IntoIterator<Item = impl AsRef<str>>, expr: impl Into<Expr>) -> Expr {
    let grouping = Some(Grouping { without: true, labels: names(labels) });
    Kind::Aggregate(Aggregate { op: AggregateOp::Sum, grouping, param: None, expr: Box::new(expr.into()) }).into()
}

/// `topk(count, expr)`
pub fn topk(count: u32, expr: impl Into<Expr>) -> Expr {
    let param = Some(Box::new(number(count)));
    Kind::Aggregate(Aggregate { op: AggregateOp::Topk, grouping: None, param, expr: Box::new(expr.into()) }).into()
}

/// What is matched on no label at all, or copies none.
pub const NO_LABELS: [&str; 0] = [];

impl Matching {
    /// `on (labels)`
    pub fn on(labels: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self { on: true, labels: names(labels), group: None }
    }

    /// `ignoring (labels)`
    pub fn ignoring(labels: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self { on: false, labels: names(labels), group: None }
    }

    /// `group_left (labels)`: many series on the left, these labels copied from the right.
    #[must_use]
    pub fn group_left(mut self, labels: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.group = Some(Group { left: true, labels: names(labels) });
        self
    }

    /// `group_right (labels)`: many series on the right, these labels copied from the left.
    #[must_use]
    pub fn group_right(mut self, labels: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.group = Some(Group { left: false, labels: names(labels) });
        self
    }
}

/// `left op right`, matched by all labels.
pub fn binary(op: BinaryOp, left: impl Into<Expr>, right: impl Into<Expr>) -> Expr {
    let (left, right) = (Box::new(left.into()), Box::new(right.into()));
    Kind::Binary(Binary { op, left, right, return_bool: false, matching: None }).into()
}

/// `left op on (...) right`
pub fn matched(op: BinaryOp, left: impl Into<Expr>, matching: Matching, right: impl Into<Expr>) -> Expr {
    let (left, right) = (Box::new(left.into()), Box::new(right.into()));
    Kind::Binary(Binary { op, left, right, return_bool: false, matching: Some(matching) }).into()
}

/// `left op bool right`: 1 or 0 instead of a filter; `op` is a comparison.
pub fn compared(op: BinaryOp, left: impl Into<Expr>, right: impl Into<Expr>) -> Expr {
    let (left, right) = (Box::new(left.into()), Box::new(right.into()));
    Kind::Binary(Binary { op, left, right, return_bool: true, matching: None }).into()
}

/// `-expr`
pub fn negated(expr: impl Into<Expr>) -> Expr {
    let expr = expr.into();
    signed_number(true, &expr.kind).unwrap_or(Kind::Unary { minus: true, expr: Box::new(expr) }).into()
}

macro_rules! operators {
    // add => Add, "+": pub fn add(left, right) -> Expr, documented as `left + right`.
    ($($name:ident => $op:ident, $sign:literal;)*) => {$(
        #[doc = concat!("`left ", $sign, " right`")]
        pub fn $name(left: impl Into<Expr>, right: impl Into<Expr>) -> Expr {
            binary(BinaryOp::$op, left, right)
        }
    )*};
}

operators! {
    add => Add, "+";
    sub => Sub, "-";
    mul => Mul, "*";
    div => Div, "/";
    equal => Equal, "==";
    not_equal => NotEqual, "!=";
    greater => Greater, ">";
    less => Less, "<";
    greater_equal => GreaterEqual, ">=";
    less_equal => LessEqual, "<=";
    and => And, "and";
    or => Or, "or";
    unless => Unless, "unless";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_of_the_usual_shapes() {
        let bad = metric("http_requests_total").with("job", "api").with_matcher("code", MatchOp::Regex, "5..");
        let all = metric("http_requests_total").with("job", "api");
        let window = Duration::minutes(5);
        let ratio = div(sum(rate(bad, window)), sum(rate(all, Window::RateInterval)));
        assert_eq!(
            greater(ratio, number(Decimal::new(5, 2))).to_string(),
            "sum(rate(http_requests_total{job=\"api\", code=~\"5..\"}[5m])) \
             / sum(rate(http_requests_total{job=\"api\"}[$__rate_interval])) > 0.05"
        );
        let quantile = histogram_quantile(Decimal::new(95, 2), sum_by(["le"], rate(metric("x_bucket"), window)));
        assert_eq!(quantile.to_string(), "histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))");
        let joined = matched(BinaryOp::Mul, metric("a"), Matching::on(["i"]).group_left(["v"]), metric("b"));
        assert_eq!(joined.to_string(), "a * on (i) group_left (v) b");
        assert_eq!(mul(add(metric("a"), number(1)), negated(number(2))).to_string(), "(a + 1) * -2");
    }

    #[test]
    fn no_value_breaks_out() {
        let hostile = "\"} or vector(1) #\n\\";
        let selector = metric(hostile).with(hostile, hostile).offset(Duration::hours(1));
        let expr = sum_by([hostile], selector);
        assert_eq!(crate::promql::parse(&expr.to_string()), Ok(expr));
    }

    #[test]
    fn literal_values_in_regular_expressions() {
        assert_eq!(any_of(["a.b", "c|d"]), "a\\.b|c\\|d");
    }
}
