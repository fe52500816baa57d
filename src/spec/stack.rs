//! What runs it all: Prometheus and its companions, compose, CloudWatch. Kubernetes has a file of its own.

use super::dashboard::Dashboard;
use super::kubernetes::KubernetesStack;
use super::retention::ObjectStore;
use super::values::{Name, Named, Number, OneOrMany, Secret, Setting, Written};
use crate::decode::record;
use crate::quantity::{Duration, Quantity};
use crate::source::Spanned;

record! {
    /// What runs it all. A part that is not named is not generated.
    pub struct Stack "a stack" {
        /// Prometheus' settings.
        prometheus: Option<PrometheusStack>,
        /// Alertmanager's settings.
        alertmanager: Option<AlertmanagerStack>,
        /// Grafana's settings.
        grafana: Option<GrafanaStack>,
        /// Jaeger, for traces.
        jaeger: Option<super::traces::JaegerStack>,
        /// An OpenTelemetry collector in front of Jaeger.
        otel_collector: Option<super::traces::OtelCollectorStack>,
        /// Loki: keeps lines, and evaluates conditions on them.
        loki: Option<LokiStack>,
        /// Grafana Alloy: collects lines for Loki.
        alloy: Option<CollectorStack>,
        /// Promtail: collected lines for Loki until it reached its end of life. Alloy is its successor.
        promtail: Option<CollectorStack>,
        /// Filebeat, Logstash, Elasticsearch and Kibana: collect, enrich, keep and show lines.
        elastic: Option<ElasticStack>,
        /// A docker-compose stack with every component.
        compose: Option<ComposeStack>,
        /// TLS between the components of the compose stack: every server and every client of them at once.
        tls: Option<TlsStack>,
        /// Backups of what Prometheus, Grafana and Alertmanager keep in the compose stack.
        backup: Option<BackupStack>,
        /// Alarms, logs, topics and dashboards in CloudWatch, as Terraform.
        cloudwatch: Option<CloudWatchStack>,
        /// Rules, monitors, probes and dashboards as Kubernetes objects, and what workloads need.
        kubernetes: Option<KubernetesStack>,
        /// Alerting policies in Google Cloud, as Terraform.
        google_cloud: Option<GoogleCloudStack>,
        /// Alert rules in Azure, as Terraform.
        azure: Option<AzureStack>,
    }
}

record! {
    /// TLS between components, with one certificate that has the names of all of them.
    pub struct TlsStack "TLS settings" {
        /// Certificate of the authority that signed the others, in PEM. Components trust it and no other; so do
        /// scrapes of services whose `scheme` is `https`.
        ca: Secret,
        /// The components' certificate, in PEM. Its names must be those of all containers, and `localhost`.
        certificate: Secret,
        /// Its key, in PEM, readable for the users that components run as.
        key: Secret,
        /// Components that may speak without TLS, because they know none.
        plain: Option<Vec<Spanned<Name>>>,
    }
}

record! {
    /// Backups of what Prometheus, Grafana and Alertmanager keep.
    pub struct BackupStack "backup settings" {
        /// Folder on the machine that runs the stack. `./backup` beside the compose file unless given.
        to: Option<Spanned<String>>,
        /// How often. Only when asked (`docker compose run --rm backup`) unless given.
        every: Option<Spanned<Duration>>,
        /// How many backups are kept. 7 unless given.
        keep: Option<Spanned<u64>>,
    }
}

record! {
    /// Prometheus' settings.
    pub struct PrometheusStack "Prometheus' settings" {
        /// The version that the configuration must suit (`3.5`): features it lacks are avoided.
        version: Option<Spanned<String>>,
        /// Address people reach it at, for links in alerts.
        external_url: Option<Spanned<String>>,
        /// More scrape configurations, as Prometheus writes them.
        scrape_configs: Option<Vec<Raw>>,
        /// More rule groups, as Prometheus writes them.
        rule_groups: Option<Vec<Raw>>,
        /// Remote-write targets, as Prometheus writes them.
        remote_write: Option<Vec<Raw>>,
    }
}

