//! Questions to CloudWatch: fields of a metric, or math over several that stay hidden.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::config::{CloudWatchTarget, DataSource, OneOrMany, Variable, VariableQuery, VariableValue};
use super::text;
use crate::conventions::CLOUDWATCH_DATASOURCE;
use crate::model::{CloudMetric, CloudQuery, PanelMeasure, Platform, Setting, Signal, Statistic};
use crate::quantity::{Duration, print_decimal};

/// The provisioned CloudWatch.
pub(super) const SOURCE: DataSource = DataSource { r#type: "cloudwatch", uid: CLOUDWATCH_DATASOURCE };

/// The region that is asked: the datasource's own when the platform names none.
fn region(platform: &Platform) -> String {
    platform.stack.cloudwatch.as_ref().map_or("default".to_owned(), |cloudwatch| cloudwatch.region.value.clone())
}

/// Math over the values of one signal must not meet ids of another in the same panel: `a_m1`.
fn id(letter: &str, id: &str) -> String {
    format!("{}_{id}", letter.to_lowercase())
}

/// The targets that ask for a signal, the visible one last. `letter` is the visible one's.
pub(super) fn targets(
    platform: &Platform,
    metric: &CloudMetric,
    letter: &str,
    label: &str,
    window: Duration,
) -> Vec<CloudWatchTarget> {
    let hidden = metric.math.is_some();
    let mut targets: Vec<CloudWatchTarget> = metric
        .queries
        .iter()
        .enumerate()
        .map(|(index, (name, query))| CloudWatchTarget {
            ref_id: if hidden { format!("{letter}{index}") } else { letter.to_owned() },
            id: id(letter, name),
            label: if hidden { String::new() } else { label.to_owned() },
            hide: hidden,
            namespace: query.namespace.clone(),
            metric_name: query.metric.clone(),
            statistic: statistic(&query.statistic),
            dimensions: dimensions(query),
            ..blank(platform, window)
        })
        .collect();
    if let Some(math) = &metric.math {
        let ids: Vec<&str> = metric.queries.keys().map(String::as_str).collect();
        targets.push(CloudWatchTarget {
            ref_id: letter.to_owned(),
            id: id(letter, "result"),
            label: label.to_owned(),
            metric_editor_mode: 1,
            expression: renamed(&math.value, &ids, letter),
            ..blank(platform, window)
        });
    }
    targets
}

fn blank(platform: &Platform, window: Duration) -> CloudWatchTarget {
    CloudWatchTarget {
        ref_id: String::new(),
        datasource: SOURCE,
        query_mode: "Metrics",
        metric_query_type: 0,
        metric_editor_mode: 0,
        id: String::new(),
        label: String::new(),
        hide: false,
        region: region(platform),
        namespace: String::new(),
        metric_name: String::new(),
        statistic: String::new(),
        dimensions: IndexMap::new(),
        match_exact: true,
        // As the alarm looks, so that a sum in the panel is the sum that the alarm compares.
        period: window.as_seconds().next_multiple_of(60).max(60).to_string(),
        expression: String::new(),
    }
}

fn statistic(statistic: &Statistic) -> String {
    match statistic {
        Statistic::Average => "Average".to_owned(),
        Statistic::Sum => "Sum".to_owned(),
        Statistic::Minimum => "Minimum".to_owned(),
        Statistic::Maximum => "Maximum".to_owned(),
        Statistic::SampleCount => "SampleCount".to_owned(),
        Statistic::Percentile(percent) => format!("p{}", print_decimal(*percent)),
    }
}

fn dimensions(query: &CloudQuery) -> IndexMap<String, Vec<String>> {
    let value = |setting: &Setting| match setting {
        Setting::Literal(text) => text::words(text),
        Setting::Env(name) => format!("${{{}}}", variable_name(name.as_str())),
    };
    query.dimensions.iter().map(|(name, setting)| (name.clone(), vec![value(setting)])).collect()
}

fn variable_name(environment: &str) -> String {
    environment.to_lowercase()
}

/// Math with other ids; what is quoted (a search) is left alone.
fn renamed(math: &str, ids: &[&str], letter: &str) -> String {
    let mut text = String::with_capacity(math.len());
    let mut word = String::new();
    let mut quote = None;
    for character in math.chars().chain(std::iter::once('\n')) {
        if quote.is_none() && (character.is_ascii_alphanumeric() || character == '_') {
            word.push(character);
            continue;
        }
        text.push_str(&if ids.contains(&word.as_str()) { id(letter, &word) } else { word.clone() });
        word.clear();
        text.push(character);
        match quote {
            None if matches!(character, '\'' | '"') => quote = Some(character),
            Some(open) if open == character => quote = None,
            _ => {}
        }
    }
    text.pop();
    text::words(&text)
}

/// Lower limits that CloudWatch has for anything: nothing is sampled faster.
pub(super) fn window(signal: &Signal, platform: &Platform) -> Duration {
    let watched = platform.thresholds().find(|(service, threshold)| {
        service.name.value == signal.service && threshold.signal.as_ref().is_some_and(|name| name.value == signal.name)
    });
    watched.map_or(signal.window.value, |(_, threshold)| threshold.window.value)
}

/// A variable for each dimension whose value differs from place to place: the reader chooses among those
/// that CloudWatch knows.
pub(super) fn variables<'a>(platform: &Platform, asked: impl Iterator<Item = &'a PanelMeasure>) -> Vec<Variable> {
    let mut variables = BTreeMap::new();
    for measure in asked {
        let PanelMeasure::Signal { service, signal, .. } = measure else { continue };
        let Some(metric) = platform.signal(service, &signal.value).and_then(|signal| signal.cloud.as_ref()) else {
            continue;
        };
        for query in metric.queries.values() {
            for (dimension, setting) in &query.dimensions {
                if let Setting::Env(name) = setting {
                    let name = name.as_str();
                    variables.entry(variable_name(name)).or_insert_with(|| variable(platform, query, dimension, name));
                }
            }
        }
    }
    variables.into_values().collect()
}

