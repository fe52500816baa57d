//! The files. Each function turns the structs of one file into HCL; the writer does the rest.

use super::terraform::{ActionGroup, MetricAlert, Receiver, Rule, RuleGroup, Stack, Workspace};
use super::times::{frequency, iso};
use crate::artifacts::Artifacts;
use crate::backends::clouds::secret;
use crate::backends::cloudwatch::render::{map, number, of, resource, setting, settings};
use crate::conventions::{AZURE_FOLDER, BANNER};
use crate::writers::hcl::{self, Body, Expression, Part};

/// The provider that the files are written for.
const PROVIDER_VERSION: &str = "~> 4.55";

/// Terraform that has everything the files use.
const TERRAFORM_VERSION: &str = ">= 1.5";

pub(super) fn render(stack: &Stack, artifacts: &mut Artifacts) {
    let files = [
        ("versions.tf", versions()),
        ("variables.tf", settings::variables(&stack.variables)),
        ("action_groups.tf", stack.groups.iter().fold(Body::new(), |file, one| group(file, one, stack))),
        ("alerts.tf", stack.alerts.iter().fold(Body::new(), |file, one| alert(file, one, stack))),
        ("rules.tf", stack.rules.iter().fold(Body::new(), |file, one| rules(file, one, stack))),
        ("logs.tf", stack.workspace.iter().fold(Body::new(), |file, one| workspace(file, one, stack))),
    ];
    for (name, body) in files {
        if !body.items.is_empty() {
            artifacts.add(format!("{AZURE_FOLDER}/{name}"), hcl::write(&body, &[BANNER]));
        }
    }
    if !stack.variables.is_empty() {
        let example = hcl::write(&settings::example(&stack.variables), &[]);
        artifacts.add(format!("{AZURE_FOLDER}/terraform.tfvars.example"), example);
    }
}

/// The subscription comes from the environment: ARM_SUBSCRIPTION_ID.
fn versions() -> Body {
    let azurerm = Expression::object([("source", "hashicorp/azurerm"), ("version", PROVIDER_VERSION)]);
    let terraform = Body::new().attribute("required_version", TERRAFORM_VERSION).block(
        "required_providers",
        &[],
        Body::new().attribute("azurerm", azurerm),
    );
    let provider = Body::new().block("features", &[], Body::new());
    Body::new().block("terraform", &[], terraform).block("provider", &["azurerm"], provider)
}

fn group(file: Body, group: &ActionGroup, stack: &Stack) -> Body {
    let body = Body::new()
        .attribute("name", group.name.as_str())
        .attribute("resource_group_name", setting(&stack.resource_group))
        .attribute("short_name", group.short_name.as_str())
        .attribute("tags", map(&stack.tags));
    let webhook = |body: Body, address: Expression| {
        let receiver = Body::new()
            .attribute("name", group.short_name.as_str())
            .attribute("service_uri", address)
            .attribute("use_common_alert_schema", true);
        body.block("webhook_receiver", &[], receiver)
    };
    let body = match &group.receiver {
        Receiver::Email(addresses) => addresses.iter().enumerate().fold(body, |body, (index, address)| {
            let receiver = Body::new()
                .attribute("name", format!("{}-{}", group.short_name, index + 1))
                .attribute("email_address", address.as_str())
                .attribute("use_common_alert_schema", true);
            body.block("email_receiver", &[], receiver)
        }),
        Receiver::Pagerduty(key) => {
            let address = vec![
                Part::Literal("https://events.pagerduty.com/integration/".to_owned()),
                Part::Interpolation(secret(key)),
                Part::Literal("/enqueue".to_owned()),
            ];
            webhook(body, Expression::Template(address))
        }
        Receiver::Webhook(url) => webhook(body, setting(url)),
        Receiver::SecretWebhook(url) => webhook(body, secret(url)),
    };
    resource(file, "azurerm_monitor_action_group", &group.label, body)
}

fn group_id(label: &str) -> Expression {
    of("azurerm_monitor_action_group", label, "id")
}

fn alert(file: Body, alert: &MetricAlert, stack: &Stack) -> Body {
    let criteria = Body::new()
        .attribute("metric_namespace", alert.namespace.as_str())
        .attribute("metric_name", alert.metric.as_str())
        .attribute("aggregation", alert.aggregation)
        .attribute("operator", alert.operator)
        .attribute("threshold", alert.threshold);
    let criteria = alert.dimensions.iter().fold(criteria, |criteria, (name, value)| {
        let dimension = Body::new()
            .attribute("name", name.as_str())
            .attribute("operator", "Include")
            .attribute("values", Expression::List(vec![setting(value)]));
        criteria.block("dimension", &[], dimension)
    });
    let body = Body::new()
        .attribute("name", alert.name.as_str())
        .attribute("resource_group_name", setting(&stack.resource_group))
        .attribute("scopes", Expression::List(vec![setting(&alert.scope)]))
        .attribute("description", alert.description.as_str())
        .attribute("severity", number(alert.severity))
        .attribute("frequency", iso(frequency(alert.window)))
        .attribute("window_size", iso(alert.window))
        .attribute("tags", map(&stack.tags))
        .block("criteria", &[], criteria);
    let body = alert
        .groups
        .iter()
        .fold(body, |body, label| body.block("action", &[], Body::new().attribute("action_group_id", group_id(label))));
    resource(file, "azurerm_monitor_metric_alert", &alert.label, body)
}

fn rules(file: Body, group: &RuleGroup, stack: &Stack) -> Body {
    let body = Body::new()
        .attribute("name", group.name.as_str())
        .attribute("location", stack.location.as_str())
        .attribute("resource_group_name", setting(&stack.resource_group))
        .attribute("rule_group_enabled", true)
        .attribute("interval", iso(group.interval))
        .attribute("scopes", Expression::List(vec![setting(&group.workspace)]))
        .attribute("tags", map(&stack.tags));
    let body = group.rules.iter().fold(body, |body, one| body.block("rule", &[], rule(one)));
    resource(file, "azurerm_monitor_alert_prometheus_rule_group", &group.label, body)
}

fn rule(rule: &Rule) -> Body {
    let body = Body::new()
        .attribute("alert", rule.alert.as_str())
        .attribute("enabled", true)
        .attribute("expression", rule.expression.to_string())
        .attribute("for", iso(rule.hold))
        .attribute("severity", number(rule.severity))
        .attribute("labels", map(&rule.labels))
        .attribute("annotations", map(&rule.annotations))
        .block("alert_resolution", &[], Body::new().attribute("auto_resolved", true));
    rule.groups
        .iter()
        .fold(body, |body, label| body.block("action", &[], Body::new().attribute("action_group_id", group_id(label))))
}

fn workspace(file: Body, workspace: &Workspace, stack: &Stack) -> Body {
    let body = Body::new()
        .attribute("name", workspace.name.as_str())
        .attribute("location", stack.location.as_str())
        .attribute("resource_group_name", setting(&stack.resource_group))
        .attribute("sku", "PerGB2018")
        .attribute("retention_in_days", number(workspace.days))
        .attribute("tags", map(&stack.tags));
    resource(file, "azurerm_log_analytics_workspace", "logs", body)
}