record! {
    /// Alertmanager's settings.
    pub struct AlertmanagerStack "Alertmanager's settings" {
        /// Address people reach it at, for links in messages.
        external_url: Option<Spanned<String>>,
        /// More receivers, as Alertmanager writes them.
        receivers: Option<Vec<Raw>>,
        /// Labels by which alerts are gathered into one message. alertname, service and slo unless given.
        group_by: Option<Vec<Spanned<super::values::LabelName>>>,
        /// Address that the dead man's switch calls, again and again, while all is well.
        heartbeat: Option<Secret>,
    }
}

record! {
    /// Grafana's settings.
    pub struct GrafanaStack "Grafana's settings" {
        /// Address people reach it at, for links in alerts.
        url: Option<Spanned<String>>,
        /// The admin's password.
        admin_password: Option<Secret>,
        /// Whether every service gets a dashboard of its own. True unless given.
        per_service: Option<bool>,
        /// How often dashboards refresh. 30s unless given.
        refresh: Option<Spanned<Duration>>,
        /// The time they show at first: the last hour unless given.
        range: Option<Spanned<Duration>>,
    }
}

record! {
    /// Loki's settings.
    pub struct LokiStack "Loki's settings" {
        /// Address people reach it at, where it does not run in the stack.
        url: Option<Spanned<String>>,
        /// Where lines are kept. On its own disk unless given.
        store: Option<ObjectStore>,
        /// How much may be taken in, a second (`4MB/s`).
        ingest: Option<Spanned<Quantity>>,
        /// How many streams (sets of labels) there may be at a time. 5000 unless given.
        streams: Option<Spanned<u64>>,
    }
}

record! {
    /// A collector of lines. It reads what containers write, by docker's own account.
    pub struct CollectorStack "a collector's settings" {
        /// Files on the host that are read as well, by the service that writes them. `*` stands for anything in a name.
        #[schemars(default)]
        files: Named<Name, OneOrMany<Spanned<String>>>,
    }
}

record! {
    /// The Elastic stack's settings.
    pub struct ElasticStack "the Elastic stack's settings" {
        /// Password of the user `elastic`, as whom everything is set up.
        password: Option<Secret>,
        /// Password of the user as whom Kibana asks.
        kibana_password: Option<Secret>,
        /// Password of the user as whom Logstash writes.
        logstash_password: Option<Secret>,
        /// Address people reach Kibana at.
        kibana_url: Option<Spanned<String>>,
        /// Memory of Elasticsearch's heap, half of what its container may use. 1GB unless given.
        heap: Option<Spanned<Quantity>>,
        /// When an index is closed and a new one begun, at the latest. 1d unless given.
        rollover: Option<Spanned<Duration>>,
        /// Files on the host that are read as well, by the service that writes them.
        #[schemars(default)]
        files: Named<Name, OneOrMany<Spanned<String>>>,
        /// Searches that are saved in Kibana, by name.
        #[schemars(default)]
        searches: Named<Name, SavedSearch>,
    }
}

record! {
    /// A search that is saved in Kibana.
    pub struct SavedSearch "a saved search" {
        /// What people call it; made from its name unless given.
        title: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// What lines must match, in Kibana's own query language (KQL). Every line unless given.
        query: Option<Written>,
        /// Fields that are shown beside the time.
        columns: Option<Vec<Spanned<super::values::FieldName>>>,
    }
}

record! {
    /// A docker-compose stack.
    pub struct ComposeStack "a compose stack" {
        /// The project's name; the platform's unless given.
        project: Option<Spanned<Name>>,
        /// Networks that already exist and that the stack joins, to reach the services.
        networks: Option<Vec<Spanned<Name>>>,
        /// The address that ports are published on. 127.0.0.1 unless given.
        bind: Option<Spanned<String>>,
        /// Changes to components, by name.
        #[schemars(default)]
        components: Named<Name, Component>,
        /// More compose, merged in last, as compose writes it.
        overrides: Option<Raw>,
    }
}

