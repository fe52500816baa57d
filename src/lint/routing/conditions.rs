//! Conditions on labels, and what is known of whether they hold.

use crate::plain::alertmanager::Matcher;
use crate::promql::{MatchOp, pattern};
use crate::source::Span;

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::lint) enum Known {
    /// Surely not.
    No,
    /// It depends.
    Maybe,
    /// Surely.
    Yes,
}

impl Known {
    fn of(holds: bool) -> Self {
        if holds { Known::Yes } else { Known::No }
    }

    fn not(self) -> Self {
        match self {
            Known::No => Known::Yes,
            Known::Maybe => Known::Maybe,
            Known::Yes => Known::No,
        }
    }
}

/// What is known of the value of a label; an alert without it has the empty value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lint) enum Value {
    /// This one.
    Is(String),
    /// One that is not empty.
    Some,
    /// Nothing.
    Unknown,
}

/// A condition on one label.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lint) struct Condition {
    /// The label.
    pub(in crate::lint) label: String,
    /// What its value must be.
    pub(in crate::lint) wants: Wants,
    /// Where it stands.
    pub(in crate::lint) place: Option<Span>,
}

/// What a value must be.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lint) enum Wants {
    /// One of these.
    OneOf(Vec<String>),
    /// None of these.
    NoneOf(Vec<String>),
    /// What this regular expression matches.
    Like(String),
    /// What it does not match.
    Unlike(String),
}

impl From<&Matcher> for Condition {
    fn from(matcher: &Matcher) -> Self {
        let value = || matcher.value.clone();
        let wants = match (matcher.op, pattern::texts(&matcher.value)) {
            (MatchOp::Equal, _) => Wants::OneOf(vec![value()]),
            (MatchOp::NotEqual, _) => Wants::NoneOf(vec![value()]),
            (MatchOp::Regex, Some(texts)) => Wants::OneOf(texts),
            (MatchOp::Regex, None) => Wants::Like(value()),
            (MatchOp::NotRegex, Some(texts)) => Wants::NoneOf(texts),
            (MatchOp::NotRegex, None) => Wants::Unlike(value()),
        };
        Self { label: matcher.label.clone(), wants, place: Some(matcher.place) }
    }
}

impl Wants {
    /// Whether a value of which this is known is what is wanted.
    pub(in crate::lint) fn holds(&self, value: &Value) -> Known {
        match (self, value) {
            (Wants::OneOf(texts), Value::Is(text)) => Known::of(texts.contains(text)),
            (Wants::NoneOf(texts), Value::Is(text)) => Known::of(!texts.contains(text)),
            (Wants::Like(regex), Value::Is(text)) => pattern::matches(regex, text).map_or(Known::Maybe, Known::of),
            (Wants::OneOf(texts), Value::Some) if texts.iter().all(String::is_empty) => Known::No,
            (Wants::NoneOf(texts), Value::Some) if texts.iter().all(String::is_empty) => Known::Yes,
            (Wants::Like(regex), Value::Some) if matches!(regex.as_str(), ".+" | ".*") => Known::Yes,
            (Wants::Like(regex), Value::Unknown) if regex == ".*" => Known::Yes,
            (Wants::Unlike(regex), value) => Wants::Like(regex.clone()).holds(value).not(),
            _ => Known::Maybe,
        }
    }

    /// Whether every value that is wanted here is also wanted by `other`, as far as that can be told.
    pub(in crate::lint) fn implies(&self, other: &Wants) -> bool {
        if self == other || *other == Wants::Like(".*".to_owned()) {
            return true;
        }
        match self {
            Wants::OneOf(texts) => texts.iter().all(|text| other.holds(&Value::Is(text.clone())) == Known::Yes),
            Wants::NoneOf(texts) => match other {
                Wants::NoneOf(fewer) => fewer.iter().all(|text| texts.contains(text)),
                Wants::Like(regex) => regex == ".+" && texts.iter().any(String::is_empty),
                _ => false,
            },
            Wants::Like(_) | Wants::Unlike(_) => {
                let excludes_nothing = self.holds(&Value::Is(String::new())) == Known::No;
                excludes_nothing && other.holds(&Value::Some) == Known::Yes
            }
        }
    }

    /// The values that are wanted, if they are listed.
    pub(in crate::lint) fn listed(&self) -> Option<&[String]> {
        match self {
            Wants::OneOf(texts) => Some(texts),
            _ => None,
        }
    }
}

/// Whether conditions contradict each other, as far as that can be told: the two that do.
pub(in crate::lint) fn contradiction<'c>(all: &[&'c Condition]) -> Option<(&'c Condition, &'c Condition)> {
    for (index, one) in all.iter().enumerate() {
        for other in all.iter().take(index).filter(|other| other.label == one.label) {
            let excluded = |texts: Option<&[String]>, by: &Wants| {
                texts.is_some_and(|texts| texts.iter().all(|text| by.holds(&Value::Is(text.clone())) == Known::No))
            };
            if excluded(one.wants.listed(), &other.wants) || excluded(other.wants.listed(), &one.wants) {
                return Some((other, one));
            }
        }
    }
    None
}

/// Most combinations of listed values that are tried.
const COMBINATIONS: usize = 64;

/// Which of some sets of conditions take everything for which `all` hold: the first that does so alone, or several
/// that share the values which `all` list. None if something may be left.
pub(in crate::lint) fn covered(all: &[&Condition], sets: &[Vec<&Condition>]) -> Option<Vec<usize>> {
    let takes = |set: &[&Condition], all: &[(&str, Wants)]| {
        set.iter().all(|condition| {
            let same = all.iter().filter(|(label, _)| *label == condition.label);
            condition.wants.implies_from_nothing() || same.into_iter().any(|(_, wants)| wants.implies(&condition.wants))
        })
    };
    let whole: Vec<(&str, Wants)> =
        all.iter().map(|condition| (condition.label.as_str(), condition.wants.clone())).collect();
    if let Some(one) = sets.iter().position(|set| takes(set, &whole)) {
        return Some(vec![one]);
    }
    let mut cases = vec![Vec::new()];
    for (label, wants) in &whole {
        let choices: Vec<(&str, Wants)> = match wants.listed() {
            Some(texts) => texts.iter().map(|text| (*label, Wants::OneOf(vec![text.clone()]))).collect(),
            None => vec![(*label, wants.clone())],
        };
        let longer =
            cases.iter().flat_map(|case| choices.iter().map(|choice| [case.clone(), vec![choice.clone()]].concat()));
        cases = longer.collect();
        if cases.len() > COMBINATIONS {
            return None;
        }
    }
    let mut taking: Vec<usize> = Vec::new();
    for case in &cases {
        let one = sets.iter().position(|set| takes(set, case))?;
        if !taking.contains(&one) {
            taking.push(one);
        }
    }
    taking.sort_unstable();
    (!taking.is_empty()).then_some(taking)
}

impl Wants {
    /// Whether any value is wanted.
    fn implies_from_nothing(&self) -> bool {
        self.holds(&Value::Unknown) == Known::Yes
    }
}
