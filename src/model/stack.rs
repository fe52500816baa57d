//! What runs it all, resolved.

use rust_decimal::Decimal;

use super::{Dashboard, Jaeger, Kubernetes, ObjectStore, OtelCollector, Secret, Setting};
use crate::quantity::{Duration, Quantity};
use crate::source::{Place, Spanned};
pub use crate::spec::stack::Raw;

/// What runs it all.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// The Prometheus version that configurations must suit, major and minor.
    pub prometheus_version: (u64, u64),
    /// Address people reach Prometheus at.
    pub prometheus_url: Option<String>,
    /// More scrape configurations, as Prometheus writes them.
    pub scrape_configs: Vec<Raw>,
    /// More rule groups, as Prometheus writes them.
    pub rule_groups: Vec<Raw>,
    /// Remote-write targets, as Prometheus writes them.
    pub remote_write: Vec<Raw>,
    /// Address people reach Alertmanager at.
    pub alertmanager_url: Option<String>,
    /// More receivers, as Alertmanager writes them.
    pub receivers: Vec<Raw>,
    /// Labels by which alerts are gathered.
    pub group_by: Vec<String>,
    /// Address that the dead man's switch calls.
    pub heartbeat: Option<Secret>,
    /// Grafana's settings.
    pub grafana: Grafana,
    /// Jaeger, if wanted.
    pub jaeger: Option<Jaeger>,
    /// An OpenTelemetry collector, if wanted.
    pub otel_collector: Option<OtelCollector>,
    /// Loki, if wanted.
    pub loki: Option<Loki>,
    /// Alloy, if wanted.
    pub alloy: Option<Collector>,
    /// Promtail, if wanted.
    pub promtail: Option<Collector>,
    /// The Elastic stack, if wanted.
    pub elastic: Option<Elastic>,
    /// The compose stack, if wanted.
    pub compose: Option<Compose>,
    /// TLS between components, if wanted.
    pub tls: Option<Tls>,
    /// Backups, if wanted.
    pub backup: Option<Backup>,
    /// CloudWatch, if wanted.
    pub cloudwatch: Option<CloudWatch>,
    /// Google Cloud, if wanted.
    pub google_cloud: Option<GoogleCloud>,
    /// Azure, if wanted.
    pub azure: Option<Azure>,
    /// Kubernetes, if wanted.
    pub kubernetes: Option<Kubernetes>,
}

impl Stack {
    /// The cluster that the components run in, unless compose runs them.
    pub fn in_cluster(&self) -> Option<&Kubernetes> {
        self.kubernetes.as_ref().filter(|cluster| cluster.run && self.compose.is_none())
    }

    /// Whether the components run beside one another in a stack that is generated, and know each other by name.
    pub fn runs_together(&self) -> bool {
        self.compose.is_some() || self.kubernetes.is_some()
    }
}

/// Google Cloud, as Terraform.
#[derive(Debug, Clone, PartialEq)]
pub struct GoogleCloud {
    /// The project.
    pub project: Setting,
    /// Where log buckets are kept.
    pub location: String,
    /// Whether PromQL can be asked there.
    pub managed_prometheus: bool,
    /// Labels on every alerting policy.
    pub labels: Vec<(String, String)>,
    /// Where it is declared.
    pub origin: Place,
}

/// Azure, as Terraform.
#[derive(Debug, Clone, PartialEq)]
pub struct Azure {
    /// The resource group.
    pub resource_group: Setting,
    /// The region.
    pub location: String,
    /// The workspace that PromQL can be asked of.
    pub prometheus_workspace: Option<Setting>,
    /// Tags on every resource.
    pub tags: Vec<(String, String)>,
    /// Where it is declared.
    pub origin: Place,
}

/// Grafana's settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Grafana {
    /// Address people reach it at.
    pub url: Option<String>,
    /// The admin's password.
    pub admin_password: Option<Secret>,
    /// Whether every service gets a dashboard.
    pub per_service: bool,
    /// How often generated dashboards refresh.
    pub refresh: Duration,
    /// The time they show at first.
    pub range: Duration,
}

/// Loki.
#[derive(Debug, Clone, PartialEq)]
pub struct Loki {
    /// Address people reach it at, where it does not run in the stack.
    pub url: Option<String>,
    /// Where lines are kept; on its own disk if `None`.
    pub store: Option<ObjectStore>,
    /// Most bytes that are taken in, a second.
    pub ingest: Option<Quantity>,
    /// Most streams at a time.
    pub streams: u64,
    /// Where it is declared.
    pub origin: Place,
}

