//! From the model to Azure's resources.

use super::terraform::{ActionGroup, MetricAlert, Receiver, Rule, RuleGroup, Stack, Workspace};
use super::times;
use crate::backends::clouds::{self, APPROXIMATE_IN_CLOUD, Asked, Cloud, Impossible, Variables};
use crate::backends::cloudwatch::describe::describe;
use crate::backends::cloudwatch::names::{self, Labels, plain};
use crate::conventions::RUNBOOK_ANNOTATION;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{
    Azure, AzureAggregation, AzureMetric, Condition, Delivery, Evaluator, Measure, Platform, Threshold, Urgency,
};
use crate::quantity::Duration;
use crate::signals;
use crate::signals::cloudwatch::convert;

/// Most rules in a group.
const MOST_RULES: usize = 20;

/// Longest name of a group in messages.
const SHORT_NAME: usize = 12;

/// Shortest and longest retention of a log workspace, in days.
const RETENTION: (u64, u64) = (30, 730);

pub(super) fn stack(platform: &Platform, settings: &Azure, diagnostics: &mut Diagnostics) -> Stack {
    let cloud = Cloud {
        name: "Azure",
        evaluator: Evaluator::Azure,
        promql: "name the workspace of its managed Prometheus with `prometheus_workspace`",
        origin: settings.origin,
    };
    let mut variables = Variables::default();
    variables.setting(&settings.resource_group, "resource group that everything is made in");
    if let Some(workspace) = &settings.prometheus_workspace {
        variables.setting(workspace, "id of the Azure Monitor workspace with managed Prometheus");
    }
    let groups = groups(platform, &mut variables);
    let mut labels = Labels::default();
    let (mut alerts, mut rules) = (Vec::new(), Vec::new());
    for asked in clouds::evaluated(cloud, platform, diagnostics) {
        let rendered = match rendered(cloud, settings, asked, diagnostics) {
            Ok(rendered) => rendered,
            Err(impossible) => {
                diagnostics.push(impossible.at(cloud, asked));
                continue;
            }
        };
        let told = clouds::told(cloud, platform, asked, diagnostics);
        let heard = told.iter().flat_map(|told| groups.iter().filter(|(name, _)| *name == told.name.value));
        let heard: Vec<String> = heard.map(|(_, group)| group.label.clone()).collect();
        match rendered {
            Rendered::Metric(alert) => {
                variables.setting(&alert.scope, &format!("id of the resource that {} is of", alert.metric));
                let of = |name: &str| format!("{name} of {}", alert.metric);
                alert.dimensions.iter().for_each(|(name, value)| variables.setting(value, &of(name)));
                let label = labels.label(&asked.name(platform));
                let name = plain(&format!("{}-{}", names::prefix(platform), asked.name(platform)), 260);
                let severity = severity(platform, asked.threshold);
                alerts.push(MetricAlert { label, name, severity, groups: heard, ..alert });
            }
            Rendered::Rule(rule) => {
                let labels = rule_labels(platform, asked);
                let severity = severity(platform, asked.threshold);
                rules.push((asked.service.name.value.clone(), Rule { severity, labels, groups: heard, ..rule }));
            }
        }
    }
    Stack {
        resource_group: settings.resource_group.clone(),
        location: settings.location.clone(),
        variables: variables.into_list(),
        groups: groups.into_iter().map(|(_, group)| group).collect(),
        alerts,
        rules: rule_groups(platform, settings, rules),
        workspace: workspace(platform),
        tags: tags(platform, settings),
    }
}

