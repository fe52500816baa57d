//! Kubernetes and the workloads that run there, resolved.

use indexmap::IndexMap;

use super::Component;
use crate::quantity::Duration;
use crate::source::{Place, Spanned};
pub use crate::spec::kubernetes::KubernetesPart;
pub use crate::spec::workload::{MonitorKind, Pause, WorkloadKind};

/// Labels of objects in a cluster.
pub type ClusterLabels = IndexMap<String, String>;

/// A Kubernetes cluster, as the platform uses it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kubernetes {
    /// The namespace of everything.
    pub namespace: String,
    /// Whether the namespace itself is generated.
    pub create_namespace: bool,
    /// What is generated.
    pub generate: Vec<KubernetesPart>,
    /// Whether the stack's own components run in the cluster.
    pub run: bool,
    /// Changes to components, by name.
    pub components: Vec<Component>,
    /// Labels by which the operator selects rules, monitors and probes.
    pub labels: ClusterLabels,
    /// Labels by which a ThanosRuler selects rules.
    pub ruler_labels: ClusterLabels,
    /// Labels by which Grafana's sidecar finds dashboards.
    pub dashboard_labels: ClusterLabels,
    /// Address of Prometheus inside the cluster.
    pub prometheus: String,
    /// Host and port of the blackbox exporter inside the cluster.
    pub blackbox: String,
    /// Service account of a Prometheus that finds pods by itself.
    pub service_account: String,
    /// Where it is declared.
    pub origin: Place,
}

impl Kubernetes {
    /// Whether a part is wanted.
    pub fn generates(&self, part: KubernetesPart) -> bool {
        self.generate.contains(&part)
    }
}

/// How a service runs on Kubernetes.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// What it is.
    pub kind: WorkloadKind,
    /// Its name in the cluster.
    pub name: Spanned<String>,
    /// The container that is meant.
    pub container: String,
    /// The container's port.
    pub port: Option<u16>,
    /// Labels of its pods.
    pub labels: ClusterLabels,
    /// How many there are, when nothing scales it.
    pub replicas: Option<u64>,
    /// How the Prometheus operator finds it.
    pub monitor: MonitorKind,
    /// Its health checks.
    pub health: Health,
    /// When there are more of it.
    pub autoscale: Option<Autoscale>,
    /// How a new version comes in.
    pub rollout: Option<Rollout>,
    /// Where it is declared.
    pub origin: Place,
}

/// Health checks of a workload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Whether it must be restarted.
    pub liveness: Option<HealthCheck>,
    /// Whether it can take traffic.
    pub readiness: Option<HealthCheck>,
    /// Whether it has started.
    pub startup: Option<HealthCheck>,
}

/// A health check; what is `None` is Kubernetes' own default. Times are whole seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    /// What it does.
    pub asks: Asks,
    /// Seconds before the first check.
    pub delay: Option<u64>,
    /// Seconds between two checks.
    pub period: Option<u64>,
    /// Seconds that one may take.
    pub timeout: Option<u64>,
    /// Failures in a row that count.
    pub failures: Option<u64>,
    /// Successes in a row that count.
    pub successes: Option<u64>,
}

/// What a health check does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asks {
    /// An HTTP GET.
    Path {
        /// The path.
        path: String,
        /// The port.
        port: u16,
    },
    /// A command in the container.
    Command(Vec<String>),
    /// A connection.
    Port(u16),
}

/// When there are more of a workload. At least one of `cpu` and `memory` is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autoscale {
    /// At least so many.
    pub min: u64,
    /// At most so many.
    pub max: u64,
    /// Percent of the CPU requested that it aims at.
    pub cpu: Option<u64>,
    /// Percent of the memory requested that it aims at.
    pub memory: Option<u64>,
    /// Seconds that it looks back before there are fewer.
    pub calm: Option<u64>,
}

/// How a new version comes in.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollout {
    /// The steps.
    pub steps: Vec<RolloutStep>,
    /// What is watched meanwhile.
    pub analysis: Vec<Analysis>,
    /// The step at which that begins, from 1.
    pub analysis_from: Option<u64>,
    /// The Service of the old version.
    pub stable_service: Option<String>,
    /// The Service of the new version.
    pub canary_service: Option<String>,
}

/// A step of a rollout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RolloutStep {
    /// The new version gets so many percent.
    Weight(u64),
    /// Nothing changes for so long.
    Pause(Pause),
}

/// What is watched while a new version comes in.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Name of the template.
    pub name: Spanned<String>,
    /// The alert: a threshold of the service, evaluated by Prometheus.
    pub threshold: Spanned<String>,
    /// How often it is measured.
    pub interval: Duration,
    /// Bad measurements that are forgiven.
    pub failures: u64,
}
