//! Types of a whole tree, by Prometheus' rules: every fault with its place.

use std::ops::Range;

use super::error::SyntaxError;
use super::functions::{self, Function, ValueType};
use super::{Aggregate, AggregateOp, Binary, Call, Expr, Kind, Matching, Selector, Window, regex};

/// What the expression evaluates to.
///
/// # Errors
/// Every fault of types, argument counts, names and matchers, in the order of the text.
pub fn check(expr: &Expr) -> Result<ValueType, Vec<SyntaxError>> {
    let mut checker = Checker { errors: Vec::new() };
    let found = checker.check(expr);
    if checker.errors.is_empty() {
        return Ok(found);
    }
    checker.errors.sort_by_key(|error| (error.range.start, error.range.end));
    Err(checker.errors)
}

/// What a node evaluates to, judged by the node alone; a call of no known function is an instant vector.
pub fn type_of(expr: &Expr) -> ValueType {
    match &expr.kind {
        Kind::Number(_) | Kind::Float(_) => ValueType::Scalar,
        Kind::Text(_) => ValueType::Text,
        Kind::Selector(_) | Kind::Aggregate(_) => ValueType::Instant,
        Kind::Matrix { .. } | Kind::Subquery { .. } => ValueType::Range,
        Kind::Call(call) => functions::named(&call.function).map_or(ValueType::Instant, |function| function.returns),
        Kind::Unary { expr, .. } | Kind::Paren(expr) => type_of(expr),
        Kind::Binary(binary) => {
            let scalars = type_of(&binary.left) == ValueType::Scalar && type_of(&binary.right) == ValueType::Scalar;
            if scalars { ValueType::Scalar } else { ValueType::Instant }
        }
    }
}

struct Checker {
    errors: Vec<SyntaxError>,
}

fn place(expr: &Expr) -> Range<usize> {
    expr.at.into()
}

impl Checker {
    fn note(&mut self, error: SyntaxError) {
        self.errors.push(error);
    }

    fn check(&mut self, expr: &Expr) -> ValueType {
        match &expr.kind {
            Kind::Number(_) | Kind::Float(_) => ValueType::Scalar,
            Kind::Text(_) => ValueType::Text,
            Kind::Selector(selector) => {
                self.check_selector(selector, false);
                ValueType::Instant
            }
            Kind::Matrix { selector, range } => {
                self.check_selector(selector, false);
                self.check_window(*range, expr);
                ValueType::Range
            }
            Kind::Subquery { expr: inner, range, .. } => {
                self.check_window(*range, expr);
                let found = self.check(inner);
                if found != ValueType::Instant {
                    let message = format!("a subquery repeats an instant vector, not {}", found.describe());
                    self.note(SyntaxError::new(place(inner), message));
                }
                ValueType::Range
            }
            Kind::Call(call) => self.check_call(call, expr),
            Kind::Aggregate(aggregate) => self.check_aggregate(aggregate),
            Kind::Binary(binary) => self.check_binary(binary, expr),
            Kind::Unary { expr: inner, .. } => {
                let found = self.check(inner);
                if !matches!(found, ValueType::Scalar | ValueType::Instant) {
                    let message =
                        format!("a sign stands before a number or an instant vector, not {}", found.describe());
                    self.note(SyntaxError::new(place(inner), message));
                }
                found
            }
            Kind::Paren(inner) => self.check(inner),
        }
    }

    fn check_window(&mut self, window: Window, expr: &Expr) {
        if window.fixed().is_some_and(|duration| duration.is_zero()) {
            self.note(SyntaxError::new(place(expr), "a window must be longer than zero"));
        }
    }

    fn check_selector(&mut self, selector: &Selector, may_match_all: bool) {
        let mut narrow = selector.metric.as_deref().is_some_and(|name| !name.is_empty());
        for matcher in &selector.matchers {
            let range = Range::from(matcher.at);
            if matcher.label.is_empty() {
                self.note(SyntaxError::new(range.clone(), "a label's name is never empty"));
            }
            let empty = if matcher.op.is_regex() {
                match regex::matches_empty(&matcher.value) {
                    Ok(empty) => empty,
                    Err(fault) => {
                        let message = format!("regular expression `{}`: {}", matcher.value, fault.message);
                        self.note(SyntaxError { range, message, help: fault.help });
                        false
                    }
                }
            } else {
                matcher.value.is_empty()
            };
            narrow |= empty == matcher.op.is_negative();
        }
        if !narrow && !may_match_all {
            let error = SyntaxError::new(selector.at.into(), "this selector would match every series there is");
            self.note(error.help("name a metric, or a label with a value that is not empty"));
        }
    }

    fn expect(&mut self, expr: &Expr, wanted: ValueType, by: &str) {
        let found = self.check(expr);
        self.note_mismatch(expr, wanted, found, by);
    }

    fn note_mismatch(&mut self, expr: &Expr, wanted: ValueType, found: ValueType, by: &str) {
        if wanted == found {
            return;
        }
        let message = format!("{by} takes {} here, found {}", wanted.describe(), found.describe());
        let error = SyntaxError::new(place(expr), message);
        self.note(match mend(expr, wanted, found) {
            Some(help) => error.help(help),
            None => error,
        });
    }

    fn check_aggregate(&mut self, aggregate: &Aggregate) -> ValueType {
        let by = format!("`{}`", aggregate.op.word());
        if let Some(param) = &aggregate.param {
            let text = aggregate.op == AggregateOp::CountValues;
            self.expect(param, if text { ValueType::Text } else { ValueType::Scalar }, &by);
        }
        if aggregate.op.takes_param() != aggregate.param.is_some() {
            self.note(SyntaxError::new(place(&aggregate.expr), format!("{by} has a parameter too few or too many")));
        }
        self.expect(&aggregate.expr, ValueType::Instant, &by);
        ValueType::Instant
    }

