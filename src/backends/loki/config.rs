//! loki.yml and rule files as Loki declares them; only what is generated.

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::logql::Expr;
use crate::quantity::Duration;

/// Loki's configuration and its rules; nothing when the platform runs no Loki.
#[derive(Debug, Default)]
pub struct Config {
    /// `loki.yml`.
    pub file: Option<File>,
    /// Rule groups, by name: a file each.
    pub groups: Vec<RuleGroup>,
}

/// `loki.yml`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct File {
    /// Everything belongs to one tenant, [`super::TENANT`].
    pub auth_enabled: bool,
    pub server: Server,
    pub common: Common,
    pub schema_config: SchemaConfig,
    pub compactor: Compactor,
    pub limits_config: Limits,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ruler: Option<Ruler>,
    pub analytics: Analytics,
}

/// Where it answers.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Server {
    pub http_listen_port: u16,
    pub log_level: &'static str,
}

/// What its parts share.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Common {
    pub path_prefix: &'static str,
    pub storage: Storage,
    pub replication_factor: u8,
    pub instance_addr: &'static str,
    pub ring: Ring,
}

/// Where chunks of lines are kept.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Storage {
    /// On its own disk.
    Filesystem(Filesystem),
    /// In a bucket.
    S3(Bucket),
}

/// On its own disk.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Filesystem {
    pub chunks_directory: &'static str,
    pub rules_directory: &'static str,
}

/// A bucket. `${NAME}` is filled in from the environment.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Bucket {
    pub bucketnames: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_access_key: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub insecure: bool,
    /// Buckets outside AWS are seldom names of hosts.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub s3forcepathstyle: bool,
}

/// Who takes part: one process alone.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Ring {
    pub kvstore: KeyValueStore,
}

/// Where the ring is remembered.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct KeyValueStore {
    pub store: &'static str,
}

/// How the index is laid out, from when on.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct SchemaConfig {
    pub configs: Vec<Period>,
}

/// A time with one layout.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Period {
    pub from: &'static str,
    pub store: &'static str,
    pub object_store: &'static str,
    pub schema: &'static str,
    pub index: Index,
}

/// Tables of the index.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Index {
    pub prefix: &'static str,
    /// Retention works on days.
    pub period: &'static str,
}

/// What deletes lines that are too old.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Compactor {
    pub working_directory: &'static str,
    pub compaction_interval: &'static str,
    pub retention_enabled: bool,
    pub retention_delete_delay: &'static str,
    /// Loki does not start with retention and without this.
    pub delete_request_store: &'static str,
}

/// Limits.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Limits {
    /// In hours, which every version reads.
    pub retention_period: String,
    pub allow_structured_metadata: bool,
    pub reject_old_samples: bool,
    pub reject_old_samples_max_age: String,
    pub max_global_streams_per_user: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingestion_rate_mb: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingestion_burst_size_mb: Option<u64>,
    /// How far back one question may look.
    pub max_query_length: String,
    /// Volumes over time above lines in Grafana.
    pub volume_enabled: bool,
}

/// What evaluates rules.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Ruler {
    pub storage: RuleStorage,
    pub rule_path: &'static str,
    pub evaluation_interval: String,
    pub alertmanager_url: String,
    /// The address of links in alerts: Grafana shows the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_url: Option<String>,
    pub datasource_uid: &'static str,
    /// As Prometheus' own: they tell two platforms apart.
    pub external_labels: IndexMap<String, String>,
    pub ring: Ring,
    pub enable_api: bool,
}

/// Where rules come from.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct RuleStorage {
    pub r#type: &'static str,
    pub local: Directory,
}

/// A folder.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Directory {
    pub directory: &'static str,
}

/// What is told to Loki's makers: nothing.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Analytics {
    pub reporting_enabled: bool,
}

/// A rule file.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct RuleFile<'a> {
    pub groups: [&'a RuleGroup; 1],
}

/// Rules that are evaluated together.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct RuleGroup {
    pub name: String,
    pub rules: Vec<Rule>,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Loki's own word")]
pub struct Rule {
    pub alert: String,
    #[serde(serialize_with = "text")]
    pub expr: Expr,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none", serialize_with = "duration")]
    pub hold: Option<Duration>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "duration")]
    pub keep_firing_for: Option<Duration>,
    pub labels: IndexMap<String, String>,
    pub annotations: IndexMap<String, String>,
}

fn text<S: Serializer>(expr: &Expr, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(expr)
}

fn duration<S: Serializer>(value: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
