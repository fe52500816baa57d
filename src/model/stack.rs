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
    /// The compose stack, if wanted.
    pub compose: Option<Compose>,
    /// CloudWatch, if wanted.
    pub cloudwatch: Option<CloudWatch>,
    /// Kubernetes, if wanted.
    pub kubernetes: Option<Kubernetes>,
}

impl Stack {
    /// Whether the components run beside one another in a stack that is generated, and know each other by name.
    pub fn runs_together(&self) -> bool {
        self.compose.is_some() || self.kubernetes.is_some()
    }
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
