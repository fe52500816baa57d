//! The integrations of a receiver as Alertmanager declares them: its own field names, no logic.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

/// One integration of a receiver.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "each is the integration's own name")]
pub enum Integration {
    Pagerduty(PagerdutyConfig),
    Slack(SlackConfig),
    Email(EmailConfig),
    Webhook(WebhookConfig),
    Sns(SnsConfig),
    Opsgenie(OpsgenieConfig),
    Teams(TeamsConfig),
    Telegram(TelegramConfig),
    Discord(DiscordConfig),
    /// In Alertmanager's own words, with the key that it stands under.
    Raw(#[serde(serialize_with = "value_only")] (String, Value)),
}

fn value_only<S: serde::Serializer>(raw: &(String, Value), serializer: S) -> Result<S::Ok, S::Error> {
    raw.1.serialize(serializer)
}

impl Integration {
    /// The key of a receiver that integrations of this kind stand under.
    pub fn key(&self) -> &str {
        match self {
            Self::Pagerduty(_) => "pagerduty_configs",
            Self::Slack(_) => "slack_configs",
            Self::Email(_) => "email_configs",
            Self::Webhook(_) => "webhook_configs",
            Self::Sns(_) => "sns_configs",
            Self::Opsgenie(_) => "opsgenie_configs",
            Self::Teams(_) => "msteamsv2_configs",
            Self::Telegram(_) => "telegram_configs",
            Self::Discord(_) => "discord_configs",
            Self::Raw((key, _)) => key,
        }
    }
}

/// One of `pagerduty_configs`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct PagerdutyConfig {
    /// Whether the end of an alert is told.
    pub send_resolved: bool,
    /// File with the integration key of Events API v2.
    pub routing_key_file: String,
    /// The incident's title.
    pub description: String,
    /// `critical`, `error`, `warning` or `info`.
    pub severity: String,
    /// The kind of event.
    pub class: String,
    /// What is affected.
    pub component: String,
    /// What it belongs to.
    pub group: String,
    /// Links; Alertmanager leaves out those without an address.
    pub links: Vec<PagerdutyLink>,
}

/// A link of an incident.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct PagerdutyLink {
    /// The address.
    pub href: String,
    /// The words.
    pub text: String,
}

/// One of `slack_configs`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct SlackConfig {
    /// Whether the end of an alert is told.
    pub send_resolved: bool,
    /// File with the webhook's address.
    pub api_url_file: String,
    /// `#channel` or `@person`.
    pub channel: String,
    /// `good`, `warning`, `danger`, or a hexadecimal colour.
    pub color: String,
    /// The title.
    pub title: String,
    /// Where the title leads.
    pub title_link: String,
    /// The body.
    pub text: String,
    /// What clients show that cannot show the rest.
    pub fallback: String,
}

/// One of `email_configs`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct EmailConfig {
    /// Whether the end of an alert is told.
    pub send_resolved: bool,
    /// Recipients, separated by commas.
    pub to: String,
    /// Sender.
    pub from: String,
    /// The mail server, `host:port`.
    pub smarthost: String,
    /// User name at the mail server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_username: Option<String>,
    /// File with the password at the mail server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_password_file: Option<String>,
    /// Headers.
    pub headers: IndexMap<String, String>,
    /// The body for readers of HTML.
    pub html: String,
    /// The body for everybody else.
    pub text: String,
}

/// One of `webhook_configs`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct WebhookConfig {
    /// Whether the end of an alert is told.
    pub send_resolved: bool,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// File with the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_file: Option<String>,
    /// How it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_config: Option<HttpConfig>,
}

/// How an address is called.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct HttpConfig {
    /// The `Authorization` header.
    pub authorization: Authorization,
}

/// An `Authorization` header.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Authorization {
    /// The scheme.
    pub r#type: String,
    /// File with the token.
    pub credentials_file: String,
}

/// One of `sns_configs`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct SnsConfig {
    /// Whether the end of an alert is told.
    pub send_resolved: bool,
    /// The topic.
    pub topic_arn: String,
    /// How requests are signed.
    pub sigv4: Sigv4,
    /// The subject of mails.
    pub subject: String,
    /// The body.
    pub message: String,
}

/// How requests to AWS are signed: with the machine's own role.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Sigv4 {
    /// The region.
    pub region: String,
}

/// One of `opsgenie_configs`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct OpsgenieConfig {
    /// Whether the alert is closed at its end.
    pub send_resolved: bool,
    /// File with the API key.
    pub api_key_file: String,
    /// The title.
    pub message: String,
    /// The body.
    pub description: String,
    /// What is affected.
    pub entity: String,
    /// Who is told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub responders: Vec<OpsgenieResponder>,
    /// `P1` to `P5`.
    pub priority: String,
}

/// Somebody who is told.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct OpsgenieResponder {
    /// Their name.
    pub name: String,
    /// `team`, `user`, `escalation` or `schedule`.
    pub r#type: String,
}

/// One of `msteamsv2_configs`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct TeamsConfig {
    /// Whether the end of an alert is told.
    pub send_resolved: bool,
    /// File with the workflow's address.
    pub webhook_url_file: String,
    /// The title.
    pub title: String,
    /// The body.
    pub text: String,
}

/// One of `telegram_configs`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct TelegramConfig {
    /// Whether the end of an alert is told.
    pub send_resolved: bool,
    /// File with the bot's token.
    pub bot_token_file: String,
    /// The chat.
    pub chat_id: i64,
    /// The body.
    pub message: String,
    /// How the body is read.
    pub parse_mode: String,
}

/// One of `discord_configs`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct DiscordConfig {
    /// Whether the end of an alert is told.
    pub send_resolved: bool,
    /// File with the webhook's address.
    pub webhook_url_file: String,
    /// The title.
    pub title: String,
    /// The body.
    pub message: String,
}
