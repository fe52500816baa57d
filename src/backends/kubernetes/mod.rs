//! Kubernetes: rules, monitors, probes and dashboards as objects, and what workloads need of the same model.
//!
//! `kubernetes/` is a kustomize base: whole objects, applied as they are. `kubernetes/workloads/` is a kustomize
//! component: patches with health checks for the Deployments that somebody else writes, laid over them with
//! `components: [.../kubernetes/workloads]`.

mod access;
mod dashboards;
mod lower;
mod monitoring;
mod monitors;
mod objects;
mod problems;
mod rollout;
mod rollouts;
#[cfg(test)]
mod tests;
mod workload;
mod workloads;

pub use lower::{Config, File};
pub use monitoring::{
    Endpoint, Monitor, NamespaceSelector, Probe, ProbeStatic, ProbeTargets, Prober, Relabeling, Rules, Scrape,
    StaticTargets,
};
pub use objects::{
    AccessRule, Kustomization, LabelSelector, Metadata, Object, PatchFile, PatchTarget, RoleRef, Spec, Subject,
};
pub use problems::{CLASHING_ANALYSIS, CODES, DASHBOARD_TOO_LARGE};
pub use rollout::{
    AnalysisTemplate, Argument, BackgroundAnalysis, Canary, Measured, Pause, Provider, Query, Rollout, Step, Strategy,
    TemplateRef, WorkloadRef,
};
pub use workload::{
    Autoscaler, Behavior, Check, Container, Exec, HttpGet, Metric, Patch, PodSpec, Port, Resource, ScaleDown, Scaled,
    Socket, Target, Template,
};

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, KUBERNETES_FOLDER};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::yaml;

/// Objects for a Kubernetes cluster.
#[derive(Debug)]
pub struct Kubernetes;

impl Backend for Kubernetes {
    type Config = Config;
    const NAME: &'static str = "kubernetes";
    const SUMMARY: &'static str = "a kustomize base: rules, monitors, probes, dashboards, autoscalers, rollouts";
    const OWNS: &'static [&'static str] = &["kubernetes/"];

    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
        lower::config(platform, diagnostics)
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        let files = config.files();
        for file in &files {
            artifacts.add(format!("{KUBERNETES_FOLDER}/{}", file.path), written(&file.objects));
        }
        for (folder, kustomization) in config.kustomizations(&files) {
            let path = format!("{KUBERNETES_FOLDER}/{folder}kustomization.yaml");
            artifacts.add(path, yaml::write(&kustomization, &[BANNER]));
        }
    }
}

/// One document, or several.
fn written(objects: &[Object]) -> String {
    match objects {
        [one] => yaml::write(one, &[BANNER]),
        several => yaml::write_all(several, &[BANNER]),
    }
}
