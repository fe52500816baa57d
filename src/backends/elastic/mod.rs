//! The Elastic stack: Filebeat collects lines, Logstash scrubs and enriches them, Elasticsearch keeps them, Kibana shows
//! them.

pub mod config;
mod lower;
mod pipeline;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use config::Files;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::BANNER;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::{json, logstash, yaml};

/// The user as whom Logstash writes.
pub const LOGSTASH_USER: &str = "logstash_writer";

/// Name of the lifecycle policy and of the index template.
pub const POLICY: &str = "logs-services";

/// The Elastic stack.
#[derive(Debug)]
pub struct Elastic;

/// Its files; none when the platform does not use it.
#[derive(Debug, Default)]
pub struct Config {
    /// The files.
    pub files: Option<Box<Files>>,
}

impl Backend for Elastic {
    type Config = Config;
    const NAME: &'static str = "elastic";
    const SUMMARY: &'static str = "Filebeat, Logstash's pipeline, Elasticsearch's retention, searches for Kibana";
    const OWNS: &'static [&'static str] = &["elastic/"];

    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
        let files = platform.stack.elastic.as_ref().map(|settings| lower::files(platform, settings, diagnostics));
        Config { files: files.map(Box::new) }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        let Some(files) = &config.files else { return };
        artifacts.add("elastic/filebeat.yml", yaml::write(&files.filebeat, &[BANNER]));
        artifacts.add("elastic/logstash.yml", yaml::write(&files.settings, &[BANNER]));
        artifacts.add("elastic/pipeline/services.conf", logstash::write(&files.pipeline, BANNER));
        artifacts.add("elastic/ilm-policy.json", json::write(&files.policy));
        artifacts.add("elastic/index-template.json", json::write(&files.template));
        let lines = files.objects.iter().map(json::line);
        artifacts.add("elastic/kibana.ndjson", lines.collect::<String>());
    }
}
