//! Grafana's classic dashboard model, the one that file provisioning reads. Fields are named and documented
//! in Grafana's own dashboard schema; only what the compiler emits is here.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Serialize, Serializer};

use super::provisioning::Provisioning;
use super::visual::{Color, Custom, Threshold, Visual};
use crate::promql::Expr;

/// Every dashboard and what is provisioned beside them.
#[derive(Debug, Default)]
pub struct Config {
    /// The dashboards, in the order of the links between them.
    pub dashboards: Vec<DashboardFile>,
    /// Datasources and the provider of dashboards.
    pub provisioning: Provisioning,
}

/// A dashboard and the name of its file.
#[derive(Debug)]
pub struct DashboardFile {
    /// The dashboard's name in the platform, without folder and ending.
    pub name: String,
    /// Its content.
    pub dashboard: Dashboard,
}

/// The newest schema that Grafana 10 to 13 all load.
pub const SCHEMA_VERSION: u32 = 39;

/// A dashboard.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Dashboard {
    /// Always null: the database of each Grafana gives its own.
    pub id: Option<u64>,
    pub uid: String,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub timezone: &'static str,
    pub editable: bool,
    /// 1 shares the crosshair between panels.
    pub graph_tooltip: u8,
    pub schema_version: u32,
    /// Always 1: the same spec gives the same bytes.
    pub version: u32,
    pub refresh: String,
    pub fiscal_year_start_month: u8,
    pub live_now: bool,
    pub week_start: &'static str,
    pub time: TimeRange,
    pub timepicker: TimePicker,
    pub templating: List<Variable>,
    pub annotations: List<Annotation>,
    pub links: Vec<Link>,
    pub panels: Vec<Element>,
}

/// A list, wrapped as Grafana wraps some of them.
#[derive(Debug, Default, Serialize)]
pub struct List<T> {
    /// The items.
    pub list: Vec<T>,
}

/// What a dashboard shows at first.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct TimeRange {
    pub from: String,
    pub to: &'static str,
}

/// Refresh intervals to choose from.
#[derive(Debug, Default, Serialize)]
pub struct TimePicker {
    /// Only there when the dashboard's own is none of Grafana's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refresh_intervals: Vec<String>,
}

/// A row's head, or a panel.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Element {
    /// The head of a row.
    Row(Row),
    /// A panel.
    Panel(Box<Panel>),
}

/// The head of a row. A folded row holds its panels; those of an open one follow it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Row {
    pub id: u32,
    pub r#type: &'static str,
    pub title: String,
    pub collapsed: bool,
    pub grid_pos: GridPos,
    pub panels: Vec<Panel>,
}

/// A place on the grid of 24 columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct GridPos {
    pub h: u32,
    pub w: u32,
    pub x: u32,
    pub y: u32,
}

/// A panel.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Panel {
    pub id: u32,
    pub title: String,
    pub description: String,
    pub grid_pos: GridPos,
    pub datasource: DataSource,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    #[serde(flatten)]
    pub visual: Visual,
    pub field_config: FieldConfig,
    pub targets: Vec<Target>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transformations: Vec<Transformation>,
    /// The time that it shows, whatever the dashboard shows; an absolute time that a person chooses still wins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_from: Option<&'static str>,
}

/// Which datasource is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct DataSource {
    pub r#type: &'static str,
    pub uid: &'static str,
}

/// How values are shown.
#[derive(Debug, Default, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct FieldConfig {
    pub defaults: Field,
    pub overrides: Vec<Override>,
}

/// How the values of one field are shown.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Field {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_value: Option<&'static str>,
    pub color: Color,
    pub mappings: Vec<Mapping>,
    pub thresholds: Thresholds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom: Option<Custom>,
}

/// Colours by value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Thresholds {
    /// Always `absolute`: bounds are in the field's unit.
    pub mode: &'static str,
    /// The first has no value; the others ascend.
    pub steps: Vec<Threshold>,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { mode: "absolute", steps: vec![Threshold { color: super::visual::OK, value: None }] }
    }
}

/// Words for values: `0` is "down".
#[derive(Debug, Clone, Serialize)]
pub struct Mapping {
    /// Always `value`.
    pub r#type: &'static str,
    /// By value.
    pub options: std::collections::BTreeMap<&'static str, MappedTo>,
}

/// What a value is shown as.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct MappedTo {
    pub text: &'static str,
    pub color: &'static str,
    pub index: u32,
}

/// What is different for some fields of a panel.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Override {
    pub matcher: Matcher,
    pub properties: Vec<Property>,
}

/// Which fields.
#[derive(Debug, Serialize)]
pub struct Matcher {
    /// `byName` or `byFrameRefID`.
    pub id: &'static str,
    /// The name, or the query's letter.
    pub options: String,
}

/// What of them is different.
#[derive(Debug, Serialize)]
pub struct Property {
    /// A path in the field's configuration.
    pub id: &'static str,
    /// Its value.
    pub value: serde_json::Value,
}

