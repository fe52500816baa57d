//! From the platform to files of objects, and to the kustomizations that name them.

use std::sync::Arc;

use super::components::{self, Components};
use super::objects::{Kustomization, Metadata, Object, PatchFile, Spec};
use super::{access, dashboards, monitoring, monitors, rollouts, workloads};
use crate::backends::{Backend, rules};
use crate::conventions::cluster_name;
use crate::diagnostics::Diagnostics;
use crate::model::{ClusterLabels, Kubernetes, KubernetesPart, Platform};

/// Everything that is written for a cluster. Rules are lowered when their files are asked for: see the rules backend.
#[derive(Debug, Default)]
pub struct Config {
    platform: Option<Arc<Platform>>,
    objects: Vec<File>,
    patches: Vec<(File, PatchFile)>,
    /// The stack's own components, if they run in the cluster.
    pub components: Components,
}

/// A file of objects.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct File {
    /// Its path in the folder.
    pub path: String,
    /// What is in it.
    pub objects: Vec<Object>,
}

/// Everything but the rules.
pub(super) fn config(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
    let Some(cluster) = &platform.stack.kubernetes else { return Config::default() };
    let mut objects = Vec::new();
    let mut add = |path: &str, found: Vec<Object>| {
        if !found.is_empty() {
            objects.push(File { path: path.to_owned(), objects: found });
        }
    };
    if cluster.create_namespace {
        let metadata =
            Metadata { name: cluster.namespace.clone(), labels: common_labels(platform), ..Metadata::default() };
        add("namespace.yaml", vec![Object { api_version: "v1", kind: "Namespace", metadata, ..Object::default() }]);
    }
    if cluster.generates(KubernetesPart::Access) {
        add("access.yaml", access::objects(platform, cluster));
    }
    if cluster.generates(KubernetesPart::Monitors) {
        add("monitors.yaml", monitors::jobs(platform, cluster));
    }
    if cluster.generates(KubernetesPart::Probes) {
        add("probes.yaml", monitors::probes(platform, cluster));
    }
    let mut patches = Vec::new();
    if cluster.generates(KubernetesPart::Workloads) {
        add("autoscalers.yaml", workloads::autoscalers(platform, cluster));
        add("rollouts.yaml", rollouts::objects(platform, cluster, diagnostics));
        patches = workloads::patches(platform, cluster);
    }
    if cluster.generates(KubernetesPart::Dashboards) {
        for (name, object) in dashboards::objects(platform, cluster, diagnostics) {
            add(&format!("dashboards/{name}.yaml"), vec![object]);
        }
    }
    let components = match cluster.run {
        true => components::of(platform, cluster, diagnostics),
        false => Components::default(),
    };
    Config { platform: Some(platform.clone()), objects, patches, components }
}

impl Config {
    /// Every file but the kustomizations.
    pub fn files(&self) -> Vec<File> {
        let mut files = self.objects.clone();
        files.extend(self.rules());
        files.extend(self.patches.iter().map(|(file, _)| file.clone()));
        files.extend(self.components.files.iter().cloned());
        files
    }

    /// A PrometheusRule for each rule file, which holds the same groups.
    fn rules(&self) -> Vec<File> {
        let Some(platform) = &self.platform else { return Vec::new() };
        let Some(cluster) = platform.stack.kubernetes.as_ref().filter(|it| it.generates(KubernetesPart::Rules)) else {
            return Vec::new();
        };
        // What there is to say about the rules was said where they are lowered for themselves.
        let lowered = rules::Rules::lower(platform, &mut Diagnostics::new());
        let of = |files: Vec<rules::RuleFile>, folder: &'static str, labels: &ClusterLabels| {
            let object = |file: rules::RuleFile| File {
                path: format!("{folder}/{}.yaml", file.name),
                objects: vec![Object {
                    api_version: "monitoring.coreos.com/v1",
                    kind: "PrometheusRule",
                    metadata: metadata(platform, cluster, &rule_name(platform, folder, &file.name), labels),
                    spec: Some(Spec::Rules(monitoring::Rules { groups: file.groups })),
                    ..Object::default()
                }],
            };
            files.into_iter().map(object).collect::<Vec<_>>()
        };
        let mut files = of(lowered.prometheus(), "rules", &cluster.labels);
        files.extend(of(lowered.thanos(), "thanos-rules", &cluster.ruler_labels));
        files
    }

    /// The kustomizations by their folder: all objects, and the component with the patches.
    pub fn kustomizations(&self, files: &[File]) -> Vec<(&'static str, Kustomization)> {
        let mut found = Vec::new();
        let is_patch = |file: &File| self.patches.iter().any(|(patch, _)| patch.path == file.path);
        let is_component = |file: &File| self.components.files.iter().any(|other| other.path == file.path);
        let own = files.iter().filter(|file| !is_patch(file) && !is_component(file));
        let resources: Vec<String> = own.map(|file| file.path.clone()).collect();
        if !resources.is_empty() {
            found.push((
                "",
                Kustomization {
                    api_version: "kustomize.config.k8s.io/v1beta1",
                    kind: "Kustomization",
                    resources,
                    patches: Vec::new(),
                    config_map_generator: Vec::new(),
                },
            ));
        }
        let patches: Vec<PatchFile> = self.patches.iter().map(|(_, patch)| patch.clone()).collect();
        if !patches.is_empty() {
            found.push((
                workloads::FOLDER,
                Kustomization {
                    api_version: "kustomize.config.k8s.io/v1alpha1",
                    kind: "Component",
                    resources: Vec::new(),
                    patches,
                    config_map_generator: Vec::new(),
                },
            ));
        }
        found
    }
}

/// The name of a PrometheusRule: two platforms may share a namespace.
fn rule_name(platform: &Platform, folder: &str, file: &str) -> String {
    let kind = if folder == "rules" { "" } else { "thanos-" };
    cluster_name(&format!("{}-{kind}{file}", platform.name.value))
}

/// Labels of every object.
fn common_labels(platform: &Platform) -> ClusterLabels {
    ClusterLabels::from([
        ("app.kubernetes.io/part-of".to_owned(), cluster_name(&platform.name.value)),
        ("app.kubernetes.io/managed-by".to_owned(), "bellwether".to_owned()),
    ])
}

/// An object's name, namespace and labels.
pub(super) fn metadata(platform: &Platform, cluster: &Kubernetes, name: &str, labels: &ClusterLabels) -> Metadata {
    let mut all = common_labels(platform);
    all.extend(labels.iter().map(|(key, value)| (key.clone(), value.clone())));
    Metadata {
        name: name.to_owned(),
        namespace: Some(cluster.namespace.clone()),
        labels: all,
        annotations: ClusterLabels::new(),
    }
}
