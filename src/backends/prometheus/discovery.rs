//! Pods that Prometheus finds by itself: those of a service's workload that carry the annotation
//! `prometheus.io/scrape: "true"`.

use indexmap::IndexMap;

use super::config::{ClusterSelector, KubernetesDiscovery, Namespaces, RelabelConfig};
use crate::model::Discovery;

/// An address without its port; IPv6 addresses stand in brackets.
pub(super) const HOST: &str = r"(\[[^\]]+\]|[^:]+)(?::\d+)?";

/// What the cluster is asked for: it filters by labels itself, so that no other pod is even heard of.
pub(super) fn pods(discovery: &Discovery) -> KubernetesDiscovery {
    let label: Vec<String> = discovery.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let selector = ClusterSelector { role: "pod", label: label.join(",") };
    KubernetesDiscovery {
        role: "pod",
        namespaces: Namespaces {
            own_namespace: discovery.namespace.is_none(),
            names: discovery.namespace.iter().cloned().collect(),
        },
        selectors: Some(selector).filter(|selector| !selector.label.is_empty()).into_iter().collect(),
    }
}

/// From what the cluster says of a pod to a target: annotated ones only, each once, at the port, path and scheme that
/// its annotations name, with the labels of the service.
///
/// A pod with three ports comes as three targets. Each gets the address of the one that is meant, and Prometheus
/// keeps one of those that have become the same.
pub(super) fn annotated(discovery: &Discovery, labels: &IndexMap<String, String>) -> Vec<RelabelConfig> {
    let mut steps = vec![
        only("keep", &annotation("scrape"), "true"),
        only("drop", "__meta_kubernetes_pod_phase", "Pending|Succeeded|Failed"),
        only("drop", "__meta_kubernetes_pod_container_init", "true"),
        take(&annotation("scheme"), "(https?)", "__scheme__"),
        take(&annotation("path"), "(.+)", "__metrics_path__"),
    ];
    if let Some(port) = discovery.port {
        steps.push(RelabelConfig {
            replacement: Some(format!("${{1}}:{port}")),
            ..take("__address__", HOST, "__address__")
        });
    }
    steps.push(RelabelConfig {
        source_labels: vec!["__address__".to_owned(), annotation("port")],
        replacement: Some("$1:$2".to_owned()),
        ..take("", &format!(r"{HOST};(\d+)"), "__address__")
    });
    for (from, to) in [("namespace", "namespace"), ("pod_name", "pod"), ("pod_node_name", "node")] {
        steps.push(RelabelConfig {
            source_labels: vec![format!("__meta_kubernetes_{from}")],
            target_label: Some(to.to_owned()),
            ..RelabelConfig::default()
        });
    }
    steps.extend(labels.iter().map(|(label, value)| RelabelConfig {
        target_label: Some(label.clone()),
        // A dollar would name a group.
        replacement: Some(value.replace('$', "$$")),
        ..RelabelConfig::default()
    }));
    steps
}

/// The label that carries the annotation `prometheus.io/<name>`.
fn annotation(name: &str) -> String {
    format!("__meta_kubernetes_pod_annotation_prometheus_io_{name}")
}

fn only(action: &'static str, source: &str, pattern: &str) -> RelabelConfig {
    RelabelConfig {
        source_labels: vec![source.to_owned()],
        regex: Some(pattern.to_owned()),
        action: Some(action),
        ..RelabelConfig::default()
    }
}

/// The source becomes the target where it matches.
fn take(source: &str, pattern: &str, target: &str) -> RelabelConfig {
    RelabelConfig {
        source_labels: vec![source.to_owned()],
        regex: Some(pattern.to_owned()),
        target_label: Some(target.to_owned()),
        ..RelabelConfig::default()
    }
}
