//! prometheus.yml as Prometheus declares it: its own field names, its own order, no logic.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

/// The whole file. No scrape configuration means that the platform has no use for Prometheus.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Config {
    /// Defaults and external labels.
    pub global: Global,
    /// Retention, where the file may say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// Where alerts go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alerting: Option<Alerting>,
    /// Paths of rule files, relative to this file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rule_files: Vec<String>,
    /// What is scraped.
    pub scrape_configs: Vec<ScrapeEntry>,
    /// Where samples are copied to, in Prometheus' own words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remote_write: Vec<Value>,
}

/// `global`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Global {
    /// How often targets are scraped.
    pub scrape_interval: String,
    /// How long one scrape may take.
    pub scrape_timeout: String,
    /// How often rules are evaluated.
    pub evaluation_interval: String,
    /// Labels on everything that leaves this Prometheus.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub external_labels: IndexMap<String, String>,
}

/// `storage`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Storage {
    /// The local database.
    pub tsdb: Tsdb,
}

/// `storage.tsdb`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Tsdb {
    /// What is kept.
    pub retention: Retention,
}

/// `storage.tsdb.retention`, since Prometheus 3.8.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Retention {
    /// How long.
    pub time: String,
    /// At most how much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
}

/// `alerting`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Alerting {
    /// The Alertmanagers, each told of every alert.
    pub alertmanagers: Vec<AlertmanagerConfig>,
}

/// One of `alerting.alertmanagers`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct AlertmanagerConfig {
    /// `https`; `http` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// Whom to trust.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_config: Option<TlsConfig>,
    /// What its paths begin with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_prefix: Option<String>,
    /// Its addresses.
    pub static_configs: Vec<StaticConfig>,
}

/// One of `scrape_configs`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ScrapeEntry {
    /// Made from the model.
    Typed(Box<ScrapeConfig>),
    /// In Prometheus' own words, kept as it is.
    Raw(Value),
}

/// A scrape configuration.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct ScrapeConfig {
    /// The `job` label.
    pub job_name: String,
    /// Query parameters.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub params: IndexMap<String, Vec<String>>,
    /// How often; the global interval unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scrape_interval: Option<String>,
    /// How long one may take; the global timeout, or the interval if that is shorter, unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scrape_timeout: Option<String>,
    /// What to read an answer as that does not say what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_scrape_protocol: Option<&'static str>,
    /// Whether native histograms are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scrape_native_histograms: Option<bool>,
    /// `/metrics` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_path: Option<String>,
    /// `http` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// Whom to trust.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_config: Option<TlsConfig>,
    /// Most samples of one scrape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_limit: Option<u64>,
    /// What is scraped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub static_configs: Vec<StaticConfig>,
    /// What is scraped as it comes and goes in a cluster.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kubernetes_sd_configs: Vec<KubernetesDiscovery>,
    /// How targets' labels are rewritten.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relabel_configs: Vec<RelabelConfig>,
    /// How series' labels are rewritten, and which are dropped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metric_relabel_configs: Vec<RelabelConfig>,
}

/// One of `kubernetes_sd_configs`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct KubernetesDiscovery {
    /// `pod`
    pub role: &'static str,
    /// Where it looks.
    pub namespaces: Namespaces,
    /// What the cluster is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub selectors: Vec<ClusterSelector>,
}

/// Where a discovery looks.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Namespaces {
    /// In the namespace that Prometheus itself runs in.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own_namespace: bool,
    /// In these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// What a cluster is asked for.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct ClusterSelector {
    /// `pod`
    pub role: &'static str,
    /// `app=api,tier=web`
    pub label: String,
}

/// `tls_config`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct TlsConfig {
    /// Certificate of the authority that signed the server's.
    pub ca_file: String,
}

/// Targets that share their labels.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct StaticConfig {
    /// `host:port`, or what relabelling makes one of.
    pub targets: Vec<String>,
    /// Labels on all of them.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
}

/// One step of relabelling.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct RelabelConfig {
    /// Labels that are read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_labels: Vec<String>,
    /// What they must match, all of it; anything unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regex: Option<String>,
    /// What is done with those that match; `replace` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<&'static str>,
    /// The label that is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_label: Option<String>,
    /// What is written; the source unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
}
