//! From the model to Google Cloud's resources.

use super::terraform::{Bucket, Channel, Condition, Delivery, Policy, Series, Stack};
use crate::backends::clouds::{self, APPROXIMATE_IN_CLOUD, Asked, Cloud, Impossible, Variables};
use crate::backends::cloudwatch::describe::describe;
use crate::backends::cloudwatch::names::{self, Labels, plain};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{
    self, Bound, Evaluator, GoogleAlign, GoogleCloud, GoogleMetric, LogGroup, Measure, Platform, Threshold, Urgency,
};
use crate::quantity::Duration;
use crate::signals;
use crate::signals::cloudwatch::convert;
use rust_decimal::Decimal;

/// Shortest and longest time between two messages about one incident.
const RENOTIFY: (Duration, Duration) = (Duration::minutes(30), Duration::hours(24));

/// Shortest time without data that can be waited for.
const SHORTEST_ABSENCE: Duration = Duration::minutes(2);

/// Longest a log bucket keeps anything, in days.
const LONGEST_RETENTION: u64 = 3650;

pub(super) fn stack(platform: &Platform, settings: &GoogleCloud, diagnostics: &mut Diagnostics) -> Stack {
    let cloud = Cloud {
        name: "Google Cloud",
        evaluator: Evaluator::Google,
        promql: "declare `managed_prometheus: true`",
        origin: settings.origin,
    };
    let mut variables = Variables::default();
    variables.setting(&settings.project, "project that everything is made in");
    let channels = channels(platform, &mut variables);
    let mut labels = Labels::default();
    let mut policies = Vec::new();
    for asked in clouds::evaluated(cloud, platform, diagnostics) {
        let condition = match condition(cloud, platform, settings, asked, diagnostics) {
            Ok(condition) => condition,
            Err(impossible) => {
                diagnostics.push(impossible.at(cloud, asked));
                continue;
            }
        };
        if let Condition::Threshold { series, .. } | Condition::Absent { series, .. } = &condition {
            let notes = series.labels.iter().map(|(label, value)| (label, value));
            notes.for_each(|(label, value)| variables.setting(value, &format!("{label} of {}", series.metric)));
        }
        let told = clouds::told(cloud, platform, asked, diagnostics);
        let heard = told.iter().flat_map(|told| channels.iter().filter(|(name, _)| *name == told.name.value));
        policies.push(Policy {
            label: labels.label(&asked.name(platform)),
            display_name: format!("{}-{}", names::prefix(platform), asked.name(platform)),
            severity: severity(platform, asked.threshold),
            documentation: describe(asked.service, asked.signal, asked.threshold),
            runbook: asked.threshold.runbook.clone(),
            condition,
            channels: heard.map(|(_, channel)| channel.label.clone()).collect(),
            renotify: renotify(platform, asked.threshold),
            labels: user_labels(platform, settings, asked),
        });
    }
    Stack {
        project: settings.project.clone(),
        prefix: names::prefix(platform),
        variables: variables.into_list(),
        channels: channels.into_iter().map(|(_, channel)| channel).collect(),
        policies,
        location: settings.location.clone(),
        buckets: buckets(platform),
    }
}

/// The resources of each channel, by the channel's name: a mail address each.
fn channels(platform: &Platform, variables: &mut Variables) -> Vec<(String, Channel)> {
    let mut labels = Labels::default();
    let mut made = Vec::new();
    for channel in clouds::reached(platform) {
        let name = &channel.name.value;
        let deliveries = match &channel.delivery {
            model::Delivery::Pagerduty(pagerduty) => {
                variables.secret(&pagerduty.routing_key, &format!("integration key of the channel {name}"));
                vec![Delivery::Pagerduty { key: pagerduty.routing_key.clone() }]
            }
            model::Delivery::Email(email) => {
                email.to.0.iter().map(|address| Delivery::Email { address: address.clone() }).collect()
            }
            model::Delivery::Webhook(webhook) => {
                let what = format!("address of the channel {name}");
                webhook.url.iter().for_each(|url| variables.setting(url, &what));
                webhook.secret_url.iter().for_each(|url| variables.secret(url, &what));
                vec![Delivery::Webhook { url: webhook.url.clone(), secret_url: webhook.secret_url.clone() }]
            }
            _ => Vec::new(),
        };
        made.extend(deliveries.into_iter().map(|delivery| {
            (name.clone(), Channel { label: labels.label(name), display_name: name.clone(), delivery })
        }));
    }
    made
}

