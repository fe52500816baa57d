//! From the platform to the files of the Elastic stack.

use indexmap::IndexMap;
use serde_json::json;

use super::config::{
    Delete, DeleteActions, Filebeat, Files, Filestream, Hot, HotActions, IndexTemplate, LogstashOutput,
    LogstashSettings, Mapping, Mappings, Nothing, Parser, Phases, Policy, PolicyFile, Processor, Reference, Rollover,
    SavedObject, Template,
};
use super::pipeline;
use crate::backends::lines;
use crate::diagnostics::Diagnostics;
use crate::model::{Elastic, Platform, SavedSearch};
use crate::quantity::Duration;

/// Every file.
pub(super) fn files(platform: &Platform, elastic: &Elastic, diagnostics: &mut Diagnostics) -> Files {
    Files {
        filebeat: filebeat(elastic),
        settings: LogstashSettings {
            api_host: "0.0.0.0",
            api_port: 9600,
            support_escapes: true,
            ecs_compatibility: "v8",
        },
        pipeline: pipeline::pipeline(platform, diagnostics),
        policy: policy(platform.retention.log_store.value, elastic.rollover),
        template: template(platform),
        objects: objects(platform, elastic),
    }
}

/// What containers write, and files on the host.
fn filebeat(elastic: &Elastic) -> Filebeat {
    let containers = Filestream {
        r#type: "filestream",
        id: "containers".to_owned(),
        paths: vec!["/var/lib/docker/containers/*/*.log".to_owned()],
        symlinks: true,
        parsers: vec![Parser::Container { stream: "all", format: "docker" }],
        fields: IndexMap::new(),
        processors: vec![Processor::AddDockerMetadata { host: lines::DOCKER }],
    };
    let files = elastic.files.iter().map(|files| Filestream {
        r#type: "filestream",
        id: format!("files-{}", files.service),
        paths: files.paths.iter().map(|path| path.value.clone()).collect(),
        symlinks: false,
        parsers: Vec::new(),
        fields: IndexMap::from([("service", files.service.clone())]),
        processors: Vec::new(),
    });
    Filebeat {
        inputs: std::iter::once(containers).chain(files).collect(),
        output: LogstashOutput { hosts: ["logstash:5044"] },
        logging_level: "warning",
    }
}

/// A line is kept at least as long as asked, and at most one rollover longer.
fn policy(kept: Duration, rollover: Duration) -> PolicyFile {
    let rollover = Rollover { max_age: units(rollover), max_primary_shard_size: "50gb" };
    let delete = Delete { min_age: units(kept), actions: DeleteActions { delete: Nothing {} } };
    PolicyFile { policy: Policy { phases: Phases { hot: Hot { actions: HotActions { rollover } }, delete } } }
}

/// A time in one unit, as Elasticsearch wants it; never shorter.
fn units(time: Duration) -> String {
    let (day, hour) = (Duration::days(1).as_millis(), Duration::hours(1).as_millis());
    match time.as_millis() {
        millis if millis % day == 0 => format!("{}d", millis / day),
        millis => format!("{}h", millis.div_ceil(hour)),
    }
}

/// Fields that people search by have types; whatever else a line holds is found as words of `line`, and makes no new
/// field of the index.
fn template(platform: &Platform) -> IndexTemplate {
    let field = |name: &str, r#type| (name.to_owned(), Mapping { r#type });
    let mut properties = IndexMap::from([
        field("@timestamp", "date"),
        field("message", "match_only_text"),
        field("log.level", "keyword"),
        field("service.name", "keyword"),
        field("trace.id", "keyword"),
        field("labels", "flattened"),
        field("line", "flattened"),
    ]);
    let user = platform
        .logs
        .user
        .iter()
        .map(|name| (pipeline::context(platform, name).join("."), Mapping { r#type: "keyword" }));
    properties.extend(user);
    IndexTemplate {
        index_patterns: ["logs-services-*"],
        data_stream: Nothing {},
        priority: 500,
        template: Template {
            settings: IndexMap::from([
                ("index.lifecycle.name", json!(super::POLICY)),
                ("index.number_of_shards", json!(1)),
                // One node has nowhere to put a second copy.
                ("index.number_of_replicas", json!(0)),
            ]),
            mappings: Mappings { dynamic: false, properties },
        },
    }
}

/// The data view, and the searches on it.
fn objects(platform: &Platform, elastic: &Elastic) -> Vec<SavedObject> {
    let view = format!("{}-logs", platform.name.value);
    let data_view = SavedObject {
        r#type: "index-pattern",
        id: view.clone(),
        attributes: json!({
            "name": format!("{} logs", platform.title),
            "title": "logs-services-*",
            "timeFieldName": "@timestamp",
        }),
        references: Vec::new(),
    };
    let searches = elastic.searches.iter().map(|search| saved(platform, search, &view));
    std::iter::once(data_view).chain(searches).collect()
}

fn saved(platform: &Platform, search: &SavedSearch, view: &str) -> SavedObject {
    const INDEX: &str = "kibanaSavedObjectMeta.searchSourceJSON.index";
    let source = json!({
        "query": { "query": search.query, "language": "kuery" },
        "filter": [],
        "indexRefName": INDEX,
    });
    SavedObject {
        r#type: "search",
        id: format!("{}-{}", platform.name.value, search.name.value),
        attributes: json!({
            "title": search.title,
            "description": search.description,
            "columns": search.columns,
            "sort": [["@timestamp", "desc"]],
            "kibanaSavedObjectMeta": { "searchSourceJSON": source.to_string() },
        }),
        references: vec![Reference { name: INDEX, r#type: "index-pattern", id: view.to_owned() }],
    }
}
