//! Tokens to a tree: operators by how tightly they bind, a limit on depth, every node with its bytes.
//!
//! A fault of grammar ends the reading; faults that leave no doubt about the rest (an unknown
//! function, `=` for `==`) are noted on the way, so that one run tells as much as it can.

mod call;
mod operand;
mod selector;
mod suffix;
mod wrong;

use std::ops::Range;

use super::error::SyntaxError;
use super::lexer::{self, Lexed, Token};
use super::words::{self, POWER_BINDING, UNARY_BINDING};
use super::{Binary, BinaryOp, Expr, Group, Kind, Matching, Selector, Window};

/// How deep brackets and signs may nest.
const MAX_NESTING: usize = 200;

/// How high the tree may be; long chains of operators lean to the left, one level for each.
const MAX_HEIGHT: usize = 500;

/// Reads an expression.
///
/// # Errors
/// Every fault of syntax that was found, in the order of the text; never of types (see [`super::types`]).
pub fn parse(text: &str) -> Result<Expr, Vec<SyntaxError>> {
    Parser::new(text, &[]).whole()
}

/// Reads an expression of a dashboard, where a window may be `$__rate_interval`, `$__interval` or `$__range`.
///
/// # Errors
/// As [`parse`].
pub fn parse_dashboard(text: &str) -> Result<Expr, Vec<SyntaxError>> {
    Parser::new(text, &[Window::RateInterval, Window::Interval, Window::Range]).whole()
}

/// Reads an expression that an SLO counts its events with, where a window may be `$window`.
///
/// # Errors
/// As [`parse`].
pub fn parse_events(text: &str) -> Result<Expr, Vec<SyntaxError>> {
    Parser::new(text, &[Window::Objective]).whole()
}

/// Reads a bare selector: `metric{label="value"}`, without window, `offset` or `@`.
///
/// # Errors
/// As [`parse`], and when the expression is anything else.
pub fn parse_selector(text: &str) -> Result<Selector, Vec<SyntaxError>> {
    let expr = parse(text)?;
    let range = Range::from(expr.at);
    let wrong = |what: &str| {
        let error = SyntaxError::new(range.clone(), format!("expected only a selector, found {what}"));
        vec![error.help("write a metric and its labels: http_requests_total{status=~\"5..\"}")]
    };
    match expr.kind {
        Kind::Selector(selector) if selector.offset == super::Offset::default() => Ok(selector),
        Kind::Selector(_) => Err(wrong("one moved in time")),
        Kind::Matrix { .. } => Err(wrong("one with a window")),
        _ => Err(wrong("an expression")),
    }
}

/// A node and the height of its tree.
struct Built {
    expr: Expr,
    height: usize,
}

/// The reading stops; what is wrong has been noted.
struct Stop;

