//! CloudWatch, as Terraform: alarms and the topics they publish to, logs and the metrics made from them,
//! dashboards, saved queries, an archive.

mod alarms;
pub(super) mod audience;
mod dashboards;
pub(super) mod describe;
mod logs;
pub(super) mod names;
mod passthrough;
mod problems;
pub(super) mod render;
pub mod terraform;
#[cfg(test)]
mod tests;
mod timing;
mod topics;
mod variables;

pub use logs::{RETENTIONS, retention_in_days};
pub use problems::{APPROXIMATE_IN_CLOUDWATCH, BROKEN_PASSTHROUGH, CODES, NOT_IN_CLOUDWATCH, TOO_MANY_TOPICS};

use std::sync::Arc;

use self::alarms::{Around, Targets};
use self::terraform::{Stack, State};
use super::Backend;
use crate::artifacts::Artifacts;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{CloudWatch as Settings, Platform, Setting};

/// CloudWatch, as Terraform.
#[derive(Debug)]
pub struct CloudWatch;

/// The system's configuration.
#[derive(Debug, Default)]
pub struct Config {
    /// What Terraform is to make; nothing when the platform has no CloudWatch.
    pub stack: Option<Stack>,
}

impl Backend for CloudWatch {
    type Config = Config;
    const NAME: &'static str = "cloudwatch";
    const SUMMARY: &'static str = "Terraform for CloudWatch: alarms, topics, logs, queries, dashboards";
    // Other clouds have folders of their own below.
    const OWNS: &'static [&'static str] = &[
        "terraform/alarms.tf",
        "terraform/archive.tf",
        "terraform/dashboards.tf",
        "terraform/logs.tf",
        "terraform/outputs.tf",
        "terraform/passthrough.tf",
        "terraform/queries.tf",
        "terraform/terraform.tfvars.example",
        "terraform/topics.tf",
        "terraform/variables.tf",
        "terraform/versions.tf",
    ];

    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
        Config { stack: platform.stack.cloudwatch.as_ref().map(|settings| lower(platform, settings, diagnostics)) }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if let Some(stack) = &config.stack {
            render::render(stack, artifacts);
        }
    }
}

fn lower(platform: &Platform, settings: &Settings, diagnostics: &mut Diagnostics) -> Stack {
    let (topics, topic_labels) = topics::topics(platform);
    let (log_groups, group_labels) = logs::groups(platform);
    let (metric_filters, filter_labels) = logs::filters(platform, settings, &group_labels, diagnostics);
    let targets = Targets { topics: topic_labels, filters: filter_labels };
    let around = Around { platform, stack: settings, targets: &targets };
    let alarms = alarms::alarms(around, diagnostics);
    let mut stack = Stack {
        region: settings.region.value.clone(),
        prefix: names::prefix(platform),
        state: state(platform, settings),
        tags: tags(platform, settings),
        variables: Vec::new(),
        topics,
        dashboards: dashboards::dashboards(around, &alarms, diagnostics),
        alarms: alarms.into_iter().map(|made| made.alarm).collect(),
        archive: logs::archive(platform, settings, &group_labels, diagnostics),
        queries: logs::queries(platform, settings, &group_labels),
        log_groups,
        metric_filters,
        passthrough: passthrough(settings, diagnostics),
    };
    stack.variables = variables::variables(&stack);
    stack
}

/// The state's key holds the environment: two environments never share a state.
fn state(platform: &Platform, settings: &Settings) -> Option<State> {
    let store = settings.state.as_ref()?;
    let folder = store.prefix.as_deref().map(|prefix| prefix.trim_matches('/')).filter(|prefix| !prefix.is_empty());
    let key = format!("{}/{}/terraform.tfstate", platform.name.value, platform.environment);
    Some(State {
        bucket: store.bucket.clone(),
        key: folder.map(|folder| format!("{folder}/{key}")).unwrap_or(key),
        region: store.region.clone().unwrap_or_else(|| Setting::Literal(settings.region.value.clone())),
        endpoint: store.endpoint.clone(),
    })
}

/// Who a resource belongs to, then the user's own tags, which win.
fn tags(platform: &Platform, settings: &Settings) -> Vec<(String, String)> {
    let own = [
        ("platform", Some(platform.name.value.clone())),
        ("environment", Some(platform.environment.clone())),
        ("team", platform.team.clone()),
        ("managed-by", Some("bellwether".to_owned())),
    ];
    let own = own.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    let kept = own.filter(|(key, _)| !settings.tags.iter().any(|(written, _)| written == key));
    kept.chain(settings.tags.iter().cloned()).collect()
}

fn passthrough(settings: &Settings, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = settings.passthrough.as_ref()?;
    if let Err(unbalanced) = passthrough::check(text) {
        let line = text.get(..unbalanced.range.start).map_or(1, |before| before.matches('\n').count() + 1);
        let message = format!("`passthrough` is no Terraform: {}, on its line {line}", unbalanced.message);
        let diagnostic = Diagnostic::new(&BROKEN_PASSTHROUGH, settings.origin.0, message)
            .note("Terraform would refuse the whole folder, alarms and all")
            .help("close what is open; `terraform fmt` shows where");
        diagnostics.push(diagnostic);
        return None;
    }
    Some(text.clone())
}
