//! Who is told: severities, channels, routes, and when to be quiet.

use super::values::{LabelName, Name, Named, OneOrMany, Secret, Setting};
use crate::decode::{choice, record, words};
use crate::quantity::Duration;
use crate::source::Spanned;

choice! {
    /// A place that messages go to.
    pub enum Channel "a channel" {
        /// PagerDuty, Events API v2.
        "pagerduty" => Pagerduty(Pagerduty),
        /// Slack, by an incoming webhook.
        "slack" => Slack(Slack),
        /// Mail.
        "email" => Email(Email),
        /// An HTTP endpoint that takes Alertmanager's JSON.
        "webhook" => Webhook(Webhook),
        /// An Amazon SNS topic: CloudWatch alarms publish to it, and Alertmanager too when told its address.
        "sns" => Sns(Sns),
        /// Opsgenie.
        "opsgenie" => Opsgenie(Opsgenie),
        /// Microsoft Teams, by a workflow webhook.
        "teams" => Teams(Teams),
        /// Telegram.
        "telegram" => Telegram(Telegram),
        /// Discord.
        "discord" => Discord(Discord),
    }
}

record! {
    /// PagerDuty, Events API v2.
    pub struct Pagerduty "a PagerDuty channel" {
        /// Integration key of the service.
        routing_key: Secret,
        /// Whether PagerDuty is told when the alert is over. True unless given.
        resolved: Option<bool>,
    }
}

record! {
    /// Slack, by an incoming webhook.
    pub struct Slack "a Slack channel" {
        /// `#channel` or `@person`.
        channel: String,
        /// The webhook's address.
        api_url: Secret,
        /// Whether the end of an alert is told too. True unless given.
        resolved: Option<bool>,
    }
}

record! {
    /// Mail.
    pub struct Email "an email channel" {
        /// Recipients.
        to: OneOrMany<String>,
        /// Sender.
        from: Setting,
        /// The mail server, `host:port`.
        smarthost: Setting,
        /// User name at the mail server.
        username: Option<Setting>,
        /// Password at the mail server.
        password: Option<Secret>,
        /// Whether the end of an alert is told too. True unless given.
        resolved: Option<bool>,
    }
}

record! {
    /// An HTTP endpoint that takes Alertmanager's JSON.
    pub struct Webhook "a webhook channel" {
        /// Its address, when it may be known to anybody.
        url: Option<Setting>,
        /// Its address, when knowing it is enough to use it.
        secret_url: Option<Secret>,
        /// Token sent as `Authorization: Bearer`.
        bearer_token: Option<Secret>,
        /// Whether the end of an alert is told too. True unless given.
        resolved: Option<bool>,
    }
}

record! {
    /// An Amazon SNS topic. Its name is the channel's name.
    pub struct Sns "an SNS channel" {
        /// What the topic calls itself in mails and messages.
        display_name: Option<String>,
        /// Mail addresses to subscribe; each must confirm once.
        email: Option<OneOrMany<String>>,
        /// HTTPS endpoints to subscribe.
        https: Option<OneOrMany<Setting>>,
        /// The topic's ARN, so that Alertmanager publishes to it as well; without it only CloudWatch does.
        topic_arn: Option<Setting>,
    }
}

record! {
    /// Opsgenie.
    pub struct Opsgenie "an Opsgenie channel" {
        /// API key of the integration.
        api_key: Secret,
        /// Teams to notify.
        teams: Option<OneOrMany<String>>,
        /// Whether the alert is closed when it is over. True unless given.
        resolved: Option<bool>,
    }
}

record! {
    /// Microsoft Teams, by a workflow webhook.
    pub struct Teams "a Teams channel" {
        /// The workflow's address.
        webhook_url: Secret,
        /// Whether the end of an alert is told too. True unless given.
        resolved: Option<bool>,
    }
}

record! {
    /// Telegram.
    pub struct Telegram "a Telegram channel" {
        /// The bot's token.
        bot_token: Secret,
        /// The chat.
        chat_id: Setting,
        /// Whether the end of an alert is told too. True unless given.
        resolved: Option<bool>,
    }
}

record! {
    /// Discord.
    pub struct Discord "a Discord channel" {
        /// The webhook's address.
        webhook_url: Secret,
        /// Whether the end of an alert is told too. True unless given.
        resolved: Option<bool>,
    }
}

words! {
    /// What a severity asks of people.
    pub enum Urgency "an urgency" {
        /// Wake somebody.
        "page" => Page,
        /// Look at it in working hours.
        "ticket" => Ticket,
        /// Nothing: it is only recorded.
        "none" => Nothing,
    }
}

record! {
    /// How urgent, and who is told.
    pub struct Severity "a severity" {
        /// Channels that are told; an empty list means that nobody is.
        notify: Option<Vec<Spanned<Name>>>,
        /// How often a message is repeated while the alert lasts. 4h unless given.
        repeat: Option<Spanned<Duration>>,
        /// How long to wait for other alerts of the group before the first message. 30s unless given.
        group_wait: Option<Spanned<Duration>>,
        /// How long to wait before telling of new alerts in a group. 5m unless given.
        group_interval: Option<Spanned<Duration>>,
        /// Who else is told when it lasts.
        escalate: Option<Escalation>,
        /// What it asks of people: the first severity pages, the second is a ticket, others nothing, unless given.
        urgency: Option<Spanned<Urgency>>,
    }
}

record! {
    /// Who else is told when an alert lasts.
    pub struct Escalation "an escalation" {
        /// After this long.
        after: Spanned<Duration>,
        /// These channels.
        notify: Vec<Spanned<Name>>,
    }
}

record! {
    /// An exception to what severities say.
    pub struct Route "a route" {
        /// Only alerts of these services.
        service: Option<OneOrMany<Spanned<Name>>>,
        /// Only alerts of these severities.
        severity: Option<OneOrMany<Spanned<Name>>>,
        /// Only these alerts, by name.
        alert: Option<OneOrMany<Spanned<Name>>>,
        /// Only alerts with these labels.
        #[schemars(default)]
        labels: Named<LabelName, String>,
        /// Channels that are told instead of the severity's; an empty list silences.
        notify: Option<Vec<Spanned<Name>>>,
        /// Repeat interval instead of the severity's.
        repeat: Option<Spanned<Duration>>,
        /// Times during which nobody is told.
        mute_during: Option<OneOrMany<Spanned<Name>>>,
        /// Times outside which nobody is told.
        active_during: Option<OneOrMany<Spanned<Name>>>,
    }
}

record! {
    /// An alert that keeps others quiet while it fires.
    pub struct Inhibition "an inhibition" {
        /// While an alert with these labels fires,
        #[schemars(default)]
        when: Named<LabelName, String>,
        /// alerts with these labels are kept quiet,
        #[schemars(default)]
        quiet: Named<LabelName, String>,
        /// if both have the same value of these labels. Without any, everything matches everything.
        equal: Option<Vec<Spanned<LabelName>>>,
    }
}

record! {
    /// Times of the week.
    pub struct MuteTime "a time" {
        /// Days: `monday`, `monday:friday`, ...
        weekdays: Option<OneOrMany<Spanned<String>>>,
        /// Hours: `09:00-17:00`, ...
        hours: Option<OneOrMany<Spanned<String>>>,
        /// Time zone, as in `Europe/Berlin`. UTC unless given.
        zone: Option<Spanned<String>>,
    }
}