fn condition(
    cloud: Cloud,
    platform: &Platform,
    settings: &GoogleCloud,
    asked: Asked,
    diagnostics: &mut Diagnostics,
) -> Result<Condition, Impossible> {
    let threshold = asked.threshold;
    if let Some((signal, metric)) = asked.signal.and_then(|signal| Some((signal, signal.google.as_ref()?))) {
        let fixed = |comparison, bound: &Bound, diagnostics: &mut Diagnostics| {
            let period = whole_minutes(cloud, threshold, threshold.window.value, diagnostics).max(Duration::minutes(1));
            let value = convert(bound.value, signal.unit, metric.unit, period).ok_or_else(|| {
                Impossible::new("its metric is reported in another kind of unit", "give `google` a `unit` that fits")
            })?;
            let duration = whole_minutes(cloud, threshold, threshold.hold.value, diagnostics).as_seconds();
            Ok(Condition::Threshold { series: series(metric, threshold, period)?, comparison, value, duration })
        };
        match &threshold.condition {
            model::Condition::Above(bound) => return fixed("COMPARISON_GT", bound, diagnostics),
            model::Condition::Below(bound) => return fixed("COMPARISON_LT", bound, diagnostics),
            model::Condition::Absent { wait } => {
                let wait = whole_minutes(cloud, threshold, wait.value.max(SHORTEST_ABSENCE), diagnostics);
                let series = series(metric, threshold, Duration::minutes(1))?;
                return Ok(Condition::Absent { series, duration: wait.as_seconds() });
            }
            _ if !settings.managed_prometheus => {
                return Err(Impossible::new(
                    "its own metrics are only compared with fixed bounds",
                    "give it a fixed bound, or a shape and `managed_prometheus: true`",
                ));
            }
            _ => {}
        }
    }
    let query = signals::condition_alone(threshold, asked.signal).filter(|_| settings.managed_prometheus);
    let query = query.ok_or_else(|| {
        Impossible::new("its signal cannot be asked in PromQL", "give it a shape over Prometheus metrics")
    })?;
    let hold = match &threshold.condition {
        model::Condition::Absent { wait } => wait.value.max(threshold.hold.value),
        _ => threshold.hold.value,
    };
    // Evaluations come every 30 seconds or a multiple of it.
    let interval = platform.evaluation_interval.value.as_seconds().div_ceil(30).max(1) * 30;
    Ok(Condition::Promql { query, duration: hold.as_seconds(), interval })
}

/// The time in whole minutes, which is what Cloud Monitoring has.
fn whole_minutes(cloud: Cloud, threshold: &Threshold, asked: Duration, diagnostics: &mut Diagnostics) -> Duration {
    let minutes = Duration::minutes(asked.as_millis().div_ceil(60_000));
    if minutes != asked {
        let message = format!("{} looks at `{}` over {minutes} instead of {asked}", cloud.name, threshold.name.value);
        let diagnostic = Diagnostic::new(&APPROXIMATE_IN_CLOUD, threshold.name.span, message);
        diagnostics.push(diagnostic.note("its times are whole minutes").help(format!("write {minutes}")));
    }
    minutes
}

fn series(metric: &GoogleMetric, threshold: &Threshold, period: Duration) -> Result<Series, Impossible> {
    let aligner = match &threshold.measure {
        Measure::Quantile(quantile) => {
            let percent = (*quantile * Decimal::ONE_HUNDRED).normalize().to_string();
            match percent.as_str() {
                "50" | "95" | "99" | "5" => format!("ALIGN_PERCENTILE_{percent:0>2}"),
                _ => {
                    let why = format!("it knows the percentiles 5, 50, 95 and 99, not {percent}");
                    return Err(Impossible::new(why, "ask for p50, p95 or p99"));
                }
            }
        }
        Measure::Within(_) => {
            return Err(Impossible::new("it has no share within a bound", "ask for a quantile"));
        }
        Measure::Mean => "ALIGN_MEAN".to_owned(),
        Measure::Value => align(metric.align).to_owned(),
    };
    Ok(Series {
        metric: metric.metric.clone(),
        resource: metric.resource.clone(),
        labels: metric.labels.clone(),
        aligner,
        period: period.as_seconds(),
    })
}

fn align(align: GoogleAlign) -> &'static str {
    match align {
        GoogleAlign::Mean => "ALIGN_MEAN",
        GoogleAlign::Min => "ALIGN_MIN",
        GoogleAlign::Max => "ALIGN_MAX",
        GoogleAlign::Sum => "ALIGN_SUM",
        GoogleAlign::Count => "ALIGN_COUNT",
        GoogleAlign::Rate => "ALIGN_RATE",
        GoogleAlign::Delta => "ALIGN_DELTA",
    }
}

fn severity(platform: &Platform, threshold: &Threshold) -> Option<&'static str> {
    match platform.severity(&threshold.severity.value)?.urgency {
        Urgency::Page => Some("CRITICAL"),
        Urgency::Ticket => Some("WARNING"),
        Urgency::Nothing => None,
    }
}

/// The severity's repeat interval, where Cloud Monitoring has it.
fn renotify(platform: &Platform, threshold: &Threshold) -> Option<u64> {
    let repeat = platform.severity(&threshold.severity.value)?.repeat.value;
    (repeat >= RENOTIFY.0 && repeat <= RENOTIFY.1).then(|| repeat.as_seconds())
}

/// Lower case, at most 63 characters: what Google allows in labels.
fn user_labels(platform: &Platform, settings: &GoogleCloud, asked: Asked) -> Vec<(String, String)> {
    let own = [
        ("platform", Some(&platform.name.value)),
        ("environment", Some(&platform.environment)),
        ("service", Some(&asked.service.name.value)),
        ("severity", Some(&asked.threshold.severity.value)),
        ("team", platform.team.as_ref()),
    ];
    let own = own.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.clone())));
    let kept = own.filter(|(key, _)| settings.labels.iter().all(|(written, _)| written != key));
    let all = kept.chain(settings.labels.iter().cloned());
    all.map(|(key, value)| (plain(&key, 63).to_lowercase(), plain(&value, 63).to_lowercase())).collect()
}

/// A bucket for each kept log.
fn buckets(platform: &Platform) -> Vec<Bucket> {
    let mut labels = Labels::default();
    let bucket = |group: &LogGroup, labels: &mut Labels| Bucket {
        label: labels.label(&group.name.value),
        id: plain(&format!("{}-{}", names::prefix(platform), group.name.value), 100),
        log: group.name.value.trim_start_matches('/').to_owned(),
        description: group.description.clone(),
        days: (group.keep.value.as_seconds().div_ceil(86_400)).clamp(1, LONGEST_RETENTION),
    };
    platform.retention.logs.iter().map(|group| bucket(group, &mut labels)).collect()
}
