//! Kubernetes: where objects go, and how the operators that read them find them.

use super::stack::Component;
use super::values::{ClusterLabel, ClusterLabelValue, ClusterName, Name, Named};
use crate::decode::{record, words};
use crate::source::Spanned;

record! {
    /// A Kubernetes cluster with the Prometheus operator, or with a Prometheus that finds its pods by itself.
    pub struct KubernetesStack "a Kubernetes stack" {
        /// The namespace of everything that is generated; made from the platform's name unless given.
        namespace: Option<Spanned<ClusterName>>,
        /// Whether the namespace itself is generated. True unless given.
        create_namespace: Option<bool>,
        /// What is generated. Everything unless given.
        generate: Option<Vec<Spanned<KubernetesPart>>>,
        /// Whether the stack's own components (Prometheus, Alertmanager, Grafana, exporters) run in the cluster too, as
        /// they would on compose. False unless given.
        run: Option<bool>,
        /// Changes to components, by name.
        #[schemars(default)]
        components: Named<Name, Component>,
        /// Labels on rules, monitors and probes by which the operator selects them: `release: kube-prometheus-stack`.
        #[schemars(default)]
        labels: Named<ClusterLabel, ClusterLabelValue>,
        /// Labels on rules that look further back than Prometheus keeps samples, by which a ThanosRuler selects them.
        /// `role: thanos-rules` unless given.
        ruler_labels: Option<Named<ClusterLabel, ClusterLabelValue>>,
        /// Labels on the config maps of dashboards, by which Grafana's sidecar finds them. `grafana_dashboard: "1"`
        /// unless given.
        dashboard_labels: Option<Named<ClusterLabel, ClusterLabelValue>>,
        /// Address at which Prometheus answers inside the cluster, for the analysis of rollouts.
        /// `http://prometheus.<namespace>.svc:9090` unless given.
        prometheus: Option<Spanned<String>>,
        /// Host and port of the blackbox exporter inside the cluster. `blackbox-exporter.<namespace>.svc:9115`
        /// unless given.
        blackbox: Option<Spanned<String>>,
        /// Service account of a Prometheus that finds pods by itself. `prometheus` unless given.
        service_account: Option<Spanned<ClusterName>>,
    }
}

words! {
    /// A part of what is generated for Kubernetes.
    pub enum KubernetesPart "a part of a Kubernetes stack" {
        /// PrometheusRules: the same groups as in the rule files.
        "rules" => Rules,
        /// ServiceMonitors, PodMonitors and ScrapeConfigs: the same jobs as in prometheus.yml.
        "monitors" => Monitors,
        /// Probes through the blackbox exporter.
        "probes" => Probes,
        /// Dashboards as config maps.
        "dashboards" => Dashboards,
        /// Health checks, autoscaling and rollouts of workloads.
        "workloads" => Workloads,
        /// What a Prometheus that finds pods by itself may read.
        "access" => Access,
    }
}
