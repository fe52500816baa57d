//! Series made up to match selectors.

use indexmap::{IndexMap, IndexSet};

use crate::promql::build::metric;
use crate::promql::pattern;
use crate::promql::{MatchOp, Matcher, Selector};

/// One series: a name and labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    /// Its name.
    pub metric: String,
    /// Its labels.
    pub labels: IndexMap<String, String>,
}

/// Values that are tried where a matcher only says what a label is not.
const OTHERS: [&str; 7] = ["200", "ok", "other", "none", "0", "1", ""];

impl Series {
    /// A series that the selector matches, with a value for each label of `kept`.
    pub(super) fn of(selector: &Selector, kept: &[String]) -> Option<Self> {
        let mut labels = IndexMap::new();
        for name in label_names(selector) {
            let value = values(selector, &name).into_iter().find(|value| fits(selector, &name, value))?;
            labels.insert(name, value);
        }
        for label in kept {
            labels.entry(label.clone()).or_insert_with(|| format!("{label}-1"));
        }
        labels.retain(|_, value| !value.is_empty());
        Some(Self { metric: selector.metric.clone()?, labels })
    }

    /// A series that the selector matches and none of the others does.
    pub(super) fn apart(selector: &Selector, others: &[&Selector], kept: &[String]) -> Option<Self> {
        let base = Self::of(selector, kept)?;
        let is_apart = |series: &Self| others.iter().all(|other| !series.matched_by(other));
        if is_apart(&base) {
            return Some(base);
        }
        let contested: IndexSet<String> = others.iter().flat_map(|other| label_names(other)).collect();
        for label in contested {
            let usual = OTHERS.iter().map(|value| (*value).to_owned());
            let values = usual.chain(refused(others, &label));
            for value in values.filter(|value| fits(selector, &label, value)) {
                let mut series = base.clone();
                series.labels.insert(label.clone(), value);
                series.labels.retain(|_, value| !value.is_empty());
                if is_apart(&series) {
                    return Some(series);
                }
            }
        }
        None
    }

    /// Whether a selector matches it.
    pub(super) fn matched_by(&self, selector: &Selector) -> bool {
        selector.metric.as_ref() == Some(&self.metric)
            && selector.matchers.iter().all(|matcher| {
                let value = self.labels.get(&*matcher.label).map_or("", String::as_str);
                // What cannot be told counts as a match, so that no test is built on a guess.
                satisfied(matcher, value).unwrap_or(true)
            })
    }

    /// As promtool writes it.
    pub(super) fn selector(&self) -> Selector {
        metric(self.metric.clone()).with_all(self.labels.clone())
    }

    /// The same labels under another suffix, with one label more: a bucket of a histogram.
    pub(super) fn suffixed(&self, suffix: &str, more: Option<(&str, String)>) -> Self {
        let mut series = self.clone();
        series.metric.push_str(suffix);
        series.labels.extend(more.map(|(label, value)| (label.to_owned(), value)));
        series
    }
}

fn label_names(selector: &Selector) -> IndexSet<String> {
    selector.matchers.iter().map(|matcher| matcher.label.to_string()).collect()
}

fn values(selector: &Selector, label: &str) -> Vec<String> {
    let of_label = selector.matchers.iter().filter(|matcher| matcher.label == label);
    let mut values: Vec<String> = of_label
        .filter_map(|matcher| match matcher.op {
            MatchOp::Equal => Some(matcher.value.clone()),
            MatchOp::Regex => pattern::sample(&matcher.value),
            MatchOp::NotEqual | MatchOp::NotRegex => None,
        })
        .collect();
    values.extend(OTHERS.iter().map(|value| (*value).to_owned()));
    values
}

/// Values that some selector refuses for a label.
fn refused(selectors: &[&Selector], label: &str) -> Vec<String> {
    let of_label = selectors.iter().flat_map(|selector| &selector.matchers).filter(|matcher| matcher.label == label);
    let refused = of_label.filter_map(|matcher| match matcher.op {
        MatchOp::NotEqual => Some(matcher.value.clone()),
        MatchOp::NotRegex => pattern::sample(&matcher.value),
        MatchOp::Equal | MatchOp::Regex => None,
    });
    refused.collect()
}

fn fits(selector: &Selector, label: &str, value: &str) -> bool {
    let mut of_label = selector.matchers.iter().filter(|matcher| matcher.label == label);
    of_label.all(|matcher| satisfied(matcher, value) == Some(true))
}

/// A value that every selector refuses for this label.
pub(super) fn stranger(selectors: &[&Selector], label: &str) -> Option<String> {
    let of_label = || selectors.iter().flat_map(|selector| &selector.matchers).filter(|matcher| matcher.label == label);
    let refused = of_label().filter_map(|matcher| match matcher.op {
        MatchOp::NotEqual => Some(matcher.value.clone()),
        MatchOp::NotRegex => pattern::sample(&matcher.value),
        MatchOp::Equal | MatchOp::Regex => None,
    });
    let refuses = |selector: &Selector, value: &str| {
        let mut of_label = selector.matchers.iter().filter(|matcher| matcher.label == label);
        of_label.any(|matcher| satisfied(matcher, value) == Some(false))
    };
    let mut values = refused.chain(["stranger".to_owned()]).filter(|value| !value.is_empty());
    values.find(|value| selectors.iter().all(|selector| refuses(selector, value)))
}

fn satisfied(matcher: &Matcher, value: &str) -> Option<bool> {
    match matcher.op {
        MatchOp::Equal => Some(matcher.value == value),
        MatchOp::NotEqual => Some(matcher.value != value),
        MatchOp::Regex => pattern::matches(&matcher.value, value),
        MatchOp::NotRegex => pattern::matches(&matcher.value, value).map(|matched| !matched),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse_selector;

    #[test]
    fn series_that_match_and_series_apart() {
        let all = parse_selector(r#"http_requests_total{job="api"}"#).unwrap();
        let bad = parse_selector(r#"http_requests_total{job="api", status=~"5.."}"#).unwrap();
        let failed = Series::of(&bad, &["endpoint".to_owned()]).unwrap();
        assert_eq!(
            failed.selector().to_string(),
            r#"http_requests_total{job="api", status="500", endpoint="endpoint-1"}"#
        );
        assert!(failed.matched_by(&all));
        let rest = Series::apart(&all, &[&bad], &[]).unwrap();
        assert_eq!(rest.selector().to_string(), r#"http_requests_total{job="api"}"#);
        let everything_but = parse_selector(r#"http_requests_total{job="api", status!="200"}"#).unwrap();
        let rest = Series::apart(&all, &[&everything_but], &[]).unwrap();
        assert_eq!(rest.selector().to_string(), r#"http_requests_total{job="api", status="200"}"#);
        let no_errors = parse_selector(r#"http_requests_total{job="api", status!~"5.."}"#).unwrap();
        let rest = Series::apart(&all, &[&no_errors], &[]).unwrap();
        assert_eq!(rest.selector().to_string(), r#"http_requests_total{job="api", status="500"}"#);
        assert_eq!(Series::apart(&all, &[&all], &[]), None);
    }
}
