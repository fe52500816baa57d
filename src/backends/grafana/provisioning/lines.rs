//! Where log lines come from.

use std::collections::BTreeMap;

use super::{ALERTMANAGER_DATASOURCE, Datasource, DerivedField, JsonData, literal};
use crate::conventions::{
    ELASTICSEARCH_ADDRESS, ELASTICSEARCH_DATASOURCE, JAEGER_DATASOURCE, LOGS_DATA_STREAM, LOKI_ADDRESS,
    LOKI_DATASOURCE, secret_path,
};
use crate::model::{Elastic, LogFormat, Loki, Platform};

/// Lines that a question brings unless it says.
const MOST: u32 = 1000;

/// Loki and Elasticsearch, whichever keep lines.
pub(super) fn datasources(platform: &Platform) -> Vec<Datasource> {
    let loki = platform.stack.loki.iter().map(|settings| loki(platform, settings));
    loki.chain(platform.stack.elastic.iter().map(elasticsearch)).collect()
}

fn loki(platform: &Platform, settings: &Loki) -> Datasource {
    let outside = settings.url.as_ref().filter(|_| !platform.stack.runs_together());
    Datasource {
        name: "Loki",
        r#type: "loki",
        uid: LOKI_DATASOURCE,
        access: "proxy",
        org_id: 1,
        url: Some(outside.map_or_else(|| LOKI_ADDRESS.to_owned(), |url| literal(url))),
        basic_auth: false,
        basic_auth_user: None,
        is_default: false,
        editable: false,
        json_data: JsonData::Loki {
            max_lines: MOST,
            manage_alerts: true,
            alertmanager_uid: ALERTMANAGER_DATASOURCE,
            derived_fields: traces(platform),
        },
        secure_json_data: BTreeMap::new(),
    }
}

/// From a line to its trace, where traces are kept.
fn traces(platform: &Platform) -> Vec<DerivedField> {
    if platform.stack.jaeger.is_none() || platform.logs.format != LogFormat::Json {
        return Vec::new();
    }
    // A name holds letters, digits, `_`, `-` and `@`: none of them means anything in a regular expression.
    let field = platform.logs.fields.trace_id.rsplit('.').next().unwrap_or_default();
    vec![DerivedField {
        name: "Trace",
        matcher_type: "regex",
        matcher_regex: literal(&format!("\"{field}\"\\s*:\\s*\"([0-9a-fA-F]+)\"")),
        datasource_uid: JAEGER_DATASOURCE,
        url: "$${__value.raw}",
        url_display_label: "Show the trace",
    }]
}

/// Asked as the user that reads: its password is a file in Grafana's container.
fn elasticsearch(settings: &Elastic) -> Datasource {
    let password = format!("$__file{{{}}}", secret_path(&settings.password));
    Datasource {
        name: "Elasticsearch",
        r#type: "elasticsearch",
        uid: ELASTICSEARCH_DATASOURCE,
        access: "proxy",
        org_id: 1,
        url: Some(ELASTICSEARCH_ADDRESS.to_owned()),
        basic_auth: true,
        basic_auth_user: Some("elastic"),
        is_default: false,
        editable: false,
        json_data: JsonData::Elasticsearch {
            time_field: "@timestamp",
            log_message_field: "message",
            log_level_field: "log.level",
            index: LOGS_DATA_STREAM.to_owned(),
        },
        secure_json_data: BTreeMap::from([("basicAuthPassword", password)]),
    }
}
