//! Objects of the Prometheus operator: what is scraped and probed, and the rules.

use indexmap::IndexMap;
use serde::Serialize;

use super::objects::LabelSelector;
use crate::backends::prometheus::RelabelConfig;
use crate::backends::rules::RuleGroup;

/// A PrometheusRule: a rule file as it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the operator's own word")]
pub struct Rules {
    pub groups: Vec<RuleGroup>,
}

/// A ServiceMonitor, or a PodMonitor.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is the operator's own word")]
pub struct Monitor {
    pub selector: LabelSelector,
    pub namespace_selector: NamespaceSelector,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_scrape_protocol: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scrape_native_histograms: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub endpoints: Vec<Endpoint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pod_metrics_endpoints: Vec<Endpoint>,
}

/// Where services and pods are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is the operator's own word")]
pub struct NamespaceSelector {
    pub match_names: Vec<String>,
}

/// What is scraped of a service or a pod.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is the operator's own word")]
pub struct Endpoint {
    /// The container's port, of a ServiceMonitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_port: Option<u16>,
    /// The container's port, of a PodMonitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port_number: Option<u16>,
    pub path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    pub interval: String,
    pub scrape_timeout: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relabelings: Vec<Relabeling>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metric_relabelings: Vec<Relabeling>,
}

/// A step of relabelling, in the operator's letters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is the operator's own word")]
pub struct Relabeling {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_labels: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regex: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
}

impl From<RelabelConfig> for Relabeling {
    fn from(step: RelabelConfig) -> Self {
        let RelabelConfig { source_labels, regex, action, target_label, replacement } = step;
        Self { source_labels, regex, action, target_label, replacement }
    }
}

/// A ScrapeConfig: addresses that no label in the cluster leads to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is the operator's own word")]
pub struct Scrape {
    pub job_name: String,
    pub static_configs: Vec<StaticTargets>,
    pub metrics_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    pub scrape_interval: String,
    pub scrape_timeout: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_scrape_protocol: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scrape_native_histograms: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metric_relabelings: Vec<Relabeling>,
}

/// Addresses that share their labels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is the operator's own word")]
pub struct StaticTargets {
    pub targets: Vec<String>,
    pub labels: IndexMap<String, String>,
}

/// A Probe: addresses that the blackbox exporter calls.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is the operator's own word")]
pub struct Probe {
    pub job_name: String,
    pub interval: String,
    pub scrape_timeout: String,
    pub module: String,
    pub prober: Prober,
    pub targets: ProbeTargets,
}

/// The blackbox exporter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is the operator's own word")]
pub struct Prober {
    pub url: String,
}

/// What is probed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is the operator's own word")]
pub struct ProbeTargets {
    pub static_config: ProbeStatic,
}

/// What is probed, and with which labels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is the operator's own word")]
pub struct ProbeStatic {
    pub r#static: Vec<String>,
    pub labels: IndexMap<String, String>,
}
