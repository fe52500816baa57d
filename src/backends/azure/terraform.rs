//! What the Terraform files declare: one struct for each resource, with the provider's own argument names.

use rust_decimal::Decimal;

use crate::backends::cloudwatch::terraform::Variable;
use crate::model::{Secret, Setting};
use crate::promql::Expr;
use crate::quantity::Duration;

/// Everything that the files declare.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// `resource_group_name` of everything.
    pub resource_group: Setting,
    /// `location`
    pub location: String,
    /// What is not known before Terraform runs.
    pub variables: Vec<Variable>,
    /// Action groups.
    pub groups: Vec<ActionGroup>,
    /// Metric alerts.
    pub alerts: Vec<MetricAlert>,
    /// Prometheus rule groups.
    pub rules: Vec<RuleGroup>,
    /// The log workspace.
    pub workspace: Option<Workspace>,
    /// `tags` of everything.
    pub tags: Vec<(String, String)>,
}

/// `azurerm_monitor_action_group`
#[derive(Debug, Clone, PartialEq)]
pub struct ActionGroup {
    /// Label of the resource.
    pub label: String,
    /// `name`
    pub name: String,
    /// `short_name`: at most twelve characters.
    pub short_name: String,
    /// Who hears of it.
    pub receiver: Receiver,
}

/// Who an action group tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Receiver {
    /// `email_receiver`, one for each address.
    Email(Vec<String>),
    /// `webhook_receiver` of PagerDuty's integration with Azure.
    Pagerduty(Secret),
    /// `webhook_receiver` with an address that may be known.
    Webhook(Setting),
    /// `webhook_receiver` with one that may not.
    SecretWebhook(Secret),
}

/// `azurerm_monitor_metric_alert`
#[derive(Debug, Clone, PartialEq)]
pub struct MetricAlert {
    /// Label of the resource.
    pub label: String,
    /// `name`
    pub name: String,
    /// `description`
    pub description: String,
    /// `scopes`
    pub scope: Setting,
    /// `severity`: 0 is the worst.
    pub severity: u64,
    /// `window_size`
    pub window: Duration,
    /// `criteria.metric_namespace`
    pub namespace: String,
    /// `criteria.metric_name`
    pub metric: String,
    /// `criteria.aggregation`
    pub aggregation: &'static str,
    /// `criteria.operator`
    pub operator: &'static str,
    /// `criteria.threshold`
    pub threshold: Decimal,
    /// `criteria.dimension`
    pub dimensions: Vec<(String, Setting)>,
    /// Labels of the action groups.
    pub groups: Vec<String>,
}

/// `azurerm_monitor_alert_prometheus_rule_group`
#[derive(Debug, Clone, PartialEq)]
pub struct RuleGroup {
    /// Label of the resource.
    pub label: String,
    /// `name`
    pub name: String,
    /// `scopes`: the workspace.
    pub workspace: Setting,
    /// `interval`
    pub interval: Duration,
    /// `rule`
    pub rules: Vec<Rule>,
}

/// `rule`
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// `alert`
    pub alert: String,
    /// `expression`
    pub expression: Expr,
    /// `for`
    pub hold: Duration,
    /// `severity`
    pub severity: u64,
    /// `annotations`
    pub annotations: Vec<(String, String)>,
    /// `labels`
    pub labels: Vec<(String, String)>,
    /// Labels of the action groups.
    pub groups: Vec<String>,
}

/// `azurerm_log_analytics_workspace`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// `name`
    pub name: String,
    /// `retention_in_days`
    pub days: u64,
}
