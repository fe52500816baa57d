//! Objects of a cluster as Kubernetes, the Prometheus operator and Argo Rollouts declare them; only what is generated.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use super::monitoring::{Monitor, Probe, Rules, Scrape};
use super::rollout::{AnalysisTemplate, Rollout};
use super::run::Run;
use super::workload::{Autoscaler, Patch};
use crate::model::ClusterLabels;

/// An object. Which of the fields behind `metadata` it has depends on its kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Object {
    pub api_version: &'static str,
    pub kind: &'static str,
    pub metadata: Metadata,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec: Option<Spec>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub data: IndexMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<AccessRule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_ref: Option<RoleRef>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Subject>,
}

/// What every object says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Metadata {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: ClusterLabels,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub annotations: ClusterLabels,
}

/// What an object is to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "each is the kind's own name")]
pub enum Spec {
    Rules(Rules),
    Monitor(Box<Monitor>),
    Scrape(Box<Scrape>),
    Probe(Box<Probe>),
    Autoscaler(Autoscaler),
    Rollout(Box<Rollout>),
    AnalysisTemplate(AnalysisTemplate),
    Patch(Box<Patch>),
    Run(Box<Run>),
    Service(ServiceSpec),
}

/// What a role allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct AccessRule {
    pub api_groups: Vec<&'static str>,
    pub resources: Vec<&'static str>,
    pub verbs: Vec<&'static str>,
}

/// The role that is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct RoleRef {
    pub api_group: &'static str,
    pub kind: &'static str,
    pub name: String,
}

/// Who gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct Subject {
    pub kind: &'static str,
    pub name: String,
    pub namespace: String,
}

/// Labels that something must have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct LabelSelector {
    pub match_labels: ClusterLabels,
}

/// A Service without an address of its own: its name leads to its pods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct ServiceSpec {
    #[serde(rename = "clusterIP")]
    pub cluster_ip: &'static str,
    pub selector: ClusterLabels,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<ServicePort>,
}

/// A port of a Service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Kubernetes' own word")]
pub struct ServicePort {
    pub name: &'static str,
    pub port: u16,
    pub target_port: u16,
}

/// `kustomization.yaml`, or a component of one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is kustomize's own word")]
pub struct Kustomization {
    pub api_version: &'static str,
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patches: Vec<PatchFile>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub config_map_generator: Vec<Generator>,
}

/// Files that become a config map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is kustomize's own word")]
pub struct Generator {
    pub name: String,
    pub namespace: String,
    pub files: Vec<String>,
}

/// A patch and what it is laid over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is kustomize's own word")]
pub struct PatchFile {
    pub path: String,
    pub target: PatchTarget,
}

/// What a patch is laid over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is kustomize's own word")]
pub struct PatchTarget {
    pub kind: &'static str,
    pub name: String,
}

/// A number or a text, as Kubernetes takes ports.
pub(super) fn number(value: u16) -> Value {
    Value::from(value)
}
