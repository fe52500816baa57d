//! Alertmanager's routing tree and receivers.
//!
//! Severities are the tree: each is a node that knows its channels and its intervals, and routes are
//! nodes before them that say otherwise. An alert whose severity nobody declared goes where tickets go,
//! because a message too many is better than silence; an empty `notify` is silence on purpose.
//!
//! Escalation is a second node for the same alerts that waits for `after` before its first message.
//! Alertmanager does not know whether somebody has taken the alert: who has, silences it. A group that
//! has been escalated once escalates its later alerts at the next `group_interval`.

mod channels;
mod config;
mod inhibitions;
mod integration;
mod lower;
mod matching;
mod problems;
mod receivers;
mod routes;
#[cfg(test)]
mod tests;

pub use config::{
    Config, Global, InhibitRule, MatchCondition, Matcher, Receiver, Route, TimeInterval, TimeRange, Times,
};
pub use integration::{
    Authorization, DiscordConfig, EmailConfig, HttpConfig, Integration, OpsgenieConfig, OpsgenieResponder,
    PagerdutyConfig, PagerdutyLink, Sigv4, SlackConfig, SnsConfig, TeamsConfig, TelegramConfig, WebhookConfig,
};
pub use matching::{
    Delivery, RouteCase, deliveries, expected_receivers, receiver_channels, resolve_route, route_cases, tier_labels,
};
pub use problems::{
    CODES, INVALID_CHANNEL, INVALID_RECEIVER, NOBODY_TOLD, SETTING_NOT_LITERAL, UNROUTED_RECEIVER, ZERO_INTERVAL,
};

use std::sync::Arc;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{ALERTMANAGER_CONFIG, ALERTMANAGER_TEMPLATES, BANNER};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::writers::yaml;

/// Words for people, in Alertmanager's template language: the same for every platform.
const TEMPLATES: &str = include_str!("bellwether.tmpl");

/// Alertmanager's routing tree and receivers.
#[derive(Debug)]
pub struct Alertmanager;

impl Backend for Alertmanager {
    type Config = Config;
    const NAME: &'static str = "alertmanager";
    const SUMMARY: &'static str = "alertmanager.yml: routes, receivers, inhibition, times; message templates";
    const OWNS: &'static [&'static str] = &["alertmanager/"];

    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Config {
        lower::config(platform, diagnostics)
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        if config.route.is_none() {
            return;
        }
        artifacts.add(ALERTMANAGER_CONFIG, yaml::write(config, &[BANNER]));
        artifacts.add(ALERTMANAGER_TEMPLATES, TEMPLATES);
    }
}