/// A step between query and picture.
#[derive(Debug, Serialize)]
pub struct Transformation {
    /// Its kind.
    pub id: &'static str,
    /// Its options, which Grafana's schema leaves open.
    pub options: serde_json::Value,
}

/// A question to a datasource.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Target {
    /// PromQL.
    Prometheus(PrometheusTarget),
    /// A CloudWatch metric, or math over several.
    CloudWatch(CloudWatchTarget),
    /// LogQL.
    Loki(LokiTarget),
    /// Lines in Elasticsearch.
    Elasticsearch(ElasticsearchTarget),
}

/// A LogQL query.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct LokiTarget {
    pub ref_id: String,
    pub datasource: DataSource,
    pub editor_mode: &'static str,
    pub expr: String,
    pub query_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legend_format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_lines: Option<u32>,
}

/// A query of lines in Elasticsearch.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct ElasticsearchTarget {
    pub ref_id: String,
    pub datasource: DataSource,
    pub query: String,
    pub time_field: &'static str,
    pub metrics: [ElasticsearchMetric; 1],
    pub bucket_aggs: [u8; 0],
}

/// What is asked of lines in Elasticsearch: themselves.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct ElasticsearchMetric {
    pub id: &'static str,
    pub r#type: &'static str,
    pub settings: Limit,
}

/// How many lines are fetched.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Limit {
    pub limit: String,
}

/// A PromQL query.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct PrometheusTarget {
    pub ref_id: String,
    pub datasource: DataSource,
    pub editor_mode: &'static str,
    #[serde(serialize_with = "super::text::expression")]
    pub expr: Expr,
    pub legend_format: String,
    pub format: &'static str,
    pub range: bool,
    pub instant: bool,
    pub exemplar: bool,
    /// The smallest step, where a job is scraped less often than the datasource is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
}

/// A CloudWatch query.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct CloudWatchTarget {
    pub ref_id: String,
    pub datasource: DataSource,
    pub query_mode: &'static str,
    /// 0: metrics, not SQL.
    pub metric_query_type: u8,
    /// 0: fields, 1: math.
    pub metric_editor_mode: u8,
    pub id: String,
    pub label: String,
    pub hide: bool,
    pub region: String,
    pub namespace: String,
    pub metric_name: String,
    pub statistic: String,
    pub dimensions: indexmap::IndexMap<String, Vec<String>>,
    pub match_exact: bool,
    /// Empty: chosen by the time that is shown.
    pub period: String,
    pub expression: String,
}

/// A variable of a dashboard.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Variable {
    pub name: String,
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub datasource: Option<DataSource>,
    pub query: VariableQuery,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    pub current: VariableValue,
    pub options: Vec<VariableValue>,
    pub hide: u8,
    pub include_all: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_value: Option<&'static str>,
    pub multi: bool,
    /// 1: when the dashboard loads, 2: when the time range changes too.
    pub refresh: u8,
    pub regex: &'static str,
    /// 1: alphabetical.
    pub sort: u8,
    pub skip_url_sync: bool,
}

/// Where a variable's values come from.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum VariableQuery {
    /// The type of a datasource.
    Datasource(&'static str),
    /// Values of a label, from Prometheus.
    #[serde(rename_all = "camelCase")]
    Prometheus {
        /// `label_values(...)`
        query: String,
        /// The variable's name.
        ref_id: String,
    },
    /// Values of a dimension, from CloudWatch.
    #[serde(rename_all = "camelCase")]
    CloudWatch {
        /// Always `dimensionValues`.
        query_type: &'static str,
        /// The region.
        region: String,
        /// The namespace of the metric.
        namespace: String,
        /// The metric.
        metric_name: String,
        /// The dimension whose values are wanted.
        dimension_key: String,
        /// The variable's name.
        ref_id: String,
    },
}

/// A variable's value, as shown and as put into queries.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct VariableValue {
    pub selected: bool,
    pub text: OneOrMany,
    pub value: OneOrMany,
}

/// One value, or the values of a variable that takes several.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(&'static str),
    /// Several.
    Many(Vec<&'static str>),
}

/// Events drawn into every panel.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Annotation {
    pub name: &'static str,
    pub datasource: DataSource,
    pub enable: bool,
    pub hide: bool,
    pub icon_color: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub built_in: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::text::optional_expression")]
    pub expr: Option<Expr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_keys: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<&'static str>,
}

/// A link of a dashboard or of a panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Link {
    pub title: String,
    /// `link`, or `dashboards`: all that bear the tags.
    pub r#type: &'static str,
    pub icon: &'static str,
    pub tooltip: String,
    pub url: String,
    pub tags: Vec<String>,
    pub as_dropdown: bool,
    pub target_blank: bool,
    pub include_vars: bool,
    pub keep_time: bool,
}

/// A number as JSON has it: whole, or the shortest that reads back as this decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(pub Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.normalize().to_i64().filter(|_| self.0.fract().is_zero()) {
            Some(whole) => serializer.serialize_i64(whole),
            // Through the text: the nearest binary number to the decimal, which prints as the decimal again.
            None => serializer.serialize_f64(self.0.to_string().parse().unwrap_or_default()),
        }
    }
}
