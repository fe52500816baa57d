//! versions.tf, variables.tf, outputs.tf and an example of values.

use super::super::terraform::{Stack, State, Variable};
use super::{map, of};
use crate::model::Setting;
use crate::writers::hcl::{Body, Expression};

/// The provider that the files are written for.
const PROVIDER_VERSION: &str = "~> 6.0";

/// Terraform that has everything the files use.
const TERRAFORM_VERSION: &str = ">= 1.5";

/// Terraform that can lock a state in S3 without a table.
const TERRAFORM_VERSION_WITH_LOCK: &str = ">= 1.11";

pub(super) fn versions(stack: &Stack) -> Body {
    let version = if stack.state.is_some() { TERRAFORM_VERSION_WITH_LOCK } else { TERRAFORM_VERSION };
    let aws = Expression::object([("source", "hashicorp/aws"), ("version", PROVIDER_VERSION)]);
    let mut terraform = Body::new().attribute("required_version", version).block(
        "required_providers",
        &[],
        Body::new().attribute("aws", aws),
    );
    if let Some(state) = &stack.state {
        terraform = backend(terraform, state);
    }
    let tags = Body::new().attribute("tags", map(&stack.tags));
    let provider = Body::new().attribute("region", stack.region.as_str()).block("default_tags", &[], tags);
    let file = Body::new().block("terraform", &[], terraform).block("provider", &["aws"], provider);
    if stack.topics.is_empty() && stack.archive.is_none() {
        return file;
    }
    file.block("data", &["aws_caller_identity", "current"], Body::new())
}

/// Backends are read before variables: what is not known here is given to `terraform init`.
fn backend(terraform: Body, state: &State) -> Body {
    let literal = |setting: &Setting| match setting {
        Setting::Literal(text) => Some(text.clone()),
        Setting::Env(_) => None,
    };
    let given: Vec<String> = [("bucket", &state.bucket), ("region", &state.region)]
        .into_iter()
        .filter_map(|(key, setting)| match setting {
            Setting::Env(name) => Some(format!("-backend-config=\"{key}=${name}\"")),
            Setting::Literal(_) => None,
        })
        .collect();
    let endpoint = state.endpoint.as_ref().and_then(literal);
    let body = Body::new()
        .optional("bucket", literal(&state.bucket))
        .attribute("key", state.key.as_str())
        .optional("region", literal(&state.region))
        .attribute("encrypt", true)
        .attribute("use_lockfile", true)
        .optional("endpoints", endpoint.map(|host| Expression::object([("s3", address(&host))])));
    let terraform = match given.as_slice() {
        [] => terraform,
        given => terraform.comment(&format!("terraform init {}", given.join(" "))),
    };
    terraform.block("backend", &["s3"], body)
}

/// The address of a host.
fn address(host: &str) -> String {
    if host.contains("://") { host.to_owned() } else { format!("https://{host}") }
}

pub(in crate::backends) fn variables(variables: &[Variable]) -> Body {
    variables.iter().fold(Body::new(), |file, variable| {
        let body = Body::new()
            .attribute("description", variable.description.as_str())
            .attribute("type", Expression::reference(["string"]))
            .optional("sensitive", variable.sensitive.then_some(true));
        file.block("variable", &[&variable.name], body)
    })
}

/// terraform.tfvars.example
pub(in crate::backends) fn example(variables: &[Variable]) -> Body {
    variables
        .iter()
        .fold(Body::new(), |file, variable| file.comment(&variable.description).attribute(&variable.name, ""))
}

pub(super) fn outputs(stack: &Stack) -> Body {
    let mut file = Body::new();
    if !stack.topics.is_empty() {
        let arns = stack.topics.iter().map(|topic| (topic.name.as_str(), of("aws_sns_topic", &topic.label, "arn")));
        let body = Body::new()
            .attribute("description", "ARNs of the topics that alarms publish to, by name")
            .attribute("value", Expression::object(arns));
        file = file.block("output", &["topic_arns"], body);
    }
    if !stack.alarms.is_empty() {
        let arns = stack
            .alarms
            .iter()
            .map(|alarm| (alarm.name.as_str(), of("aws_cloudwatch_metric_alarm", &alarm.label, "arn")));
        let body = Body::new()
            .attribute("description", "ARNs of the alarms, by name")
            .attribute("value", Expression::object(arns));
        file = file.block("output", &["alarm_arns"], body);
    }
    if stack.archive.is_some() {
        let body = Body::new()
            .attribute("description", "Bucket that logs are archived in")
            .attribute("value", of("aws_s3_bucket", "archive", "id"));
        file = file.block("output", &["archive_bucket"], body);
    }
    file
}