/// TLS between the components of the compose stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Tls {
    /// Certificate of the authority.
    pub ca: Secret,
    /// The components' certificate.
    pub certificate: Secret,
    /// Its key.
    pub key: Secret,
    /// Components that may speak without.
    pub plain: Vec<Spanned<String>>,
    /// Where it is declared.
    pub origin: Place,
}

/// A collector of lines for Loki.
#[derive(Debug, Clone, PartialEq)]
pub struct Collector {
    /// Files on the host, by the service that writes them.
    pub files: Vec<LogFiles>,
    /// Where it is declared.
    pub origin: Place,
}

/// Backups of what components keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Backup {
    /// Folder on the machine, as compose mounts it.
    pub to: String,
    /// How often; only when asked if `None`.
    pub every: Option<Duration>,
    /// How many are kept.
    pub keep: u64,
    /// Where it is declared.
    pub origin: Place,
}

/// Files on the host that hold log lines.
#[derive(Debug, Clone, PartialEq)]
pub struct LogFiles {
    /// The service that writes them.
    pub service: String,
    /// Their paths; `*` stands for anything in a name.
    pub paths: Vec<Spanned<String>>,
}

/// Filebeat, Logstash, Elasticsearch and Kibana.
#[derive(Debug, Clone, PartialEq)]
pub struct Elastic {
    /// Password of the user `elastic`.
    pub password: Secret,
    /// Password of Kibana's user.
    pub kibana_password: Secret,
    /// Password of Logstash's user.
    pub logstash_password: Secret,
    /// Address people reach Kibana at.
    pub kibana_url: Option<String>,
    /// Memory of Elasticsearch's heap, in bytes.
    pub heap: u64,
    /// When a new index is begun, at the latest.
    pub rollover: Duration,
    /// Files on the host, by the service that writes them.
    pub files: Vec<LogFiles>,
    /// Searches saved in Kibana.
    pub searches: Vec<SavedSearch>,
    /// Where it is declared.
    pub origin: Place,
}

/// A search saved in Kibana.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedSearch {
    /// Its name.
    pub name: Spanned<String>,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// What lines must match, in KQL.
    pub query: String,
    /// Fields that are shown.
    pub columns: Vec<String>,
}

/// A compose stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Compose {
    /// The project's name.
    pub project: String,
    /// Networks that already exist.
    pub networks: Vec<String>,
    /// The address that ports are published on.
    pub bind: Spanned<String>,
    /// Changes to components, by name.
    pub components: Vec<Component>,
    /// More compose, merged in last.
    pub overrides: Option<Raw>,
    /// Where it is declared.
    pub origin: Place,
}

/// A component as this stack wants it; what is `None` comes from the image table.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Its name in the stack.
    pub name: Spanned<String>,
    /// Image with tag or digest.
    pub image: Option<Spanned<String>>,
    /// Port published on the host.
    pub port: Option<Spanned<u16>>,
    /// Memory limit, in bytes.
    pub memory: Option<Spanned<Quantity>>,
    /// CPU limit, in cores.
    pub cpus: Option<Decimal>,
    /// How much disk its volume may take, in bytes.
    pub disk: Option<Spanned<Quantity>>,
    /// More arguments.
    pub arguments: Vec<String>,
    /// More environment variables.
    pub environment: Vec<(String, Setting)>,
}

/// CloudWatch, as Terraform.
#[derive(Debug, Clone, PartialEq)]
pub struct CloudWatch {
    /// The region.
    pub region: Spanned<String>,
    /// Where Terraform keeps its state.
    pub state: Option<ObjectStore>,
    /// Namespace of metrics made from logs.
    pub namespace: String,
    /// Dashboards.
    pub dashboards: Vec<Dashboard>,
    /// Saved Logs Insights queries.
    pub queries: Vec<SavedQuery>,
    /// Tags on every resource.
    pub tags: Vec<(String, String)>,
    /// Whether alarms fire when their data go missing.
    pub alarm_on_missing: bool,
    /// Terraform of the user's own.
    pub passthrough: Option<String>,
    /// Where it is declared.
    pub origin: Place,
}

/// A saved Logs Insights query.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedQuery {
    /// Its name.
    pub name: Spanned<String>,
    /// What people call it.
    pub title: String,
    /// Log groups it asks.
    pub groups: Vec<Spanned<String>>,
    /// The query.
    pub query: String,
}
