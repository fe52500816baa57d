//! Workloads: how a service runs on Kubernetes, when it is well, when it grows, how a new version comes in.

use std::borrow::Cow;

use super::values::{ClusterLabel, ClusterLabelValue, ClusterName, Name, Named};
use crate::decode::{Decode, Decoder, choice, record, words};
use crate::quantity::{Duration, Quantity};
use crate::source::{Node, Spanned, Value};

record! {
    /// How a service runs on Kubernetes.
    pub struct Workload "a workload" {
        /// What it is. `deployment` unless given.
        kind: Option<WorkloadKind>,
        /// Its name in the cluster; the service's unless given.
        name: Option<Spanned<ClusterName>>,
        /// The container that is meant; it has the workload's name unless given.
        container: Option<Spanned<ClusterName>>,
        /// The container's port. That of `scrape` unless given.
        port: Option<Spanned<u16>>,
        /// Labels of its pods, by which they are found. `app: <name>` unless given.
        labels: Option<Named<ClusterLabel, ClusterLabelValue>>,
        /// How many there are, for a rollout that nothing scales.
        replicas: Option<Spanned<u64>>,
        /// How the Prometheus operator finds it. `service` unless given.
        monitor: Option<MonitorKind>,
        /// When it is well.
        health: Option<Health>,
        /// When there are more of it.
        autoscale: Option<Autoscale>,
        /// How a new version replaces the old one.
        rollout: Option<Rollout>,
    }
}

words! {
    /// Kinds of workload.
    pub enum WorkloadKind "a kind of workload" {
        /// A Deployment.
        "deployment" => Deployment,
        /// A StatefulSet.
        "stateful-set" => StatefulSet,
        /// A DaemonSet.
        "daemon-set" => DaemonSet,
    }
}

words! {
    /// How the Prometheus operator finds a workload.
    pub enum MonitorKind "a kind of monitor" {
        /// Through its Service, which carries the same labels as its pods: a ServiceMonitor.
        "service" => Service,
        /// Pod by pod, without a Service: a PodMonitor.
        "pod" => Pod,
    }
}

record! {
    /// When a workload is well. A check asks a path, runs a command, or (with neither) opens a connection.
    pub struct Health "health checks" {
        /// The path that checks ask unless they say otherwise.
        path: Option<Spanned<String>>,
        /// The port that they ask; the workload's unless given.
        port: Option<Spanned<u16>>,
        /// Whether it must be restarted.
        liveness: Option<HealthCheck>,
        /// Whether it can take traffic.
        readiness: Option<HealthCheck>,
        /// Whether it has started: the other checks wait for this one.
        startup: Option<HealthCheck>,
    }
}

record! {
    /// A health check. Times are whole seconds; what is not given is Kubernetes' own default.
    pub struct HealthCheck "a health check" {
        /// The path; that of `health` unless given.
        path: Option<Spanned<String>>,
        /// The port; that of `health` unless given.
        port: Option<Spanned<u16>>,
        /// A command in the container, instead of a path.
        command: Option<Vec<String>>,
        /// How long it waits before the first check.
        delay: Option<Spanned<Duration>>,
        /// How often it checks.
        period: Option<Spanned<Duration>>,
        /// How long one check may take.
        timeout: Option<Spanned<Duration>>,
        /// So many failures in a row are a failure.
        failures: Option<Spanned<u64>>,
        /// So many successes in a row are a success; only for readiness.
        successes: Option<Spanned<u64>>,
    }
}

record! {
    /// When there are more of a workload: a HorizontalPodAutoscaler.
    pub struct Autoscale "an autoscaling" {
        /// At least so many.
        min: Spanned<u64>,
        /// At most so many.
        max: Spanned<u64>,
        /// The share of the CPU that its containers request which it aims at: `70%`, or the name of one of the
        /// service's thresholds, whose bound it is.
        cpu: Option<Spanned<Target>>,
        /// The share of the memory that its containers request which it aims at, likewise.
        memory: Option<Spanned<Target>>,
        /// How long it looks back for a reason to keep what it has, before there are fewer. 5m unless given.
        calm: Option<Spanned<Duration>>,
    }
}

/// A share, or the threshold that has it as its bound.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A share.
    Share(Quantity),
    /// The bound of this threshold of the service.
    Threshold(Name),
}

impl Decode for Target {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            // No name of an alert ends in a sign.
            Value::Text(text) if !text.value.ends_with('%') => Name::decode(node, decoder).map(Self::Threshold),
            _ => Quantity::decode(node, decoder).map(Self::Share),
        }
    }
}

super::values::inline_schema!(Target, "Target", { "type": "string" });

record! {
    /// How a new version replaces the old one: an Argo Rollout that brings it in by steps, and goes back when an
    /// analysis fails.
    pub struct Rollout "a rollout" {
        /// The steps, one after another; after the last one the new version has everything.
        steps: Vec<RolloutStep>,
        /// What is watched meanwhile, by the name of the analysis template.
        #[schemars(default)]
        analysis: Named<ClusterName, Analysis>,
        /// The step at which that begins, counted from 1. The first unless given.
        analysis_from: Option<Spanned<u64>>,
        /// The Service that leads to the old version only, where traffic is split by a router.
        stable_service: Option<Spanned<ClusterName>>,
        /// The Service that leads to the new version only.
        canary_service: Option<Spanned<ClusterName>>,
    }
}

choice! {
    /// A step of a rollout.
    pub enum RolloutStep "a step of a rollout" {
        /// The new version gets this share: `10%`.
        "weight" => Weight(Spanned<Quantity>),
        /// Nothing changes for this long (`300s`), or until somebody approves (`approval`).
        "pause" => Pause(Spanned<Pause>),
    }
}

/// How long a rollout waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// So long.
    For(Duration),
    /// Until somebody says that it goes on.
    Approval,
}

impl Decode for Pause {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Text(text) if text.value == "approval" => Some(Self::Approval),
            _ => Duration::decode(node, decoder).map(Self::For),
        }
    }
}

impl schemars::JsonSchema for Pause {
    fn schema_name() -> Cow<'static, str> {
        "Pause".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let duration = generator.subschema_for::<Duration>();
        schemars::json_schema!({ "anyOf": [{ "const": "approval" }, duration] })
    }
}

record! {
    /// What is watched while a new version comes in: the same signal as an alert, with the same bound.
    pub struct Analysis "an analysis" {
        /// The alert: one of the service's thresholds.
        threshold: Spanned<Name>,
        /// How often it is measured. 1m unless given.
        interval: Option<Spanned<Duration>>,
        /// So many bad measurements are forgiven. None unless given.
        failures: Option<Spanned<u64>>,
    }
}
