//! promtail.yml as Promtail declares it; only what is generated.

use indexmap::IndexMap;
use serde::Serialize;

/// `promtail.yml`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Promtail's own word")]
pub struct File {
    pub server: Server,
    pub positions: Positions,
    pub clients: Vec<Client>,
    pub scrape_configs: Vec<ScrapeConfig>,
}

/// Where it answers.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Promtail's own word")]
pub struct Server {
    pub http_listen_port: u16,
    /// 0: nobody calls it.
    pub grpc_listen_port: u16,
    pub log_level: &'static str,
}

/// How far it has read.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Promtail's own word")]
pub struct Positions {
    pub filename: &'static str,
}

/// Where lines are sent.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Promtail's own word")]
pub struct Client {
    pub url: String,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub external_labels: IndexMap<String, String>,
}

/// Where lines come from, and what becomes of them.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Promtail's own word")]
pub struct ScrapeConfig {
    pub job_name: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub docker_sd_configs: Vec<Docker>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub static_configs: Vec<Static>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relabel_configs: Vec<Relabel>,
    pub pipeline_stages: Vec<PipelineStage>,
}

/// Every container of a machine.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Promtail's own word")]
pub struct Docker {
    pub host: &'static str,
    pub refresh_interval: &'static str,
}

/// Files.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Promtail's own word")]
pub struct Static {
    pub targets: [&'static str; 1],
    pub labels: IndexMap<String, String>,
}

/// A rule that makes a label.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Promtail's own word")]
pub struct Relabel {
    pub source_labels: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regex: Option<&'static str>,
    pub target_label: &'static str,
}

/// A step that each line goes through: a map with one key.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is Promtail's own word")]
pub enum PipelineStage {
    Replace {
        expression: String,
        replace: String,
    },
    Json {
        expressions: IndexMap<String, String>,
    },
    Timestamp {
        source: &'static str,
        format: &'static str,
        action_on_failure: &'static str,
    },
    /// What has the name of its field need not say which.
    Labels(IndexMap<String, Option<String>>),
    StructuredMetadata(IndexMap<String, Option<String>>),
    Match {
        selector: String,
        stages: Vec<PipelineStage>,
    },
    StaticLabels(IndexMap<String, String>),
    Labelallow(Vec<String>),
}