record! {
    /// A component as this stack wants it.
    pub struct Component "a component" {
        /// Image with tag or digest, instead of the one from the table.
        image: Option<Spanned<String>>,
        /// Port published on the host.
        port: Option<Spanned<u16>>,
        /// Memory limit.
        memory: Option<Spanned<Quantity>>,
        /// CPU limit, in cores.
        cpus: Option<Spanned<Number>>,
        /// How much disk its volume may take: a label on the volume, for whoever makes it. Docker's own volumes have
        /// no limit, so Prometheus is held to it by `retention.metrics.size`, and the compiler says if it is not.
        disk: Option<Spanned<Quantity>>,
        /// More command-line arguments.
        arguments: Option<Vec<String>>,
        /// More environment variables.
        #[schemars(default)]
        environment: Named<super::values::VariableName, Setting>,
    }
}

record! {
    /// CloudWatch, as Terraform.
    pub struct CloudWatchStack "a CloudWatch stack" {
        /// The region.
        region: Spanned<String>,
        /// Where Terraform keeps its state; chosen by whoever runs it unless given.
        state: Option<ObjectStore>,
        /// Namespace of metrics made from logs; the platform's name unless given.
        namespace: Option<Spanned<String>>,
        /// Dashboards in CloudWatch.
        #[schemars(default)]
        dashboards: Named<Name, Dashboard>,
        /// Saved Logs Insights queries, by name.
        #[schemars(default)]
        queries: Named<Name, SavedQuery>,
        /// Tags on every resource.
        #[schemars(default)]
        tags: Named<Name, String>,
        /// Alarm when an alarm's data go missing for good. False unless given.
        alarm_on_missing: Option<bool>,
        /// Terraform of your own, added as a file.
        passthrough: Option<Written>,
    }
}

record! {
    /// Google Cloud, as Terraform: an alerting policy for each alert that Cloud Monitoring can evaluate.
    pub struct GoogleCloudStack "a Google Cloud stack" {
        /// The project.
        project: Spanned<Setting>,
        /// Where log buckets are kept. `global` unless given.
        location: Option<Spanned<String>>,
        /// Whether Managed Service for Prometheus collects what Prometheus scrapes here, so that PromQL can be asked
        /// there too. False unless given.
        managed_prometheus: Option<bool>,
        /// Labels on every alerting policy.
        #[schemars(default)]
        labels: Named<Name, String>,
    }
}

record! {
    /// Azure, as Terraform: an alert rule for each alert that Azure Monitor can evaluate.
    pub struct AzureStack "an Azure stack" {
        /// The resource group that everything is made in.
        resource_group: Spanned<Setting>,
        /// The region: `westeurope`.
        location: Spanned<String>,
        /// Id of the Azure Monitor workspace whose managed Prometheus collects what Prometheus scrapes here, so that
        /// PromQL can be asked there too.
        prometheus_workspace: Option<Setting>,
        /// Tags on every resource.
        #[schemars(default)]
        tags: Named<Name, String>,
    }
}

record! {
    /// A saved Logs Insights query.
    pub struct SavedQuery "a saved query" {
        /// What people call it.
        title: Option<String>,
        /// Log groups it asks.
        groups: OneOrMany<Spanned<super::values::GroupName>>,
        /// The query, in Logs Insights' language.
        query: Written,
    }
}

/// Configuration in another system's own words, kept as it is.
#[derive(Debug, Clone)]
pub struct Raw {
    /// The value.
    pub value: serde_json::Value,
    /// Where it was written.
    pub node: crate::source::Node,
}

impl PartialEq for Raw {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl crate::decode::Decode for Raw {
    fn decode(node: &crate::source::Node, _: &mut crate::decode::Decoder) -> Option<Self> {
        Some(Self { value: raw_value(node), node: node.clone() })
    }
}

/// A node as plain data.
fn raw_value(node: &crate::source::Node) -> serde_json::Value {
    use crate::source::Value;
    match &node.value {
        Value::Null | Value::Invalid => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => serde_json::from_str(&number.normalize().to_string()).unwrap_or_default(),
        Value::Text(text) => text.value.clone().into(),
        Value::List(items) => items.iter().map(raw_value).collect(),
        Value::Map(map) => map.entries.iter().map(|entry| (entry.key.text.clone(), raw_value(&entry.value))).collect(),
    }
}

super::values::inline_schema!(Raw, "Raw", { "type": "object" });
