//! What Google Cloud and Azure have in common: which alerts they evaluate, whom they can tell, what they ask in PromQL.

mod problems;
mod variables;

pub use problems::CODES;
pub(super) use problems::{APPROXIMATE_IN_CLOUD, Impossible};
pub(super) use variables::Variables;

use self::problems::{NOBODY_TOLD_IN_CLOUD, OUTSIDE_CLOUD};
use super::cloudwatch::audience;
use crate::diagnostics::{Diagnostic, Diagnostics, listed};
use crate::model::{Channel, Delivery, Evaluator, Platform, Secret, Service, Signal, Threshold};
use crate::source::Place;
use crate::writers::hcl::Expression;

/// A cloud.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cloud {
    /// What people call it.
    pub(super) name: &'static str,
    /// Its word in a threshold's `on`.
    pub(super) evaluator: Evaluator,
    /// What would let it ask PromQL.
    pub(super) promql: &'static str,
    /// Where the spec declares it.
    pub(super) origin: Place,
}

/// One threshold that a cloud evaluates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Its service.
    pub(super) service: &'a Service,
    /// The threshold.
    pub(super) threshold: &'a Threshold,
    /// Its signal; none for raw PromQL.
    pub(super) signal: Option<&'a Signal>,
}

impl Asked<'_> {
    /// What the alert is called where names are shared by all services.
    pub(super) fn name(&self, platform: &Platform) -> String {
        let name = &self.threshold.name.value;
        if platform.is_shared_alert(name) { format!("{}/{name}", self.threshold.service) } else { name.clone() }
    }
}

/// Every threshold that a cloud evaluates. Those that it has no rendering of are named in one message.
pub(super) fn evaluated<'a>(cloud: Cloud, platform: &'a Platform, diagnostics: &mut Diagnostics) -> Vec<Asked<'a>> {
    let own = |(_, threshold): &(&Service, &Threshold)| threshold.on.contains(&cloud.evaluator);
    let (inside, outside): (Vec<_>, Vec<_>) = platform.thresholds().partition(own);
    // What only another cloud knows of is that cloud's matter.
    let portable = outside.iter().filter(|(_, threshold)| threshold.on.contains(&Evaluator::Prometheus));
    let names: Vec<&str> = portable.map(|(_, threshold)| threshold.name.value.as_str()).collect();
    if !names.is_empty() {
        let message = format!("{} does not evaluate {}", cloud.name, listed(&names));
        let help = format!("give their signals a metric of {}, or {}", cloud.name, cloud.promql);
        let diagnostic = Diagnostic::new(&OUTSIDE_CLOUD, cloud.origin.0, message);
        diagnostics.push(diagnostic.note("their signals have no rendering there").help(help));
    }
    let asked = inside.into_iter().map(|(service, threshold)| Asked {
        service,
        threshold,
        signal: threshold.signal.as_ref().and_then(|name| service.signals.get(&name.value)),
    });
    asked.collect()
}

/// The channels that hear of a threshold, of those that the cloud can deliver to.
pub(super) fn told<'a>(
    cloud: Cloud,
    platform: &'a Platform,
    asked: Asked,
    diagnostics: &mut Diagnostics,
) -> Vec<&'a Channel> {
    let heard = audience::audience(platform, asked.service, asked.threshold, |channel| is_reached(&channel.delivery));
    let everybody = audience::audience(platform, asked.service, asked.threshold, |_| true);
    if heard.topics.is_empty() && !everybody.topics.is_empty() {
        let severity = &asked.threshold.severity;
        let names: Vec<&str> = everybody.topics.iter().map(|channel| channel.name.value.as_str()).collect();
        let message = format!("{} cannot tell {} of `{}`", cloud.name, listed(&names), asked.threshold.name.value);
        let diagnostic = Diagnostic::new(&NOBODY_TOLD_IN_CLOUD, severity.span, message)
            .note("the alert would fire there, and nobody would hear of it")
            .help("add a channel of the kind pagerduty, email or webhook to the severity, or evaluate it elsewhere");
        diagnostics.push(diagnostic);
    }
    heard.topics
}

/// Whether a cloud can deliver to it. Chats want messages in their own words, which the clouds do not speak.
pub(super) fn is_reached(delivery: &Delivery) -> bool {
    match delivery {
        Delivery::Pagerduty(_) | Delivery::Email(_) => true,
        Delivery::Webhook(webhook) => webhook.bearer_token.is_none(),
        _ => false,
    }
}

/// Channels that are told of anything at all.
pub(super) fn reached(platform: &Platform) -> impl Iterator<Item = &Channel> {
    platform.channels.iter().filter(|channel| is_reached(&channel.delivery))
}

/// The value of a secret: a variable that Terraform does not show, or a file that it reads.
pub(super) fn secret(secret: &Secret) -> Expression {
    match secret {
        Secret::Env(name) => Expression::reference(["var", &super::cloudwatch::names::variable(name.as_str())]),
        Secret::File(path) => Expression::call("trimspace", vec![Expression::call("file", vec![path.as_str().into()])]),
    }
}
