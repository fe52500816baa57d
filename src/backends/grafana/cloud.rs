//! Questions to CloudWatch: fields of a metric, or math over several that stay hidden.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::config::{CloudWatchTarget, DataSource, OneOrMany, Variable, VariableQuery, VariableValue};
use super::text;
use crate::conventions::CLOUDWATCH_DATASOURCE;
use crate::model::{Measure, PanelMeasure, Platform, Setting, Signal};
use crate::quantity::Duration;
use crate::signals::cloudwatch::{Metric, Series, series};

/// The provisioned CloudWatch.
pub(super) const SOURCE: DataSource = DataSource { r#type: "cloudwatch", uid: CLOUDWATCH_DATASOURCE };

/// The region that is asked: the datasource's own when the platform names none.
fn region(platform: &Platform) -> String {
    platform.stack.cloudwatch.as_ref().map_or("default".to_owned(), |cloudwatch| cloudwatch.region.value.clone())
}

/// What CloudWatch computes for a measure of a signal; `None` when it cannot.
pub(super) fn asked(platform: &Platform, signal: &Signal, measure: &Measure) -> Option<Series> {
    let namespace = platform.stack.cloudwatch.as_ref().map_or(&platform.name.value, |cloudwatch| &cloudwatch.namespace);
    series(signal, measure, namespace).ok()
}

/// The targets that ask for a signal, the visible one last. `letter` is the visible one's.
pub(super) fn targets(
    platform: &Platform,
    series: Series,
    letter: &str,
    label: &str,
    window: Duration,
) -> Vec<CloudWatchTarget> {
    let hidden = series.math.is_some();
    // Ids of two signals in one panel must not meet.
    let prefix = format!("{}_", letter.to_lowercase());
    let series = series.prefixed(&prefix);
    let mut targets: Vec<CloudWatchTarget> = series
        .metrics
        .into_iter()
        .zip(0..)
        .map(|(metric, number)| CloudWatchTarget {
            ref_id: if hidden { format!("{letter}{number}") } else { letter.to_owned() },
            label: if hidden { String::new() } else { label.to_owned() },
            hide: hidden,
            dimensions: dimensions(&metric),
            id: metric.id,
            namespace: metric.namespace,
            metric_name: metric.name,
            statistic: metric.statistic,
            ..blank(platform, window)
        })
        .collect();
    if let Some(math) = series.math {
        targets.push(CloudWatchTarget {
            ref_id: letter.to_owned(),
            id: format!("{prefix}result"),
            label: label.to_owned(),
            metric_editor_mode: 1,
            expression: text::words(&math.value),
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

fn dimensions(metric: &Metric) -> IndexMap<String, Vec<String>> {
    let value = |setting: &Setting| match setting {
        Setting::Literal(text) => text::words(text),
        Setting::Env(name) => format!("${{{}}}", variable_name(name.as_str())),
    };
    metric.dimensions.iter().map(|(name, setting)| (name.clone(), vec![value(setting)])).collect()
}

fn variable_name(environment: &str) -> String {
    environment.to_lowercase()
}

/// The period that an alarm on the signal looks at; the signal's own if there is none.
pub(super) fn window(signal: &Signal, platform: &Platform) -> Duration {
    let watched = platform.thresholds().find(|(service, threshold)| {
        service.name.value == signal.service && threshold.signal.as_ref().is_some_and(|name| name.value == signal.name)
    });
    watched.map_or(signal.window.value, |(_, threshold)| threshold.window.value)
}

/// A variable for each dimension whose value differs from place to place: the reader chooses among those
/// that CloudWatch knows.
pub(super) fn variables<'a>(platform: &Platform, measures: impl Iterator<Item = &'a PanelMeasure>) -> Vec<Variable> {
    let mut variables = BTreeMap::new();
    for measure in measures {
        let PanelMeasure::Signal { service, signal, measure } = measure else { continue };
        let signal = platform.signal(service, &signal.value);
        let series = signal.and_then(|signal| asked(platform, signal, measure));
        for metric in series.iter().flat_map(|series| &series.metrics) {
            for (dimension, setting) in &metric.dimensions {
                if let Setting::Env(name) = setting {
                    let name = name.as_str();
                    variables.entry(variable_name(name)).or_insert_with(|| variable(platform, metric, dimension, name));
                }
            }
        }
    }
    variables.into_values().collect()
}

fn variable(platform: &Platform, metric: &Metric, dimension: &str, environment: &str) -> Variable {
    let name = variable_name(environment);
    Variable {
        label: dimension.to_owned(),
        description: Some(format!("The {dimension} that {environment} stands for")),
        r#type: "query",
        datasource: Some(SOURCE),
        query: VariableQuery::CloudWatch {
            query_type: "dimensionValues",
            region: region(platform),
            namespace: metric.namespace.clone(),
            metric_name: metric.name.clone(),
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
