//! The words and signs of operators, aggregations and matchers; one table for reader and printer.

use super::{AggregateOp, BinaryOp, MatchOp};

/// Binary operators: how they are written, and how tightly they bind (higher is tighter).
const BINARY: [(&str, BinaryOp, u8); 18] = [
    ("or", BinaryOp::Or, 1),
    ("and", BinaryOp::And, 2),
    ("unless", BinaryOp::Unless, 2),
    ("==", BinaryOp::Equal, 3),
    ("!=", BinaryOp::NotEqual, 3),
    (">", BinaryOp::Greater, 3),
    ("<", BinaryOp::Less, 3),
    (">=", BinaryOp::GreaterEqual, 3),
    ("<=", BinaryOp::LessEqual, 3),
    ("</", BinaryOp::TrimUpper, 3),
    (">/", BinaryOp::TrimLower, 3),
    ("+", BinaryOp::Add, 4),
    ("-", BinaryOp::Sub, 4),
    ("*", BinaryOp::Mul, 5),
    ("/", BinaryOp::Div, 5),
    ("%", BinaryOp::Mod, 5),
    ("atan2", BinaryOp::Atan2, 5),
    ("^", BinaryOp::Pow, 6),
];

/// How tightly a sign before an operand binds: `-a * b` is `(-a) * b`, `-a ^ b` is `-(a ^ b)`.
pub(super) const UNARY_BINDING: u8 = 5;

/// How tightly `^` binds, the one operator that groups from the right.
pub(super) const POWER_BINDING: u8 = 6;

const AGGREGATE: [(&str, AggregateOp); 14] = [
    ("sum", AggregateOp::Sum),
    ("avg", AggregateOp::Avg),
    ("min", AggregateOp::Min),
    ("max", AggregateOp::Max),
    ("count", AggregateOp::Count),
    ("group", AggregateOp::Group),
    ("stddev", AggregateOp::Stddev),
    ("stdvar", AggregateOp::Stdvar),
    ("topk", AggregateOp::Topk),
    ("bottomk", AggregateOp::Bottomk),
    ("quantile", AggregateOp::Quantile),
    ("count_values", AggregateOp::CountValues),
    ("limitk", AggregateOp::Limitk),
    ("limit_ratio", AggregateOp::LimitRatio),
];

const MATCH: [(&str, MatchOp); 4] =
    [("=", MatchOp::Equal), ("!=", MatchOp::NotEqual), ("=~", MatchOp::Regex), ("!~", MatchOp::NotRegex)];

/// Words that are no metric name where an operand is expected.
const NEVER_METRIC: [&str; 8] = ["bool", "on", "ignoring", "group_left", "group_right", "atan2", "inf", "nan"];

/// Words that are no label name in a grouping.
const NEVER_GROUPED: [&str; 3] = ["without", "inf", "nan"];

/// Other words of the language; metrics of these names are printed quoted, so that none can be misread.
const OTHER_KEYWORDS: [&str; 14] = [
    "by",
    "without",
    "offset",
    "start",
    "end",
    "step",
    "range",
    "max_of",
    "min_of",
    "fill",
    "fill_left",
    "fill_right",
    "anchored",
    "smoothed",
];

impl BinaryOp {
    /// As PromQL writes it: `>=`, `unless`.
    pub fn sign(self) -> &'static str {
        BINARY.iter().find(|(_, op, _)| *op == self).map_or("", |(sign, ..)| sign)
    }

    /// Whether it compares: without `bool` it filters.
    pub fn is_comparison(self) -> bool {
        use BinaryOp::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
        matches!(self, Equal | NotEqual | Greater | Less | GreaterEqual | LessEqual)
    }

    /// Whether it is `and`, `or` or `unless`.
    pub fn is_set(self) -> bool {
        matches!(self, BinaryOp::And | BinaryOp::Or | BinaryOp::Unless)
    }

    pub(super) fn binding(self) -> u8 {
        BINARY.iter().find(|(_, op, _)| *op == self).map_or(0, |(.., binding)| *binding)
    }
}

impl AggregateOp {
    /// As PromQL writes it: `count_values`.
    pub fn word(self) -> &'static str {
        AGGREGATE.iter().find(|(_, op)| *op == self).map_or("", |(word, _)| word)
    }

    /// Whether a parameter comes before the expression.
    pub fn takes_param(self) -> bool {
        use AggregateOp::{Bottomk, CountValues, LimitRatio, Limitk, Quantile, Topk};
        matches!(self, Topk | Bottomk | Quantile | CountValues | Limitk | LimitRatio)
    }

    /// Whether it picks some of the series and leaves their labels alone.
    pub fn picks_series(self) -> bool {
        use AggregateOp::{Bottomk, LimitRatio, Limitk, Topk};
        matches!(self, Topk | Bottomk | Limitk | LimitRatio)
    }

    /// Whether Prometheus wants `--enable-feature=promql-experimental-functions`.
    pub fn is_experimental(self) -> bool {
        matches!(self, AggregateOp::Limitk | AggregateOp::LimitRatio)
    }
}

impl MatchOp {
    /// As PromQL writes it: `=~`.
    pub fn sign(self) -> &'static str {
        MATCH.iter().find(|(_, op)| *op == self).map_or("", |(sign, _)| sign)
    }

    /// Whether the value is a regular expression.
    pub fn is_regex(self) -> bool {
        matches!(self, MatchOp::Regex | MatchOp::NotRegex)
    }

    /// Whether it keeps the series that do not match.
    pub fn is_negative(self) -> bool {
        matches!(self, MatchOp::NotEqual | MatchOp::NotRegex)
    }
}

/// The binary operator of a sign or (in any case) a word.
pub(super) fn binary(written: &str) -> Option<BinaryOp> {
    BINARY.iter().find(|(sign, ..)| sign.eq_ignore_ascii_case(written)).map(|(_, op, _)| *op)
}

/// The aggregation of a word, in any case.
pub(super) fn aggregate(written: &str) -> Option<AggregateOp> {
    AGGREGATE.iter().find(|(word, _)| word.eq_ignore_ascii_case(written)).map(|(_, op)| *op)
}

/// All aggregations' words.
pub(super) fn aggregate_words() -> impl Iterator<Item = &'static str> {
    AGGREGATE.iter().map(|(word, _)| *word)
}

/// The matcher operator of a sign.
pub(super) fn matcher(written: &str) -> Option<MatchOp> {
    MATCH.iter().find(|(sign, _)| *sign == written).map(|(_, op)| *op)
}

fn among(words: &[&str], written: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(written))
}

/// Whether Prometheus reads the word as a metric where an operand is expected.
pub(super) fn can_be_metric(written: &str) -> bool {
    !among(&NEVER_METRIC, written)
}

/// Whether Prometheus reads the word as a label in `by (...)`.
pub(super) fn can_be_grouped(written: &str) -> bool {
    !among(&NEVER_GROUPED, written)
}

/// Whether the word means something in PromQL, in any place.
pub(super) fn is_keyword(written: &str) -> bool {
    // The longest word of the language.
    if written.len() > "count_values".len() {
        return false;
    }
    binary(written).is_some()
        || aggregate(written).is_some()
        || among(&NEVER_METRIC, written)
        || among(&OTHER_KEYWORDS, written)
}

/// Whether a name needs no quotes as a label: letters, digits and `_`, no digit first.
pub fn is_plain_label(name: &str) -> bool {
    name.bytes().next().is_some_and(|b| !b.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether a name needs no quotes as a metric: as a label, and `:` anywhere.
pub fn is_plain_metric(name: &str) -> bool {
    name.bytes().next().is_some_and(|b| !b.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':'))
}
