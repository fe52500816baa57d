//! Alerts about the watching itself: targets that do not answer, jobs without targets, and an alert
//! that always fires, so that silence is news.

use indexmap::IndexMap;

use super::config::{AlertingRule, Files, Rule};
use super::labels::{alert_labels, runbook};
use super::panels;
use super::words::{escaped, label};
use crate::conventions::{TARGET_DOWN_ALERT, TARGET_VANISHED_ALERT, WATCHDOG_ALERT};
use crate::dashboards::Addresses;
use crate::model::{Platform, Service};
use crate::promql::build::{absent, equal, metric, number, vector};
use crate::quantity::Duration;

/// File and group of these alerts.
pub(super) const META: &str = "meta";

/// Adds the alerts of every job, probes' included, and the dead man's switch.
pub(super) fn lower(platform: &Platform, addresses: &Addresses, files: &mut Files) {
    let group = files.group(META, META);
    let severity = platform.meta_severity();
    for service in &platform.services {
        for (job, interval) in jobs(service) {
            let Some(severity) = severity else { continue };
            for mut alert in target_alerts(platform, service, job, interval, &severity.name) {
                panels::of_target(addresses, service, &mut alert);
                group.rules.push(Rule::Alerting(alert));
            }
        }
    }
    if !group.rules.is_empty() {
        group.rules.push(watchdog());
    }
}

/// Names of a service's jobs with their intervals, each once: several probes share a job.
pub(super) fn jobs(service: &Service) -> Vec<(&str, Duration)> {
    let scraped = service.jobs.iter().map(|job| (job.name.value.as_str(), job.interval.value));
    let probed = service.probes.iter().map(|probe| (probe.job.as_str(), probe.interval.value));
    let mut jobs: Vec<(&str, Duration)> = Vec::new();
    for (name, interval) in scraped.chain(probed) {
        if !jobs.iter().any(|(known, _)| *known == name) {
            jobs.push((name, interval));
        }
    }
    jobs
}

/// One scrape may fail; four in a row, or five minutes, are no accident.
fn patience(interval: Duration) -> Duration {
    interval.times(4).max(Duration::minutes(5))
}

fn target_alerts(
    platform: &Platform,
    service: &Service,
    job: &str,
    interval: Duration,
    severity: &str,
) -> [AlertingRule; 2] {
    let up = || metric("up").with("job", job);
    let rule = |alert: &str, expr, summary: String, description: &str| {
        let mut annotations =
            IndexMap::from([("summary".to_owned(), summary), ("description".to_owned(), description.to_owned())]);
        annotations.extend(runbook(platform, service, alert, severity));
        AlertingRule {
            alert: alert.to_owned(),
            expr,
            hold: Some(patience(interval)),
            keep_firing_for: None,
            labels: target_labels(platform, service, job, severity),
            annotations,
        }
    };
    let title = escaped(&service.title);
    let name = escaped(job);
    [
        rule(
            TARGET_DOWN_ALERT,
            equal(up(), number(0)),
            format!("{title}: {} of {name} does not answer Prometheus", label("instance")),
            "The target is known and its scrapes fail. What it measures is unknown until it answers.",
        ),
        rule(
            TARGET_VANISHED_ALERT,
            absent(up()),
            format!("{title}: {name} has no target left"),
            "The job is configured and has no target at all, so alerts on its metrics cannot fire.",
        ),
    ]
}

/// The series have the label `job` anyway; on the rule, it tells apart the alerts of a service's jobs.
pub(super) fn target_labels(
    platform: &Platform,
    service: &Service,
    job: &str,
    severity: &str,
) -> IndexMap<String, String> {
    let mut labels = alert_labels(platform, service, severity);
    labels.insert("job".to_owned(), escaped(job));
    labels
}

fn watchdog() -> Rule {
    Rule::Alerting(AlertingRule {
        alert: WATCHDOG_ALERT.to_owned(),
        expr: vector(number(1)),
        hold: None,
        keep_firing_for: None,
        labels: IndexMap::from([("severity".to_owned(), "none".to_owned())]),
        annotations: IndexMap::from([
            ("summary".to_owned(), "This alert always fires".to_owned()),
            (
                "description".to_owned(),
                "While it arrives, Prometheus evaluates and Alertmanager delivers. Whoever receives it should raise the alarm when it stops."
                    .to_owned(),
            ),
        ]),
    })
}
