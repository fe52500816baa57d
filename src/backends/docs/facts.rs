//! What pages speak of, read from the other systems' own configurations: a page never says what the files do not.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::backends::Backend;
use crate::backends::alertmanager::{self, Alertmanager};
use crate::backends::cloudwatch::CloudWatch;
use crate::backends::cloudwatch::terraform::{Alarm, Stack};
use crate::backends::compose::{Running, components};
use crate::backends::rules::{AlertingRule, Rule, Rules};
use crate::dashboards::Addresses;
use crate::diagnostics::Diagnostics;
use crate::model::{Platform, Service, Threshold};
use crate::quantity::Duration;

/// A rule that raises an alert, and who evaluates it how often.
#[derive(Debug)]
pub(super) struct Raised {
    pub(super) rule: AlertingRule,
    pub(super) group: String,
    pub(super) by: &'static str,
    pub(super) every: Duration,
}

/// Everything that pages speak of.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) platform: &'a Platform,
    /// Rules by the name of their alert.
    pub(super) raised: BTreeMap<String, Vec<Raised>>,
    /// How many series rules record, at least.
    pub(super) recorded: usize,
    pub(super) alertmanager: alertmanager::Config,
    pub(super) cloudwatch: Option<Stack>,
    pub(super) containers: Vec<Running>,
    pub(super) addresses: Addresses,
}

impl<'a> Facts<'a> {
    /// Of a platform. What there is to say about the configurations was said where they are made.
    pub(super) fn of(platform: &'a Arc<Platform>) -> Self {
        let rules = Rules::lower(platform, &mut Diagnostics::new());
        let mut raised: BTreeMap<String, Vec<Raised>> = BTreeMap::new();
        let mut recorded = 0;
        for (local, group) in rules.groups() {
            let by = if local { "Prometheus" } else { "Thanos' ruler" };
            let every = group.interval.unwrap_or(platform.evaluation_interval.value);
            for rule in group.rules {
                match rule {
                    Rule::Recording(_) => recorded += 1,
                    Rule::Alerting(rule) => {
                        let found = Raised { group: group.name.clone(), by, every, rule };
                        raised.entry(found.rule.alert.clone()).or_default().push(found);
                    }
                }
            }
        }
        Self {
            platform,
            raised,
            recorded,
            alertmanager: Alertmanager::lower(platform, &mut Diagnostics::new()),
            cloudwatch: CloudWatch::lower(platform, &mut Diagnostics::new()).stack,
            containers: components(platform),
            addresses: Addresses::of(platform),
        }
    }

    /// The rules of a service's alert.
    pub(super) fn rules_of(&self, alert: &str, service: &str) -> Vec<&Raised> {
        let all = self.raised.get(alert).into_iter().flatten();
        all.filter(|raised| raised.rule.labels.get("service").is_some_and(|label| label == service)).collect()
    }

    /// The alarms of a service's threshold.
    pub(super) fn alarms_of(&self, service: &Service, threshold: &Threshold) -> Vec<&Alarm> {
        let alarms = self.cloudwatch.iter().flat_map(|stack| &stack.alarms);
        let name = threshold.name.value.as_str();
        let is_named = |alarm: &&Alarm| {
            let rest = alarm.name.strip_suffix(name);
            alarm.service == service.name.value
                && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(['-', '/']))
        };
        alarms.filter(is_named).collect()
    }
}
