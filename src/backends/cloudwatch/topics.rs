//! From channels to SNS topics with their subscriptions.

use std::collections::BTreeMap;

use super::names::Labels;
use super::terraform::{Subscription, Topic};
use crate::model::{Delivery, Platform, Setting};

/// Hosts that confirm a subscription by themselves, so that Terraform can wait for it.
const CONFIRMING_HOSTS: [&str; 3] = ["events.pagerduty.com", "events.eu.pagerduty.com", "api.opsgenie.com"];

/// A topic for every SNS channel, and their labels by channel.
pub(super) fn topics(platform: &Platform) -> (Vec<Topic>, BTreeMap<String, String>) {
    let (mut labels, mut subscription_labels) = (Labels::default(), Labels::default());
    let mut by_channel = BTreeMap::new();
    let mut topics = Vec::new();
    for channel in &platform.channels {
        let Delivery::Sns(sns) = &channel.delivery else { continue };
        let name = &channel.name.value;
        let label = labels.label(name);
        let mails = sns.email.iter().flat_map(|many| &many.0).map(|to| ("email", Setting::Literal(to.clone())));
        let endpoints = sns.https.iter().flat_map(|many| &many.0).map(|address| ("https", address.clone()));
        let subscriptions = mails.chain(endpoints).map(|(protocol, endpoint)| Subscription {
            label: subscription_labels.label(&format!("{name}-{}", subscriber(protocol, &endpoint))),
            protocol,
            confirms_itself: confirms_itself(&endpoint),
            endpoint,
        });
        topics.push(Topic {
            label: label.clone(),
            name: name.clone(),
            display_name: sns.display_name.clone(),
            subscriptions: subscriptions.collect(),
        });
        by_channel.insert(name.clone(), label);
    }
    (topics, by_channel)
}

/// A word for the subscriber that does not change when others come and go.
fn subscriber(protocol: &str, endpoint: &Setting) -> String {
    match endpoint {
        Setting::Env(name) => name.as_str().to_ascii_lowercase(),
        Setting::Literal(address) if protocol == "email" => address.replace('@', "-at-"),
        Setting::Literal(address) => host(address).unwrap_or("https").to_owned(),
    }
}

fn host(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://")?;
    rest.split(['/', ':', '?']).next().filter(|host| !host.is_empty())
}

fn confirms_itself(endpoint: &Setting) -> bool {
    match endpoint {
        Setting::Literal(address) => host(address).is_some_and(|host| CONFIRMING_HOSTS.contains(&host)),
        Setting::Env(_) => false,
    }
}
