//! Objects of Argo Rollouts.

use serde::Serialize;

use super::objects::LabelSelector;
use super::workload::Scaled;

/// A Rollout that takes the pods of an existing Deployment over.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct Rollout {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<u64>,
    pub selector: LabelSelector,
    pub workload_ref: WorkloadRef,
    pub strategy: Strategy,
}

/// The Deployment whose pods these are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct WorkloadRef {
    pub api_version: &'static str,
    pub kind: &'static str,
    pub name: String,
    /// The Deployment gives its pods up step by step as the Rollout's become ready.
    pub scale_down: &'static str,
}

impl WorkloadRef {
    /// The Deployment that something scales.
    pub(super) fn of(scaled: &Scaled) -> Self {
        Self {
            api_version: scaled.api_version,
            kind: scaled.kind,
            name: scaled.name.clone(),
            scale_down: "progressively",
        }
    }
}

/// How a new version comes in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct Strategy {
    pub canary: Canary,
}

/// Step by step.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct Canary {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stable_service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canary_service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub analysis: Option<BackgroundAnalysis>,
    pub steps: Vec<Step>,
}

/// A step: exactly one of these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct Step {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_weight: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
}

/// A pause; without a duration, until somebody approves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct Pause {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
}

/// What is watched during the steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct BackgroundAnalysis {
    pub templates: Vec<TemplateRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starting_step: Option<u64>,
    pub args: Vec<Argument>,
}

/// A template by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct TemplateRef {
    pub template_name: String,
}

/// An argument: with a value where a template is used, without one where it is declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct Argument {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// An AnalysisTemplate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct AnalysisTemplate {
    pub args: Vec<Argument>,
    pub metrics: Vec<Measured>,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct Measured {
    pub name: String,
    pub interval: String,
    pub failure_limit: u64,
    pub success_condition: String,
    pub provider: Provider,
}

/// Who is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct Provider {
    pub prometheus: Query,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Argo's own word")]
pub struct Query {
    pub address: String,
    pub query: String,
}