type Step<T> = Result<T, Stop>;

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Lexed>,
    at: usize,
    nesting: usize,
    /// Places of the brackets that are open.
    open: Vec<(usize, &'static str)>,
    errors: Vec<SyntaxError>,
    /// Windows with a name that may stand here.
    named_windows: &'static [Window],
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, named_windows: &'static [Window]) -> Self {
        let (tokens, fault) = lexer::lex(text);
        let errors = fault.into_iter().collect();
        Self { text, tokens, at: 0, nesting: 0, open: Vec::new(), errors, named_windows }
    }

    fn whole(mut self) -> Result<Expr, Vec<SyntaxError>> {
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        if *self.token() == Token::End {
            return Err(vec![SyntaxError::new(0..self.text.len(), "there is no expression here")]);
        }
        let read = self.expression(0);
        if read.is_ok() && *self.token() != Token::End {
            let _stop: Step<()> = self.unexpected_after_operand();
        }
        match read {
            Ok(built) if self.errors.is_empty() => Ok(built.expr),
            _ => {
                self.errors.sort_by_key(|error| (error.range.start, error.range.end));
                Err(self.errors)
            }
        }
    }

    // Tokens.

    fn token(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |lexed| &lexed.token)
    }

    fn token_after(&self) -> &Token {
        self.tokens.get(self.at + 1).map_or(&Token::End, |lexed| &lexed.token)
    }

    fn range(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.text.len()..self.text.len(), |lexed| lexed.range.clone())
    }

    /// Where the token before this one ended.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |lexed| lexed.range.end)
    }

    fn written(&self) -> &'a str {
        self.text.get(self.range()).unwrap_or("")
    }

    fn advance(&mut self) {
        self.at += 1;
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.token(), Token::Sign(found) if *found == sign)
    }

    fn eat_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.advance();
        }
        found
    }

    fn is_word(&self, word: &str) -> bool {
        *self.token() == Token::Word && self.written().eq_ignore_ascii_case(word)
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    // Faults.

    fn note(&mut self, error: SyntaxError) {
        self.errors.push(error);
    }

    fn stop<T>(&mut self, error: SyntaxError) -> Step<T> {
        self.errors.push(error);
        Err(Stop)
    }

    // Brackets.

    fn open(&mut self, sign: &'static str) {
        self.open.push((self.range().start, sign));
        self.advance();
    }

    /// The bracket that closes `open`, or a fault that shows where it was opened.
    fn close(&mut self, sign: &'static str, instead: &str) -> Step<()> {
        if self.eat_sign(sign) {
            self.open.pop();
            return Ok(());
        }
        self.unexpected(instead)
    }

    /// Runs a reader one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Step<T>) -> Step<T> {
        if self.nesting >= MAX_NESTING {
            let error = SyntaxError::new(self.range(), format!("nested deeper than {MAX_NESTING} levels"));
            return self.stop(error.help("record a part of it with a rule of its own"));
        }
        self.nesting += 1;
        let result = read(self);
        self.nesting -= 1;
        result
    }

    fn built(&mut self, kind: Kind, start: usize, height: usize) -> Step<Built> {
        let range = start..self.end();
        if height > MAX_HEIGHT {
            let error = SyntaxError::new(range, format!("more than {MAX_HEIGHT} operators in one expression"));
            return self.stop(error.help("record a part of it with a rule of its own"));
        }
        Ok(Built { expr: Expr { at: range.into(), kind }, height })
    }

    // Operators.

    /// An expression of operators that bind tighter than `binding`, or as tightly from the right.
    fn expression(&mut self, binding: u8) -> Step<Built> {
        self.nested(|parser| {
            let start = parser.range().start;
            let mut left = parser.signed()?;
            while let Some(op) = parser.operator() {
                let tightness = op.binding();
                if tightness <= binding {
                    break;
                }
                left = parser.binary(left, op, tightness, start)?;
            }
            Ok(left)
        })
    }

    /// The operator that stands here, with `=`, `&&` and the like read as what they stand for.
    fn operator(&mut self) -> Option<BinaryOp> {
        match self.token() {
            Token::Word => words::binary(self.written()),
            Token::Sign(sign) => words::binary(sign).or_else(|| wrong::meant_operator(sign)),
            _ => None,
        }
    }

    fn binary(&mut self, left: Built, op: BinaryOp, tightness: u8, start: usize) -> Step<Built> {
        if let Token::Sign(sign) = *self.token() {
            self.note_foreign_operator(sign);
        }
        self.advance();
        let return_bool = self.eat_word("bool");
        let matching = self.matching()?;
        self.refuse_fill()?;
        let from_right = if tightness == POWER_BINDING { tightness - 1 } else { tightness };
        let right = self.expression(from_right)?;
        let height = left.height.max(right.height) + 1;
        let (left, right) = (Box::new(left.expr), Box::new(right.expr));
        self.built(Kind::Binary(Binary { op, left, right, return_bool, matching }), start, height)
    }

    fn matching(&mut self) -> Step<Option<Matching>> {
        let on = self.is_word("on");
        if !on && !self.is_word("ignoring") {
            if self.is_word("group_left") || self.is_word("group_right") {
                let error = SyntaxError::new(self.range(), format!("`{}` needs `on` or `ignoring`", self.written()));
                return self.stop(error.help("write on (...) before it, with the labels both sides share"));
            }
            return Ok(None);
        }
        self.advance();
        let labels = self.label_list()?;
        let left = self.is_word("group_left");
        let group = if left || self.is_word("group_right") {
            self.advance();
            let labels = if self.is_sign("(") { self.label_list()? } else { Vec::new() };
            Some(Group { left, labels })
        } else {
            None
        };
        Ok(Some(Matching { on, labels, group }))
    }

    fn refuse_fill(&mut self) -> Step<()> {
        let fills = ["fill", "fill_left", "fill_right"].iter().any(|word| self.is_word(word));
        if fills && *self.token_after() == Token::Sign("(") {
            let error =
                SyntaxError::new(self.range(), format!("`{}` is experimental and not read here", self.written()));
            return self.stop(error.help("write `or 0 * other_side` to fill in missing series"));
        }
        Ok(())
    }

    /// An operand with its signs before it and its windows and offsets behind.
    fn signed(&mut self) -> Step<Built> {
        let start = self.range().start;
        let minus = self.is_sign("-");
        if minus || self.is_sign("+") {
            self.advance();
            let operand = self.expression(UNARY_BINDING)?;
            let height = operand.height + 1;
            return match super::build::signed_number(minus, &operand.expr.kind) {
                Some(number) => self.built(number, start, operand.height),
                None => self.built(Kind::Unary { minus, expr: Box::new(operand.expr) }, start, height),
            };
        }
        let operand = self.operand()?;
        self.suffixes(operand, start)
    }
}
