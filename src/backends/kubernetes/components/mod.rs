//! The stack's own components in the cluster: Prometheus, Alertmanager, Grafana and exporters, as compose would run
//! them. Which there are, with which images, arguments, settings, secrets and limits, is asked of the compose backend;
//! here is only what a cluster calls them.

mod files;
mod pods;

use std::sync::Arc;

use super::access;
use super::lower::{File, metadata};
use super::objects::{Kustomization, Object};
use crate::backends::compose::{self, Running};
use crate::backends::{Backend, Configs, Selection};
use crate::conventions::{KUBERNETES_FOLDER, cluster_name};
use crate::diagnostics::Diagnostics;
use crate::model::{self, ClusterLabels, Kubernetes, KubernetesPart, Platform};
use crate::source::Spanned;

/// Folder of the components' objects.
const FOLDER: &str = "components";

/// Everything that runs.
#[derive(Debug, Default)]
pub struct Components {
    /// A file for each pod, its claims and its addresses.
    pub files: Vec<File>,
    /// What makes config maps of the platform's other files, from the folder above.
    pub kustomization: Option<Kustomization>,
    /// Keys of the one secret, with what each is for.
    pub secrets: Vec<(String, String)>,
}

/// What is around a component.
struct Around<'a> {
    platform: &'a Platform,
    cluster: &'a Kubernetes,
    containers: &'a [Running],
    folders: files::Folders,
}

impl Around<'_> {
    /// The one secret: what is secret, and what differs from place to place.
    fn secret(&self) -> String {
        format!("{}-secrets", cluster_name(&self.platform.name.value))
    }

    fn running(&self, name: &str) -> Option<&Running> {
        self.containers.iter().find(|running| running.name == name)
    }

    fn metadata(&self, name: &str) -> super::objects::Metadata {
        metadata(self.platform, self.cluster, name, &ClusterLabels::new())
    }
}

/// The components of a platform that runs them in its cluster.
pub(super) fn of(platform: &Arc<Platform>, cluster: &Kubernetes, diagnostics: &mut Diagnostics) -> Components {
    let composed = Arc::new(as_compose(platform, cluster));
    // What there is to say about other systems was said where they are lowered for themselves.
    let configs = Configs::lower(&composed, &Selection::all(), &mut Diagnostics::new());
    let config = compose::Compose::lower(&composed, diagnostics);
    let Some(file) = &config.file else { return Components::default() };
    let containers = compose::components(&composed);
    let folders = files::Folders::of(&configs.render(&Selection::all()));
    let around = Around { platform, cluster, containers: &containers, folders };
    let pods = pods::grouped(file, &containers);
    let mut files: Vec<File> = Vec::new();
    for pod in &pods {
        let mut objects: Vec<Object> = vec![pods::object(pod, file, &around)];
        objects.extend(pod.members.iter().filter_map(|member| pods::address(pod, member, &around)));
        files.push(File { path: format!("{FOLDER}/{}.yaml", pod.name), objects });
    }
    let mut resources: Vec<String> = files.iter().map(|file| format!("{KUBERNETES_FOLDER}/{}", file.path)).collect();
    let access = cluster.generates(KubernetesPart::Access) && !access::objects(platform, cluster).is_empty();
    for (file, wanted) in [("access.yaml", access), ("namespace.yaml", cluster.create_namespace)] {
        if wanted {
            resources.insert(0, format!("{KUBERNETES_FOLDER}/{file}"));
        }
    }
    let kustomization = around.folders.kustomization(cluster, file, resources);
    let keys = config.variables.iter().map(|variable| {
        let key = if variable.secret { variable.name.to_lowercase() } else { variable.name.clone() };
        (key, variable.purpose.clone())
    });
    Components { files, kustomization: Some(kustomization), secrets: keys.collect() }
}

/// The platform as compose would run it.
fn as_compose(platform: &Platform, cluster: &Kubernetes) -> Platform {
    let mut composed = platform.clone();
    composed.stack.kubernetes = None;
    composed.stack.compose = Some(model::Compose {
        project: cluster_name(&platform.name.value),
        networks: Vec::new(),
        bind: Spanned::new("127.0.0.1".to_owned(), cluster.origin.0),
        components: cluster.components.clone(),
        overrides: None,
        origin: cluster.origin,
    });
    composed
}
