//! The platform resolved: no defaults left, no dangling name, exact decimals, a unit on every quantity.
//!
//! Backends read nothing else. Whatever can be complained about keeps the span it came from.

pub mod dashboard;
pub mod logs;
pub mod metric;
pub mod notify;
pub mod retention;
pub mod service;
pub mod signal;
pub mod slo;
pub mod stack;
pub mod threshold;
pub mod traces;
pub mod workload;

pub use dashboard::{Dashboard, Objective, Objectives, Panel, PanelMeasure, PanelSource, Promise, Query, Row, View};
pub use logs::{LogFields, LogFormat, Logs, PersonalData, Scrub};
pub use metric::{Metric, MetricType};
pub use notify::{Channel, Delivery, Escalation, Inhibition, Route, Secret, Setting, Severity, TimeInterval, Urgency};
pub use retention::{LogGroup, LongTerm, ObjectStore, Retention};
pub use service::{Discovery, Exporter, Job, JobOrigin, Probe, ProbeKind, Service};
pub use signal::{
    Aggregation, AzureAggregation, AzureMetric, Better, CloudMetric, CloudQuery, CloudUnit, GoogleAlign, GoogleMetric,
    LogFilter, Measure, MissingData, Part, Shape, Signal, Statistic, Whole,
};
pub use slo::{Combine, Counted, Member, Sli, Slo, Tier, TierName};
pub use stack::{
    Azure, Backup, CloudWatch, Collector, Component, Compose, Elastic, GoogleCloud, Grafana, LogFiles, Loki, Raw,
    SavedQuery, SavedSearch, Stack, Tls,
};
pub use threshold::{Bound, Condition, Evaluator, Threshold, ThresholdOrigin};
pub use traces::{
    Application, Jaeger, Language, LogLevel, OtelCollector, OtlpProtocol, SampledBy, Sentry, TraceStorage, Traces,
};
pub use workload::{
    Analysis, Asks, Autoscale, ClusterLabels, Health, HealthCheck, Kubernetes, KubernetesPart, MonitorKind, Pause,
    Rollout, RolloutStep, Workload, WorkloadKind,
};

use indexmap::IndexMap;

use crate::quantity::Duration;
use crate::source::Spanned;

/// A platform, complete.
#[derive(Debug, Clone, PartialEq)]
pub struct Platform {
    /// Its name: folder under `generated/`, `platform` label.
    pub name: Spanned<String>,
    /// What people call it.
    pub title: String,
    /// A paragraph about it.
    pub description: Option<String>,
    /// The team that answers for it: the `team` label of every alert.
    pub team: Option<String>,
    /// Address under which people read the generated pages.
    pub docs: Option<String>,
    /// Address of runbooks, with `{{ alert }}`, `{{ service }}` and `{{ severity }}` to be filled in.
    pub runbooks: Option<String>,
    /// Which copy of it: the `environment` label.
    pub environment: String,
    /// External labels, `platform` and `environment` first.
    pub labels: IndexMap<String, String>,
    /// Scrape interval of jobs that say nothing else.
    pub scrape_interval: Spanned<Duration>,
    /// Evaluation interval of rules.
    pub evaluation_interval: Spanned<Duration>,
    /// What is kept.
    pub retention: Retention,
    /// How traces are taken; none when nobody takes any.
    pub traces: Option<Traces>,
    /// Lines that services write.
    pub logs: Logs,
    /// Where messages can go, in the order written.
    pub channels: Vec<Channel>,
    /// How urgent things can be, the most urgent first.
    pub severities: Vec<Severity>,
    /// Exceptions to severities, the first that matches wins.
    pub routes: Vec<Route>,
    /// Alerts that keep others quiet, beside those that the alertmanager backend adds by itself.
    pub inhibitions: Vec<Inhibition>,
    /// Named times.
    pub times: Vec<TimeInterval>,
    /// What is watched, in the order written.
    pub services: Vec<Service>,
    /// Dashboards that people declared, in the order written.
    pub dashboards: Vec<Dashboard>,
    /// What runs it all.
    pub stack: Stack,
}

impl Platform {
    /// A service by name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name.value == name)
    }

    /// A signal of a service.
    pub fn signal(&self, service: &str, signal: &str) -> Option<&Signal> {
        self.service(service).and_then(|service| service.signals.get(signal))
    }

    /// A severity by name.
    pub fn severity(&self, name: &str) -> Option<&Severity> {
        self.severities.iter().find(|severity| severity.name.value == name)
    }

    /// The most urgent severity that asks this of people.
    pub fn severity_for(&self, urgency: Urgency) -> Option<&Severity> {
        self.severities.iter().find(|severity| severity.urgency == urgency)
    }

    /// The severity of alerts about the watching itself.
    pub fn meta_severity(&self) -> Option<&Severity> {
        self.severity_for(Urgency::Ticket).or_else(|| self.severities.first())
    }

    /// A channel by name.
    pub fn channel(&self, name: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.name.value == name)
    }

    /// Every threshold, with the service it belongs to, in the order written.
    pub fn thresholds(&self) -> impl Iterator<Item = (&Service, &Threshold)> {
        self.services.iter().flat_map(|service| service.thresholds.iter().map(move |threshold| (service, threshold)))
    }

    /// Whether several services have an alert of this name: their label `service` tells them apart.
    pub fn is_shared_alert(&self, name: &str) -> bool {
        self.thresholds().filter(|(_, threshold)| threshold.name.value == name).nth(1).is_some()
    }

    /// Every SLO, with the service that promises it, in the order written.
    pub fn slos(&self) -> impl Iterator<Item = (&Service, &Slo)> {
        self.services.iter().flat_map(|service| service.slos.iter().map(move |slo| (service, slo)))
    }

    /// Every scrape job, with the service it watches.
    pub fn jobs(&self) -> impl Iterator<Item = (&Service, &Job)> {
        self.services.iter().flat_map(|service| service.jobs.iter().map(move |job| (service, job)))
    }
}