/// An action group for each channel that Azure reaches, by the channel's name.
fn groups(platform: &Platform, variables: &mut Variables) -> Vec<(String, ActionGroup)> {
    let mut labels = Labels::default();
    let mut groups = Vec::new();
    for channel in clouds::reached(platform) {
        let name = &channel.name.value;
        let address = format!("address of the channel {name}");
        let receiver = match &channel.delivery {
            Delivery::Email(email) => Receiver::Email(email.to.0.clone()),
            Delivery::Pagerduty(pagerduty) => {
                variables.secret(&pagerduty.routing_key, &format!("integration key of the channel {name}"));
                Receiver::Pagerduty(pagerduty.routing_key.clone())
            }
            Delivery::Webhook(webhook) => match (&webhook.url, &webhook.secret_url) {
                (Some(url), _) => {
                    variables.setting(url, &address);
                    Receiver::Webhook(url.clone())
                }
                (None, Some(url)) => {
                    variables.secret(url, &address);
                    Receiver::SecretWebhook(url.clone())
                }
                (None, None) => continue,
            },
            _ => continue,
        };
        let group = ActionGroup {
            label: labels.label(name),
            name: plain(&format!("{}-{name}", names::prefix(platform)), 260),
            short_name: plain(name, SHORT_NAME),
            receiver,
        };
        groups.push((name.clone(), group));
    }
    groups
}

/// What a threshold becomes; what does not depend on it is filled in later.
enum Rendered {
    Metric(MetricAlert),
    Rule(Rule),
}

fn rendered(
    cloud: Cloud,
    settings: &Azure,
    asked: Asked,
    diagnostics: &mut Diagnostics,
) -> Result<Rendered, Impossible> {
    let threshold = asked.threshold;
    let native = asked.signal.and_then(|signal| Some((signal, signal.azure.as_ref()?)));
    let compared = match &threshold.condition {
        Condition::Above(bound) => Some(("GreaterThan", bound)),
        Condition::Below(bound) => Some(("LessThan", bound)),
        _ => None,
    };
    if let (Some((signal, metric)), Some((operator, bound))) = (native, compared) {
        let window = window(cloud, threshold, diagnostics);
        let value = convert(bound.value, signal.unit, metric.unit, window).ok_or_else(|| {
            Impossible::new("its metric is reported in another kind of unit", "give `azure` a `unit` that fits")
        })?;
        return Ok(Rendered::Metric(MetricAlert {
            label: String::new(),
            name: String::new(),
            description: describe(asked.service, asked.signal, threshold),
            scope: metric.resource.clone(),
            severity: 0,
            window,
            namespace: metric.namespace.clone(),
            metric: metric.metric.clone(),
            aggregation: aggregation(metric, threshold)?,
            operator,
            threshold: value,
            dimensions: metric.dimensions.clone(),
            groups: Vec::new(),
        }));
    }
    promql(settings, asked).map(Rendered::Rule)
}

fn promql(settings: &Azure, asked: Asked) -> Result<Rule, Impossible> {
    let threshold = asked.threshold;
    if settings.prometheus_workspace.is_none() {
        return Err(Impossible::new(
            "its own metrics are only compared with fixed bounds",
            "give it a fixed bound, or a shape and a `prometheus_workspace`",
        ));
    }
    let expression = signals::condition_alone(threshold, asked.signal).ok_or_else(|| {
        Impossible::new("its signal cannot be asked in PromQL", "give it a shape over Prometheus metrics")
    })?;
    let hold = match &threshold.condition {
        Condition::Absent { wait } => wait.value.max(threshold.hold.value),
        _ => threshold.hold.value,
    };
    let mut annotations = vec![("description".to_owned(), describe(asked.service, asked.signal, threshold))];
    annotations.extend(threshold.runbook.as_ref().map(|address| (RUNBOOK_ANNOTATION.to_owned(), address.clone())));
    Ok(Rule {
        alert: threshold.name.value.clone(),
        expression,
        hold,
        severity: 0,
        annotations,
        labels: Vec::new(),
        groups: Vec::new(),
    })
}

