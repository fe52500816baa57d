//! Secrets where the language takes plain text.

use super::{Check, Context, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Security;
use crate::diagnostics::code::warning;
use crate::model::{Delivery, Setting};
use crate::source::{Node, Place, Span, Value};
use crate::spec::Spec;
use crate::spec::values::{Named, VariableName};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "secret-in-plain-text",
        Security,
        "Something that looks like a secret, where plain text stands",
        r#"
Where the language asks for a secret it takes only a reference. Other places take plain text: addresses, environment
variables, raw configuration. A password in an address (`https://user:password@host`), the address of an incoming
webhook, or a variable called `..._PASSWORD` with its value is a secret in a file that is committed, reviewed and
copied.

Use `{env: NAME}`, the `secrets` of an exporter, or `secret_url` for a webhook; and replace the secret, which has been
written down. Allow it where it is none.

```yaml bad
bellwether: 1
platform: shop
channels:
  chat: {webhook: {url: 'https://bot:hunter2@chat.example.com/alerts'}}
severities: {critical: {notify: [chat]}}
```

```yaml good
bellwether: 1
platform: shop
channels:
  chat: {webhook: {secret_url: {env: CHAT_URL}}}
severities: {critical: {notify: [chat]}}
```
"#,
    ),
    check: Check::Told(check, alertmanager),
};

fn check(context: &Context, findings: &mut Findings) {
    let spec = context.spec;
    for (name, delivery) in spec.channels.iter() {
        if let Delivery::Webhook(webhook) = delivery
            && let Some(Setting::Literal(address)) = &webhook.url
            && let Some(why) = in_address(address)
        {
            report(
                place_of(context, webhook.span, address),
                format!("the address of `{}` {why}", name.value),
                "use `secret_url: {env: NAME}`",
                findings,
            );
        }
    }
    environments(spec, findings);
    let prometheus = spec.stack.as_ref().and_then(|stack| stack.prometheus.as_ref());
    let raw = prometheus.into_iter().flat_map(|settings| [&settings.scrape_configs, &settings.remote_write]);
    let receivers =
        spec.stack.as_ref().and_then(|stack| stack.alertmanager.as_ref()).map(|settings| &settings.receivers);
    for raw in raw.chain(receivers).flatten().flatten() {
        configuration(&raw.node, &[], findings);
    }
}

fn environments(spec: &Spec, findings: &mut Findings) {
    let compose = spec.stack.as_ref().and_then(|stack| stack.compose.as_ref());
    let components = compose.iter().flat_map(|compose| compose.components.iter()).map(|(_, one)| &one.environment);
    let exporters =
        spec.services.iter().filter_map(|(_, service)| service.exporter.as_ref()).map(|one| &one.environment);
    let applications =
        spec.services.iter().filter_map(|(_, service)| service.application.as_ref()).map(|one| &one.variables);
    let all: Vec<&Named<VariableName, Setting>> = components.chain(exporters).chain(applications).collect();
    for (name, value) in all.into_iter().flat_map(Named::iter) {
        let Setting::Literal(value) = value else { continue };
        let why = if is_secret_name(name.as_str()) && !value.is_empty() && value.parse::<f64>().is_err() {
            Some("holds a secret, by its name")
        } else {
            in_address(value)
        };
        if let Some(why) = why {
            report(Place(name.span), format!("`{}` {why}", name.value), "give it `{env: NAME}`", findings);
        }
    }
}

/// Where an address stands inside a record; the whole record when it is written in another way.
fn place_of(context: &Context, record: Place, address: &str) -> Place {
    let found = context.sources.slice(record.0).find(address);
    found.map_or(record, |at| {
        let start = record.0.start as usize + at;
        Place(Span::new(record.0.file, start, start + address.len()))
    })
}

/// An alertmanager.yml that nobody compiled.
fn alertmanager(routing: &Routing, findings: &mut Findings) {
    let Some(file) = routing.file else { return };
    if let Some(global) = &file.global {
        configuration(global, &[], findings);
    }
    for integration in file.receivers.iter().flat_map(|receiver| &receiver.integrations) {
        // Splunk On-Call calls a name by which it routes a key.
        let public: &[&str] = if integration.kind.value == "victorops_configs" { &["routing_key"] } else { &[] };
        configuration(&integration.node, public, findings);
    }
}

/// Keys of other systems that hold secrets; each has a sibling for a file.
const KEYS: [&str; 25] = [
    "password",
    "bearer_token",
    "credentials",
    "client_secret",
    "secret_key",
    "routing_key",
    "service_key",
    "api_key",
    "bot_token",
    "alert_source_token",
    "api_secret",
    "app_token",
    "auth_password",
    "auth_secret",
    "mattermost_webhook_url",
    "opsgenie_api_key",
    "rocketchat_token",
    "slack_app_token",
    "smtp_auth_password",
    "smtp_auth_secret",
    "telegram_bot_token",
    "token",
    "user_key",
    "victorops_api_key",
    "wechat_api_secret",
];

/// What a deployment fills in: `${TOKEN}`, `<secret>`, `{{ .Values.token }}`.
fn is_placeholder(text: &str) -> bool {
    text.starts_with(['$', '<', '%']) || text.contains("${") || text.contains("{{")
}

/// Raw configuration of another system: keys that hold secrets there, and addresses.
fn configuration(node: &Node, public: &[&str], findings: &mut Findings) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| configuration(item, public, findings)),
        Value::Map(map) => {
            for entry in &map.entries {
                let key = entry.key.text.as_str();
                match &entry.value.value {
                    Value::Text(text)
                        if KEYS.contains(&key)
                            && !public.contains(&key)
                            && !text.value.is_empty()
                            && !is_placeholder(&text.value) =>
                    {
                        let help = format!("use `{key}_file`, and a file that only the component can read");
                        report(Place(entry.value.span), format!("`{key}` is written out"), &help, findings);
                    }
                    Value::Text(text) => {
                        if let Some(why) = in_address(&text.value) {
                            report(Place(entry.value.span), format!("`{key}` {why}"), "name a file instead", findings);
                        }
                    }
                    _ => configuration(&entry.value, public, findings),
                }
            }
        }
        _ => {}
    }
}

fn report(place: Place, message: String, help: &str, findings: &mut Findings) {
    let span: Span = place.0;
    let diagnostic = Diagnostic::new(&LINT.code, span, message)
        .note("everyone who can read the spec, its history or a build log has it")
        .help(format!("{help}, and replace the secret: it has been written down"));
    findings.report(diagnostic);
}

/// What is secret in an address: a password, or the whole of it.
fn in_address(address: &str) -> Option<&'static str> {
    const WEBHOOKS: [&str; 4] =
        ["hooks.slack.com/services/", "discord.com/api/webhooks/", "webhook.office.com/", "api.telegram.org/bot"];
    if WEBHOOKS.iter().any(|webhook| address.contains(webhook)) {
        return Some("is enough to use it");
    }
    let (_, rest) = address.split_once("://")?;
    let (user, _) = rest.split(['/', '?', '#']).next()?.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    (!password.is_empty() && !password.starts_with('$')).then_some("holds a password")
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_uppercase();
    // `..._FILE` names a file, `..._KEY_ID` is no key.
    ["PASSWORD", "PASSWD", "PASS", "TOKEN", "SECRET", "KEY"]
        .iter()
        .any(|ending| name == *ending || name.ends_with(&format!("_{ending}")))
}
