//! What the Terraform files declare: one struct for each resource, with the provider's own argument names.

use rust_decimal::Decimal;

use crate::backends::cloudwatch::terraform::Variable;
use crate::model::{Secret, Setting};
use crate::promql::Expr;

/// Everything that the files declare.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// The project.
    pub project: Setting,
    /// `<platform>-<environment>`: what names of resources begin with.
    pub prefix: String,
    /// What is not known before Terraform runs.
    pub variables: Vec<Variable>,
    /// Notification channels.
    pub channels: Vec<Channel>,
    /// Alerting policies.
    pub policies: Vec<Policy>,
    /// Where log buckets are kept.
    pub location: String,
    /// Log buckets.
    pub buckets: Vec<Bucket>,
}

/// `google_monitoring_notification_channel`
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// Label of the resource.
    pub label: String,
    /// `display_name`
    pub display_name: String,
    /// `type`, with what that type needs.
    pub delivery: Delivery,
}

/// A type of channel.
#[derive(Debug, Clone, PartialEq)]
pub enum Delivery {
    /// `email`
    Email {
        /// `email_address`
        address: String,
    },
    /// `pagerduty`
    Pagerduty {
        /// `service_key`
        key: Secret,
    },
    /// `webhook_tokenauth`
    Webhook {
        /// `url`, when it may be known.
        url: Option<Setting>,
        /// `url`, when it may not.
        secret_url: Option<Secret>,
    },
}

/// `google_monitoring_alert_policy`
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Label of the resource.
    pub label: String,
    /// `display_name`
    pub display_name: String,
    /// `severity`
    pub severity: Option<&'static str>,
    /// `documentation.content`
    pub documentation: String,
    /// `documentation.links.url`
    pub runbook: Option<String>,
    /// The one condition.
    pub condition: Condition,
    /// Labels of the channels in `notification_channels`.
    pub channels: Vec<String>,
    /// `renotify_interval`, in seconds.
    pub renotify: Option<u64>,
    /// `user_labels`
    pub labels: Vec<(String, String)>,
}

/// `conditions`
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// `condition_threshold`
    Threshold {
        /// `filter` and `aggregations`.
        series: Series,
        /// `comparison`
        comparison: &'static str,
        /// `threshold_value`
        value: Decimal,
        /// `duration`, in seconds.
        duration: u64,
    },
    /// `condition_absent`
    Absent {
        /// `filter` and `aggregations`.
        series: Series,
        /// `duration`, in seconds.
        duration: u64,
    },
    /// `condition_prometheus_query_language`
    Promql {
        /// `query`
        query: Expr,
        /// `duration`, in seconds.
        duration: u64,
        /// `evaluation_interval`, in seconds.
        interval: u64,
    },
}

/// Time series, and how a period of each becomes one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// `metric.type`
    pub metric: String,
    /// `resource.type`
    pub resource: String,
    /// Labels and their values.
    pub labels: Vec<(String, Setting)>,
    /// `per_series_aligner`
    pub aligner: String,
    /// `alignment_period`, in seconds.
    pub period: u64,
}

/// `google_logging_project_bucket_config`, and the sink that fills it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Label of both resources.
    pub label: String,
    /// `bucket_id`
    pub id: String,
    /// The log, as a path.
    pub log: String,
    /// What is in it.
    pub description: Option<String>,
    /// `retention_days`
    pub days: u64,
}
