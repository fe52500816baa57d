//! What the Terraform files declare: one struct for each resource, with the provider's own argument names.
//!
//! Resources name each other by their labels; whether a label becomes a reference is the renderer's matter.

use rust_decimal::Decimal;

use crate::model::{MissingData, Setting};
use crate::signals::cloudwatch::Metric;

/// Everything that the files declare.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stack {
    /// The region.
    pub region: String,
    /// `<platform>-<environment>`: what names of resources begin with.
    pub prefix: String,
    /// Where the state is kept; chosen by whoever runs Terraform if `None`.
    pub state: Option<State>,
    /// Tags on every resource.
    pub tags: Vec<(String, String)>,
    /// What is not known before Terraform runs.
    pub variables: Vec<Variable>,
    /// SNS topics.
    pub topics: Vec<Topic>,
    /// Alarms.
    pub alarms: Vec<Alarm>,
    /// Log groups.
    pub log_groups: Vec<LogGroup>,
    /// Metrics made from logs.
    pub metric_filters: Vec<MetricFilter>,
    /// Saved queries.
    pub queries: Vec<QueryDefinition>,
    /// Dashboards.
    pub dashboards: Vec<Dashboard>,
    /// Where log groups are kept after CloudWatch has let go of them.
    pub archive: Option<Archive>,
    /// The user's own Terraform.
    pub passthrough: Option<String>,
}

/// The S3 backend of the state.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// `bucket`
    pub bucket: Setting,
    /// `key`
    pub key: String,
    /// `region`
    pub region: Setting,
    /// `endpoints.s3`
    pub endpoint: Option<Setting>,
}

/// An input variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// `description`
    pub description: String,
    /// `sensitive`
    pub sensitive: bool,
}

/// `aws_sns_topic`, its policy and its subscriptions.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// Label of the resource.
    pub label: String,
    /// `name`
    pub name: String,
    /// `display_name`
    pub display_name: Option<String>,
    /// Who is subscribed.
    pub subscriptions: Vec<Subscription>,
}

/// `aws_sns_topic_subscription`
#[derive(Debug, Clone, PartialEq)]
pub struct Subscription {
    /// Label of the resource.
    pub label: String,
    /// `protocol`
    pub protocol: &'static str,
    /// `endpoint`
    pub endpoint: Setting,
    /// `endpoint_auto_confirms`: whether the endpoint is known to confirm by itself.
    pub confirms_itself: bool,
}

/// `aws_cloudwatch_metric_alarm`
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// Label of the resource.
    pub label: String,
    /// `alarm_name`
    pub name: String,
    /// `alarm_description`
    pub description: String,
    /// `comparison_operator`
    pub comparison: Comparison,
    /// What it is compared with.
    pub limit: Limit,
    /// What is watched.
    pub watched: Watched,
    /// `period`, in seconds.
    pub period: u64,
    /// `evaluation_periods` and `datapoints_to_alarm`.
    pub evaluation_periods: u64,
    /// `treat_missing_data`
    pub missing: MissingData,
    /// Labels of the topics in `alarm_actions` and `ok_actions`.
    pub topics: Vec<String>,
    /// Whether the topics are told of `INSUFFICIENT_DATA` too.
    pub tell_of_missing: bool,
    /// `tags`, beside those of every resource.
    pub tags: Vec<(String, String)>,
    /// The service whose signal it is about.
    pub service: String,
}

/// `comparison_operator`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is CloudWatch's own word")]
pub enum Comparison {
    GreaterThanThreshold,
    LessThanThreshold,
    GreaterThanUpperThreshold,
    LessThanLowerThreshold,
}

impl Comparison {
    /// As CloudWatch writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::GreaterThanThreshold => "GreaterThanThreshold",
            Self::LessThanThreshold => "LessThanThreshold",
            Self::GreaterThanUpperThreshold => "GreaterThanUpperThreshold",
            Self::LessThanLowerThreshold => "LessThanLowerThreshold",
        }
    }
}

