//! Log lines: how many match, from Loki; and the lines themselves, from Loki or else from Elasticsearch.

use super::config::{
    DataSource, ElasticsearchMetric, ElasticsearchTarget, Field, FieldConfig, GridPos, Limit, LokiTarget, Panel, Target,
};
use super::visual::Visual;
use crate::conventions::{ELASTICSEARCH_DATASOURCE, LOKI_DATASOURCE};
use crate::model::{Platform, Service, Signal};
use crate::quantity::Duration;
use crate::signals::logql;

/// The provisioned Loki.
pub(super) const LOKI: DataSource = DataSource { r#type: "loki", uid: LOKI_DATASOURCE };

/// The provisioned Elasticsearch.
pub(super) const ELASTICSEARCH: DataSource = DataSource { r#type: "elasticsearch", uid: ELASTICSEARCH_DATASOURCE };

/// Most lines that a panel fetches.
const MOST: u32 = 500;

/// How many lines of a signal there are, over the window that its alerts look at.
pub(super) fn counted(
    platform: &Platform,
    signal: &Signal,
    window: Duration,
    by: &[String],
    letter: &str,
    legend: String,
) -> Option<LokiTarget> {
    let expr = logql::expression(&platform.logs, signal, window, by)?;
    Some(LokiTarget { legend_format: Some(legend), ..blank(letter, expr.to_string()) })
}

fn blank(letter: &str, expr: String) -> LokiTarget {
    LokiTarget {
        ref_id: letter.to_owned(),
        datasource: LOKI,
        editor_mode: "code",
        expr: super::text::words(&expr),
        query_type: "range",
        legend_format: None,
        max_lines: None,
    }
}

/// The lines that a service writes; from Loki where there is one.
pub(super) fn of_service(platform: &Platform, service: &Service) -> Option<Panel> {
    let name = &service.name.value;
    let (datasource, target) = if platform.stack.loki.is_some() {
        let expr = logql::lines_of(name).to_string();
        (LOKI, Target::Loki(LokiTarget { max_lines: Some(MOST), ..blank("A", expr) }))
    } else if platform.stack.elastic.is_some() {
        (ELASTICSEARCH, Target::Elasticsearch(elasticsearch(name)))
    } else {
        return None;
    };
    Some(Panel {
        id: 0,
        title: "Log lines".to_owned(),
        description: super::text::words(&format!("What {} writes, the newest first", service.title)),
        grid_pos: GridPos::default(),
        datasource,
        links: Vec::new(),
        visual: Visual::lines_of_a_log(),
        field_config: FieldConfig { defaults: Field::default(), overrides: Vec::new() },
        targets: vec![target],
        transformations: Vec::new(),
        time_from: None,
    })
}

fn elasticsearch(service: &str) -> ElasticsearchTarget {
    ElasticsearchTarget {
        ref_id: "A".to_owned(),
        datasource: ELASTICSEARCH,
        // Letters, digits, `-` and `_`: a service's name needs no escape in Lucene's quotes.
        query: format!("service.name:\"{service}\""),
        time_field: "@timestamp",
        metrics: [ElasticsearchMetric { id: "1", r#type: "logs", settings: Limit { limit: MOST.to_string() } }],
        bucket_aggs: [],
    }
}
