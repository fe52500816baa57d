//! The files of the Elastic stack as its parts declare them; only what is generated.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use crate::writers::logstash::Pipeline;

/// Every file.
#[derive(Debug)]
pub struct Files {
    /// `filebeat.yml`.
    pub filebeat: Filebeat,
    /// `logstash.yml`.
    pub settings: LogstashSettings,
    /// Logstash's pipeline.
    pub pipeline: Pipeline,
    /// Elasticsearch's lifecycle policy.
    pub policy: PolicyFile,
    /// Elasticsearch's index template.
    pub template: IndexTemplate,
    /// Kibana's data view and saved searches.
    pub objects: Vec<SavedObject>,
}

/// `filebeat.yml`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Filebeat's own word")]
pub struct Filebeat {
    #[serde(rename = "filebeat.inputs")]
    pub inputs: Vec<Filestream>,
    #[serde(rename = "output.logstash")]
    pub output: LogstashOutput,
    #[serde(rename = "logging.level")]
    pub logging_level: &'static str,
}

/// An input of lines in files.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Filebeat's own word")]
pub struct Filestream {
    pub r#type: &'static str,
    /// How far it has read is remembered by this: it must never change.
    pub id: String,
    pub paths: Vec<String>,
    #[serde(rename = "prospector.scanner.symlinks", skip_serializing_if = "std::ops::Not::not")]
    pub symlinks: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parsers: Vec<Parser>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub fields: IndexMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub processors: Vec<Processor>,
}

/// How lines are read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is Filebeat's own word")]
pub enum Parser {
    Container { stream: &'static str, format: &'static str },
}

/// What Filebeat adds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is Filebeat's own word")]
pub enum Processor {
    AddDockerMetadata { host: &'static str },
}

/// Where lines go.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Filebeat's own word")]
pub struct LogstashOutput {
    pub hosts: [&'static str; 1],
}

/// `logstash.yml`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Logstash's own word")]
pub struct LogstashSettings {
    #[serde(rename = "api.http.host")]
    pub api_host: &'static str,
    #[serde(rename = "api.http.port")]
    pub api_port: u16,
    /// The pipeline's strings are written for this.
    #[serde(rename = "config.support_escapes")]
    pub support_escapes: bool,
    #[serde(rename = "pipeline.ecs_compatibility")]
    pub ecs_compatibility: &'static str,
}

/// A lifecycle policy, as it is put.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Elasticsearch's own word")]
pub struct PolicyFile {
    pub policy: Policy,
}

/// A lifecycle policy.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Elasticsearch's own word")]
pub struct Policy {
    pub phases: Phases,
}

/// What becomes of an index as it ages.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Elasticsearch's own word")]
pub struct Phases {
    pub hot: Hot,
    pub delete: Delete,
}

/// While it is written to.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Elasticsearch's own word")]
pub struct Hot {
    pub actions: HotActions,
}

/// While it is written to.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Elasticsearch's own word")]
pub struct HotActions {
    pub rollover: Rollover,
}

/// When a new index is begun.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Elasticsearch's own word")]
pub struct Rollover {
    pub max_age: String,
    pub max_primary_shard_size: &'static str,
}

/// When it goes: counted from the moment it was closed, so that its youngest line is as old.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Elasticsearch's own word")]
pub struct Delete {
    pub min_age: String,
    pub actions: DeleteActions,
}

/// It goes.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Elasticsearch's own word")]
pub struct DeleteActions {
    pub delete: Nothing,
}

/// An empty map.
#[derive(Debug, Serialize)]
pub struct Nothing {}

/// What new indices of the data stream are like.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Elasticsearch's own word")]
pub struct IndexTemplate {
    pub index_patterns: [&'static str; 1],
    pub data_stream: Nothing,
    /// Above Elasticsearch's own template for logs, which has 100.
    pub priority: u16,
    pub template: Template,
}

/// Settings and fields of an index.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Elasticsearch's own word")]
pub struct Template {
    pub settings: IndexMap<&'static str, Value>,
    pub mappings: Mappings,
}

/// Fields of an index.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Elasticsearch's own word")]
pub struct Mappings {
    pub dynamic: bool,
    pub properties: IndexMap<String, Mapping>,
}

/// A field: its type, or the fields inside it.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Elasticsearch's own word")]
pub struct Mapping {
    pub r#type: &'static str,
}

/// An object that Kibana imports: a line of `kibana.ndjson`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Kibana's own word")]
pub struct SavedObject {
    pub r#type: &'static str,
    pub id: String,
    pub attributes: Value,
    pub references: Vec<Reference>,
}

/// What an object is about.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Kibana's own word")]
pub struct Reference {
    pub name: &'static str,
    pub r#type: &'static str,
    pub id: String,
}
