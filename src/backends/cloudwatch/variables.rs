//! Input variables: one for each `{env: NAME}` that a resource needs.

use indexmap::IndexMap;

use super::names;
use super::terraform::{Content, Stack, Variable};
use crate::model::Setting;
use crate::signals::cloudwatch::Metric;

/// The variables of everything that is declared, in the order of their first use.
pub(super) fn variables(stack: &Stack) -> Vec<Variable> {
    let mut found = Found::default();
    for subscription in stack.topics.iter().flat_map(|topic| &topic.subscriptions) {
        // The address of an integration is often all that is needed to use it.
        found.add(&subscription.endpoint, true, || format!("{} endpoint that is subscribed", subscription.protocol));
    }
    for alarm in &stack.alarms {
        found.metrics(&alarm.watched.metrics);
    }
    for widget in stack.dashboards.iter().flat_map(|dashboard| &dashboard.widgets) {
        if let Content::Metrics(graph) = &widget.content {
            graph.lines.iter().for_each(|line| found.metrics(&line.metrics));
        }
    }
    if let Some(archive) = &stack.archive {
        found.add(&archive.bucket, false, || "bucket that logs are archived in".to_owned());
        if let Some(region) = &archive.region {
            found.add(region, false, || "region of the archive bucket".to_owned());
        }
    }
    found.variables.into_values().collect()
}

#[derive(Default)]
struct Found {
    variables: IndexMap<String, Variable>,
}

impl Found {
    fn metrics(&mut self, metrics: &[Metric]) {
        for metric in metrics {
            for (dimension, value) in &metric.dimensions {
                self.add(value, false, || format!("{dimension} in {}", metric.namespace));
            }
        }
    }

    fn add(&mut self, setting: &Setting, sensitive: bool, what: impl FnOnce() -> String) {
        let Setting::Env(environment) = setting else { return };
        let name = names::variable(environment.as_str());
        let variable = self.variables.entry(name.clone()).or_insert_with(|| Variable {
            name,
            description: format!("{environment}: {}", what()),
            sensitive,
        });
        variable.sensitive |= sensitive;
    }
}
