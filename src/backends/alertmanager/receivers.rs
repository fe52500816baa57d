//! Receivers: one for each set of channels that some route tells.

use serde_json::Value;

use super::channels::Channels;
use super::config::{Receiver, Route};
use super::integration::{Integration, WebhookConfig};
use super::matching::receiver_channels;
use super::problems::{INVALID_RECEIVER, UNROUTED_RECEIVER};
use crate::conventions::secret_path;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{Platform, Secret};
use crate::source::Spanned;
use crate::spec::stack::Raw;

/// The receiver that tells nobody. No channel can have a name that begins with `_`.
pub(super) const NOBODY: &str = "_nobody";

/// The receiver that the dead man's switch calls.
pub(super) const HEARTBEAT: &str = "_heartbeat";

/// Between the names of channels in the name of a receiver. No channel has it in its name, and it means nothing
/// in a regular expression, which Alertmanager's links take the name for.
pub(super) const AND: char = '/';

/// The channels of a list that Alertmanager can deliver to, in the order in which the platform
/// declares them, so that the same set is always the same receiver.
pub(super) fn reached<'a>(platform: &'a Platform, names: &[Spanned<String>]) -> Vec<&'a str> {
    let told =
        platform.channels.iter().filter(|channel| channel.reaches_alertmanager() && names.contains(&channel.name));
    told.map(|channel| channel.name.as_str()).collect()
}

/// Name of the receiver of a list of channels.
pub(super) fn receiver_name(platform: &Platform, names: &[Spanned<String>]) -> String {
    let reached = reached(platform, names);
    if reached.is_empty() { NOBODY.to_owned() } else { reached.join(&AND.to_string()) }
}

/// Every receiver that the tree names, in the order of the tree, then those that were written in
/// Alertmanager's own words.
pub(super) fn all(platform: &Platform, tree: &Route, diagnostics: &mut Diagnostics) -> Vec<Receiver> {
    let mut names = Vec::new();
    collect(tree, &mut names);
    let raw = checked(platform, &names, diagnostics);
    let mut receivers: Vec<Receiver> = names.iter().map(|name| receiver(platform, name, &raw, diagnostics)).collect();
    for (name, value) in raw.iter().filter(|(name, _)| platform.channel(name).is_none()) {
        let mut receiver = Receiver { name: name.clone(), ..Receiver::default() };
        extend(&mut receiver, value);
        receivers.push(receiver);
    }
    receivers
}

fn collect<'a>(route: &'a Route, names: &mut Vec<&'a str>) {
    let own = route.receiver.as_deref().filter(|name| !names.contains(name));
    names.extend(own);
    for child in &route.routes {
        collect(child, names);
    }
}

fn receiver(platform: &Platform, name: &str, raw: &[(String, &Value)], diagnostics: &mut Diagnostics) -> Receiver {
    let mut receiver = Receiver { name: name.to_owned(), ..Receiver::default() };
    if let Some(address) = platform.stack.heartbeat.as_ref().filter(|_| name == HEARTBEAT) {
        add(&mut receiver, heartbeat(address));
    }
    for name in receiver_channels(name) {
        let channel = platform.channel(name);
        let integration = channel.and_then(|channel| Channels::new(platform, diagnostics).integration(channel));
        if let Some(integration) = integration {
            add(&mut receiver, integration);
        }
        for (_, value) in raw.iter().filter(|(of, _)| of == name) {
            extend(&mut receiver, value);
        }
    }
    receiver
}

fn heartbeat(address: &Secret) -> Integration {
    // The switch never ends on purpose: an end would be a call too many.
    Integration::Webhook(WebhookConfig { url_file: Some(secret_path(address)), ..WebhookConfig::default() })
}

fn add(receiver: &mut Receiver, integration: Integration) {
    receiver.integrations.entry(integration.key().to_owned()).or_default().push(integration);
}

/// Adds the integrations of a raw receiver. A value that is no list is Alertmanager's to complain about.
fn extend(receiver: &mut Receiver, raw: &Value) {
    for (key, value) in raw.as_object().into_iter().flatten().filter(|(key, _)| *key != "name") {
        let items = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        for item in items {
            add(receiver, Integration::Raw((key.clone(), item)));
        }
    }
}

/// Raw receivers that have a name of their own, or a channel's.
fn checked<'a>(platform: &'a Platform, names: &[&str], diagnostics: &mut Diagnostics) -> Vec<(String, &'a Value)> {
    let mut good: Vec<(String, &Raw)> = Vec::new();
    for raw in &platform.stack.receivers {
        let span = raw.node.span;
        let Some(name) = raw.value.get("name").and_then(Value::as_str) else {
            let diagnostic = Diagnostic::new(&INVALID_RECEIVER, span, "this receiver has no `name`");
            diagnostics.push(diagnostic.note("Alertmanager would not start").help("add `name:`"));
            continue;
        };
        let is_channel = platform.channel(name).is_some();
        let first = good.iter().find(|(taken, _)| taken == name);
        if first.is_some() || (names.contains(&name) && !is_channel) {
            let message = format!("the receiver `{name}` is there already");
            let mut diagnostic = Diagnostic::new(&INVALID_RECEIVER, span, message).note("Alertmanager would not start");
            if let Some((_, first)) = first {
                diagnostic = diagnostic.also(first.node.span, "first here");
            }
            diagnostics.push(diagnostic.help("give it another name, or a channel's to extend that channel"));
            continue;
        }
        if !is_channel {
            let message = format!("nothing leads to the receiver `{name}`");
            let diagnostic = Diagnostic::new(&UNROUTED_RECEIVER, span, message)
                .note("severities and routes name channels, and no channel has this name: it never gets a message");
            let channels = platform.channels.iter().map(|channel| channel.name.as_str());
            let help = "name it like the channel that it is to extend";
            diagnostics.push(diagnostic.help(help).suggest(name, channels));
        }
        good.push((name.to_owned(), raw));
    }
    good.into_iter().map(|(name, raw)| (name, &raw.value)).collect()
}
