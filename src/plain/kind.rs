//! What a file is, by what is in it.

use crate::source::Node;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A spec of Bellwether.
    Spec,
    /// Prometheus' rules.
    Rules,
    /// Prometheus' rules as an object of Kubernetes.
    PrometheusRule,
    /// prometheus.yml.
    Prometheus,
    /// alertmanager.yml.
    Alertmanager,
    /// What a team says about its Prometheus.
    Facts,
    /// A saved answer of `/api/v1/metadata`.
    Metadata,
    /// Something else.
    Other,
}

/// What a file is, by its outermost keys.
pub fn kind(node: &Node) -> Kind {
    let Some(map) = node.as_map() else { return Kind::Other };
    let has = |key: &str| map.get(key).is_some();
    if has("bellwether") {
        Kind::Spec
    } else if has("kind") && has("apiVersion") {
        let is_rule = map.get("kind").is_some_and(
            |kind| matches!(&kind.value, crate::source::Value::Text(text) if text.value == "PrometheusRule"),
        );
        if is_rule { Kind::PrometheusRule } else { Kind::Other }
    } else if has("groups") {
        Kind::Rules
    } else if has("tests") {
        // Tests for promtool name rule files, too.
        Kind::Other
    } else if has("scrape_configs") || has("rule_files") || has("alerting") {
        Kind::Prometheus
    } else if has("route") || has("receivers") || has("inhibit_rules") {
        Kind::Alertmanager
    } else if has("facts") {
        Kind::Facts
    } else if has("status") && has("data") {
        Kind::Metadata
    } else {
        Kind::Other
    }
}
