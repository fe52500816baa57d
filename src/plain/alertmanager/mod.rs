//! alertmanager.yml that nobody compiled: the routing tree, receivers, inhibitions and times, each with its place.

mod check;
mod matchers;
mod problems;
mod times;
mod written;

pub use matchers::Matcher;
pub use problems::INVALID_ALERTMANAGER;
pub use times::{DAY, Times, WEEK, clock};
pub use written::{Integration, Receiver};

use crate::decode::{Decode, Decoder};
use crate::diagnostics::Diagnostics;
use crate::promql::MatchOp;
use crate::quantity::Duration;
use crate::source::{Node, Span, Spanned};
use written::{WrittenFile, WrittenInhibition, WrittenRoute, WrittenTime};

/// What an alertmanager.yml says.
#[derive(Debug, Clone)]
pub struct Alertmanager {
    /// Settings of every receiver.
    pub global: Option<Node>,
    /// Whether there are template files, which are not read.
    pub has_templates: bool,
    /// The routing tree.
    pub route: Route,
    /// Alerts that keep others quiet.
    pub inhibitions: Vec<Inhibition>,
    /// Who can be told.
    pub receivers: Vec<Receiver>,
    /// Named times.
    pub times: Vec<NamedTime>,
}

/// A node of the routing tree.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its receiver, if it names one.
    pub receiver: Option<Spanned<String>>,
    /// All must hold.
    pub matchers: Vec<Matcher>,
    /// Labels by which alerts are gathered, if it says so.
    pub group_by: Option<Vec<Spanned<String>>>,
    /// Wait before the first message of a group, if it says so.
    pub group_wait: Option<Spanned<Duration>>,
    /// Wait before telling of new alerts of a group, if it says so.
    pub group_interval: Option<Spanned<Duration>>,
    /// Wait before a message is repeated, if it says so.
    pub repeat_interval: Option<Spanned<Duration>>,
    /// Times during which nobody is told.
    pub mute: Vec<Spanned<String>>,
    /// Times outside which nobody is told.
    pub active: Vec<Spanned<String>>,
    /// Whether later siblings are tried too.
    pub continues: Option<Spanned<bool>>,
    /// Children; the first that matches takes the alert.
    pub routes: Vec<Route>,
    /// What one sees of it: its conditions, or else its receiver, or its first key.
    pub place: Span,
}

/// Alerts that keep others quiet.
#[derive(Debug, Clone)]
pub struct Inhibition {
    /// While an alert fires for which these hold,
    pub source: Vec<Matcher>,
    /// nobody is told of those for which these hold,
    pub target: Vec<Matcher>,
    /// if these labels have the same values on both.
    pub equal: Vec<Spanned<String>>,
    /// Where its conditions on the source stand.
    pub place: Span,
}

/// A named time.
#[derive(Debug, Clone)]
pub struct NamedTime {
    /// Its name.
    pub name: Spanned<String>,
    /// Times; one of them is enough.
    pub times: Vec<Times>,
}

/// Reads the file, and says what Alertmanager would refuse; none of a file that it would refuse.
pub fn read(node: &Node, diagnostics: &mut Diagnostics) -> Option<Alertmanager> {
    let mut refusals = Diagnostics::new();
    let read = read_file(node, &mut refusals).filter(|_| refusals.is_empty());
    diagnostics.extend(refusals);
    read
}

fn read_file(node: &Node, diagnostics: &mut Diagnostics) -> Option<Alertmanager> {
    let decoder = &mut Decoder::new(diagnostics);
    let file = WrittenFile::decode(node, decoder)?;
    let route = file.route.map(|route| read_route(route, decoder));
    let Some(route) = route else {
        check::no_route(node, decoder);
        return None;
    };
    let inhibitions = file.inhibit_rules.into_iter().flatten().map(|one| read_inhibition(one, decoder)).collect();
    let written_times = file.time_intervals.into_iter().chain(file.mute_time_intervals).flatten();
    let read = Alertmanager {
        global: file.global.map(|raw| raw.node),
        has_templates: file.templates.is_some_and(|templates| !templates.is_empty()),
        route,
        inhibitions,
        receivers: file.receivers.unwrap_or_default(),
        times: written_times.map(|time| read_time(time, decoder)).collect(),
    };
    check::names(&read, decoder);
    check::tree(&read.route, decoder);
    Some(read)
}

fn read_route(written: WrittenRoute, decoder: &mut Decoder) -> Route {
    let mut matchers = matchers::of_map(written.r#match, MatchOp::Equal, decoder);
    matchers.extend(matchers::of_map(written.match_re, MatchOp::Regex, decoder));
    matchers.extend(written.matchers.unwrap_or_default().0);
    let receiver = written.receiver.as_ref().map(|receiver| receiver.span);
    let place = seen(&matchers).or(receiver).unwrap_or_else(|| start(written.span.0));
    Route {
        receiver: written.receiver,
        matchers,
        group_by: written.group_by,
        group_wait: written.group_wait,
        group_interval: written.group_interval,
        repeat_interval: written.repeat_interval,
        mute: written.mute_time_intervals.unwrap_or_default(),
        active: written.active_time_intervals.unwrap_or_default(),
        continues: written.r#continue,
        routes: written.routes.into_iter().flatten().map(|route| read_route(route, decoder)).collect(),
        place,
    }
}

fn read_inhibition(written: WrittenInhibition, decoder: &mut Decoder) -> Inhibition {
    let mut source = matchers::of_map(written.source_match, MatchOp::Equal, decoder);
    source.extend(matchers::of_map(written.source_match_re, MatchOp::Regex, decoder));
    source.extend(written.source_matchers.unwrap_or_default().0);
    let mut target = matchers::of_map(written.target_match, MatchOp::Equal, decoder);
    target.extend(matchers::of_map(written.target_match_re, MatchOp::Regex, decoder));
    target.extend(written.target_matchers.unwrap_or_default().0);
    let place = seen(&source).or(seen(&target)).unwrap_or_else(|| start(written.span.0));
    Inhibition { source, target, equal: written.equal.unwrap_or_default(), place }
}

fn read_time(written: WrittenTime, decoder: &mut Decoder) -> NamedTime {
    let times = written.time_intervals.into_iter().flatten();
    NamedTime { name: written.name, times: times.filter_map(|one| times::read(one, decoder)).collect() }
}

/// The first condition.
fn seen(matchers: &[Matcher]) -> Option<Span> {
    matchers.first().map(|first| first.place)
}

/// The first letter of something long.
fn start(span: Span) -> Span {
    Span { end: (span.start + 1).min(span.end), ..span }
}
