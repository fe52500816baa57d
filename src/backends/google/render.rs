//! The files. Each function turns the structs of one file into HCL; the writer does the rest.

use super::terraform::{Bucket, Channel, Condition, Delivery, Policy, Series, Stack};
use crate::artifacts::Artifacts;
use crate::backends::clouds::secret;
use crate::backends::cloudwatch::render::{map, number, of, resource, setting, settings};
use crate::conventions::{BANNER, GOOGLE_FOLDER};
use crate::model::Setting;
use crate::writers::hcl::{self, Body, Expression, Part};

/// The provider that the files are written for.
const PROVIDER_VERSION: &str = ">= 6.50, < 8.0";

/// Terraform that has everything the files use.
const TERRAFORM_VERSION: &str = ">= 1.5";

pub(super) fn render(stack: &Stack, artifacts: &mut Artifacts) {
    let files = [
        ("versions.tf", versions(stack)),
        ("variables.tf", settings::variables(&stack.variables)),
        ("channels.tf", stack.channels.iter().fold(Body::new(), channel)),
        ("policies.tf", stack.policies.iter().fold(Body::new(), policy)),
        ("logs.tf", stack.buckets.iter().fold(Body::new(), |file, one| bucket(file, one, stack))),
    ];
    for (name, body) in files {
        if !body.items.is_empty() {
            artifacts.add(format!("{GOOGLE_FOLDER}/{name}"), hcl::write(&body, &[BANNER]));
        }
    }
    if !stack.variables.is_empty() {
        let example = hcl::write(&settings::example(&stack.variables), &[]);
        artifacts.add(format!("{GOOGLE_FOLDER}/terraform.tfvars.example"), example);
    }
}

fn versions(stack: &Stack) -> Body {
    let google = Expression::object([("source", "hashicorp/google"), ("version", PROVIDER_VERSION)]);
    let terraform = Body::new().attribute("required_version", TERRAFORM_VERSION).block(
        "required_providers",
        &[],
        Body::new().attribute("google", google),
    );
    let provider = Body::new().attribute("project", setting(&stack.project));
    Body::new().block("terraform", &[], terraform).block("provider", &["google"], provider)
}

fn channel(file: Body, channel: &Channel) -> Body {
    let body = Body::new().attribute("display_name", channel.display_name.as_str());
    let labels = |key: &str, value: Expression| Expression::object([(key, value)]);
    let body = match &channel.delivery {
        Delivery::Email { address } => {
            body.attribute("type", "email").attribute("labels", labels("email_address", address.as_str().into()))
        }
        Delivery::Pagerduty { key } => {
            let sensitive = Body::new().attribute("service_key", secret(key));
            body.attribute("type", "pagerduty").block("sensitive_labels", &[], sensitive)
        }
        Delivery::Webhook { url, secret_url } => {
            let address = url.as_ref().map(setting).or_else(|| secret_url.as_ref().map(secret));
            body.attribute("type", "webhook_tokenauth").optional("labels", address.map(|url| labels("url", url)))
        }
    };
    resource(file, "google_monitoring_notification_channel", &channel.label, body)
}

fn policy(file: Body, policy: &Policy) -> Body {
    let channels = || {
        let kind = "google_monitoring_notification_channel";
        let ids = policy.channels.iter().map(|label| of(kind, label, "id"));
        (!policy.channels.is_empty()).then(|| Expression::List(ids.collect()))
    };
    let condition = Body::new().attribute("display_name", policy.display_name.as_str());
    let condition = match &policy.condition {
        Condition::Threshold { series, comparison, value, duration } => {
            let body = Body::new()
                .attribute("filter", filter(series))
                .attribute("comparison", *comparison)
                .attribute("threshold_value", *value)
                .attribute("duration", seconds(*duration));
            condition.block("condition_threshold", &[], aggregated(body, series))
        }
        Condition::Absent { series, duration } => {
            let body = Body::new().attribute("filter", filter(series)).attribute("duration", seconds(*duration));
            condition.block("condition_absent", &[], aggregated(body, series))
        }
        Condition::Promql { query, duration, interval } => {
            let body = Body::new()
                .attribute("query", query.to_string())
                .attribute("duration", seconds(*duration))
                .attribute("evaluation_interval", seconds(*interval));
            condition.block("condition_prometheus_query_language", &[], body)
        }
    };
    let documentation = Body::new()
        .attribute("content", policy.documentation.as_str())
        .attribute("mime_type", "text/markdown")
        .attribute("subject", policy.display_name.as_str());
    let link = |url: &String| Body::new().attribute("display_name", "Runbook").attribute("url", url.as_str());
    let documentation = match &policy.runbook {
        Some(url) => documentation.block("links", &[], link(url)),
        None => documentation,
    };
    let body = Body::new()
        .attribute("display_name", policy.display_name.as_str())
        .attribute("combiner", "OR")
        .optional("severity", policy.severity)
        .optional("notification_channels", channels())
        .attribute("user_labels", map(&policy.labels))
        .block("conditions", &[], condition)
        .block("documentation", &[], documentation);
    let body = match (policy.renotify, channels()) {
        (Some(interval), Some(channels)) => {
            let strategy = Body::new()
                .attribute("notification_channel_names", channels)
                .attribute("renotify_interval", seconds(interval));
            body.block("alert_strategy", &[], Body::new().block("notification_channel_strategy", &[], strategy))
        }
        _ => body,
    };
    resource(file, "google_monitoring_alert_policy", &policy.label, body)
}

fn aggregated(body: Body, series: &Series) -> Body {
    let aggregations = Body::new()
        .attribute("alignment_period", seconds(series.period))
        .attribute("per_series_aligner", series.aligner.as_str());
    body.block("aggregations", &[], aggregations)
}

/// A time as Google writes it.
fn seconds(seconds: u64) -> String {
    format!("{seconds}s")
}

/// `metric.type = "..." AND resource.type = "..." AND resource.labels.x = "..."`
fn filter(series: &Series) -> Expression {
    let mut text = format!("metric.type = {} AND resource.type = {}", quoted(&series.metric), quoted(&series.resource));
    let mut parts = Vec::new();
    for (label, value) in &series.labels {
        match value {
            Setting::Literal(value) => text.push_str(&format!(" AND {label} = {}", quoted(value))),
            Setting::Env(_) => {
                text.push_str(&format!(" AND {label} = \""));
                parts.push(Part::Literal(std::mem::take(&mut text)));
                parts.push(Part::Interpolation(setting(value)));
                text.push('"');
            }
        }
    }
    if parts.is_empty() {
        return text.into();
    }
    parts.push(Part::Literal(text));
    Expression::Template(parts)
}

/// Text in the language of filters.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn bucket(file: Body, bucket: &Bucket, stack: &Stack) -> Body {
    let kept = Body::new()
        .attribute("project", setting(&stack.project))
        .attribute("location", stack.location.as_str())
        .attribute("bucket_id", bucket.id.as_str())
        .optional("description", bucket.description.as_deref())
        .attribute("retention_days", number(bucket.days));
    let destination = Expression::Template(vec![
        Part::Literal("logging.googleapis.com/".to_owned()),
        Part::Interpolation(of("google_logging_project_bucket_config", &bucket.label, "name")),
    ]);
    let sink = Body::new()
        .attribute("name", bucket.id.as_str())
        .attribute("destination", destination)
        .attribute("filter", format!("log_id({})", quoted(&bucket.log)))
        .attribute("unique_writer_identity", true);
    let file = resource(file, "google_logging_project_bucket_config", &bucket.label, kept);
    resource(file, "google_logging_project_sink", &bucket.label, sink)
}
