//! Long-term storage of metrics: Thanos' object store, and where the querier asks.

mod config;
mod lower;
#[cfg(test)]
mod tests;

pub use config::{Bucket, Config, Endpoint, Endpoints, Store};
pub use lower::needs_ruler;

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, THANOS_ENDPOINTS, THANOS_STORE};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::yaml;

/// Where containers see the object store's configuration.
pub const STORE_IN_CONTAINER: &str = "/etc/thanos/objstore.yml";

/// Where the querier sees whom to ask.
pub const ENDPOINTS_IN_CONTAINER: &str = "/etc/thanos/endpoints.yml";

/// Long-term storage of metrics.
#[derive(Debug)]
pub struct Thanos;

impl Backend for Thanos {
    type Config = Config;
    const NAME: &'static str = "thanos";
    const SUMMARY: &'static str = "objstore.yml and endpoints.yml for Thanos";
    const OWNS: &'static [&'static str] = &[THANOS_STORE, THANOS_ENDPOINTS];

    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
        lower::config(platform, diagnostics)
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if let Some(store) = &config.store {
            artifacts.add(THANOS_STORE, yaml::write(store, &[BANNER]));
        }
        if let Some(endpoints) = &config.endpoints {
            artifacts.add(THANOS_ENDPOINTS, yaml::write(endpoints, &[BANNER]));
        }
    }
}
