//! Whether a route with times ever tells anybody.

use std::collections::BTreeMap;

use super::Node;
use crate::plain::alertmanager::{DAY, NamedTime, Times};

/// The minutes of a week.
type Minutes = Vec<bool>;

/// Whether the node's times leave no minute in which it tells somebody.
pub(in crate::lint) fn is_never(node: &Node, times: &BTreeMap<&str, &NamedTime>) -> bool {
    let of = |names: &[crate::source::Spanned<String>]| -> Option<Vec<Times>> {
        let known = names.iter().map(|name| times.get(name.value.as_str()).map(|time| time.times.clone()));
        known.collect::<Option<Vec<_>>>().map(|times| times.concat())
    };
    let (Some(mute), Some(active)) = (of(&node.mute), of(&node.active)) else { return false };
    if !node.active.is_empty() && active.is_empty() {
        return true;
    }
    let zones: std::collections::BTreeSet<&str> = mute.iter().map(|times| times.location.as_str()).collect();
    zones.into_iter().any(|zone| {
        // Dates leave out days: such a time mutes only some of its minutes, and may be active in any.
        let muted = union(mute.iter().filter(|times| times.location == zone && !times.has_dates));
        let open = if active.iter().all(|times| times.location == zone) && !node.active.is_empty() {
            union(active.iter())
        } else {
            vec![true; week()]
        };
        open.iter().zip(&muted).all(|(open, muted)| !open || *muted)
    })
}

fn week() -> usize {
    usize::from(DAY) * 7
}

fn union<'t>(all: impl Iterator<Item = &'t Times>) -> Minutes {
    let mut minutes = vec![false; week()];
    for times in all {
        let whole = [(0, DAY)];
        let hours = if times.hours.is_empty() { whole.as_slice() } else { &times.hours };
        for day in (0..7).filter(|day| times.weekdays.is_empty() || times.weekdays.contains(day)) {
            for (from, to) in hours {
                let start = day * usize::from(DAY);
                let range = start + usize::from(*from)..start + usize::from(*to);
                minutes.get_mut(range).into_iter().flatten().for_each(|minute| *minute = true);
            }
        }
    }
    minutes
}
