//! What Alertmanager refuses of a file that is well formed: names that nothing has, an outermost route that is none.

use super::problems::INVALID_ALERTMANAGER;
use super::{Alertmanager, Route};
use crate::decode::Decoder;
use crate::diagnostics::Diagnostic;
use crate::resolve::UNKNOWN_NAME;
use crate::source::{Node, Span, Spanned};

/// Nothing can be delivered without a route.
pub(super) fn no_route(node: &Node, decoder: &mut Decoder) {
    let place = node.as_map().and_then(|map| map.entries.first()).map_or(node.span, |first| first.key.span);
    let diagnostic = refused(place, "no `route`").help("add a `route` with a `receiver`");
    decoder.report(diagnostic);
}

/// Receivers and times are there once, and those that are named are there.
pub(super) fn names(read: &Alertmanager, decoder: &mut Decoder) {
    let receivers: Vec<&Spanned<String>> = read.receivers.iter().map(|receiver| &receiver.name).collect();
    let times: Vec<&Spanned<String>> = read.times.iter().map(|time| &time.name).collect();
    once("receivers", &receivers, decoder);
    once("times", &times, decoder);
    each(&read.route, &mut |route| {
        if let Some(name) = &route.receiver {
            known("receiver", name, &receivers, decoder);
        }
        for name in route.mute.iter().chain(&route.active) {
            known("time interval", name, &times, decoder);
        }
    });
}

fn once(what: &str, names: &[&Spanned<String>], decoder: &mut Decoder) {
    for (index, name) in names.iter().enumerate() {
        if let Some(first) = names.iter().take(index).find(|first| first.value == name.value) {
            let diagnostic = refused(name.span, &format!("two {what} are called `{}`", name.value));
            decoder.report(diagnostic.also(first.span, "first here").help("give one of them another name"));
        }
    }
}

fn known(what: &str, name: &Spanned<String>, names: &[&Spanned<String>], decoder: &mut Decoder) {
    if names.iter().all(|known| known.value != name.value) {
        let diagnostic = Diagnostic::new(&UNKNOWN_NAME, name.span, format!("there is no {what} `{}`", name.value))
            .note("Alertmanager refuses the whole file");
        decoder.report(diagnostic.suggest(&name.value, names.iter().map(|known| known.value.as_str())));
    }
}

/// The outermost route takes everything, and no interval is zero.
pub(super) fn tree(root: &Route, decoder: &mut Decoder) {
    if root.receiver.is_none() {
        let diagnostic = refused(root.place, "the outermost route has no `receiver`");
        decoder.report(diagnostic.help("say who hears of what no other route takes"));
    }
    if let Some(matcher) = root.matchers.first() {
        let diagnostic = refused(matcher.place, "the outermost route has conditions");
        decoder.report(diagnostic.help("it takes every alert: put the conditions on a route below it"));
    }
    if let Some(continues) = root.continues.filter(|continues| continues.value) {
        let diagnostic = refused(continues.span, "the outermost route has `continue`");
        decoder.report(diagnostic.help("there is nothing after it: remove `continue`"));
    }
    if let Some(time) = root.mute.iter().chain(&root.active).next() {
        let diagnostic = refused(time.span, "the outermost route has times");
        decoder.report(diagnostic.help("put them on a route below it"));
    }
    each(root, &mut |route| {
        for interval in [route.group_interval, route.repeat_interval].into_iter().flatten() {
            if interval.value.is_zero() {
                let diagnostic = refused(interval.span, "an interval of no length");
                decoder.report(diagnostic.help("write how often messages may come: `5m`"));
            }
        }
        groups(route, decoder);
    });
}

fn groups(route: &Route, decoder: &mut Decoder) {
    let labels = route.group_by.as_deref().unwrap_or_default();
    if let Some(all) = labels.iter().find(|label| label.value == "...").filter(|_| labels.len() > 1) {
        let diagnostic = refused(all.span, "`...` stands beside other labels");
        decoder.report(diagnostic.help("`...` groups by all labels: it stands alone"));
    }
    for (index, label) in labels.iter().enumerate() {
        if labels.iter().take(index).any(|before| before.value == label.value) {
            let diagnostic = refused(label.span, &format!("`{}` is there twice", label.value));
            decoder.report(diagnostic.help("remove one of them"));
        }
    }
}

fn refused(place: Span, message: &str) -> Diagnostic {
    Diagnostic::new(&INVALID_ALERTMANAGER, place, message).note("Alertmanager refuses the whole file")
}

fn each(route: &Route, visit: &mut impl FnMut(&Route)) {
    visit(route);
    for child in &route.routes {
        each(child, visit);
    }
}
