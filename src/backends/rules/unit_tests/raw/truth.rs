//! When a condition is true: its comparisons, and which of them must hold at a time.

use crate::promql::ask::is_condition;
use crate::promql::{Binary, BinaryOp, Expr, Kind};

/// Something that holds or does not.
#[derive(Debug, Clone, Copy)]
pub(super) enum Atom<'a> {
    /// A comparison.
    Compared(&'a Expr, &'a Binary),
    /// Series are there.
    There(&'a Expr),
}

impl Atom<'_> {
    /// Whether it depends on the time of day or of the year.
    pub(super) fn speaks_of_time(self) -> bool {
        let (Atom::Compared(expr, _) | Atom::There(expr)) = self;
        super::solve::speaks_of_time(expr)
    }

    /// As it is written.
    pub(super) fn text(self) -> String {
        match self {
            Atom::Compared(expr, _) => expr.to_string(),
            Atom::There(expr) => format!("there is {expr}"),
        }
    }
}

/// An atom, by its number, and whether it holds.
pub(super) type Literal = (usize, bool);

/// How atoms make a condition.
#[derive(Debug)]
pub(super) enum Truth {
    Always,
    Holds(usize, bool),
    Both(Box<Truth>, Box<Truth>),
    Either(Box<Truth>, Box<Truth>),
}

/// Most ways that are tried.
const MOST: usize = 12;

/// The truth of an expression, which has samples when it is true.
pub(super) fn truth<'a>(expr: &'a Expr, atoms: &mut Vec<Atom<'a>>) -> Truth {
    let mut holds = |atom, whether| {
        atoms.push(atom);
        Truth::Holds(atoms.len() - 1, whether)
    };
    match &expr.kind {
        Kind::Paren(inner) | Kind::Unary { expr: inner, .. } => truth(inner, atoms),
        Kind::Binary(binary) => of_binary(expr, binary, atoms),
        Kind::Call(call) => match (call.function.as_ref(), call.args.as_slice()) {
            ("vector", _) => Truth::Always,
            ("absent" | "absent_over_time", [inner]) => holds(Atom::There(inner), false),
            (_, args) => match args.iter().find(|arg| is_condition(arg)) {
                Some(inner) => truth(inner, atoms),
                None => holds(Atom::There(expr), true),
            },
        },
        Kind::Aggregate(aggregate) if is_condition(&aggregate.expr) => truth(&aggregate.expr, atoms),
        Kind::Subquery { expr: inner, .. } if is_condition(inner) => truth(inner, atoms),
        Kind::Number(_) | Kind::Float(_) | Kind::Text(_) => Truth::Always,
        _ => holds(Atom::There(expr), true),
    }
}

fn of_binary<'a>(expr: &'a Expr, binary: &'a Binary, atoms: &mut Vec<Atom<'a>>) -> Truth {
    let (left, right) = (&binary.left, &binary.right);
    match binary.op {
        BinaryOp::And => both(truth(left, atoms), truth(right, atoms)),
        BinaryOp::Or => Truth::Either(Box::new(truth(left, atoms)), Box::new(truth(right, atoms))),
        BinaryOp::Unless => both(truth(left, atoms), not(truth(right, atoms))),
        op => {
            // A filter inside a value must let something through, too.
            let mut whole = Truth::Always;
            for side in [left, right] {
                if is_condition(side) {
                    whole = both(whole, truth(side, atoms));
                }
            }
            if op.is_comparison() && !binary.return_bool {
                atoms.push(Atom::Compared(expr, binary));
                whole = both(whole, Truth::Holds(atoms.len() - 1, true));
            } else if matches!(whole, Truth::Always) {
                atoms.push(Atom::There(expr));
                whole = Truth::Holds(atoms.len() - 1, true);
            }
            whole
        }
    }
}

fn both(left: Truth, right: Truth) -> Truth {
    match (left, right) {
        (Truth::Always, other) | (other, Truth::Always) => other,
        (left, right) => Truth::Both(Box::new(left), Box::new(right)),
    }
}

fn not(truth: Truth) -> Truth {
    match truth {
        // What is always there cannot be taken away; evaluation will say so.
        Truth::Always => Truth::Always,
        Truth::Holds(atom, whether) => Truth::Holds(atom, !whether),
        Truth::Both(left, right) => Truth::Either(Box::new(not(*left)), Box::new(not(*right))),
        Truth::Either(left, right) => Truth::Both(Box::new(not(*left)), Box::new(not(*right))),
    }
}

/// Ways to make it true, each deciding atoms: of an `or`, first one side without the other.
pub(super) fn ways(truth: &Truth) -> Vec<Vec<Literal>> {
    let mut found = match truth {
        Truth::Always => vec![Vec::new()],
        Truth::Holds(atom, whether) => vec![vec![(*atom, *whether)]],
        Truth::Both(left, right) => product(ways(left), &ways(right)),
        Truth::Either(left, right) => {
            let (yes, no) = ((ways(left), ways(right)), (unways(left), unways(right)));
            let mut found = product(yes.0.clone(), &no.1);
            found.extend(product(no.0, &yes.1));
            found.extend(product(yes.0, &yes.1));
            found
        }
    };
    found.truncate(MOST);
    found
}

/// Ways to make it false.
fn unways(truth: &Truth) -> Vec<Vec<Literal>> {
    let mut found = match truth {
        Truth::Always => Vec::new(),
        Truth::Holds(atom, whether) => vec![vec![(*atom, !*whether)]],
        Truth::Both(left, right) => {
            let mut found = product(unways(left), &ways(right));
            found.extend(product(ways(left), &unways(right)));
            found.extend(product(unways(left), &unways(right)));
            found
        }
        Truth::Either(left, right) => product(unways(left), &unways(right)),
    };
    found.truncate(MOST);
    found
}

fn product(left: Vec<Vec<Literal>>, right: &[Vec<Literal>]) -> Vec<Vec<Literal>> {
    let join = |one: &Vec<Literal>| -> Vec<Vec<Literal>> {
        right.iter().map(|other| one.iter().chain(other).copied().collect()).collect()
    };
    left.iter().flat_map(join).take(MOST).collect()
}