/// The longer of `over` and `for`, as one of Azure's windows.
fn window(cloud: Cloud, threshold: &Threshold, diagnostics: &mut Diagnostics) -> Duration {
    let (over, hold) = (threshold.window.value, threshold.hold.value);
    let window = times::window(over.max(hold));
    if window != over {
        let name = &threshold.name.value;
        let message = format!("{} looks at `{name}` over {window} instead of {over} for {hold}", cloud.name);
        let diagnostic = Diagnostic::new(&APPROXIMATE_IN_CLOUD, threshold.name.span, message);
        let note = "its windows are 1, 5, 15 and 30 minutes, 1, 6 and 12 hours and a day, and it knows no `for`";
        diagnostics.push(diagnostic.note(note).help(format!("write `over: {window}`, and no longer `for`")));
    }
    window
}

fn aggregation(metric: &AzureMetric, threshold: &Threshold) -> Result<&'static str, Impossible> {
    match threshold.measure {
        Measure::Mean => return Ok("Average"),
        Measure::Value => {}
        Measure::Quantile(_) | Measure::Within(_) => {
            return Err(Impossible::new("it has no quantiles", "ask for the mean, or give the signal a shape"));
        }
    }
    Ok(match metric.aggregate {
        AzureAggregation::Average => "Average",
        AzureAggregation::Minimum => "Minimum",
        AzureAggregation::Maximum => "Maximum",
        AzureAggregation::Total => "Total",
        AzureAggregation::Count => "Count",
    })
}

/// 0 is critical, 2 a warning, 3 for information.
fn severity(platform: &Platform, threshold: &Threshold) -> u64 {
    match platform.severity(&threshold.severity.value).map(|severity| severity.urgency) {
        Some(Urgency::Page) => 0,
        Some(Urgency::Ticket) => 2,
        Some(Urgency::Nothing) | None => 3,
    }
}

fn rule_labels(platform: &Platform, asked: Asked) -> Vec<(String, String)> {
    let labels = [
        ("severity", Some(&asked.threshold.severity.value)),
        ("service", Some(&asked.service.name.value)),
        ("team", platform.team.as_ref()),
    ];
    labels.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.clone()))).collect()
}

/// A group for each service; more, where one would hold too many rules.
fn rule_groups(platform: &Platform, settings: &Azure, rules: Vec<(String, Rule)>) -> Vec<RuleGroup> {
    let Some(workspace) = &settings.prometheus_workspace else { return Vec::new() };
    let interval = platform.evaluation_interval.value.max(Duration::minutes(1)).min(Duration::minutes(15));
    let mut labels = Labels::default();
    let mut groups: Vec<(String, RuleGroup)> = Vec::new();
    for (service, rule) in rules {
        let open = groups.last_mut().filter(|(of, group)| *of == service && group.rules.len() < MOST_RULES);
        if let Some((_, group)) = open {
            group.rules.push(rule);
            continue;
        }
        let label = labels.label(&service);
        let name = plain(&format!("{}-{}", names::prefix(platform), label.replace('_', "-")), 260);
        groups.push((service, RuleGroup { label, name, workspace: workspace.clone(), interval, rules: vec![rule] }));
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// One workspace holds all logs; it keeps them as long as the one that is kept longest.
fn workspace(platform: &Platform) -> Option<Workspace> {
    let days = platform.retention.logs.iter().map(|group| group.keep.value.as_seconds().div_ceil(86_400)).max()?;
    let name = plain(&format!("{}-logs", names::prefix(platform)), 63);
    Some(Workspace { name, days: days.clamp(RETENTION.0, RETENTION.1) })
}

fn tags(platform: &Platform, settings: &Azure) -> Vec<(String, String)> {
    let own = [
        ("platform", Some(&platform.name.value)),
        ("environment", Some(&platform.environment)),
        ("team", platform.team.as_ref()),
    ];
    let own = own.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.clone())));
    let kept = own.filter(|(key, _)| settings.tags.iter().all(|(written, _)| written != key));
    kept.chain(settings.tags.iter().cloned()).collect()
}
