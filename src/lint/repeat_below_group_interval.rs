//! Reminders that cannot come as often as they should.

use super::{Check, Context, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;
use crate::model::{Platform, Severity};
use crate::quantity::Duration;
use crate::source::Spanned;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "repeat-below-group-interval",
        Route,
        "A repeat interval shorter than the group interval",
        r"
Alertmanager looks at a group once every group interval, and only then asks itself whether it is time for a
reminder. A repeat interval that is shorter promises reminders that never come: they come as often as the group is
looked at.

Make `repeat` a multiple of `group_interval`, or shorten the latter.

```yaml bad
bellwether: 1
platform: shop
channels: {oncall: {webhook: {url: https://oncall.example.com}}}
severities:
  critical: {notify: [oncall], repeat: 2m, group_interval: 5m}
```

```yaml good
bellwether: 1
platform: shop
channels: {oncall: {webhook: {url: https://oncall.example.com}}}
severities:
  critical: {notify: [oncall], repeat: 1h, group_interval: 5m}
```
",
    ),
    check: Check::Told(check, nodes),
};

fn check(context: &Context, findings: &mut Findings) {
    let platform = context.platform;
    for severity in &platform.severities {
        compare(context, severity, severity.repeat, findings);
    }
    for route in &platform.routes {
        let Some(repeat) = route.repeat else { continue };
        if let Some(severity) =
            severities(platform, &route.severities).find(|one| repeat.value < one.group_interval.value)
        {
            compare(context, severity, repeat, findings);
        }
    }
}

/// The severities that a route is about.
fn severities<'a>(platform: &'a Platform, named: &'a [Spanned<String>]) -> impl Iterator<Item = &'a Severity> {
    let is_meant =
        |severity: &&Severity| named.is_empty() || named.iter().any(|name| name.value == severity.name.value);
    platform.severities.iter().filter(is_meant)
}

fn compare(context: &Context, severity: &Severity, repeat: Spanned<Duration>, findings: &mut Findings) {
    let interval = severity.group_interval;
    if repeat.value >= interval.value || repeat.value.is_zero() {
        return;
    }
    let message = format!("reminders every {}, but groups are looked at every {}", repeat.value, interval.value);
    let mut diagnostic = Diagnostic::new(&LINT.code, repeat.span, message)
        .note(format!("a reminder comes every {} at the soonest", interval.value))
        .help(format!("repeat after {} or a multiple of it, or give a shorter `group_interval`", interval.value));
    let mut written = context.spec.severities.iter();
    let written =
        written.find(|(name, _)| name.as_str() == severity.name.value).and_then(|(_, one)| one.group_interval);
    if let Some(written) = written {
        diagnostic = diagnostic.also(written.span, "looked at this often");
    }
    findings.report(diagnostic);
}

/// Routes of an alertmanager.yml. What a route inherits was said above it.
fn nodes(routing: &Routing, findings: &mut Findings) {
    routing.root.each(&mut |node, above| {
        let (repeat, group) = (node.repeat_interval, node.group_interval);
        let is_new = above.last().is_none_or(|one| one.repeat_interval != repeat || one.group_interval != group);
        let Some(place) = repeat.place.or(group.place) else { return };
        if !is_new || repeat.value >= group.value || repeat.value.is_zero() {
            return;
        }
        let message = format!("reminders every {}, but groups are looked at every {}", repeat.value, group.value);
        let mut diagnostic = Diagnostic::new(&LINT.code, place, message)
            .note(format!("a reminder comes every {} at the soonest", group.value))
            .help("make `repeat_interval` a multiple of `group_interval`, or shorten the latter");
        if let Some(group) = group.place.filter(|group| *group != place) {
            diagnostic = diagnostic.also(group, "looked at this often");
        }
        findings.report(diagnostic);
    });
}
