//! Workloads on Kubernetes: defaults, health checks, autoscaling from thresholds.

mod problems;
mod rollouts;

pub use problems::CODES;
pub(super) use problems::{UNDROPPABLE, UNSOUND_WORKLOAD};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Resolver;
use super::problems::UNIT_MISMATCH;
use super::services::Surroundings;
use crate::conventions::cluster_name;
use crate::diagnostics::Diagnostic;
use crate::model::{
    Asks, Autoscale, ClusterLabels, Condition, Health, HealthCheck, MonitorKind, Threshold, Workload, WorkloadKind,
};
use crate::quantity::{Dimension, Duration};
use crate::source::{Span, Spanned};
use crate::spec::values::{ClusterLabel, ClusterLabelValue, Named};
use crate::spec::workload as written;

/// A service's workload, if it has one.
pub(super) fn resolve(around: &Surroundings, thresholds: &[Threshold], resolver: &mut Resolver) -> Option<Workload> {
    let workload = around.written.workload.as_ref()?;
    let kind = workload.kind.unwrap_or(WorkloadKind::Deployment);
    let scrape = around.written.scrape.as_ref();
    let port = workload.port.or_else(|| scrape.and_then(|scrape| scrape.port)).map(|port| port.value);
    let name = name(around, workload);
    let resolved = Workload {
        kind,
        container: workload.container.as_ref().map_or_else(|| name.value.clone(), |name| name.to_string()),
        port,
        labels: labels(around, workload),
        replicas: workload.replicas.map(|replicas| replicas.value),
        monitor: workload.monitor.unwrap_or(MonitorKind::Service),
        health: workload.health.as_ref().map_or_else(Health::default, |health| self::health(health, port, resolver)),
        autoscale: workload.autoscale.as_ref().and_then(|written| autoscale(written, thresholds, resolver)),
        rollout: workload.rollout.as_ref().and_then(|written| rollouts::resolve(written, thresholds, resolver)),
        origin: workload.span,
        name,
    };
    check(workload, kind, resolver);
    Some(resolved)
}

/// Its name in the cluster.
fn name(around: &Surroundings, workload: &written::Workload) -> Spanned<String> {
    match &workload.name {
        Some(name) => Spanned::new(name.to_string(), name.span),
        None => Spanned::new(cluster_name(around.name.as_str()), around.name.span),
    }
}

/// Labels of its pods.
pub(super) fn labels(around: &Surroundings, workload: &written::Workload) -> ClusterLabels {
    match &workload.labels {
        Some(labels) => cluster_labels(labels),
        None => ClusterLabels::from([("app".to_owned(), name(around, workload).value)]),
    }
}