/// What an alarm compares with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `threshold`
    Fixed(Decimal),
    /// `threshold_metric_id`: a band learned from the past, this many standard deviations wide.
    Band(u32),
}

/// What an alarm or a graph shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// The metrics; exactly one when there is no math.
    pub metrics: Vec<Metric>,
    /// Labels of the metric filters that make the metrics; none for metrics that AWS makes.
    pub filter: Option<String>,
    /// Math over the metrics' ids.
    pub math: Option<String>,
    /// What people call it.
    pub title: String,
}

/// `aws_cloudwatch_log_group`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGroup {
    /// Label of the resource.
    pub label: String,
    /// `name`
    pub name: String,
    /// What is in it, as a comment.
    pub description: Option<String>,
    /// `retention_in_days`, one of those that CloudWatch knows; 0 is for ever.
    pub retention_in_days: u64,
}

/// `aws_cloudwatch_log_metric_filter`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricFilter {
    /// Label of the resource.
    pub label: String,
    /// `name`
    pub name: String,
    /// Its log group.
    pub group: GroupReference,
    /// `pattern`
    pub pattern: String,
    /// `metric_transformation.name`
    pub metric: String,
    /// `metric_transformation.namespace`
    pub namespace: String,
}

/// A log group that something speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupReference {
    /// One that these files declare, by its label.
    Declared(String),
    /// One that is there already, by its name.
    Named(String),
}

/// `aws_cloudwatch_query_definition`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryDefinition {
    /// Label of the resource.
    pub label: String,
    /// `name`: `folder/name`.
    pub name: String,
    /// `log_group_names`
    pub groups: Vec<GroupReference>,
    /// `query_string`
    pub query: String,
}

/// `aws_cloudwatch_dashboard`
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    /// Label of the resource.
    pub label: String,
    /// `dashboard_name`
    pub name: String,
    /// `start`: `-PT1H`.
    pub start: String,
    /// What is on it.
    pub widgets: Vec<Widget>,
}

/// A widget and its place on a grid 24 wide.
#[derive(Debug, Clone, PartialEq)]
pub struct Widget {
    /// Column of its left edge.
    pub x: u64,
    /// Row of its upper edge.
    pub y: u64,
    /// Columns it takes.
    pub width: u64,
    /// Rows it takes.
    pub height: u64,
    /// What it shows.
    pub content: Content,
}

/// What a widget shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Markdown.
    Text(String),
    /// The state of alarms, by label.
    Alarms(Vec<String>),
    /// A graph or a number.
    Metrics(Graph),
}

/// A widget of type `metric`.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// `title`
    pub title: String,
    /// `view`: `timeSeries`, `singleValue`, `gauge`, `table`, `bar`.
    pub view: &'static str,
    /// `period`, in seconds.
    pub period: u64,
    /// One line for each.
    pub lines: Vec<Watched>,
    /// `yAxis.left.label`
    pub unit: Option<&'static str>,
    /// `yAxis.left.max`
    pub most: Option<u64>,
    /// Bounds of alarms.
    pub bounds: Vec<BoundLine>,
}

/// A horizontal annotation: where an alarm fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundLine {
    /// `label`
    pub label: String,
    /// `value`
    pub value: Decimal,
    /// `color`
    pub color: &'static str,
    /// `fill`: `above` or `below`.
    pub fill: &'static str,
}

/// Log groups, on their way to a bucket through Firehose.
#[derive(Debug, Clone, PartialEq)]
pub struct Archive {
    /// The bucket's name.
    pub bucket: Setting,
    /// Its region, when it is another than the stack's.
    pub region: Option<Setting>,
    /// What is sent.
    pub streams: Vec<Stream>,
}

/// `aws_kinesis_firehose_delivery_stream` and the subscription filter that feeds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Label of both resources and of the log group.
    pub label: String,
    /// `name`
    pub name: String,
    /// `prefix` of objects.
    pub prefix: String,
    /// `error_output_prefix`
    pub error_prefix: String,
}
