//! What workloads get: autoscalers, and patches with health checks for those who write the rest of them.

use serde::Serialize;
use serde_json::Value;

use super::objects::Metadata;
use super::run::{ContainerSecurity, EnvVar, Mount, PodSecurity, Resources, Volume};

/// A HorizontalPodAutoscaler of `autoscaling/v2`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Autoscaler {
    pub scale_target_ref: Scaled,
    pub min_replicas: u64,
    pub max_replicas: u64,
    pub metrics: Vec<Metric>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behavior: Option<Behavior>,
}

/// What is scaled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Scaled {
    pub api_version: &'static str,
    pub kind: &'static str,
    pub name: String,
}

/// What it is scaled by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Metric {
    pub r#type: &'static str,
    pub resource: Resource,
}

/// CPU or memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Resource {
    pub name: &'static str,
    pub target: Target,
}

/// Percent of what is requested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Target {
    pub r#type: &'static str,
    pub average_utilization: u64,
}

/// How fast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Behavior {
    pub scale_down: ScaleDown,
}

/// How fast there are fewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct ScaleDown {
    pub stabilization_window_seconds: u64,
}

/// The part of a workload that is known here, laid over the rest by kustomize.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Patch {
    pub template: Template,
}

/// Pods to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Template {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec: Option<PodSpec>,
}

/// Their containers.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct PodSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automount_service_account_token: Option<bool>,
    #[serde(rename = "hostPID", skip_serializing_if = "Option::is_none")]
    pub host_pid: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security_context: Option<PodSecurity>,
    pub containers: Vec<Container>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Volume>,
}

/// A container; kustomize finds the one that it is laid over by its name.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Container {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Port>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liveness_probe: Option<Check>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readiness_probe: Option<Check>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub startup_probe: Option<Check>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security_context: Option<ContainerSecurity>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volume_mounts: Vec<Mount>,
}

/// A port that the container listens on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Port {
    pub container_port: u16,
    pub protocol: &'static str,
}

/// A health check.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Check {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_get: Option<HttpGet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exec: Option<Exec>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp_socket: Option<Socket>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_delay_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_threshold: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_threshold: Option<u64>,
}

/// An HTTP GET.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct HttpGet {
    pub path: String,
    pub port: Value,
}

/// A command in the container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Exec {
    pub command: Vec<String>,
}

/// A connection.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Socket {
    pub port: Value,
}
