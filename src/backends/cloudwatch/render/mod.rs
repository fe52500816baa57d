//! The files. Each function turns the structs of one file into HCL; the writer does the rest.

mod alarms;
mod archive;
mod dashboards;
mod logs;
mod policy;
pub(in crate::backends) mod settings;
mod topics;

use super::names;
use super::terraform::Stack;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, TERRAFORM_FOLDER};
use crate::model::Setting;
use crate::writers::hcl::{self, Body, Expression, Reference, Step};

/// Adds a file for each topic that has something in it.
pub(super) fn render(stack: &Stack, artifacts: &mut Artifacts) {
    let files = [
        ("versions.tf", settings::versions(stack)),
        ("variables.tf", settings::variables(&stack.variables)),
        ("outputs.tf", settings::outputs(stack)),
        ("topics.tf", topics::topics(stack)),
        ("alarms.tf", alarms::alarms(stack)),
        ("logs.tf", logs::logs(stack)),
        ("queries.tf", logs::queries(stack)),
        ("dashboards.tf", dashboards::dashboards(stack)),
        ("archive.tf", archive::archive(stack)),
    ];
    for (name, body) in files {
        if !body.items.is_empty() {
            artifacts.add(format!("{TERRAFORM_FOLDER}/{name}"), hcl::write(&body, &[BANNER]));
        }
    }
    if !stack.variables.is_empty() {
        let example = settings::example(&stack.variables);
        artifacts.add(format!("{TERRAFORM_FOLDER}/terraform.tfvars.example"), hcl::write(&example, &[]));
    }
    if let Some(text) = &stack.passthrough {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        artifacts.add(format!("{TERRAFORM_FOLDER}/passthrough.tf"), format!("{text}{end}"));
    }
}

/// A resource block.
pub(in crate::backends) fn resource(file: Body, kind: &str, label: &str, body: Body) -> Body {
    file.block("resource", &[kind, label], body)
}

/// `kind.label.attribute`
pub(in crate::backends) fn of(kind: &str, label: &str, attribute: &str) -> Expression {
    Expression::reference([kind, label, attribute])
}

/// A literal, or the variable that stands for it.
pub(in crate::backends) fn setting(setting: &Setting) -> Expression {
    match setting {
        Setting::Literal(text) => text.as_str().into(),
        Setting::Env(name) => Expression::reference(["var", &names::variable(name.as_str())]),
    }
}

/// A whole number.
pub(in crate::backends) fn number(value: u64) -> Expression {
    Expression::Number(value.into())
}

/// A map of text.
pub(in crate::backends) fn map<'a>(entries: impl IntoIterator<Item = &'a (String, String)>) -> Expression {
    Expression::object(entries.into_iter().map(|(key, value)| (key.as_str(), value.as_str())))
}

/// The name of the metric that a filter makes: a reference, so that the filter is made first.
fn filter_metric(label: &str, attribute: &str) -> Expression {
    let step = |name: &str| Step::Attribute(name.to_owned());
    Expression::Reference(Reference {
        root: "aws_cloudwatch_log_metric_filter".to_owned(),
        steps: vec![step(label), step("metric_transformation"), Step::Index(0), step(attribute)],
    })
}
