//! Function calls and aggregations.

use super::{Built, Parser, Step};
use crate::diagnostics::nearest;
use crate::promql::error::SyntaxError;
use crate::promql::functions::{self, FUNCTIONS, RENAMED};
use crate::promql::lexer::Token;
use crate::promql::{Aggregate, AggregateOp, Call, Grouping, Kind, words};

impl Parser<'_> {
    pub(super) fn call(&mut self) -> Step<Built> {
        let (range, function) = (self.range(), self.written());
        if functions::named(function).is_none() {
            let error = SyntaxError::new(range.clone(), format!("no function is named `{function}`"));
            self.note(match known_as(function) {
                Some(help) => error.help(help),
                None => error,
            });
        }
        self.advance();
        let args = self.arguments()?;
        let height = args.iter().map(|arg| arg.height).max().unwrap_or(0) + 1;
        let args = args.into_iter().map(|arg| arg.expr).collect();
        self.built(Kind::Call(Call { function: function.to_owned().into(), args }), range.start, height)
    }

    fn arguments(&mut self) -> Step<Vec<Built>> {
        self.open("(");
        let mut args = Vec::new();
        if self.is_sign(")") {
            self.close(")", "`)`")?;
            return Ok(args);
        }
        loop {
            args.push(self.expression(0)?);
            let comma = self.range();
            if !self.eat_sign(",") {
                break;
            }
            if self.is_sign(")") {
                self.note(SyntaxError::new(comma, "a comma stands before `)`").help("take the comma away"));
                break;
            }
        }
        self.close(")", "`,` or `)`")?;
        Ok(args)
    }

    pub(super) fn aggregation(&mut self, op: AggregateOp) -> Step<Built> {
        let start = self.range().start;
        self.advance();
        let before = self.grouping()?;
        if !self.is_sign("(") {
            return self.unexpected("`(` and what to aggregate");
        }
        let args_start = self.range().start;
        let args = self.arguments()?;
        let args_range = args_start..self.end();
        let after = if before.is_none() { self.grouping()? } else { None };
        let height = args.iter().map(|arg| arg.height).max().unwrap_or(0) + 1;
        let mut args = args.into_iter().map(|arg| arg.expr);
        let param = if op.takes_param() { args.next() } else { None };
        let (expr, more) = (args.next(), args.count());
        let Some(expr) = expr.filter(|_| more == 0) else {
            return self.stop(wrong_arguments(op, args_range));
        };
        let aggregate = Aggregate { op, grouping: before.or(after), param: param.map(Box::new), expr: Box::new(expr) };
        self.built(Kind::Aggregate(aggregate), start, height)
    }

    fn grouping(&mut self) -> Step<Option<Grouping>> {
        let without = self.is_word("without");
        if !without && !self.is_word("by") {
            return Ok(None);
        }
        self.advance();
        Ok(Some(Grouping { without, labels: self.label_list()? }))
    }

    /// `(a, b, "c.d")`, a comma at the end allowed.
    pub(super) fn label_list(&mut self) -> Step<Vec<String>> {
        if !self.is_sign("(") {
            return self.unexpected("`(` and label names");
        }
        self.open("(");
        let mut labels = Vec::new();
        while !self.is_sign(")") {
            labels.push(self.grouped_label()?);
            if !self.eat_sign(",") {
                break;
            }
        }
        self.close(")", "`,` or `)`")?;
        Ok(labels)
    }

    fn grouped_label(&mut self) -> Step<String> {
        let (range, written) = (self.range(), self.written());
        let label = match self.token() {
            Token::Word if words::can_be_grouped(written) => written.to_owned(),
            Token::Text(name) if !name.is_empty() => name.clone(),
            Token::Text(_) => return self.stop(SyntaxError::new(range, "a label's name is never empty")),
            Token::Word => {
                let error = SyntaxError::new(range, format!("`{written}` is no label here"));
                return self.stop(error.help(format!("quote it if a label has this name: \"{written}\"")));
            }
            _ => return self.unexpected("a label name"),
        };
        self.advance();
        Ok(label)
    }
}

fn wrong_arguments(op: AggregateOp, range: std::ops::Range<usize>) -> SyntaxError {
    let word = op.word();
    let (count, example) = match op {
        AggregateOp::CountValues => ("a label and a vector", "count_values(\"version\", build_info)"),
        AggregateOp::Quantile => ("a number and a vector", "quantile(0.9, up)"),
        op if op.takes_param() => ("a number and a vector", "topk(5, up)"),
        _ => ("one vector", "sum by (job) (up)"),
    };
    SyntaxError::new(range, format!("`{word}` takes {count}")).help(format!("for example: {example}"))
}

/// What an unknown function was probably meant to be.
fn known_as(written: &str) -> Option<String> {
    if let Some((_, new)) = RENAMED.iter().find(|(old, _)| *old == written) {
        return Some(format!("since Prometheus 3 it is `{new}`"));
    }
    let names = FUNCTIONS.iter().map(|function| function.name).chain(words::aggregate_words());
    nearest(written, names).map(|name| format!("did you mean `{name}`?"))
}
