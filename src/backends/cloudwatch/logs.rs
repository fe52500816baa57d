//! Log groups, the metrics made from them, saved queries, and the way to the archive.

use std::collections::BTreeMap;

use super::names::{self, Labels};
use super::problems::NOT_IN_CLOUDWATCH;
use super::terraform::{Archive, GroupReference, LogGroup, MetricFilter, QueryDefinition, Stream};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{CloudWatch, Platform, Setting};
use crate::quantity::Duration;
use crate::signals::cloudwatch as signals;

/// The periods that CloudWatch can keep logs for, in days.
pub const RETENTIONS: [u64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// Longest filter pattern, in characters.
const LONGEST_PATTERN: usize = 1024;

/// Longest name of a delivery stream.
const LONGEST_STREAM: usize = 64;

/// The shortest period that CloudWatch knows and that is long enough; 0, for ever, beyond the longest.
pub fn retention_in_days(keep: Duration) -> u64 {
    let days = keep.as_millis().div_ceil(Duration::days(1).as_millis());
    RETENTIONS.iter().copied().find(|&known| known >= days).unwrap_or(0)
}

/// The declared log groups, and their labels by name.
pub(super) fn groups(platform: &Platform) -> (Vec<LogGroup>, BTreeMap<String, String>) {
    let mut labels = Labels::default();
    let groups: Vec<LogGroup> = platform
        .retention
        .logs
        .iter()
        .map(|group| LogGroup {
            label: labels.label(&group.name.value),
            name: group.name.value.clone(),
            description: group.description.clone(),
            retention_in_days: retention_in_days(group.keep.value),
        })
        .collect();
    let by_name = groups.iter().map(|group| (group.name.clone(), group.label.clone())).collect();
    (groups, by_name)
}

fn group_reference(name: &str, groups: &BTreeMap<String, String>) -> GroupReference {
    match groups.get(name) {
        Some(label) => GroupReference::Declared(label.clone()),
        None => GroupReference::Named(name.to_owned()),
    }
}

/// Metric filters, and their labels by service and signal.
pub(super) type Filters = (Vec<MetricFilter>, BTreeMap<(String, String), String>);

/// A metric filter for every signal that counts log lines.
pub(super) fn filters(
    platform: &Platform,
    stack: &CloudWatch,
    groups: &BTreeMap<String, String>,
    diagnostics: &mut Diagnostics,
) -> Filters {
    let mut labels = Labels::default();
    let mut found = Filters::default();
    for signal in platform.services.iter().flat_map(|service| service.signals.values()) {
        let Some((log, group)) = signal.log.as_ref().and_then(|log| Some((log, log.group.as_ref()?))) else { continue };
        let label = labels.label(&format!("{}-{}", signal.service, signal.name));
        let problem = match signals::log_pattern(log) {
            Some(pattern) if pattern.chars().count() <= LONGEST_PATTERN => {
                found.1.insert((signal.service.clone(), signal.name.clone()), label.clone());
                found.0.push(MetricFilter {
                    label,
                    name: format!("{}-{}-{}", names::prefix(platform), signal.service, signal.name),
                    group: group_reference(&group.value, groups),
                    pattern,
                    metric: signals::log_metric(signal),
                    namespace: stack.namespace.clone(),
                });
                continue;
            }
            Some(_) => format!("its pattern would be longer than {LONGEST_PATTERN} characters"),
            None => "a pattern reads lines as JSON or as words, not as both".to_owned(),
        };
        let message = format!("`{}` cannot count log lines in CloudWatch: {problem}", signal.name);
        let diagnostic = Diagnostic::new(&NOT_IN_CLOUDWATCH, signal.origin.0, message)
            .note("its metric would not exist, and its alarms never see anything")
            .help("ask for fields (`where`), or for words (`contains`)");
        diagnostics.push(diagnostic);
    }
    found
}

/// The saved queries, in the platform's folder.
pub(super) fn queries(
    platform: &Platform,
    stack: &CloudWatch,
    groups: &BTreeMap<String, String>,
) -> Vec<QueryDefinition> {
    let mut labels = Labels::default();
    let query = |query: &crate::model::SavedQuery| QueryDefinition {
        label: labels.label(&query.name.value),
        name: format!("{}/{}", names::prefix(platform), query.title),
        groups: query.groups.iter().map(|group| group_reference(&group.value, groups)).collect(),
        query: query.query.clone(),
    };
    stack.queries.iter().map(query).collect()
}

/// Streams to the archive for the groups that want them.
pub(super) fn archive(
    platform: &Platform,
    stack: &CloudWatch,
    groups: &BTreeMap<String, String>,
    diagnostics: &mut Diagnostics,
) -> Option<Archive> {
    let store = platform.retention.archive.as_ref()?;
    let archived: Vec<&str> =
        platform.retention.logs.iter().filter(|group| group.archive).map(|group| group.name.value.as_str()).collect();
    if archived.is_empty() {
        return None;
    }
    if store.endpoint.is_some() {
        let message = "logs can only be archived in a bucket of AWS";
        let diagnostic = Diagnostic::new(&NOT_IN_CLOUDWATCH, store.origin.0, message)
            .note("Firehose, which carries them, delivers to Amazon S3; nothing is archived")
            .help("leave `endpoint` out of `retention.archive`");
        diagnostics.push(diagnostic);
        return None;
    }
    let folder = store.prefix.as_deref().map(|prefix| prefix.trim_matches('/')).filter(|prefix| !prefix.is_empty());
    let root = folder.map(|folder| format!("{folder}/")).unwrap_or_default();
    let streams = archived.iter().filter_map(|&name| {
        let path = name.trim_matches('/');
        Some(Stream {
            label: groups.get(name)?.clone(),
            name: names::plain(&format!("{}-{name}", names::prefix(platform)), LONGEST_STREAM),
            prefix: format!("{root}{path}/!{{timestamp:yyyy/MM/dd}}/"),
            error_prefix: format!("{root}failed/{path}/!{{firehose:error-output-type}}/!{{timestamp:yyyy/MM/dd}}/"),
        })
    });
    let elsewhere = |region: &Setting| *region != Setting::Literal(stack.region.value.clone());
    Some(Archive {
        bucket: store.bucket.clone(),
        region: store.region.clone().filter(elsewhere),
        streams: streams.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_never_kept_shorter_than_asked() {
        for (keep, days) in [("1d", 1), ("25h", 3), ("7d", 7), ("45d", 60), ("1y", 365), ("10y", 3653), ("11y", 0)] {
            assert_eq!(retention_in_days(Duration::parse(keep).unwrap()), days, "{keep}");
        }
    }
}
