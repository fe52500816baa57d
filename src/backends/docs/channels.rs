//! Who is told, in words.

use std::collections::BTreeMap;

use super::facts::Facts;
use crate::backends::alertmanager::{deliveries, receiver_channels};
use crate::model::{Channel, Delivery};
use crate::writers::page::{Inline, code, text};

/// A channel as people know it: `team-chat (Slack #ims-alerts)`.
pub(super) fn described(facts: &Facts, name: &str) -> String {
    facts.platform.channel(name).map_or_else(|| name.to_owned(), |channel| format!("{name} ({})", kind(channel)))
}

fn kind(channel: &Channel) -> String {
    match &channel.delivery {
        Delivery::Pagerduty(_) => "PagerDuty".to_owned(),
        Delivery::Slack(slack) => format!("Slack {}", slack.channel),
        Delivery::Email(email) => format!("mail to {}", email.to.0.join(", ")),
        Delivery::Webhook(_) => "a webhook".to_owned(),
        Delivery::Sns(_) => format!("the SNS topic {}", channel.name.value),
        Delivery::Opsgenie(_) => "Opsgenie".to_owned(),
        Delivery::Teams(_) => "Microsoft Teams".to_owned(),
        Delivery::Telegram(_) => "Telegram".to_owned(),
        Delivery::Discord(_) => "Discord".to_owned(),
    }
}

/// Several channels in a line; nobody is said too.
pub(super) fn listed(facts: &Facts, names: &[String]) -> String {
    match names {
        [] => "nobody".to_owned(),
        names => names.iter().map(|name| described(facts, name)).collect::<Vec<_>>().join(", "),
    }
}

/// A point for each message that an alert with these labels becomes, as the routing tree has it.
pub(super) fn told(facts: &Facts, labels: &BTreeMap<String, String>) -> Vec<Vec<Inline>> {
    let messages = deliveries(&facts.alertmanager, labels);
    let point = |delivery: &crate::backends::alertmanager::Delivery| {
        let channels: Vec<String> = receiver_channels(delivery.receiver).into_iter().map(str::to_owned).collect();
        let mut line = vec![text(format!("{}, after {}", listed(facts, &channels), delivery.group_wait))];
        for (times, what) in [(delivery.mute_times, ", but not during "), (delivery.active_times, ", only during ")] {
            for time in times {
                line.extend([text(what), code(time.clone())]);
            }
        }
        line
    };
    messages.iter().map(point).collect()
}
