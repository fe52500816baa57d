//! From a channel to an integration of Alertmanager's. Secrets are files; everything else must be
//! written out, because Alertmanager fills in no variables.

use indexmap::IndexMap;

use super::integration::{
    Authorization, DiscordConfig, EmailConfig, HttpConfig, Integration, OpsgenieConfig, OpsgenieResponder,
    PagerdutyConfig, PagerdutyLink, Sigv4, SlackConfig, SnsConfig, TeamsConfig, TelegramConfig, WebhookConfig,
};
use super::problems::{INVALID_CHANNEL, SETTING_NOT_LITERAL};
use crate::conventions::{DASHBOARD_ANNOTATION, RUNBOOK_ANNOTATION, secret_path};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{Channel, Delivery, Platform, Setting, Urgency};
use crate::source::Span;
use crate::spec::notify::{Email, Opsgenie, Sns, Telegram, Webhook};

/// What the message templates are called by.
const TITLE: &str = r#"{{ template "bellwether.title" . }}"#;
const TEXT: &str = r#"{{ template "bellwether.text" . }}"#;

/// Makes integrations, and says what cannot be one.
pub(super) struct Channels<'a> {
    platform: &'a Platform,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Channels<'a> {
    /// For the channels of `platform`.
    pub(super) fn new(platform: &'a Platform, diagnostics: &'a mut Diagnostics) -> Self {
        Self { platform, diagnostics }
    }

    /// The integration of a channel; none for one that only CloudWatch reaches, or that has a problem.
    pub(super) fn integration(&mut self, channel: &Channel) -> Option<Integration> {
        let span = channel.name.span;
        Some(match &channel.delivery {
            Delivery::Pagerduty(pagerduty) => Integration::Pagerduty(PagerdutyConfig {
                send_resolved: pagerduty.resolved.unwrap_or(true),
                routing_key_file: secret_path(&pagerduty.routing_key),
                description: TITLE.to_owned(),
                severity: self.by_urgency("critical", "warning", "info"),
                class: common_label("alertname"),
                component: common_label("service"),
                group: common_label("platform"),
                links: vec![
                    link(&common_annotation(RUNBOOK_ANNOTATION), "Runbook"),
                    link(&common_annotation(DASHBOARD_ANNOTATION), "Dashboard"),
                ],
            }),
            Delivery::Slack(slack) => {
                let color = self.by_urgency("danger", "warning", "#439FE0");
                Integration::Slack(SlackConfig {
                    send_resolved: slack.resolved.unwrap_or(true),
                    api_url_file: secret_path(&slack.api_url),
                    channel: untemplated(&slack.channel),
                    color: format!(r#"{{{{ if eq .Status "resolved" }}}}good{{{{ else }}}}{color}{{{{ end }}}}"#),
                    title: TITLE.to_owned(),
                    title_link: "{{ .ExternalURL }}".to_owned(),
                    text: r#"{{ template "bellwether.slack.text" . }}"#.to_owned(),
                    fallback: TITLE.to_owned(),
                })
            }
            Delivery::Email(email) => Integration::Email(self.email(email, span)?),
            Delivery::Webhook(webhook) => Integration::Webhook(self.webhook(webhook, span)?),
            Delivery::Sns(sns) => Integration::Sns(self.sns(sns, span)?),
            Delivery::Opsgenie(opsgenie) => Integration::Opsgenie(self.opsgenie(opsgenie)),
            Delivery::Teams(teams) => Integration::Teams(TeamsConfig {
                send_resolved: teams.resolved.unwrap_or(true),
                webhook_url_file: secret_path(&teams.webhook_url),
                title: TITLE.to_owned(),
                text: TEXT.to_owned(),
            }),
            Delivery::Telegram(telegram) => Integration::Telegram(self.telegram(telegram, span)?),
            Delivery::Discord(discord) => Integration::Discord(DiscordConfig {
                send_resolved: discord.resolved.unwrap_or(true),
                webhook_url_file: secret_path(&discord.webhook_url),
                title: TITLE.to_owned(),
                message: TEXT.to_owned(),
            }),
        })
    }

    fn email(&mut self, email: &Email, span: Span) -> Option<EmailConfig> {
        let from = self.literal("from", &email.from, span);
        let smarthost = self.literal("smarthost", &email.smarthost, span);
        let username = email.username.as_ref().map(|username| self.literal("username", username, span));
        let (from, smarthost) = (from?, smarthost?);
        if !smarthost.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok()) {
            self.invalid(
                span,
                format!("the mail server `{smarthost}` has no port"),
                "write `host:port`, mostly port 587",
            );
            return None;
        }
        Some(EmailConfig {
            send_resolved: email.resolved.unwrap_or(true),
            to: untemplated(&email.to.0.join(", ")),
            from: untemplated(&from),
            smarthost,
            auth_username: match username {
                Some(username) => Some(username?),
                None => None,
            },
            auth_password_file: email.password.as_ref().map(secret_path),
            headers: IndexMap::from([("Subject".to_owned(), TITLE.to_owned())]),
            html: r#"{{ template "bellwether.html" . }}"#.to_owned(),
            text: TEXT.to_owned(),
        })
    }

    fn webhook(&mut self, webhook: &Webhook, span: Span) -> Option<WebhookConfig> {
        let (url, url_file) = match (&webhook.url, &webhook.secret_url) {
            (Some(Setting::Env(name)), None) => {
                let help = format!("write `secret_url: {{env: {name}}}`, which reaches Alertmanager as a file");
                self.not_literal("url", name.as_str(), span, help);
                return None;
            }
            (Some(Setting::Literal(url)), None) if url.starts_with("http://") || url.starts_with("https://") => {
                (Some(url.clone()), None)
            }
            (Some(Setting::Literal(url)), None) => {
                self.invalid(span, format!("`{url}` is no address"), "addresses begin with `http://` or `https://`");
                return None;
            }
            (None, Some(secret)) => (None, Some(secret_path(secret))),
            (given, _) => {
                let what = if given.is_some() { "two addresses" } else { "no address" };
                self.invalid(span, format!("the webhook has {what}"), "give either `url:` or `secret_url:`");
                return None;
            }
        };
        let authorization = |token| Authorization { r#type: "Bearer".to_owned(), credentials_file: secret_path(token) };
        Some(WebhookConfig {
            send_resolved: webhook.resolved.unwrap_or(true),
            url,
            url_file,
            http_config: webhook.bearer_token.as_ref().map(|token| HttpConfig { authorization: authorization(token) }),
        })
    }

    fn sns(&mut self, sns: &Sns, span: Span) -> Option<SnsConfig> {
        let topic_arn = self.literal("topic_arn", sns.topic_arn.as_ref()?, span)?;
        let parts: Vec<&str> = topic_arn.split(':').collect();
        let ["arn", _, "sns", region, _, _] = parts.as_slice() else {
            let help = "topics look like `arn:aws:sns:us-east-1:123456789012:name`";
            self.invalid(span, format!("`{topic_arn}` is no topic's ARN"), help);
            return None;
        };
        Some(SnsConfig {
            send_resolved: true,
            sigv4: Sigv4 { region: (*region).to_owned() },
            subject: TITLE.to_owned(),
            message: TEXT.to_owned(),
            topic_arn,
        })
    }

    fn opsgenie(&self, opsgenie: &Opsgenie) -> OpsgenieConfig {
        let teams = opsgenie.teams.iter().flat_map(|teams| &teams.0);
        let responder = |name: &String| OpsgenieResponder { name: untemplated(name), r#type: "team".to_owned() };
        OpsgenieConfig {
            send_resolved: opsgenie.resolved.unwrap_or(true),
            api_key_file: secret_path(&opsgenie.api_key),
            message: TITLE.to_owned(),
            description: TEXT.to_owned(),
            entity: common_label("service"),
            responders: teams.map(responder).collect(),
            priority: self.by_urgency("P1", "P3", "P5"),
        }
    }

    fn telegram(&mut self, telegram: &Telegram, span: Span) -> Option<TelegramConfig> {
        let chat = self.literal("chat_id", &telegram.chat_id, span)?;
        let Ok(chat_id) = chat.parse::<i64>() else {
            self.invalid(
                span,
                format!("`{chat}` is no chat"),
                "`chat_id` is a whole number; those of groups are negative",
            );
            return None;
        };
        Some(TelegramConfig {
            send_resolved: telegram.resolved.unwrap_or(true),
            bot_token_file: secret_path(&telegram.bot_token),
            chat_id,
            message: format!("{TITLE}\n{TEXT}"),
            // Alertmanager escapes what it fills into HTML, and nothing in the other modes.
            parse_mode: "HTML".to_owned(),
        })
    }

    /// A word for each urgency, chosen by the `severity` label when the message is written.
    fn by_urgency(&self, page: &str, ticket: &str, nothing: &str) -> String {
        let named = |urgency| {
            let severities = self.platform.severities.iter().filter(move |severity| severity.urgency == urgency);
            severities.map(|severity| format!("\"{}\"", severity.name.value)).collect::<Vec<_>>().join(" ")
        };
        let mut text = String::new();
        for (urgency, word) in [(Urgency::Page, page), (Urgency::Nothing, nothing)] {
            let names = named(urgency);
            if !names.is_empty() {
                text.push_str(&format!("{{{{ if eq .CommonLabels.severity {names} }}}}{word}{{{{ else }}}}"));
            }
        }
        let closing = "{{ end }}".repeat(text.matches("{{ else }}").count());
        format!("{text}{ticket}{closing}")
    }

    fn literal(&mut self, key: &str, setting: &Setting, span: Span) -> Option<String> {
        match setting {
            Setting::Literal(text) => Some(text.clone()),
            Setting::Env(name) => {
                let help = format!("write `{key}` out; where it differs, in an overlay under `environments`");
                self.not_literal(key, name.as_str(), span, help);
                None
            }
        }
    }

    fn not_literal(&mut self, key: &str, variable: &str, span: Span, help: String) {
        let message = format!("Alertmanager cannot read `{key}` from the environment variable {variable}");
        let diagnostic = Diagnostic::new(&SETTING_NOT_LITERAL, span, message);
        let note = "it fills no variables into its configuration, and reads files only for secrets";
        self.diagnostics.push(diagnostic.note(note).help(help));
    }

    fn invalid(&mut self, span: Span, message: String, help: &str) {
        let diagnostic = Diagnostic::new(&INVALID_CHANNEL, span, message);
        self.diagnostics.push(diagnostic.note("Alertmanager would refuse the whole configuration").help(help));
    }
}

/// Text that Alertmanager would read as a template, made to stand for itself.
fn untemplated(text: &str) -> String {
    text.replace("{{", r#"{{ "{{" }}"#)
}

fn link(href: &str, text: &str) -> PagerdutyLink {
    PagerdutyLink { href: href.to_owned(), text: text.to_owned() }
}

fn common_label(label: &str) -> String {
    format!("{{{{ .CommonLabels.{label} }}}}")
}

fn common_annotation(annotation: &str) -> String {
    format!("{{{{ .CommonAnnotations.{annotation} }}}}")
}