fn variable(platform: &Platform, query: &CloudQuery, dimension: &str, environment: &str) -> Variable {
    let name = variable_name(environment);
    Variable {
        label: dimension.to_owned(),
        description: Some(format!("The {dimension} that {environment} stands for")),
        r#type: "query",
        datasource: Some(SOURCE),
        query: VariableQuery::CloudWatch {
            query_type: "dimensionValues",
            region: region(platform),
            namespace: query.namespace.clone(),
            metric_name: query.metric.clone(),
            dimension_key: dimension.to_owned(),
            ref_id: name.clone(),
        },
        name,
        definition: None,
        current: VariableValue { selected: false, text: OneOrMany::One(""), value: OneOrMany::One("") },
        options: Vec::new(),
        hide: 0,
        include_all: false,
        all_value: None,
        multi: false,
        refresh: 2,
        regex: "",
        sort: 1,
        skip_url_sync: false,
    }
}

/// A bound that holds for each period, in the unit that the metric comes in; none where a rate would have to
/// become a count.
pub(super) fn bound(signal: &Signal, metric: &CloudMetric, bound: Decimal) -> Option<Decimal> {
    use crate::model::CloudUnit;
    use crate::quantity::Dimension;
    let reported = match metric.unit {
        CloudUnit::Percent | CloudUnit::Ratio => Dimension::Ratio,
        CloudUnit::Seconds | CloudUnit::Milliseconds | CloudUnit::Microseconds => Dimension::Time,
        CloudUnit::Bytes | CloudUnit::Megabytes => Dimension::Bytes,
        CloudUnit::Count => Dimension::Count,
        CloudUnit::CountPerSecond => Dimension::Rate,
        CloudUnit::BytesPerSecond => Dimension::Throughput,
    };
    (signal.unit.dimension() == reported).then(|| super::units::in_cloud(bound, metric.unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn math_keeps_apart_what_two_signals_call_the_same() {
        let math = "100 * m1 / (m1 + m10) + SUM(SEARCH('{AWS/RDS} m1', 'Sum')) + m2";
        let expected = "100 * b_m1 / (b_m1 + m10) + SUM(SEARCH('{AWS/RDS} m1', 'Sum')) + b_m2";
        assert_eq!(renamed(math, &["m1", "m2"], "B"), expected);
    }
}
