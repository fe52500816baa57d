//! Thanos' own configuration files; only what is generated.

use serde::Serialize;

/// Both files; neither when nothing is kept for long.
#[derive(Debug, Default)]
pub struct Config {
    /// The object store.
    pub store: Option<Store>,
    /// Whom the querier asks; only where a stack runs one.
    pub endpoints: Option<Endpoints>,
}

/// `objstore.yml`. Thanos fills `$(NAME)` in from its environment.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Thanos' own word")]
pub struct Store {
    pub r#type: &'static str,
    pub config: Bucket,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

/// A bucket. It never holds a key: without one Thanos looks for the environment's, then for the machine's role.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Thanos' own word")]
pub struct Bucket {
    pub bucket: String,
    pub endpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub insecure: bool,
}

/// `endpoints.yml`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Thanos' own word")]
pub struct Endpoints {
    pub endpoints: Vec<Endpoint>,
}

/// One that the querier asks.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Thanos' own word")]
pub struct Endpoint {
    pub address: String,
}