/// Labels as text.
pub(super) fn cluster_labels(labels: &Named<ClusterLabel, ClusterLabelValue>) -> ClusterLabels {
    labels.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// What only some kinds of workload can have.
fn check(workload: &written::Workload, kind: WorkloadKind, resolver: &mut Resolver) {
    if let (Some(autoscale), WorkloadKind::DaemonSet) = (&workload.autoscale, kind) {
        refuse(
            autoscale.span.0,
            "a DaemonSet has one pod a node: nothing scales it",
            "leave `autoscale` out",
            resolver,
        );
    }
    if let Some(rollout) = workload.rollout.as_ref().filter(|_| kind != WorkloadKind::Deployment) {
        refuse(rollout.span.0, "only a Deployment is rolled out by steps", "leave `rollout` out", resolver);
    }
    if let (Some(replicas), Some(autoscale)) = (workload.replicas, &workload.autoscale) {
        let diagnostic = Diagnostic::new(&UNSOUND_WORKLOAD, replicas.span, "two say how many there are")
            .also(autoscale.span.0, "scaled here");
        resolver.report(diagnostic.help("leave `replicas` to the autoscaler"));
    }
}

fn refuse(span: Span, message: &str, help: &str, resolver: &mut Resolver) {
    resolver.report(Diagnostic::new(&UNSOUND_WORKLOAD, span, message).help(help));
}

fn health(written: &written::Health, port: Option<u16>, resolver: &mut Resolver) -> Health {
    let mut check = |check: &Option<written::HealthCheck>| {
        check.as_ref().and_then(|check| health_check(check, written, port, resolver))
    };
    Health {
        liveness: check(&written.liveness),
        readiness: check(&written.readiness),
        startup: check(&written.startup),
    }
}

fn health_check(
    check: &written::HealthCheck,
    health: &written::Health,
    port: Option<u16>,
    resolver: &mut Resolver,
) -> Option<HealthCheck> {
    let asks = match &check.command {
        Some(command) => Asks::Command(command.clone()),
        None => {
            let Some(port) = check.port.or(health.port).map(|port| port.value).or(port) else {
                refuse(check.span.0, "this asks which port?", "add `port:` to the workload, or to `scrape`", resolver);
                return None;
            };
            match check.path.as_ref().or(health.path.as_ref()) {
                Some(path) => Asks::Path { path: path.value.clone(), port },
                None => Asks::Port(port),
            }
        }
    };
    let count = |count: Option<Spanned<u64>>, resolver: &mut Resolver| match count {
        Some(count) if count.value == 0 => {
            refuse(count.span, "nothing counts after none", "count from 1", resolver);
            None
        }
        count => count.map(|count| count.value),
    };
    Some(HealthCheck {
        asks,
        delay: check.delay.and_then(|time| seconds(time, 0, resolver)),
        period: check.period.and_then(|time| seconds(time, 1, resolver)),
        timeout: check.timeout.and_then(|time| seconds(time, 1, resolver)),
        failures: count(check.failures, resolver),
        successes: count(check.successes, resolver),
    })
}

/// Whole seconds, at least so many.
fn seconds(time: Spanned<Duration>, least: u64, resolver: &mut Resolver) -> Option<u64> {
    let millis = time.value.as_millis();
    if !millis.is_multiple_of(1000) || millis / 1000 < least {
        let message = format!("{} is no whole number of seconds from {least} on", time.value);
        refuse(time.span, &message, "Kubernetes counts whole seconds", resolver);
        return None;
    }
    Some(millis / 1000)
}

fn autoscale(written: &written::Autoscale, thresholds: &[Threshold], resolver: &mut Resolver) -> Option<Autoscale> {
    let (min, max) = (written.min, written.max);
    if min.value == 0 || max.value < min.value {
        let message = format!("at least {} and at most {}", min.value, max.value);
        let diagnostic = Diagnostic::new(&UNSOUND_WORKLOAD, max.span, message).also(min.span, "at least so many");
        resolver.report(diagnostic.help("at least 1, and at most no fewer than that"));
        return None;
    }
    if written.cpu.is_none() && written.memory.is_none() {
        refuse(written.span.0, "this scales with what?", "add `cpu: 70%` or `memory: 80%`", resolver);
        return None;
    }
    let mut share = |target: &Option<Spanned<written::Target>>| {
        target.as_ref().and_then(|target| percent_of(target, thresholds, resolver))
    };
    let (cpu, memory) = (share(&written.cpu), share(&written.memory));
    (cpu.is_some() || memory.is_some()).then(|| Autoscale {
        min: min.value,
        max: max.value,
        cpu,
        memory,
        calm: written.calm.and_then(|time| seconds(time, 0, resolver)),
    })
}

/// Percent of what is requested: as written, or as the bound of a threshold.
fn percent_of(target: &Spanned<written::Target>, thresholds: &[Threshold], resolver: &mut Resolver) -> Option<u64> {
    match &target.value {
        written::Target::Share(quantity) => match quantity.dimension {
            Dimension::Ratio => whole_percent(quantity.value, target.span, resolver),
            other => {
                let message = format!("`{}` is {}, not a share", quantity.text, other.describe());
                resolver.report(Diagnostic::new(&UNIT_MISMATCH, target.span, message).help("shares look like `70%`"));
                None
            }
        },
        written::Target::Threshold(name) => {
            let known: Vec<&str> = thresholds.iter().map(|threshold| threshold.name.as_str()).collect();
            if !resolver.known("threshold", name.as_str(), target.span, known) {
                return None;
            }
            let threshold = thresholds.iter().find(|threshold| threshold.name.as_str() == name.as_str())?;
            match &threshold.condition {
                Condition::Above(bound) if bound.written.value.dimension == Dimension::Ratio => {
                    whole_percent(bound.value, target.span, resolver)
                }
                _ => {
                    let message = format!("`{name}` has no share as its bound");
                    let diagnostic = Diagnostic::new(&UNIT_MISMATCH, target.span, message)
                        .also(threshold.name.span, "declared here")
                        .help("name a threshold that is above a share, or write the share");
                    resolver.report(diagnostic);
                    None
                }
            }
        }
    }
}

/// A share as Kubernetes and Argo take it: 0.7 is 70.
fn whole_percent(share: Decimal, span: Span, resolver: &mut Resolver) -> Option<u64> {
    let percent = share * Decimal::ONE_HUNDRED;
    let whole = percent.to_u64().filter(|whole| percent.fract().is_zero() && *whole > 0);
    if whole.is_none() {
        refuse(span, "this is no whole number of percent above 0", "Kubernetes counts whole percents", resolver);
    }
    whole
}
