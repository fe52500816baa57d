//! Built-in packs, as data, and the table of images that a stack runs.
//!
//! Adding a technology is one file in `data/` and one line in [`PACKS`].

pub mod components;
pub mod library;

pub use library::Library;

/// Name and text of every built-in pack. Only the packs that a spec uses are ever read.
pub static PACKS: &[(&str, &str)] = &[
    ("http", include_str!("data/http.yaml")),
    ("process", include_str!("data/process.yaml")),
    ("postgres", include_str!("data/postgres.yaml")),
    ("redis", include_str!("data/redis.yaml")),
    ("node", include_str!("data/node.yaml")),
    ("cadvisor", include_str!("data/cadvisor.yaml")),
    ("kafka", include_str!("data/kafka.yaml")),
    ("mongodb", include_str!("data/mongodb.yaml")),
    ("elasticsearch", include_str!("data/elasticsearch.yaml")),
    ("blackbox", include_str!("data/blackbox.yaml")),
    ("prometheus", include_str!("data/prometheus.yaml")),
    ("alertmanager", include_str!("data/alertmanager.yaml")),
    ("grafana", include_str!("data/grafana.yaml")),
    ("deployments", include_str!("data/deployments.yaml")),
    ("jaeger", include_str!("data/jaeger.yaml")),
    ("otel-collector", include_str!("data/otel-collector.yaml")),
    ("span-metrics", include_str!("data/span-metrics.yaml")),
    ("aws-rds", include_str!("data/aws-rds.yaml")),
    ("aws-elasticache", include_str!("data/aws-elasticache.yaml")),
    ("aws-application-load-balancer", include_str!("data/aws-application-load-balancer.yaml")),
    ("google-cloud-sql", include_str!("data/google-cloud-sql.yaml")),
    ("google-memorystore", include_str!("data/google-memorystore.yaml")),
    ("azure-postgresql", include_str!("data/azure-postgresql.yaml")),
    ("azure-redis", include_str!("data/azure-redis.yaml")),
];

/// The text of a built-in pack, in YAML.
pub fn builtin(name: &str) -> Option<&'static str> {
    PACKS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Decode, Decoder};
    use crate::diagnostics::Diagnostics;
    use crate::source::Sources;
    use crate::source::format::{self, Format};
    use crate::spec::pack::Pack;

    #[test]
    fn every_built_in_pack_reads_without_a_complaint_and_is_called_what_it_says() {
        for (name, text) in PACKS {
            let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
            let file = sources.add(*name, *text);
            let node = format::read(&sources, file, Format::Yaml, &mut diagnostics);
            let pack = Pack::decode(&node, &mut Decoder::new(&mut diagnostics));
            assert!(diagnostics.is_empty(), "{name}: {diagnostics:#?}");
            assert_eq!(pack.unwrap().pack.as_str(), *name);
        }
    }
}
