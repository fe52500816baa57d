//! A compose file as the compose specification has it; only what a generated stack uses.

use indexmap::IndexMap;
use serde::Serialize;

use super::text::Text;

/// A whole stack, with what its variables mean.
#[derive(Debug, Default)]
pub struct Config {
    /// The file; none when the platform has no compose stack.
    pub file: Option<File>,
    /// What the user merges in last, as compose writes it.
    pub overrides: Option<serde_json::Value>,
    /// Variables that whoever starts the stack must set.
    pub variables: Vec<Variable>,
    /// How servers are told to speak TLS, if they are.
    pub web: Option<WebConfig>,
}

/// The web configuration that Prometheus, Alertmanager and most exporters read.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is the exporter toolkit's own word")]
pub struct WebConfig {
    pub tls_server_config: TlsServer,
}

/// What a server needs for TLS.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is the exporter toolkit's own word")]
pub struct TlsServer {
    pub cert_file: String,
    pub key_file: String,
}

/// A variable of the environment in which the stack is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What it is for, in words.
    pub purpose: String,
    /// Whether it is a secret.
    pub secret: bool,
    /// What it is where nobody sets it; without one, nothing starts.
    pub usual: Option<String>,
}

/// `docker-compose.yml`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is compose's own word")]
pub struct File {
    pub name: String,
    pub services: IndexMap<String, Service>,
    pub networks: IndexMap<String, Network>,
    pub volumes: IndexMap<String, Volume>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub secrets: IndexMap<String, Secret>,
}

/// A container.
#[derive(Debug, Default, Serialize)]
#[allow(missing_docs, reason = "each is compose's own word")]
pub struct Service {
    pub image: Text,
    pub restart: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entrypoint: Vec<Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<Text>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub environment: IndexMap<String, Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tmpfs: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Text>,
    pub networks: Vec<String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub depends_on: IndexMap<String, Dependency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Healthcheck>,
    pub read_only: bool,
    pub cap_drop: [&'static str; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cap_add: Vec<&'static str>,
    pub security_opt: [&'static str; 1],
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub sysctls: IndexMap<&'static str, &'static str>,
    pub deploy: Deploy,
    pub logging: Logging,
}

/// What must be there first.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is compose's own word")]
pub struct Dependency {
    pub condition: &'static str,
}

/// How the container is asked whether it is well.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is compose's own word")]
pub struct Healthcheck {
    pub test: Vec<Text>,
    pub interval: &'static str,
    pub timeout: &'static str,
    pub retries: u8,
    pub start_period: &'static str,
}

/// Limits.
#[derive(Debug, Default, Serialize)]
#[allow(missing_docs, reason = "each is compose's own word")]
pub struct Deploy {
    pub resources: Resources,
}

/// Limits.
#[derive(Debug, Default, Serialize)]
#[allow(missing_docs, reason = "each is compose's own word")]
pub struct Resources {
    pub limits: Limits,
}

/// Limits: cores and memory.
#[derive(Debug, Default, Serialize)]
#[allow(missing_docs, reason = "each is compose's own word")]
pub struct Limits {
    pub cpus: String,
    pub memory: String,
}

/// How much of its output is kept.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is compose's own word")]
pub struct Logging {
    pub driver: &'static str,
    pub options: IndexMap<&'static str, &'static str>,
}

impl Default for Logging {
    /// Three files of ten megabytes: without a limit a chatty container fills the disk.
    fn default() -> Self {
        Self { driver: "json-file", options: [("max-size", "10m"), ("max-file", "3")].into_iter().collect() }
    }
}

/// A network: the stack's own, or one that exists already.
#[derive(Debug, Default, Serialize)]
#[allow(missing_docs, reason = "each is compose's own word")]
pub struct Network {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
}

/// A named volume with docker's defaults.
#[derive(Debug, Default, Serialize)]
#[allow(missing_docs, reason = "each is compose's own word")]
pub struct Volume {
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<&'static str, String>,
}

/// Where a secret comes from.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    /// From this variable.
    Environment(String),
    /// From this file.
    File(Text),
}
