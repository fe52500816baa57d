//! A tree to several lines, for rule files: what fits stays on one line, the rest breaks at
//! operators and parentheses.

use super::print::{
    bare, least_length, left_needs_parens, print, print_aggregate_head, print_operator, right_needs_parens, sign,
    sign_needs_parens, subquery_suffix, suffix_needs_parens,
};
use super::{Binary, Expr, Kind};

/// Longer lines are broken, where they can be.
const WIDTH: usize = 100;

impl Expr {
    /// On several lines if it is long; reads back as the same tree as the one-line form.
    pub fn pretty(&self) -> String {
        let mut text = String::new();
        Page { text: &mut text }.write(self, 0);
        text
    }
}

struct Page<'t> {
    text: &'t mut String,
}

impl Page<'_> {
    fn indent(&mut self, level: usize) {
        for _ in 0..level {
            self.text.push_str("  ");
        }
    }

    /// Writes an expression that begins at `level`, with the indent of its first line.
    fn write(&mut self, expr: &Expr, level: usize) {
        self.indent(level);
        self.write_here(expr, level);
    }

    /// The same, where the first line has begun.
    fn write_here(&mut self, expr: &Expr, level: usize) {
        let expr = bare(expr);
        let breakable = can_be_broken(&expr.kind);
        if !breakable || level * 2 + least_length(expr) <= WIDTH {
            let start = self.text.len();
            print(self.text, expr);
            let written = self.text.get(start..).unwrap_or("");
            if !breakable || level * 2 + written.len() <= WIDTH || level * 2 + written.chars().count() <= WIDTH {
                return;
            }
            self.text.truncate(start);
        }
        match &expr.kind {
            Kind::Binary(binary) => self.write_binary(binary, level),
            Kind::Call(call) => {
                self.text.push_str(&call.function);
                self.write_bracketed(call.args.iter(), level);
            }
            Kind::Aggregate(aggregate) => {
                print_aggregate_head(self.text, aggregate);
                self.write_bracketed(aggregate.param.iter().chain([&aggregate.expr]).map(|arg| &**arg), level);
            }
            Kind::Subquery { expr, range, step, offset } => {
                self.write_operand_here(expr, suffix_needs_parens(expr), level);
                self.text.push_str(&subquery_suffix(*range, *step, offset));
            }
            Kind::Unary { minus, expr } => {
                self.text.push(sign(*minus));
                self.write_operand_here(expr, sign_needs_parens(expr), level);
            }
            _ => {}
        }
    }

    fn write_bracketed<'e>(&mut self, args: impl Iterator<Item = &'e Expr>, level: usize) {
        self.text.push('(');
        for (index, arg) in args.enumerate() {
            self.text.push_str(if index == 0 { "\n" } else { ",\n" });
            self.write(arg, level + 1);
        }
        self.text.push('\n');
        self.indent(level);
        self.text.push(')');
    }

    fn write_operand_here(&mut self, expr: &Expr, parens: bool, level: usize) {
        if parens {
            self.write_bracketed(std::iter::once(expr), level);
        } else {
            self.write_here(expr, level);
        }
    }

    /// Operands indented, operators between them on lines of their own. The operands of a chain
    /// (`a or b or c`) stand below one another.
    fn write_binary(&mut self, binary: &Binary, level: usize) {
        let parens = left_needs_parens(binary);
        match &bare(&binary.left).kind {
            Kind::Binary(left) if left.op.binding() == binary.op.binding() && !parens => {
                self.write_binary(left, level);
            }
            _ => {
                self.text.push_str("  ");
                self.write_operand_here(&binary.left, parens, level + 1);
            }
        }
        self.text.push('\n');
        self.indent(level);
        print_operator(self.text, binary);
        self.text.push('\n');
        self.indent(level + 1);
        self.write_operand_here(&binary.right, right_needs_parens(binary), level + 1);
    }
}

fn can_be_broken(kind: &Kind) -> bool {
    match kind {
        Kind::Call(call) => !call.args.is_empty(),
        Kind::Binary(_) | Kind::Aggregate(_) | Kind::Subquery { .. } | Kind::Unary { .. } => true,
        Kind::Number(_) | Kind::Float(_) | Kind::Text(_) | Kind::Selector(_) | Kind::Matrix { .. } | Kind::Paren(_) => {
            false
        }
    }
}
