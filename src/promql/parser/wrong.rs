//! What to say when something else was expected.

use super::{Parser, Step, Stop};
use crate::diagnostics::nearest;
use crate::promql::BinaryOp;
use crate::promql::error::SyntaxError;
use crate::promql::lexer::Token;

/// The operator that a sign of other languages stands for.
pub(super) fn meant_operator(sign: &str) -> Option<BinaryOp> {
    match sign {
        "=" => Some(BinaryOp::Equal),
        "&&" | "&" => Some(BinaryOp::And),
        "||" | "|" => Some(BinaryOp::Or),
        "<>" => Some(BinaryOp::NotEqual),
        "**" => Some(BinaryOp::Pow),
        _ => None,
    }
}

impl Parser<'_> {
    /// Notes a sign of another language that [`meant_operator`] has read.
    pub(super) fn note_foreign_operator(&mut self, sign: &'static str) {
        if let Some(op) = meant_operator(sign) {
            let error = SyntaxError::new(self.range(), format!("`{sign}` is no operator of PromQL"));
            self.note(error.help(format!("write `{}`", op.sign())));
        }
    }

    /// The expression should have ended, or gone on with an operator.
    pub(super) fn unexpected_after_operand<T>(&mut self) -> Step<T> {
        let (range, written) = (self.range(), self.written());
        let error = match self.token() {
            Token::Sign(")" | "]" | "}") => SyntaxError::new(range, format!("`{written}` closes nothing")),
            Token::Sign("=~" | "!~") => SyntaxError::new(range, format!("`{written}` matches labels, inside braces"))
                .help("write metric{label=~\"...\"}"),
            Token::Word => {
                let words = ["and", "or", "unless", "atan2", "offset"];
                let error = SyntaxError::new(range, format!("expected an operator, found `{written}`"));
                match nearest(written, words) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None if matches!(written, "by" | "without") => {
                        error.help("only an aggregation takes it: sum by (job) (...)")
                    }
                    None => error,
                }
            }
            Token::Sign("(") => SyntaxError::new(range, "what stands before `(` cannot be called"),
            _ => SyntaxError::new(range, format!("expected an operator or the end, found {}", self.found())),
        };
        self.stop(error)
    }

    /// Notes that `expected` is missing here; shows the innermost open bracket when the text has ended.
    pub(super) fn unexpected<T>(&mut self, expected: &str) -> Step<T> {
        let range = self.range();
        let error = match (self.token(), self.open.last()) {
            (Token::End, Some((place, sign))) => {
                let message = format!("`{sign}` is never closed");
                SyntaxError::new(*place..*place + 1, message).help(format!("expected {expected} at the end"))
            }
            (Token::Variable, _) => {
                let message = format!("`{}` is known only to Grafana, inside a dashboard", self.written());
                SyntaxError::new(range, message)
            }
            (Token::End, None) => {
                let end = self.end();
                SyntaxError::new(end.saturating_sub(1)..end, format!("the text ends, expected {expected}"))
            }
            (Token::Sign("!"), _) => SyntaxError::new(range, "PromQL has no `!`")
                .help("write `unless` for what is not there, `== bool 0` for a number"),
            _ => SyntaxError::new(range, format!("expected {expected}, found {}", self.found())),
        };
        self.errors.push(error);
        Err(Stop)
    }

    fn found(&self) -> String {
        match self.token() {
            Token::End => "the end".to_owned(),
            Token::Text(_) => "a string".to_owned(),
            Token::Number => format!("the number `{}`", self.written()),
            Token::Duration => format!("the duration `{}`", self.written()),
            _ => format!("`{}`", self.written()),
        }
    }
}