    fn check_call(&mut self, call: &Call, expr: &Expr) -> ValueType {
        let Some(function) = functions::named(&call.function) else {
            self.note(SyntaxError::new(place(expr), format!("no function is named `{}`", call.function)));
            for arg in &call.args {
                self.check(arg);
            }
            return ValueType::Instant;
        };
        self.check_count(function, call.args.len(), expr);
        for (index, arg) in call.args.iter().enumerate() {
            let Some(wanted) = function.arg_type(index).filter(|_| function.max_args != Some(0)) else {
                self.check(arg);
                continue;
            };
            if function.name == "info" && index == 1 {
                self.check_info_labels(arg);
                continue;
            }
            self.expect(arg, wanted, &format!("`{}`", function.name));
        }
        function.returns
    }

    fn check_count(&mut self, function: &Function, found: usize, expr: &Expr) {
        let enough = found >= function.min_args;
        if enough && function.max_args.is_none_or(|max| found <= max) {
            return;
        }
        let plural = |n: usize| if n == 1 { "1 argument".to_owned() } else { format!("{n} arguments") };
        let wanted = match function.max_args {
            Some(max) if max == function.min_args => plural(max),
            Some(max) => format!("{} to {}", function.min_args, plural(max)),
            None => format!("at least {}", plural(function.min_args)),
        };
        self.note(SyntaxError::new(place(expr), format!("`{}` takes {wanted}, found {found}", function.name)));
    }

    /// The second argument of `info` is written like a selector, and only its matchers count.
    fn check_info_labels(&mut self, arg: &Expr) {
        match &arg.kind {
            Kind::Selector(selector) if selector.metric.is_none() => self.check_selector(selector, true),
            _ => {
                self.check(arg);
                let error = SyntaxError::new(place(arg), "`info` takes only matchers in braces here");
                self.note(error.help("for example: info(up, {version=~\".+\"})"));
            }
        }
    }

    fn check_binary(&mut self, binary: &Binary, expr: &Expr) -> ValueType {
        let (left, right) = (self.check(&binary.left), self.check(&binary.right));
        let sign = binary.op.sign();
        let mut fine = true;
        for (side, found) in [(&binary.left, left), (&binary.right, right)] {
            if !matches!(found, ValueType::Scalar | ValueType::Instant) {
                let wanted = ValueType::Instant;
                self.note_mismatch(side, wanted, found, &format!("`{sign}`"));
                fine = false;
            }
        }
        if binary.return_bool && !binary.op.is_comparison() {
            self.note(SyntaxError::new(place(expr), format!("`bool` goes with comparisons, not with `{sign}`")));
        }
        let scalars = left == ValueType::Scalar && right == ValueType::Scalar;
        if scalars && binary.op.is_comparison() && !binary.return_bool {
            let error = SyntaxError::new(place(expr), "two numbers are compared, so there is nothing to filter");
            self.note(error.help(format!("write `{sign} bool` for 1 or 0")));
        }
        let with_scalar = left == ValueType::Scalar || right == ValueType::Scalar;
        if fine && with_scalar && binary.op.is_set() {
            let error = SyntaxError::new(place(expr), format!("`{sign}` joins series, not numbers"));
            self.note(error.help("make a number a series with vector(...)"));
        }
        if let Some(matching) = &binary.matching {
            self.check_matching(matching, binary, with_scalar, expr);
        }
        if scalars { ValueType::Scalar } else { ValueType::Instant }
    }

    fn check_matching(&mut self, matching: &Matching, binary: &Binary, with_scalar: bool, expr: &Expr) {
        let word = if matching.on { "on" } else { "ignoring" };
        if with_scalar && !matching.labels.is_empty() {
            let message = format!("`{word}` matches series to series, and one side is a number");
            self.note(SyntaxError::new(place(expr), message));
        }
        let Some(group) = &matching.group else { return };
        let side = if group.left { "group_left" } else { "group_right" };
        if binary.op.is_set() && !with_scalar {
            let message = format!("`{}` is many-to-many, so `{side}` has no place", binary.op.sign());
            self.note(SyntaxError::new(place(expr), message));
        }
        for label in group.labels.iter().filter(|label| matching.on && matching.labels.contains(label)) {
            let message = format!("`{label}` is in `on` and in `{side}`");
            self.note(
                SyntaxError::new(place(expr), message).help("both sides share it already: take it out of the second"),
            );
        }
    }
}

/// What would make the type right.
fn mend(expr: &Expr, wanted: ValueType, found: ValueType) -> Option<String> {
    let written = expr.to_string();
    let short = |window: String| if window.len() <= 60 { window } else { "...[5m]".to_owned() };
    match (wanted, found) {
        (ValueType::Range, ValueType::Instant) => Some(match &expr.kind {
            Kind::Selector(selector) if selector.offset == super::Offset::default() => {
                format!("give it a window: {}", short(format!("{written}[5m]")))
            }
            Kind::Selector(_) => "give it a window before `offset` and `@`: metric[5m] offset 1h".to_owned(),
            _ => "evaluate it over time with a subquery: (...)[1h:1m]".to_owned(),
        }),
        (ValueType::Instant, ValueType::Range) => {
            Some("make one value of the window: rate(...[5m]), max_over_time(...[5m])".to_owned())
        }
        (ValueType::Instant, ValueType::Scalar) => Some(format!("make it a series: vector({written})")),
        (ValueType::Scalar, ValueType::Instant) => Some("take the one series' value: scalar(...)".to_owned()),
        (ValueType::Text, _) => Some("write a string in quotes".to_owned()),
        _ => None,
    }
}
