//! Generated files as config maps. kustomize makes them, so that no file stands in two places and pods are replaced
//! when one changes.

use std::collections::{BTreeMap, BTreeSet};

use super::super::objects::{Generator, Kustomization};
use super::super::run::{ConfigMapSource, KeyPath, Projected, ProjectedSource, Volume};
use super::pods::mounts;
use crate::artifacts::Artifacts;
use crate::backends::compose;
use crate::conventions::{RULE_TESTS_FOLDER, cluster_name};
use crate::model::Kubernetes;

/// The folders of generated files, each with the names of its files.
#[derive(Debug, Default)]
pub(super) struct Folders {
    folders: BTreeMap<String, Vec<String>>,
}

impl Folders {
    pub(super) fn of(artifacts: &Artifacts) -> Self {
        let mut folders: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, _) in artifacts.iter() {
            // Tests of rules are for promtool.
            if let Some((folder, file)) = path.rsplit_once('/').filter(|(folder, _)| *folder != RULE_TESTS_FOLDER) {
                folders.entry(folder.to_owned()).or_default().push(file.to_owned());
            }
        }
        Self { folders }
    }

    /// A folder and those below it.
    fn below(&self, folder: &str) -> impl Iterator<Item = (&str, &[String])> {
        let inside = format!("{folder}/");
        self.folders
            .iter()
            .filter(move |(path, _)| path.as_str() == inside.trim_end_matches('/') || path.starts_with(&inside))
            .map(|(path, files)| (path.as_str(), files.as_slice()))
    }

    /// A folder with those below it, as one volume: a config map has no folders, paths in a volume have.
    pub(super) fn volume(&self, name: &str, folder: &str) -> Volume {
        let source = |(path, files): (&str, &[String])| {
            let within = path.strip_prefix(folder).unwrap_or_default().trim_start_matches('/');
            let item = |file: &String| KeyPath {
                key: file.clone(),
                path: if within.is_empty() { file.clone() } else { format!("{within}/{file}") },
            };
            let items = files.iter().map(item).collect();
            ProjectedSource { config_map: ConfigMapSource { name: map_name(path), items } }
        };
        let sources = self.below(folder).map(source).collect();
        Volume { name: name.to_owned(), projected: Some(Projected { sources }), ..Volume::default() }
    }

    /// The kustomization of the platform's own folder: the only one from which kustomize may read these files.
    pub(super) fn kustomization(
        &self,
        cluster: &Kubernetes,
        file: &compose::File,
        resources: Vec<String>,
    ) -> Kustomization {
        let mounted: BTreeSet<String> =
            file.services.values().flat_map(mounts).filter_map(|mount| mount.folder).collect();
        let mut generators: Vec<Generator> = Vec::new();
        for (path, files) in mounted.iter().flat_map(|folder| self.below(folder)) {
            let name = map_name(path);
            if generators.iter().all(|known| known.name != name) {
                generators.push(Generator {
                    name,
                    namespace: cluster.namespace.clone(),
                    files: files.iter().map(|file| format!("{path}/{file}")).collect(),
                });
            }
        }
        Kustomization {
            api_version: "kustomize.config.k8s.io/v1beta1",
            kind: "Kustomization",
            resources,
            patches: Vec::new(),
            config_map_generator: generators,
        }
    }
}

fn map_name(folder: &str) -> String {
    cluster_name(&format!("{folder}-files"))
}
