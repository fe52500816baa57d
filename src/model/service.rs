//! Services, resolved: jobs with targets, probes with addresses, signals by name.

use indexmap::IndexMap;

use super::{Application, ClusterLabels, Metric, Secret, Setting, Signal, Slo, Threshold, Workload};
use crate::promql::Selector;
use crate::quantity::Duration;
use crate::source::{Place, Spanned};
pub use crate::spec::service::ProbeKind;

/// One thing that is watched.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Its name: the `service` label.
    pub name: Spanned<String>,
    /// What people call it.
    pub title: String,
    /// What it does.
    pub description: Option<String>,
    /// Names of its packs, in the order written.
    pub packs: Vec<Spanned<String>>,
    /// What its own program is told of itself.
    pub application: Option<Application>,
    /// What to look at first when an alert on a pack's metrics fires, by pack.
    pub first_steps: IndexMap<String, Vec<String>>,
    /// Packs whose metrics client libraries export by themselves.
    pub by_library: Vec<String>,
    /// Labels on all its series and alerts.
    pub labels: IndexMap<String, String>,
    /// How its metrics reach Prometheus.
    pub jobs: Vec<Job>,
    /// Exporters that the stack runs for it.
    pub exporters: Vec<Exporter>,
    /// Addresses that are probed.
    pub probes: Vec<Probe>,
    /// Metrics by name: its own and its packs'.
    pub metrics: IndexMap<String, Metric>,
    /// Signals by name: its packs' and its own.
    pub signals: IndexMap<String, Signal>,
    /// Signals in the order a dashboard shows them.
    pub panels: Vec<String>,
    /// What it promises.
    pub slos: Vec<Slo>,
    /// What raises an alert.
    pub thresholds: Vec<Threshold>,
    /// How it runs on Kubernetes.
    pub workload: Option<Workload>,
    /// Where it is declared.
    pub origin: Place,
}

/// Where a job's targets come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobOrigin {
    /// The service itself.
    Scrape,
    /// An exporter that a pack names.
    Exporter(String),
    /// A component of the stack itself (`prometheus`, `alertmanager`, `grafana`).
    Component(String),
}

/// A scrape job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its name: the `job` label, unique in the platform.
    pub name: Spanned<String>,
    /// What it scrapes.
    pub from: JobOrigin,
    /// Addresses `host:port`; none when they are discovered.
    pub targets: Vec<String>,
    /// How targets are found where they come and go.
    pub discovery: Option<Discovery>,
    /// Series that are thrown away as they come. Matchers are `=`, `=~`, and `!=` with an empty value.
    pub drop: Vec<Spanned<Selector>>,
    /// The path.
    pub path: String,
    /// `http` or `https`.
    pub scheme: String,
    /// How often.
    pub interval: Spanned<Duration>,
    /// How long one may take.
    pub timeout: Duration,
    /// Most samples of one scrape.
    pub sample_limit: Option<u64>,
}

/// Pods in a cluster that carry the annotation `prometheus.io/scrape: "true"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// Their namespace; Prometheus' own unless given.
    pub namespace: Option<String>,
    /// Their labels.
    pub labels: ClusterLabels,
    /// Their port unless an annotation says otherwise.
    pub port: Option<u16>,
}

/// An exporter that the stack runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Exporter {
    /// Name of the component in the image table: `postgres-exporter`.
    pub component: String,
    /// Name of its container and host: the component's name when only one service uses it.
    pub host: String,
    /// The job that scrapes it.
    pub job: String,
    /// Environment variables.
    pub environment: Vec<(String, Setting)>,
    /// Secrets, by the variable that takes the file's path.
    pub secrets: Vec<(String, Secret)>,
    /// Arguments: the pack's, then the service's.
    pub arguments: Vec<String>,
    /// Where it is declared.
    pub origin: Place,
}

/// An address that the blackbox exporter calls.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// URL, or `host:port`.
    pub target: Spanned<String>,
    /// How.
    pub kind: ProbeKind,
    /// Name of the scrape job: `<service>-probe`.
    pub job: String,
    /// Name of the blackbox module.
    pub module: String,
    /// How often.
    pub interval: Spanned<Duration>,
    /// How long one may take.
    pub timeout: Duration,
    /// Good HTTP codes; empty means any 2xx.
    pub status: Vec<u64>,
    /// What the answer must contain (a regular expression).
    pub body: Option<String>,
}
