//! What follows an operand: windows, subqueries, `offset` and `@`.

use rust_decimal::Decimal;

use super::{Built, Parser, Step};
use crate::promql::error::SyntaxError;
use crate::promql::lexer::Token;
use crate::promql::{At, Expr, Kind, Offset, Window, build, number};
use crate::quantity::Duration;

impl Parser<'_> {
    pub(super) fn suffixes(&mut self, operand: Built, start: usize) -> Step<Built> {
        let mut built = operand;
        loop {
            if self.is_sign("[") {
                built = self.window(built, start)?;
            } else if self.is_word("offset") {
                self.advance();
                let range = self.range();
                let millis = self.signed_millis("an offset: 5m")?;
                self.set_offset(&mut built.expr, millis, range)?;
            } else if self.is_sign("@") {
                self.advance();
                let range = self.range();
                let at = self.timestamp()?;
                self.set_at(&mut built.expr, at, range)?;
            } else if self.is_word("anchored") || self.is_word("smoothed") {
                let message = format!("`{}` is experimental and not read here", self.written());
                return self.stop(SyntaxError::new(self.range(), message));
            } else {
                return Ok(built);
            }
            built.expr.at = (start..self.end()).into();
        }
    }

    fn window(&mut self, built: Built, start: usize) -> Step<Built> {
        let bracket = self.range().start;
        self.open("[");
        let range = self.window_length("a window: [5m]")?;
        if !self.eat_sign(":") {
            self.close("]", "`:` or `]`")?;
            return self.matrix(built, range, start, bracket);
        }
        let step = if self.is_sign("]") { None } else { Some(self.step()?) };
        self.close("]", "`]`")?;
        let height = built.height + 1;
        let kind = Kind::Subquery { expr: Box::new(built.expr), range, step, offset: Offset::default() };
        self.built(kind, start, height)
    }

    fn matrix(&mut self, built: Built, range: Window, start: usize, bracket: usize) -> Step<Built> {
        let place = bracket..self.end();
        match built.expr.kind {
            Kind::Selector(selector) => {
                // Prometheus lets `@ start()` pass here, but no fixed time.
                let moved = selector.offset.offset_millis != 0 || matches!(selector.offset.at, Some(At::Time(_)));
                if moved {
                    let error = SyntaxError::new(place, "a window stands before `offset` and `@`");
                    self.note(error.help("write metric[5m] offset 1h"));
                }
                self.built(Kind::Matrix { selector, range }, start, built.height)
            }
            _ => {
                let error = SyntaxError::new(place.clone(), "only a selector takes a window");
                let written = self.text.get(place.start + 1..place.end.saturating_sub(1)).unwrap_or("5m");
                self.stop(error.help(format!("ask again over time with a subquery: [{written}:]")))
            }
        }
    }

    fn window_length(&mut self, expected: &str) -> Step<Window> {
        if *self.token() == Token::Variable {
            return self.window_variable();
        }
        self.positive(expected).map(Window::Fixed)
    }

    fn window_variable(&mut self) -> Step<Window> {
        let (range, written) = (self.range(), self.written());
        let windows = [Window::RateInterval, Window::Interval, Window::Range, Window::Objective];
        let bare = written.replace(['{', '}'], "");
        let window = windows.into_iter().find(|window| window.variable() == Some(bare.as_str()));
        self.advance();
        match window {
            Some(window) if self.named_windows.contains(&window) => Ok(window),
            Some(Window::Objective) => {
                let message = format!("`{written}` is known only where an SLO counts its `events`");
                self.stop(SyntaxError::new(range, message).help("write a window of at least four scrapes, like [5m]"))
            }
            Some(_) => {
                let message = format!("`{written}` is known only to Grafana, inside a dashboard");
                self.stop(SyntaxError::new(range, message).help("write a window of at least four scrapes, like [5m]"))
            }
            None => self.stop(SyntaxError::new(range, format!("no window is named `{written}`"))),
        }
    }

    fn step(&mut self) -> Step<Duration> {
        self.positive("a step: [1h:5m]")
    }

    /// A duration, or a number of seconds, above zero.
    fn positive(&mut self, expected: &str) -> Step<Duration> {
        let range = self.range();
        if !matches!(self.token(), Token::Number | Token::Duration) {
            self.refuse_arithmetic()?;
            return self.unexpected(expected);
        }
        let kind = self.number()?;
        self.refuse_arithmetic()?;
        match self.millis(&kind, range.clone())? {
            millis @ 1.. => Ok(Duration::millis(millis.unsigned_abs())),
            _ => self.stop(SyntaxError::new(range, "a window must be longer than zero")),
        }
    }

    fn millis(&mut self, seconds: &Kind, range: std::ops::Range<usize>) -> Step<i64> {
        let millis = match seconds {
            Kind::Number(seconds) => number::millis_of_seconds(*seconds),
            _ => None,
        };
        match millis {
            Some(millis) => Ok(millis),
            None => self.stop(SyntaxError::new(range, "expected a time of whole milliseconds, at most 292 years")),
        }
    }

    /// Prometheus 3.14 computes windows (`[5m * 2]`); what is written once for all does not need it.
    fn refuse_arithmetic(&mut self) -> Step<()> {
        let sign = matches!(self.token(), Token::Sign("+" | "-" | "*" | "/" | "%" | "^" | "("));
        if sign || *self.token() == Token::Word {
            let error = SyntaxError::new(self.range(), "arithmetic on durations is not read here");
            return self.stop(error.help("write the result: [10m] instead of [5m * 2]"));
        }
        Ok(())
    }

    fn signed_millis(&mut self, expected: &str) -> Step<i64> {
        let range = self.range();
        let minus = self.is_sign("-");
        if minus || self.is_sign("+") {
            self.advance();
        }
        if !matches!(self.token(), Token::Number | Token::Duration) {
            self.refuse_arithmetic()?;
            return self.unexpected(expected);
        }
        let kind = self.number()?;
        let millis = self.millis(&kind, range)?;
        Ok(if minus { -millis } else { millis })
    }

    fn timestamp(&mut self) -> Step<At> {
        for (word, at) in [("start", At::Start), ("end", At::End)] {
            if self.eat_word(word) {
                if !self.is_sign("(") {
                    return self.unexpected("`()`");
                }
                self.open("(");
                self.close(")", "`)`")?;
                return Ok(at);
            }
        }
        let range = self.range();
        let minus = self.is_sign("-");
        if minus || self.is_sign("+") {
            self.advance();
        }
        let special = ["inf", "nan"].iter().any(|word| self.is_word(word));
        if special {
            return self.stop(SyntaxError::new(range, "`@` needs a moment that exists"));
        }
        if !matches!(self.token(), Token::Number | Token::Duration) {
            return self.unexpected("a Unix time in seconds, start() or end()");
        }
        let kind = self.number()?;
        let range = range.start..self.end();
        let kind = build::signed_number(minus, &kind).unwrap_or(kind);
        match unix_millis(&kind) {
            Some(millis) => Ok(At::Time(millis)),
            None => self.stop(SyntaxError::new(range, "this time is out of bounds")),
        }
    }

    fn moved<'e>(&mut self, expr: &'e mut Expr, word: &str) -> Step<&'e mut Offset> {
        let at = std::ops::Range::from(expr.at);
        match &mut expr.kind {
            Kind::Selector(selector) | Kind::Matrix { selector, .. } => Ok(&mut selector.offset),
            Kind::Subquery { offset, .. } => Ok(offset),
            Kind::Call(_) | Kind::Aggregate(_) => {
                let error = SyntaxError::new(at, format!("only a selector or a subquery takes `{word}`"));
                self.stop(error.help(format!("put `{word}` right behind the selector, inside the parentheses")))
            }
            _ => self.stop(SyntaxError::new(at, format!("only a selector or a subquery takes `{word}`"))),
        }
    }

    fn set_offset(&mut self, expr: &mut Expr, millis: i64, range: std::ops::Range<usize>) -> Step<()> {
        let offset = self.moved(expr, "offset")?;
        if offset.offset_millis != 0 {
            self.note(SyntaxError::new(range, "`offset` is given twice"));
        } else {
            offset.offset_millis = millis;
        }
        Ok(())
    }

    fn set_at(&mut self, expr: &mut Expr, at: At, range: std::ops::Range<usize>) -> Step<()> {
        let offset = self.moved(expr, "@")?;
        if offset.at.is_some() {
            self.note(SyntaxError::new(range, "`@` is given twice"));
        } else {
            offset.at = Some(at);
        }
        Ok(())
    }
}

/// Rounded to milliseconds, as Prometheus does.
fn unix_millis(seconds: &Kind) -> Option<i64> {
    use rust_decimal::prelude::ToPrimitive;
    match seconds {
        Kind::Number(seconds) => seconds.checked_mul(Decimal::from(1000))?.round().to_i64(),
        _ => None,
    }
}
