//! Files that nobody compiled: Prometheus' rule files, prometheus.yml, alertmanager.yml, and what a team says about
//! its Prometheus. Several together are seen as one platform, so that a team can have the lints before the compiler.

pub mod alertmanager;
pub mod facts;
mod kind;
mod problems;
pub mod prometheus;
pub mod rules;
pub mod template;
mod texts;

pub use kind::{Kind, kind};
pub use problems::{CODES, INVALID_RULE};
pub use texts::Texts;

use crate::compile::{Compilation, Options, World};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::reading::Reader;
use crate::source::{Sources, Value};

/// `3.5` or `v3.5.1`: major and minor.
pub fn version(written: &str) -> Option<(u64, u64)> {
    let mut parts = written.trim_start_matches('v').split('.').map(|part| part.parse::<u64>().ok());
    Some((parts.next().flatten()?, parts.next().flatten()?))
}

/// Everything that was read, as one platform.
#[derive(Debug, Default)]
pub struct Files {
    /// Rule groups, in the order of files.
    pub groups: Vec<rules::Group>,
    /// Files that tell Prometheus what to do; usually one.
    pub prometheus: Vec<prometheus::Prometheus>,
    /// What is known besides.
    pub known: facts::Known,
    /// Routing trees with their receivers; usually one.
    pub alertmanagers: Vec<alertmanager::Alertmanager>,
}

/// Reads files of other systems, each by what is in it.
pub fn read(world: &dyn World, names: &[String], options: &Options) -> Compilation {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let mut files = Files::default();
    let mut first = None;
    for name in names {
        let read = Reader::new(world, &mut sources, &mut diagnostics).alone(name);
        let Some((file, node)) = read else { continue };
        first = first.or(Some(file));
        match kind(&node) {
            Kind::Rules => files.groups.extend(rules::groups(&node, &mut diagnostics)),
            Kind::PrometheusRule => {
                if let Some(spec) = node.as_map().and_then(|map| map.get("spec")) {
                    files.groups.extend(rules::groups(spec, &mut diagnostics));
                }
            }
            Kind::Prometheus => files.prometheus.push(prometheus::read(&node)),
            Kind::Alertmanager => files.alertmanagers.extend(alertmanager::read(&node, &mut diagnostics)),
            Kind::Facts => files.known.read_file(&node, &mut sources, &mut diagnostics),
            Kind::Metadata => files.known.read_metadata(&node),
            Kind::Spec | Kind::Other => {
                if !matches!(node.value, Value::Invalid) {
                    let message = format!("`{name}` is nothing that is understood here");
                    let help = "give a spec, rule files, a prometheus.yml, an alertmanager.yml, or a file of facts";
                    diagnostics.push(Diagnostic::new(&problems::UNRECOGNISED_FILE, node.span, message).help(help));
                }
            }
        }
    }
    diagnostics.settle(&sources);
    let Options { backends, levels, today, .. } = options.clone();
    Compilation {
        sources,
        file: first,
        spec: None,
        model: None,
        plain: Some(files),
        backends,
        levels,
        today,
        configs: crate::backends::Configs::default(),
        diagnostics,
    }
}
