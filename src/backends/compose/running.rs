//! Which components a stack runs: their hosts, images and ports.

use super::logs;
use crate::model::{self, Platform};
use crate::packs::components;
use crate::source::{Place, Span};

/// A container of the stack.
#[derive(Debug, Clone)]
pub struct Running {
    /// Name of the container, which is its host name in the stack.
    pub name: String,
    /// Name of the component in the image table.
    pub component: &'static str,
    /// What the image table says of it.
    pub table: &'static components::Component,
    /// Image with tag or digest.
    pub image: String,
    /// Where the image was written, if it is not the table's.
    pub image_written: Option<Span>,
    /// Port inside the stack.
    pub port: Option<u16>,
    /// Port on the host, if it is published.
    pub published: Option<u16>,
    /// Where the published port was written, if it is not the table's.
    pub port_written: Option<Span>,
    /// Where the container comes from in the spec.
    pub origin: Place,
}

/// Every container that the platform's compose stack runs, in the order of the file. None without a compose stack.
pub fn components(platform: &Platform) -> Vec<Running> {
    let Some(compose) = &platform.stack.compose else { return Vec::new() };
    let mut wanted: Vec<(String, &str, Place)> = vec![("prometheus".to_owned(), "prometheus", compose.origin)];
    let mut want = |name: &str, component: &'static str| wanted.push((name.to_owned(), component, compose.origin));
    if !(platform.channels.is_empty() && platform.severities.is_empty()) {
        want("alertmanager", "alertmanager");
    }
    want("grafana", "grafana");
    if platform.services.iter().any(|service| !service.probes.is_empty()) {
        want("blackbox-exporter", "blackbox-exporter");
    }
    for (name, wanted) in logs::components(platform) {
        if wanted {
            want(name, name);
        }
    }
    if platform.retention.long_term.is_some() {
        for name in ["thanos-sidecar", "thanos-store", "thanos-compactor", "thanos-query"] {
            want(name, name);
        }
        if crate::backends::thanos::needs_ruler(platform) {
            want("thanos-ruler", "thanos-ruler");
        }
    }
    if platform.stack.jaeger.is_some() {
        want("jaeger", "jaeger");
    }
    if platform.stack.otel_collector.is_some() {
        want("otel-collector", "otel-collector");
    }
    if let Some(backup) = &platform.stack.backup {
        wanted.push((super::backup::BACKUP.to_owned(), super::backup::BACKUP, backup.origin));
    }
    for exporter in platform.services.iter().flat_map(|service| &service.exporters) {
        wanted.push((exporter.host.clone(), exporter.component.as_str(), exporter.origin));
    }
    wanted.iter().filter_map(|(name, component, origin)| running(name, component, *origin, platform)).collect()
}

fn running(name: &str, component: &str, origin: Place, platform: &Platform) -> Option<Running> {
    let (component, table) = components::all().find(|(known, _)| *known == component)?;
    let changes = changes(name, component, platform);
    let image = changes.and_then(|changes| changes.image.as_ref());
    let port = changes.and_then(|changes| changes.port);
    let usual = table.port.filter(|_| table.published.unwrap_or(false));
    Some(Running {
        name: name.to_owned(),
        component,
        table,
        image: image.map_or_else(|| usual_image(component, table, platform), |image| image.value.clone()),
        image_written: image.map(|image| image.span),
        port: table.port,
        published: port.map(|port| port.value).or(usual),
        port_written: port.map(|port| port.span),
        origin,
    })
}

/// What the stack changes of a container, named by its host or by its component.
pub(super) fn changes<'p>(name: &str, component: &str, platform: &'p Platform) -> Option<&'p model::Component> {
    let changes = &platform.stack.compose.as_ref()?.components;
    let named = |wanted: &str| changes.iter().find(|change| change.name.value == wanted);
    named(name).or_else(|| named(component))
}

/// The table's image; for a platform that wants another Prometheus, the first release of that version.
fn usual_image(component: &str, table: &components::Component, platform: &Platform) -> String {
    let (major, minor) = platform.stack.prometheus_version;
    let (repository, tag) = table.image.rsplit_once(':').unwrap_or((&table.image, ""));
    if component == "prometheus" && !tag.starts_with(&format!("v{major}.{minor}.")) {
        return format!("{repository}:v{major}.{minor}.0");
    }
    table.image.clone()
}
