//! Which labels an expression's series carry: surely, maybe, or never, and who took them away.

use std::collections::BTreeSet;

use super::NAME_LABEL;
use super::label_set::{Fate, LabelSet, Others};
use crate::promql::types::type_of;
use crate::promql::{
    Aggregate, AggregateOp, Binary, BinaryOp, Call, Expr, Kind, MatchOp, Range, Selector, ValueType, regex,
};

/// What is known of the labels of a selector's series beside their name; none when they may have any.
pub type KnownLabels<'k> = &'k dyn Fn(&Selector) -> Option<Vec<String>>;

/// The labels of the expression's series, of whose metrics nothing is known.
pub fn labels(expr: &Expr) -> LabelSet {
    labels_with(expr, &|_| None)
}

/// The labels of the expression's series, with what is known of its metrics.
pub fn labels_with(expr: &Expr, known: KnownLabels<'_>) -> LabelSet {
    Asker { known }.labels(expr)
}

struct Asker<'k> {
    known: KnownLabels<'k>,
}

impl Asker<'_> {
    fn labels(&self, expr: &Expr) -> LabelSet {
        match &expr.kind {
            Kind::Number(_) | Kind::Float(_) | Kind::Text(_) => LabelSet::none(expr.at),
            Kind::Selector(selector) | Kind::Matrix { selector, .. } => self.of_selector(selector),
            Kind::Subquery { expr, .. } | Kind::Paren(expr) => self.labels(expr),
            Kind::Unary { minus, expr: inner } => {
                let mut set = self.labels(inner);
                if *minus {
                    set.drop(NAME_LABEL, expr.at);
                }
                set
            }
            Kind::Aggregate(aggregate) => self.of_aggregate(aggregate, expr.at),
            Kind::Call(call) => self.of_call(call, expr.at),
            Kind::Binary(binary) => self.of_binary(binary, expr.at),
        }
    }

    fn of_selector(&self, selector: &Selector) -> LabelSet {
        let mut set = match (self.known)(selector) {
            Some(labels) => LabelSet::only(labels, selector.at),
            None => LabelSet::any(),
        };
        if selector.metric.is_some() {
            set.ensure(NAME_LABEL);
        }
        for matcher in &selector.matchers {
            let empty_matches = match matcher.op {
                MatchOp::Equal | MatchOp::NotEqual => matcher.value.is_empty(),
                // A faulty expression says nothing.
                MatchOp::Regex | MatchOp::NotRegex => {
                    regex::matches_empty(&matcher.value).unwrap_or(!matcher.op.is_negative())
                }
            };
            if empty_matches == matcher.op.is_negative() {
                set.ensure(&matcher.label);
            } else if matcher.op == MatchOp::Equal {
                set.drop(&matcher.label, matcher.at);
            }
        }
        set
    }

    fn of_aggregate(&self, aggregate: &Aggregate, place: Range) -> LabelSet {
        let inner = self.labels(&aggregate.expr);
        if aggregate.op.picks_series() {
            return inner;
        }
        let mut set = match &aggregate.grouping {
            None => LabelSet::none(place),
            Some(grouping) if grouping.without => {
                let mut set = inner;
                for label in grouping.labels.iter().map(String::as_str).chain([NAME_LABEL]) {
                    set.drop(label, place);
                }
                set
            }
            Some(grouping) => inner.keep_only(&grouping.labels, place),
        };
        if aggregate.op == AggregateOp::CountValues
            && let Some(Kind::Text(label)) = aggregate.param.as_ref().map(|param| &param.kind)
        {
            set.ensure(label);
        }
        set
    }

    fn of_call(&self, call: &Call, place: Range) -> LabelSet {
        let argument =
            |index: usize| call.args.get(index).map_or_else(|| LabelSet::none(place), |arg| self.labels(arg));
        let text = |index: usize| match call.args.get(index).map(|arg| &arg.kind) {
            Some(Kind::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        match &*call.function {
            "absent" | "absent_over_time" => of_absent(call, place),
            "label_replace" => {
                let mut set = argument(0);
                if let (Some(label), Some(value)) = (text(1), text(2)) {
                    replace(&mut set, label, value, text(3), text(4));
                }
                set
            }
            "label_join" => {
                let mut set = argument(0);
                let sources: Vec<&str> = (3..call.args.len()).filter_map(text).collect();
                let filled = sources.iter().any(|source| set.fate(source) == Fate::Surely)
                    || (sources.len() > 1 && text(2).is_some_and(|separator| !separator.is_empty()));
                if let Some(label) = text(1) {
                    set.certain.remove(label);
                    set.allow(label);
                    if filled {
                        set.ensure(label);
                    }
                }
                set
            }
            "last_over_time" | "first_over_time" | "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" => {
                argument(0)
            }
            "info" => LabelSet { certain: argument(0).certain, others: LabelSet::any().others },
            "histogram_quantile" | "histogram_fraction" => {
                let mut set = argument(call.args.len().saturating_sub(1));
                set.drop("le", place);
                set.drop(NAME_LABEL, place);
                set
            }
            "histogram_quantiles" => {
                let mut set = argument(0);
                set.drop("le", place);
                set.drop(NAME_LABEL, place);
                if let Some(label) = text(1) {
                    set.ensure(label);
                }
                set
            }
            _ => {
                let series = call.args.iter().find(|arg| matches!(type_of(arg), ValueType::Instant | ValueType::Range));
                let scalar = matches!(&*call.function, "scalar" | "vector");
                let mut set = series.filter(|_| !scalar).map_or_else(|| LabelSet::none(place), |arg| self.labels(arg));
                set.drop(NAME_LABEL, place);
                set
            }
        }
    }

    fn of_binary(&self, binary: &Binary, place: Range) -> LabelSet {
        let scalar = |side: &Expr| type_of(side) == ValueType::Scalar;
        let renames = !binary.op.is_set() && (!binary.op.is_comparison() || binary.return_bool);
        let (left, right) = (self.labels(&binary.left), self.labels(&binary.right));
        let mut set = match (scalar(&binary.left), scalar(&binary.right)) {
            (true, true) => return LabelSet::none(place),
            (true, false) => right,
            (false, true) => left,
            (false, false) => of_match(binary, &left, &right, place),
        };
        if renames {
            set.drop(NAME_LABEL, place);
        }
        set
    }
}

/// `absent` knows only labels that its selector fixes, and each of them once.
fn of_absent(call: &Call, place: Range) -> LabelSet {
    let mut set = LabelSet::none(place);
    let Some(arg) = call.args.first() else { return set };
    let (Kind::Selector(selector) | Kind::Matrix { selector, .. }) = &crate::promql::print::bare(arg).kind else {
        return set;
    };
    for matcher in &selector.matchers {
        let alone = selector.matchers.iter().filter(|other| other.label == matcher.label).count() == 1;
        let fixed = matcher.op == MatchOp::Equal && !matcher.value.is_empty();
        if fixed && alone && matcher.label != NAME_LABEL {
            set.ensure(&matcher.label);
        }
    }
    set
}

fn replace(set: &mut LabelSet, label: &str, value: &str, source: Option<&str>, pattern: Option<&str>) {
    let before = set.fate(label);
    // Group references may be empty; a letter outside of them may not.
    let filled = !value.is_empty() && !value.contains('$');
    let always = pattern.is_some_and(|pattern| {
        let missing = source.is_none_or(|source| set.fate(source) != Fate::Surely);
        pattern == ".*" || (missing && pattern.is_empty() && source == Some("")) || (!missing && pattern == ".+")
    });
    set.certain.remove(label);
    set.allow(label);
    if filled && (always || before == Fate::Surely) {
        set.ensure(label);
    }
}

fn of_match(binary: &Binary, left: &LabelSet, right: &LabelSet, place: Range) -> LabelSet {
    let matching = binary.matching.as_ref();
    let listed: &[String] = matching.map_or(&[], |matching| &matching.labels);
    let on = matching.is_some_and(|matching| matching.on);
    let group = matching.and_then(|matching| matching.group.as_ref());
    match binary.op {
        BinaryOp::Or => return left.union(right),
        BinaryOp::Unless => return left.clone(),
        _ => {}
    }
    let (many, one) = if group.is_none_or(|group| group.left) { (left, right) } else { (right, left) };
    let mut set = many.clone();
    let shared: BTreeSet<String> =
        if on { listed.iter().cloned().collect() } else { many.mentioned(one).into_iter().collect() };
    for label in shared.iter().filter(|label| on || (!listed.contains(label) && *label != NAME_LABEL)) {
        set.agree(label, one);
    }
    // Without `on`, what the one side closed is closed on both.
    if !on && let Others::Only { labels, by } = &one.others {
        let open: Vec<&String> = labels.iter().chain(&one.certain).chain(listed).collect();
        if matches!(set.others, Others::Any { .. }) {
            let name = NAME_LABEL.to_owned();
            set = set.keep_only(open.into_iter().chain([&name]), *by);
        }
    }
    if binary.op == BinaryOp::And {
        return set;
    }
    match group {
        Some(group) => {
            for label in &group.labels {
                set.certain.remove(label);
                set.allow(label);
                set.agree(label, one);
            }
            set
        }
        None if on => set.keep_only(listed, place),
        None => {
            for label in listed {
                set.drop(label, place);
            }
            set
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    /// `+a` surely, `a` maybe, `-a` never, of the labels asked for.
    fn known(text: &str, asked: &[&str]) -> String {
        let set = labels(&parse(text).unwrap());
        let mark = |label: &&str| match set.fate(label) {
            Fate::Surely => format!("+{label}"),
            Fate::Maybe => (*label).to_owned(),
            Fate::Never { .. } => format!("-{label}"),
        };
        asked.iter().map(mark).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn labels_that_survive() {
        for (text, expected) in [
            ("m{a=\"1\", b!=\"\", c=~\".*\", d=\"\"}", "+__name__ +a +b c -d"),
            ("m{a!=\"1\", b=~\".+\", c!~\".*x\"}", "+__name__ a +b c d"),
            ("sum(m{a=\"1\"})", "-__name__ -a -b -c -d"),
            ("sum by (a, b) (m{a=\"1\"})", "-__name__ +a b -c -d"),
            ("sum without (a) (m{a=\"1\", b=\"2\"})", "-__name__ -a +b c d"),
            ("topk(3, m{a=\"1\"})", "+__name__ +a b c d"),
            ("count_values(\"a\", m)", "-__name__ +a -b -c -d"),
            ("rate(m{a=\"1\"}[5m])", "-__name__ +a b c d"),
            ("last_over_time(m[5m])", "+__name__ a b c d"),
            ("m > 5", "+__name__ a b c d"),
            ("m > bool 5", "-__name__ a b c d"),
            ("5 * m{a=\"1\"}", "-__name__ +a b c d"),
            ("absent(m{a=\"1\", b=~\"x\", c!=\"y\"})", "-__name__ +a -b -c -d"),
            ("absent(sum(m{a=\"1\"}))", "-__name__ -a -b -c -d"),
            ("vector(1)", "-__name__ -a -b -c -d"),
            ("label_replace(sum(m), \"a\", \"x\", \"\", \"\")", "-__name__ +a -b -c -d"),
            ("label_replace(sum by (b) (m), \"a\", \"$1\", \"b\", \"(x)\")", "-__name__ a b -c -d"),
            ("label_join(m{b=\"1\"}, \"a\", \"-\", \"b\", \"c\")", "+__name__ +a +b c d"),
            ("m{a=\"1\"} / on (a, b) n{b=\"1\"}", "-__name__ +a +b -c -d"),
            ("m{a=\"1\"} / ignoring (a) n{b=\"1\"}", "-__name__ -a +b c d"),
            ("m{c=\"1\"} * on (a) group_left (b) n{b=\"1\", d=\"2\"}", "-__name__ a +b +c d"),
            ("m * on (a) group_left (b) sum by (a) (n)", "-__name__ a -b c d"),
            ("m * on (a) group_right (b) n{c=\"1\"}", "-__name__ a b +c d"),
            ("m and sum by (a) (n)", "+__name__ a -b -c -d"),
            ("m and on (a) n{a=\"1\"}", "+__name__ +a b c d"),
            ("m{b=\"1\"} unless on (a) n{a=\"1\"}", "+__name__ a +b c d"),
            ("m{a=\"1\", b=\"1\"} or sum by (a) (n{a=\"2\"})", "__name__ +a b c d"),
            ("sum by (a) (m) / sum by (a) (n{a=\"2\"})", "-__name__ +a -b -c -d"),
        ] {
            assert_eq!(known(text, &["__name__", "a", "b", "c", "d"]), expected, "{text}");
        }
    }

    #[test]
    fn histogram_functions_take_the_bounds() {
        assert_eq!(known("histogram_quantile(0.9, sum by (le, a) (rate(m_bucket[5m])))", &["le", "a"]), "-le a");
    }

    #[test]
    fn who_took_it_away() {
        let text = "max(sum by (job) (up))";
        let set = labels(&parse("1 + sum by (job) (up)").unwrap());
        let Fate::Never { by } = set.fate("instance") else { panic!("{text}") };
        assert_eq!((by.start, by.end), (4, 21));
        assert_eq!(set.all(), Some(vec!["job"]));
    }
}
