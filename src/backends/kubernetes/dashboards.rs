//! Dashboards as config maps, which Grafana's sidecar loads: the same bytes as in the folder of dashboards.

use indexmap::IndexMap;

use super::lower::metadata;
use super::objects::Object;
use super::problems::DASHBOARD_TOO_LARGE;
use crate::backends::{Backend, grafana};
use crate::conventions::{cluster_name, dashboard_uid};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{Kubernetes, Platform};
use crate::writers::json;

/// The most that a config map holds.
const MOST: usize = 1024 * 1024;

/// The annotation from which the sidecar takes the folder.
const FOLDER: &str = "grafana_folder";

/// Name and object of every dashboard.
pub(super) fn objects(
    platform: &std::sync::Arc<Platform>,
    cluster: &Kubernetes,
    diagnostics: &mut Diagnostics,
) -> Vec<(String, Object)> {
    // What there is to say about dashboards was said where they are drawn for themselves.
    let drawn = grafana::Grafana::lower(platform, &mut Diagnostics::new());
    let mut objects = Vec::new();
    for file in drawn.dashboards {
        let (key, text) = (format!("{}.json", file.name), json::write(&file.dashboard));
        let size = key.len() + text.len();
        if size > MOST {
            let declared = platform.dashboards.iter().find(|dashboard| dashboard.name.value == file.name);
            let place = declared.map_or(cluster.origin.0, |dashboard| dashboard.name.span);
            let message = format!("the dashboard `{}` has {size} bytes; a config map holds {MOST}", file.name);
            let diagnostic = Diagnostic::new(&DASHBOARD_TOO_LARGE, place, message);
            diagnostics.push(diagnostic.help("split it, or leave `dashboards` out of `stack.kubernetes.generate`"));
            continue;
        }
        let name = cluster_name(&format!("dashboard-{}", dashboard_uid(&platform.name.value, &file.name)));
        let mut metadata = metadata(platform, cluster, &name, &cluster.dashboard_labels);
        metadata.annotations.insert(FOLDER.to_owned(), platform.title.clone());
        let object = Object {
            api_version: "v1",
            kind: "ConfigMap",
            metadata,
            data: IndexMap::from([(key, text)]),
            ..Object::default()
        };
        objects.push((file.name, object));
    }
    objects
}
