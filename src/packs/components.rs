//! The image table: what a stack can run, each with its pinned image, port, health check and limits.

use std::sync::LazyLock;

use crate::decode::{Decode, Decoder, record};
use crate::diagnostics::Diagnostics;
use crate::quantity::Quantity;
use crate::source::Sources;
use crate::source::format::{self, Format};
use crate::spec::values::{Name, Named, Number, VariableName};

record! {
    /// The image table.
    pub struct Table "the image table" {
        /// Components by name, which is also the name of their host.
        components: Named<Name, Component>,
    }
}

record! {
    /// Something that a stack can run.
    pub struct Component "a component" {
        /// What people call it.
        title: String,
        /// Image with its tag.
        image: String,
        /// The day on which the tag was the newest: `2026-08-17`.
        checked: String,
        /// Port it listens on, for HTTP.
        port: Option<u16>,
        /// Whether people use it, so that its port is published. False unless given.
        published: Option<bool>,
        /// Path that answers while it is well, asked from inside the container; none where the image has nothing to ask with.
        health: Option<String>,
        /// Port of that path, when it is not the one it listens on.
        health_port: Option<u16>,
        /// Series that one of it exposes, as measured; for the estimate of storage.
        series: Option<u64>,
        /// Command that says, inside the container, whether it is well: for images without `wget`.
        check: Option<Vec<String>>,
        /// Memory limit.
        memory: Quantity,
        /// CPU limit, in cores.
        cpus: Number,
        /// User and group it runs as; the image's own unless given.
        user: Option<String>,
        /// Where it keeps its data.
        volume: Option<Volume>,
        /// How it is told to speak TLS; none where it cannot.
        tls: Option<Tls>,
        /// Folders that it writes to and that may be lost.
        temporary: Option<Vec<String>>,
    }
}

record! {
    /// How a component is told to speak TLS. `{web}` stands for the path of the shared web configuration,
    /// `{certificate}` and `{key}` for those of the certificate and its key.
    pub struct Tls "a component's TLS" {
        /// Command-line arguments.
        arguments: Option<Vec<String>>,
        /// Environment variables.
        environment: Named<VariableName, String>,
    }
}

record! {
    /// A named volume.
    pub struct Volume "a volume" {
        /// Its name.
        name: Name,
        /// Where the container sees it.
        path: String,
    }
}

static TABLE: LazyLock<Vec<(String, Component)>> = LazyLock::new(|| {
    let mut diagnostics = Diagnostics::new();
    let table = read(&mut diagnostics);
    let entries = table.map(|table| table.components.entries).unwrap_or_default();
    entries.into_iter().map(|(name, component)| (name.value.to_string(), component)).collect()
});

/// Reads the built-in table; a test sees to it that nothing is ever complained about.
fn read(diagnostics: &mut Diagnostics) -> Option<Table> {
    let mut sources = Sources::new();
    let file = sources.add("components.yaml (built in)", include_str!("data/components.yaml"));
    let node = format::read(&sources, file, Format::Yaml, diagnostics);
    Table::decode(&node, &mut Decoder::new(diagnostics))
}

/// A component by name.
pub fn component(name: &str) -> Option<&'static Component> {
    TABLE.iter().find(|(known, _)| known == name).map(|(_, component)| component)
}

impl Component {
    /// Whether its container can be asked whether it is well.
    pub fn can_be_asked(&self) -> bool {
        self.health.is_some() || self.check.is_some()
    }
}

/// Name and component, in the order of the table.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Component)> {
    TABLE.iter().map(|(name, component)| (name.as_str(), component))
}

/// Whether an image is pinned: to a digest, or to a tag that says a version.
pub fn is_pinned(image: &str) -> bool {
    if image.contains("@sha256:") {
        return true;
    }
    // A colon before the last slash belongs to the registry's port.
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split_once(':').is_some_and(|(_, tag)| tag.chars().any(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_without_a_complaint() {
        let mut diagnostics = Diagnostics::new();
        let table = read(&mut diagnostics).unwrap();
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(table.components.entries.len(), all().count());
        assert_eq!(component("prometheus").and_then(|component| component.port), Some(9090));
        assert!(component("promtheus").is_none());
    }

    #[test]
    fn every_image_is_pinned_and_every_component_limited() {
        for (name, component) in all() {
            assert!(is_pinned(&component.image), "{name}: {}", component.image);
            assert!(component.memory.value >= (64 << 20).into(), "{name}: {}", component.memory);
            assert_eq!(component.checked.len(), "2026-08-17".len(), "{name}: {}", component.checked);
            assert!(component.health.as_ref().is_none_or(|path| path.starts_with('/')), "{name}");
        }
    }

    #[test]
    fn a_tag_that_moves_is_no_pin() {
        for image in ["grafana/grafana", "grafana/grafana:latest", "registry.example.com:5000/grafana/grafana"] {
            assert!(!is_pinned(image), "{image}");
        }
        for image in ["grafana/grafana:13.2.0", "registry.example.com:5000/a/b:v1", "a/b@sha256:0123"] {
            assert!(is_pinned(image), "{image}");
        }
    }
}
