//! Operands: numbers, strings, parentheses, and what a word begins.

use rust_decimal::Decimal;

use super::{Built, Parser, Step};
use crate::promql::error::SyntaxError;
use crate::promql::lexer::Token;
use crate::promql::{Float, Kind, number, words};

impl Parser<'_> {
    pub(super) fn operand(&mut self) -> Step<Built> {
        let start = self.range().start;
        match self.token().clone() {
            Token::Number | Token::Duration => {
                let kind = self.number()?;
                self.built(kind, start, 1)
            }
            Token::Text(value) => {
                self.advance();
                self.built(Kind::Text(value), start, 1)
            }
            Token::Sign("(") => {
                self.open("(");
                let inner = self.expression(0)?;
                self.close(")", "`)`")?;
                self.built(Kind::Paren(Box::new(inner.expr)), start, inner.height + 1)
            }
            Token::Sign("{") => self.selector(None),
            Token::Word => self.word(),
            _ => self.unexpected("an operand"),
        }
    }

    /// What a word begins: a number, an aggregation, a call, or a selector.
    fn word(&mut self) -> Step<Built> {
        let (start, range, written) = (self.range().start, self.range(), self.written());
        let special = match written.to_ascii_lowercase().as_str() {
            "inf" => Some(f64::INFINITY),
            "nan" => Some(f64::NAN),
            _ => None,
        };
        if let Some(value) = special {
            self.advance();
            return self.built(Kind::Float(Float(value)), start, 1);
        }
        let called = *self.token_after() == Token::Sign("(");
        if let Some(op) = words::aggregate(written) {
            let grouped = self.tokens.get(self.at + 1).is_some_and(|next| {
                let word = self.text.get(next.range.clone()).unwrap_or("");
                next.token == Token::Word && ["by", "without"].iter().any(|w| w.eq_ignore_ascii_case(word))
            });
            if called || grouped {
                return self.aggregation(op);
            }
        }
        if called && self.may_be_called(written) {
            return self.call();
        }
        if words::can_be_metric(written) {
            return self.selector(Some(written));
        }
        let error = SyntaxError::new(range, format!("`{written}` is no operand"));
        self.stop(error.help(format!("if a metric has this name, quote it: {{\"{written}\"}}")))
    }

    /// Keywords that no function can be named after stand for metrics even before a parenthesis.
    fn may_be_called(&self, written: &str) -> bool {
        let callable = ["start", "end", "step", "range", "max_of", "min_of"];
        let callable = callable.iter().any(|word| word.eq_ignore_ascii_case(written));
        !written.contains(':') && (callable || !words::is_keyword(written))
    }

    /// A number, or a duration in seconds.
    pub(super) fn number(&mut self) -> Step<Kind> {
        let (range, written) = (self.range(), self.written());
        let duration = *self.token() == Token::Duration;
        self.advance();
        if duration {
            return match number::read_duration(written) {
                Ok(duration) => {
                    Ok(Kind::Number(Decimal::from_i128_with_scale(i128::from(duration.as_millis()), 3).normalize()))
                }
                Err(message) => self.stop(SyntaxError::new(range, message)),
            };
        }
        match number::read_number(written) {
            Some(kind) => Ok(kind),
            None => self.stop(SyntaxError::new(range, format!("`{written}` is beyond what a number can be"))),
        }
    }
}
