//! Kubernetes: rules, monitors, probes and dashboards as objects, and what workloads need of the same model.
//!
//! `kubernetes/` is a kustomize base: whole objects, applied as they are. `kubernetes/workloads/` is a kustomize
//! component: patches with health checks for the Deployments that somebody else writes, laid over them with
//! `components: [.../kubernetes/workloads]`. Where the stack itself runs in the cluster, the `kustomization.yaml` above
//! both makes config maps of the other backends' files and runs the components that read them.

mod access;
mod components;
mod dashboards;
mod lower;
mod monitoring;
mod monitors;
mod objects;
mod problems;
mod rollout;
mod rollouts;
mod run;
#[cfg(test)]
mod tests;
mod workload;
mod workloads;

pub use components::Components;
pub use lower::{Config, File};
pub use monitoring::{
    Endpoint, Monitor, NamespaceSelector, Probe, ProbeStatic, ProbeTargets, Prober, Relabeling, Rules, Scrape,
    StaticTargets,
};
pub use objects::{
    AccessRule, Generator, Kustomization, LabelSelector, Metadata, Object, PatchFile, PatchTarget, RoleRef,
    ServicePort, ServiceSpec, Spec, Subject,
};
pub use problems::{CLASHING_ANALYSIS, CODES, DASHBOARD_TOO_LARGE};
pub use rollout::{
    AnalysisTemplate, Argument, BackgroundAnalysis, Canary, Measured, Pause, Provider, Query, Rollout, Step, Strategy,
    TemplateRef, WorkloadRef,
};
pub use run::{
    Capabilities, Claim, ClaimSpec, ConfigMapSource, ContainerSecurity, EmptyDir, EnvVar, HostPath, KeyPath, KeyRef,
    Mount, PodSecurity, Projected, ProjectedSource, Requests, Resources, Run, SecretSource, Storage, Sysctl, ValueFrom,
    Volume,
};
pub use workload::{
    Autoscaler, Behavior, Check, Container, Exec, HttpGet, Metric, Patch, PodSpec, Port, Resource, ScaleDown, Scaled,
    Socket, Target, Template,
};

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, KUBERNETES_FOLDER, KUSTOMIZATION};
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
    const OWNS: &'static [&'static str] = &["kubernetes/", KUSTOMIZATION];

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
        if let Some(kustomization) = &config.components.kustomization {
            artifacts.add(KUSTOMIZATION, yaml::write(kustomization, &[BANNER]));
            artifacts.add(format!("{KUBERNETES_FOLDER}/secrets.env.example"), secrets(&config.components));
        }
    }
}

/// What the components' secret must hold, for `kubectl create secret generic NAME --from-env-file=...`.
fn secrets(components: &Components) -> String {
    let mut text = format!("# {BANNER}\n# Fill a copy in, and make the secret of it that the components ask for.\n");
    for (key, purpose) in &components.secrets {
        // A comment that could be broken out of would set keys.
        text.push_str(&format!("\n# {}\n{key}=\n", purpose.replace(['\n', '\r'], " ")));
    }
    text
}

/// One document, or several.
fn written(objects: &[Object]) -> String {
    match objects {
        [one] => yaml::write(one, &[BANNER]),
        several => yaml::write_all(several, &[BANNER]),
    }
}
