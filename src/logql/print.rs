//! From the tree to text that Loki reads. Every text that came from a spec is quoted here.

use std::fmt::{self, Display, Formatter, Write};

use super::{BinaryOp, Expr, Matcher, Query, Stage, TestOp};
use crate::quantity::{Duration, print_decimal};

impl BinaryOp {
    fn sign(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Greater => ">",
            Self::Less => "<",
            Self::Mul => "*",
            Self::Div => "/",
        }
    }

    /// How tightly it binds: higher is tighter.
    fn binding(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Greater | Self::Less => 3,
            Self::Mul | Self::Div => 4,
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.write_str(&print_decimal(*number)),
            Self::Vector(number) => write!(f, "vector({})", print_decimal(*number)),
            Self::Count { query, range, offset } => over_time(f, "count_over_time", query, *range, *offset),
            Self::Absent { query, range } => over_time(f, "absent_over_time", query, *range, Duration::ZERO),
            Self::Sum { by, of } if by.is_empty() => write!(f, "sum({of})"),
            Self::Sum { by, of } => write!(f, "sum by ({}) ({of})", by.join(", ")),
            Self::Binary { op, left, right } => {
                operand(f, left, op.binding())?;
                write!(f, " {} ", op.sign())?;
                // Operators of one level group from the left.
                operand(f, right, op.binding() + 1)
            }
        }
    }
}

/// An operand, in brackets where it binds less tightly than it must.
fn operand(f: &mut Formatter<'_>, expr: &Expr, needed: u8) -> fmt::Result {
    match expr {
        Expr::Binary { op, .. } if op.binding() < needed => write!(f, "({expr})"),
        _ => write!(f, "{expr}"),
    }
}

fn over_time(f: &mut Formatter<'_>, function: &str, query: &Query, range: Duration, offset: Duration) -> fmt::Result {
    let space = if query.stages.is_empty() { "" } else { " " };
    write!(f, "{function}({query}{space}[{range}]")?;
    if !offset.is_zero() {
        write!(f, " offset {offset}")?;
    }
    f.write_char(')')
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('{')?;
        for (index, matcher) in self.streams.iter().enumerate() {
            write!(f, "{}{}{}{}", separator(index), matcher.label, test(matcher.op, true), Quoted(&matcher.value))?;
        }
        f.write_char('}')?;
        self.stages.iter().try_for_each(|stage| write!(f, " {stage}"))
    }
}

fn separator(index: usize) -> &'static str {
    if index == 0 { "" } else { ", " }
}

fn test(op: TestOp, tight: bool) -> &'static str {
    match (op, tight) {
        (TestOp::Equal, true) => "=",
        (TestOp::Regex, true) => "=~",
        (TestOp::Equal, false) => " = ",
        (TestOp::Regex, false) => " =~ ",
    }
}

impl Display for Stage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contains(text) => write!(f, "|= {}", Quoted(text)),
            Self::Json(fields) => {
                f.write_str("| json ")?;
                for (index, (label, path)) in fields.iter().enumerate() {
                    write!(f, "{}{label}={}", separator(index), Quoted(&json_path(path)))?;
                }
                Ok(())
            }
            Self::Test(Matcher { label, op, value }) => write!(f, "| {label}{}{}", test(*op, false), Quoted(value)),
        }
    }
}

/// The path of a field: `http.status`, or `http["status-code"]` where a name is no plain word.
fn json_path(path: &[String]) -> String {
    let mut text = String::new();
    for part in path {
        let is_plain = part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_plain {
            text.push_str(&format!("[{}]", Quoted(part)));
            continue;
        }
        if !text.is_empty() {
            text.push('.');
        }
        text.push_str(part);
    }
    text
}

/// Text in double quotes, with escapes by Go's rules.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in self.0.chars() {
            match character {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                hidden if hidden.is_control() || hidden == '\u{feff}' => write!(f, "\\u{:04x}", u32::from(hidden))?,
                plain => f.write_char(plain)?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(stages: Vec<Stage>) -> Query {
        let service = Matcher { label: "service".to_owned(), op: TestOp::Equal, value: "api".to_owned() };
        Query { streams: vec![service], stages }
    }

    fn count(stages: Vec<Stage>) -> Expr {
        Expr::Count { query: query(stages), range: Duration::minutes(5), offset: Duration::ZERO }
    }

    #[test]
    fn lines_of_a_stream_are_counted() {
        assert_eq!(Expr::sum(&[], count(Vec::new())).to_string(), r#"sum(count_over_time({service="api"}[5m]))"#);
        let fields = vec![
            ("event".to_owned(), vec!["event".to_owned()]),
            ("http_status".to_owned(), vec!["http".to_owned(), "status".to_owned(), "status-code".to_owned()]),
        ];
        let stages = vec![
            Stage::Contains("login \"failed\"".to_owned()),
            Stage::Json(fields),
            Stage::Test(Matcher { label: "event".to_owned(), op: TestOp::Regex, value: "login.*".to_owned() }),
        ];
        assert_eq!(
            Expr::sum(&["http_status".to_owned()], count(stages)).to_string(),
            r#"sum by (http_status) (count_over_time({service="api"} |= "login \"failed\"" | json event="event", http_status="http.status[\"status-code\"]" | event =~ "login.*" [5m]))"#
        );
    }

    #[test]
    fn brackets_stand_where_they_are_needed() {
        let number = |number: i64| Expr::Number(number.into());
        let sum = Expr::binary(BinaryOp::Or, number(1), Expr::Vector(0.into()));
        let compared = Expr::binary(BinaryOp::Less, sum, Expr::binary(BinaryOp::Mul, number(2), number(3)));
        assert_eq!(compared.to_string(), "(1 or vector(0)) < 2 * 3");
        let nested = Expr::binary(BinaryOp::Div, number(1), Expr::binary(BinaryOp::Div, number(2), number(3)));
        assert_eq!(nested.to_string(), "1 / (2 / 3)");
    }

    #[test]
    fn nothing_leaves_its_quotes() {
        let hostile = "a\"} |= `x` \\ \n\u{1}\u{feff}é";
        let text = query(vec![Stage::Contains(hostile.to_owned())]).to_string();
        assert_eq!(text, "{service=\"api\"} |= \"a\\\"} |= `x` \\\\ \\n\\u0001\\ufeffé\"");
    }
}
