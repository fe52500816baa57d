//! Who is told, resolved: every name leads to a channel.

use std::fmt;

use crate::quantity::Duration;
use crate::source::{Place, Spanned};
pub use crate::spec::notify::Channel as Delivery;
pub use crate::spec::notify::Urgency;
pub use crate::spec::values::{Secret, Setting};

/// A place that messages go to.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// Its name.
    pub name: Spanned<String>,
    /// What it is, as written: there is nothing left to resolve in it.
    pub delivery: Delivery,
}

impl Channel {
    /// Whether Alertmanager can deliver to it. (An SNS topic only when its address is known.)
    pub fn reaches_alertmanager(&self) -> bool {
        match &self.delivery {
            Delivery::Sns(sns) => sns.topic_arn.is_some(),
            _ => true,
        }
    }

    /// Whether CloudWatch alarms can publish to it.
    pub fn reaches_cloudwatch(&self) -> bool {
        matches!(self.delivery, Delivery::Sns(_))
    }
}

/// How urgent, and who is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Severity {
    /// Its name: the `severity` label.
    pub name: Spanned<String>,
    /// What it asks of people.
    pub urgency: Urgency,
    /// Names of channels.
    pub notify: Vec<Spanned<String>>,
    /// Whether `notify` was written at all; an empty list on purpose is not an omission.
    pub notify_written: bool,
    /// Repeat interval.
    pub repeat: Spanned<Duration>,
    /// Wait before the first message of a group.
    pub group_wait: Spanned<Duration>,
    /// Wait before telling of new alerts of a group.
    pub group_interval: Spanned<Duration>,
    /// Who else is told when it lasts.
    pub escalate: Option<Escalation>,
    /// Where it is declared.
    pub origin: Place,
}

/// Who else is told when an alert lasts.
#[derive(Debug, Clone, PartialEq)]
pub struct Escalation {
    /// After this long.
    pub after: Spanned<Duration>,
    /// Names of channels.
    pub notify: Vec<Spanned<String>>,
}

/// An exception to what severities say. All conditions that are there must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// One of these services; any if empty.
    pub services: Vec<Spanned<String>>,
    /// One of these severities; any if empty.
    pub severities: Vec<Spanned<String>>,
    /// One of these alerts; any if empty.
    pub alerts: Vec<Spanned<String>>,
    /// These labels.
    pub labels: Vec<(String, String)>,
    /// Names of channels instead of the severity's; `None` keeps the severity's.
    pub notify: Option<Vec<Spanned<String>>>,
    /// Repeat interval instead of the severity's.
    pub repeat: Option<Spanned<Duration>>,
    /// Names of times during which nobody is told.
    pub mute_during: Vec<Spanned<String>>,
    /// Names of times outside which nobody is told.
    pub active_during: Vec<Spanned<String>>,
    /// Where it is declared.
    pub origin: Place,
}

/// An alert that keeps others quiet.
#[derive(Debug, Clone, PartialEq)]
pub struct Inhibition {
    /// Labels of the alert that fires.
    pub when: Vec<(String, String)>,
    /// Labels of those kept quiet.
    pub quiet: Vec<(String, String)>,
    /// Labels whose values must be the same on both.
    pub equal: Vec<String>,
    /// Where it is declared.
    pub origin: Place,
}

/// Times of the week.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeInterval {
    /// Its name.
    pub name: Spanned<String>,
    /// `monday:friday`, ...
    pub weekdays: Vec<String>,
    /// Start and end, `09:00`, `17:00`.
    pub hours: Vec<(String, String)>,
    /// Time zone.
    pub zone: Option<String>,
}

/// A secret as a reference, for messages; there is nothing secret in it.
impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Secret::Env(name) => write!(f, "the environment variable {name}"),
            Secret::File(path) => write!(f, "the file {path}"),
        }
    }
}
