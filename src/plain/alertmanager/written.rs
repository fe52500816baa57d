//! alertmanager.yml as Alertmanager declares it.
#![allow(unreachable_pub, reason = "the record macro writes public types")]

use crate::decode::{Decode, Decoder, MISSING_KEY, UNKNOWN_KEY, record};
use crate::diagnostics::Diagnostic;
use crate::quantity::Duration;
use crate::source::{Node, Spanned, Value};
use crate::spec::stack::Raw;

use super::super::texts::Texts;
use super::matchers::Matchers;

record! {
    /// The whole file.
    pub struct WrittenFile "an alertmanager.yml" {
        /// Settings of every receiver.
        global: Option<Raw>,
        /// Template files.
        templates: Option<Vec<String>>,
        /// The routing tree.
        route: Option<WrittenRoute>,
        /// Alerts that keep others quiet.
        inhibit_rules: Option<Vec<WrittenInhibition>>,
        /// Who can be told.
        receivers: Option<Vec<Receiver>>,
        /// Named times.
        time_intervals: Option<Vec<WrittenTime>>,
        /// Named times, under an older name.
        mute_time_intervals: Option<Vec<WrittenTime>>,
        /// Traces of Alertmanager itself.
        tracing: Option<Raw>,
        /// A record of what happens.
        event_recorder: Option<Raw>,
    }
}

record! {
    /// A node of the routing tree.
    pub struct WrittenRoute "a route" {
        /// Name of the receiver.
        receiver: Option<Spanned<String>>,
        /// Conditions; all must hold.
        matchers: Option<Matchers>,
        /// The same, in older words.
        r#match: Option<Texts>,
        /// The same with regular expressions, in older words.
        match_re: Option<Texts>,
        /// Labels by which alerts are gathered.
        group_by: Option<Vec<Spanned<String>>>,
        /// Wait before the first message of a group.
        group_wait: Option<Spanned<Duration>>,
        /// Wait before telling of new alerts of a group.
        group_interval: Option<Spanned<Duration>>,
        /// Wait before a message is repeated.
        repeat_interval: Option<Spanned<Duration>>,
        /// Times during which nobody is told.
        mute_time_intervals: Option<Vec<Spanned<String>>>,
        /// Times outside which nobody is told.
        active_time_intervals: Option<Vec<Spanned<String>>>,
        /// Whether later siblings are tried too.
        r#continue: Option<Spanned<bool>>,
        /// Labels that messages get.
        labels: Option<Texts>,
        /// Children.
        routes: Option<Vec<WrittenRoute>>,
    }
}

record! {
    /// One of `inhibit_rules`.
    pub struct WrittenInhibition "an inhibition" {
        /// A name for logs.
        name: Option<String>,
        /// What fires.
        source_matchers: Option<Matchers>,
        /// The same, in older words.
        source_match: Option<Texts>,
        /// The same with regular expressions, in older words.
        source_match_re: Option<Texts>,
        /// What is kept quiet.
        target_matchers: Option<Matchers>,
        /// The same, in older words.
        target_match: Option<Texts>,
        /// The same with regular expressions, in older words.
        target_match_re: Option<Texts>,
        /// Labels that must have the same value on both.
        equal: Option<Vec<Spanned<String>>>,
    }
}

record! {
    /// A named time.
    pub struct WrittenTime "a time interval" {
        /// Its name.
        name: Spanned<String>,
        /// Times; one of them is enough.
        time_intervals: Option<Vec<WrittenTimes>>,
    }
}

record! {
    /// Times; all that it says must hold.
    pub struct WrittenTimes "a time" {
        /// Of the day.
        times: Option<Vec<WrittenRange>>,
        /// `monday:friday`.
        weekdays: Option<Vec<Spanned<String>>>,
        /// `1:5`, `-3:-1`.
        days_of_month: Option<Vec<Raw>>,
        /// `may:august`.
        months: Option<Vec<Raw>>,
        /// `2026:2027`.
        years: Option<Vec<Raw>>,
        /// Time zone; UTC unless given.
        location: Option<String>,
    }
}

record! {
    /// Times of a day.
    pub struct WrittenRange "a time of the day" {
        /// `09:00`.
        start_time: Spanned<String>,
        /// `17:00`, excluded.
        end_time: Spanned<String>,
    }
}

/// Somebody who can be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Receiver {
    /// The name, unique.
    pub name: Spanned<String>,
    /// The ways in which they are told.
    pub integrations: Vec<Integration>,
}

/// One way of telling somebody.
#[derive(Debug, Clone)]
pub struct Integration {
    /// The key that it stands under: `slack_configs`.
    pub kind: Spanned<String>,
    /// Its settings.
    pub node: Node,
}

impl PartialEq for Integration {
    fn eq(&self, other: &Self) -> bool {
        self.kind.value == other.kind.value && self.node.span == other.node.span
    }
}

/// Keys of a receiver that hold integrations. HipChat's is refused for years and still found.
pub const INTEGRATIONS: [&str; 19] = [
    "discord_configs",
    "email_configs",
    "hipchat_configs",
    "incidentio_configs",
    "jira_configs",
    "mattermost_configs",
    "msteams_configs",
    "msteamsv2_configs",
    "opsgenie_configs",
    "pagerduty_configs",
    "pushover_configs",
    "rocketchat_configs",
    "slack_configs",
    "sns_configs",
    "telegram_configs",
    "victorops_configs",
    "webex_configs",
    "webhook_configs",
    "wechat_configs",
];

impl Decode for Receiver {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let map = decoder.map(node, "a map (a receiver)")?;
        let Some(name) = map.get("name") else {
            let span = map.entries.first().map_or(node.span, |first| first.key.span);
            decoder.report(Diagnostic::new(&MISSING_KEY, span, "a receiver lacks `name`").help("add `name:`"));
            return None;
        };
        let name = Spanned::<String>::decode(name, decoder)?;
        let mut integrations = Vec::new();
        for entry in &map.entries {
            let key = entry.key.text.as_str();
            if matches!(key, "name" | "labels") {
                continue;
            }
            if !INTEGRATIONS.contains(&key) {
                let message = format!("a receiver has no key `{key}`");
                let diagnostic = Diagnostic::new(&UNKNOWN_KEY, entry.key.span, message).label("not a key here");
                decoder.report(diagnostic.suggest(key, INTEGRATIONS));
                continue;
            }
            let kind = Spanned::new(key.to_owned(), entry.key.span);
            match &entry.value.value {
                Value::List(items) => {
                    let integration = |item: &Node| Integration { kind: kind.clone(), node: item.clone() };
                    integrations.extend(items.iter().map(integration));
                }
                Value::Null => {}
                _ => decoder.wrong_type(&entry.value, "a list"),
            }
        }
        Some(Self { name, integrations })
    }
}

crate::spec::values::inline_schema!(Receiver, "Receiver", { "type": "object" });
