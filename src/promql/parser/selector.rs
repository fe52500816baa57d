//! Selectors: a metric name, and matchers in braces.

use super::{Built, Parser, Step};
use crate::promql::error::SyntaxError;
use crate::promql::lexer::Token;
use crate::promql::{Kind, MatchOp, Matcher, Selector, regex, words};

/// The label that holds a metric's name.
const NAME: &str = "__name__";

impl Parser<'_> {
    /// From the metric's name (the token that stands here), or from `{`.
    pub(super) fn selector(&mut self, name: Option<&str>) -> Step<Built> {
        let start = self.range().start;
        let mut selector = Selector { metric: name.map(str::to_owned), ..Selector::default() };
        if name.is_some() {
            self.advance();
        }
        if self.is_sign("{") {
            self.open("{");
            while !self.is_sign("}") {
                self.matcher(&mut selector, name.is_some())?;
                if !self.eat_sign(",") {
                    break;
                }
            }
            self.close("}", "`,` or `}`")?;
        }
        selector.at = (start..self.end()).into();
        self.built(Kind::Selector(selector), start, 1)
    }

    fn matcher(&mut self, selector: &mut Selector, named_before: bool) -> Step<()> {
        let range = self.range();
        let label = match self.token().clone() {
            Token::Word if words::is_plain_label(self.written()) => self.written().to_owned(),
            Token::Text(label) => {
                if matches!(self.token_after(), Token::Sign("," | "}")) {
                    self.advance();
                    return self.quoted_metric(selector, named_before, label, range);
                }
                label
            }
            Token::Word => {
                let error = SyntaxError::new(range, format!("`{}` is no label name", self.written()));
                return self.stop(error.help("a label has letters, digits and _; quote any other"));
            }
            _ => return self.unexpected("a label name"),
        };
        self.advance();
        let op = match *self.token() {
            Token::Sign(sign) => words::matcher(sign).or_else(|| self.doubled_equals(sign)),
            _ => None,
        };
        let Some(op) = op else { return self.unexpected("one of `=`, `!=`, `=~`, `!~`") };
        self.advance();
        let Token::Text(value) = self.token().clone() else {
            return self.unquoted_value();
        };
        let value_range = self.range();
        self.advance();
        let at = range.start..self.end();
        if label.is_empty() {
            self.note(SyntaxError::new(range, "a label's name is never empty"));
        }
        self.refuse_bad_regex(op, &value, value_range);
        if label == NAME && named_before {
            self.note(named_twice(at.clone()));
        }
        selector.matchers.push(Matcher { label: label.into(), op, value, at: at.into() });
        Ok(())
    }

    /// `{label=="value"}`: no doubt about what is meant.
    fn doubled_equals(&mut self, sign: &str) -> Option<MatchOp> {
        if sign != "==" {
            return None;
        }
        self.note(SyntaxError::new(self.range(), "`==` compares numbers").help("match a label with a single `=`"));
        Some(MatchOp::Equal)
    }

    fn unquoted_value<T>(&mut self) -> Step<T> {
        if matches!(self.token(), Token::Word | Token::Number | Token::Duration | Token::Variable) {
            let error = SyntaxError::new(self.range(), "a label's value is a string");
            let quoted = format!("put it into quotes: \"{}\"", self.written());
            return self.stop(error.help(quoted));
        }
        self.unexpected("a value in quotes")
    }

    fn quoted_metric(
        &mut self,
        selector: &mut Selector,
        named_before: bool,
        name: String,
        range: std::ops::Range<usize>,
    ) -> Step<()> {
        if named_before {
            self.note(named_twice(range));
        } else if selector.metric.is_none() && !name.is_empty() {
            selector.metric = Some(name);
        } else {
            let at = range.into();
            selector.matchers.push(Matcher { label: NAME.into(), op: MatchOp::Equal, value: name, at });
        }
        Ok(())
    }

    fn refuse_bad_regex(&mut self, op: MatchOp, value: &str, range: std::ops::Range<usize>) {
        if !op.is_regex() {
            return;
        }
        if let Err(fault) = regex::matches_empty(value) {
            // Places inside the string are its own only when nothing in it was escaped.
            let plain = self.text.get(range.start + 1..range.end.saturating_sub(1)) == Some(value);
            let place = range.start + 1 + fault.range.start..range.start + 1 + fault.range.end;
            let range = if plain && place.start < place.end { place } else { range };
            self.note(SyntaxError {
                range,
                message: format!("regular expression: {}", fault.message),
                help: fault.help,
            });
        }
    }
}

fn named_twice(range: std::ops::Range<usize>) -> SyntaxError {
    SyntaxError::new(range, "the metric is named twice").help("name it before the braces or inside them, not both")
}
