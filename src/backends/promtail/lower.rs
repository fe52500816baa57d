//! From the platform to promtail.yml.

use indexmap::IndexMap;

use super::config::{Client, Docker, File, PipelineStage, Positions, Relabel, ScrapeConfig, Server, Static};
use crate::backends::lines::{self, Stage};
use crate::conventions::SERVICE_LABEL;
use crate::model::{Collector, Platform};

/// The whole file. Both sources send their lines through the same stages.
pub(super) fn file(platform: &Platform, collector: &Collector) -> File {
    let mut scrape_configs = vec![containers(platform)];
    if !collector.files.is_empty() {
        scrape_configs.push(files(platform, collector));
    }
    File {
        server: Server { http_listen_port: 9080, grpc_listen_port: 0, log_level: "warn" },
        positions: Positions { filename: "/var/lib/promtail/positions.yml" },
        clients: vec![Client { url: lines::push_address(platform), external_labels: lines::everywhere(platform) }],
        scrape_configs,
    }
}

/// Every container of this machine. Its service is what compose calls it, or else its own name.
fn containers(platform: &Platform) -> ScrapeConfig {
    let by_compose = Relabel { source_labels: vec![lines::COMPOSE_SERVICE], regex: None, target_label: SERVICE_LABEL };
    let by_name = Relabel {
        source_labels: vec![SERVICE_LABEL, lines::CONTAINER_NAME],
        regex: Some(lines::NAME_ALONE),
        target_label: SERVICE_LABEL,
    };
    ScrapeConfig {
        job_name: "containers",
        docker_sd_configs: vec![Docker { host: lines::DOCKER, refresh_interval: "5s" }],
        static_configs: Vec::new(),
        relabel_configs: vec![by_compose, by_name],
        pipeline_stages: stages(platform),
    }
}

/// Files on the host, by the service that writes them.
fn files(platform: &Platform, collector: &Collector) -> ScrapeConfig {
    let paths = collector.files.iter().flat_map(|files| files.paths.iter().map(move |path| (&files.service, path)));
    let of = |(service, path): (&String, &crate::source::Spanned<String>)| Static {
        targets: ["localhost"],
        labels: IndexMap::from([
            (SERVICE_LABEL.to_owned(), service.clone()),
            ("__path__".to_owned(), path.value.clone()),
        ]),
    };
    ScrapeConfig {
        job_name: "files",
        docker_sd_configs: Vec::new(),
        static_configs: paths.map(of).collect(),
        relabel_configs: Vec::new(),
        pipeline_stages: stages(platform),
    }
}

fn stages(platform: &Platform) -> Vec<PipelineStage> {
    lines::pipeline(platform).into_iter().map(stage).collect()
}

fn stage(stage: Stage) -> PipelineStage {
    match stage {
        Stage::Replace { expression, with } => PipelineStage::Replace { expression, replace: with },
        Stage::Json(expressions) => PipelineStage::Json { expressions },
        Stage::Timestamp(source) => {
            PipelineStage::Timestamp { source, format: "RFC3339Nano", action_on_failure: "skip" }
        }
        Stage::Labels(labels) => {
            PipelineStage::Labels(labels.into_iter().map(|label| (label.to_owned(), None)).collect())
        }
        Stage::Metadata(names) => {
            PipelineStage::StructuredMetadata(names.into_iter().map(|name| (name, None)).collect())
        }
        Stage::Static { selector, labels } => {
            PipelineStage::Match { selector, stages: vec![PipelineStage::StaticLabels(labels)] }
        }
        Stage::Keep(labels) => PipelineStage::Labelallow(labels),
    }
}
