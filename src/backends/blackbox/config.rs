//! blackbox.yml as the exporter declares it: its own field names, no logic.

use indexmap::IndexMap;
use serde::Serialize;

/// The whole file. Without modules there is nothing to probe.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Config {
    /// Ways of probing, by name.
    pub modules: IndexMap<String, Module>,
}

/// A way of probing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Module {
    /// `http`, `tcp` or `icmp`.
    pub prober: &'static str,
    /// How long one probe may take.
    pub timeout: String,
    /// Settings of an HTTP probe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http: Option<Http>,
    /// Settings of a TCP probe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp: Option<Network>,
    /// Settings of a ping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icmp: Option<Network>,
}

/// Settings of an HTTP probe.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Http {
    /// Codes that are good; any 2xx unless given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub valid_status_codes: Vec<u64>,
    /// Regular expressions that the answer must match.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fail_if_body_not_matches_regexp: Vec<String>,
    /// `ip4` or `ip6`.
    pub preferred_ip_protocol: &'static str,
}

/// Settings that a TCP probe and a ping share.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Network {
    /// `ip4` or `ip6`.
    pub preferred_ip_protocol: &'static str,
}
