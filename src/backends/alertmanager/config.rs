//! alertmanager.yml as Alertmanager declares it: its own field names, its own order, no logic.

use std::fmt;

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use super::integration::Integration;

/// The whole file. Without a route the platform tells nobody of anything.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Config {
    /// Settings of every receiver.
    pub global: Global,
    /// Paths of template files, relative to this file.
    pub templates: Vec<String>,
    /// The routing tree.
    pub route: Option<Route>,
    /// Alerts that keep others quiet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inhibit_rules: Vec<InhibitRule>,
    /// Who can be told.
    pub receivers: Vec<Receiver>,
    /// Named times.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub time_intervals: Vec<TimeInterval>,
}

/// `global`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Global {
    /// When an alert is over that nobody sends any more and that did not say when it ends.
    pub resolve_timeout: String,
}

/// A node of the routing tree. What it does not say it takes over from its parent, except for times.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Route {
    /// Name of the receiver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    /// All of them must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matchers: Vec<Matcher>,
    /// Labels by which alerts are gathered into one message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_by: Vec<String>,
    /// Wait before the first message of a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_wait: Option<String>,
    /// Wait before telling of new alerts of a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_interval: Option<String>,
    /// Wait before a message is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat_interval: Option<String>,
    /// Names of times during which nobody is told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mute_time_intervals: Vec<String>,
    /// Names of times outside which nobody is told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub active_time_intervals: Vec<String>,
    /// Whether later siblings are tried too.
    #[serde(rename = "continue", skip_serializing_if = "std::ops::Not::not")]
    pub r#continue: bool,
    /// Children; the first that matches takes the alert.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
}

/// A condition on one label.
#[derive(Debug, Clone, PartialEq)]
pub struct Matcher {
    /// The label; an alert without it has the empty value.
    pub label: String,
    /// What its value must be.
    pub condition: MatchCondition,
}

/// What a label's value must be.
#[derive(Debug, Clone, PartialEq)]
pub enum MatchCondition {
    /// This.
    Equal(String),
    /// One of these.
    OneOf(Vec<String>),
    /// Anything but nothing.
    Present,
}

/// In Alertmanager's syntax, values always quoted: its two parsers disagree about anything else.
impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)?;
        match &self.condition {
            MatchCondition::Equal(value) => write!(f, "=\"{}\"", quoted(value)),
            MatchCondition::OneOf(values) => {
                let literals: Vec<String> = values.iter().map(|value| literal(value)).collect();
                write!(f, "=~\"{}\"", quoted(&literals.join("|")))
            }
            MatchCondition::Present => f.write_str("!=\"\""),
        }
    }
}

impl Serialize for Matcher {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The inside of a quoted value.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// A regular expression, in Go's syntax, that matches this text only.
fn literal(text: &str) -> String {
    let escape = |c: char| if "\\.+*?()|[]{}^$".contains(c) { vec!['\\', c] } else { vec![c] };
    text.chars().flat_map(escape).collect()
}

/// One of `inhibit_rules`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct InhibitRule {
    /// While an alert fires for which all of these hold,
    pub source_matchers: Vec<Matcher>,
    /// nobody is told of those for which all of these hold,
    pub target_matchers: Vec<Matcher>,
    /// if both have the same values of these labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub equal: Vec<String>,
}

/// One of `receivers`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Receiver {
    /// Its name, unique.
    pub name: String,
    /// Its integrations, by the key that a kind of integration stands under (`slack_configs`).
    #[serde(flatten)]
    pub integrations: IndexMap<String, Vec<Integration>>,
}

/// One of `time_intervals`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct TimeInterval {
    /// Its name.
    pub name: String,
    /// Times; one of them is enough.
    pub time_intervals: Vec<Times>,
}

/// Times of the week; all that it says must hold.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Times {
    /// Of the day; one of them is enough.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<TimeRange>,
    /// `monday:friday`; one of them is enough.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<String>,
    /// Name of the time zone; UTC unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

/// Times of the day.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct TimeRange {
    /// `09:00`
    pub start_time: String,
    /// `17:00`, excluded.
    pub end_time: String,
}
