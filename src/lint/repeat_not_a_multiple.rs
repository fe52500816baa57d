//! Reminders that come later than they are asked for.

use super::{Check, Context, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;
use crate::quantity::Duration;
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "repeat-not-a-multiple",
        Route,
        "A repeat interval that is no multiple of the group interval",
        r"
Alertmanager looks at a group once every group interval, and sends a reminder at the first look after the repeat interval
has passed. Reminders every 12 minutes of a group that is looked at every 5 come every 15.

Make the repeat interval a multiple of the group interval.

```yaml bad
bellwether: 1
platform: shop
channels: {oncall: {webhook: {url: https://oncall.example.com}}}
severities:
  critical: {notify: [oncall], repeat: 12m, group_interval: 5m}
```

```yaml good
bellwether: 1
platform: shop
channels: {oncall: {webhook: {url: https://oncall.example.com}}}
severities:
  critical: {notify: [oncall], repeat: 15m, group_interval: 5m}
```
",
    ),
    check: Check::Told(severities, nodes),
};

fn severities(context: &Context, findings: &mut Findings) {
    let platform = context.platform;
    for severity in &platform.severities {
        compare(severity.repeat.value, severity.group_interval.value, severity.repeat.span, findings);
    }
    for route in &platform.routes {
        let Some(repeat) = route.repeat else { continue };
        let concerned = platform.severities.iter().filter(|severity| {
            route.severities.is_empty() || route.severities.iter().any(|name| name.value == severity.name.value)
        });
        let mut intervals = concerned.map(|severity| severity.group_interval.value);
        if let Some(interval) = intervals.find(|interval| late(repeat.value, *interval).is_some()) {
            compare(repeat.value, interval, repeat.span, findings);
        }
    }
}

/// Routes of an alertmanager.yml. What a route inherits was said above it.
fn nodes(routing: &Routing, findings: &mut Findings) {
    routing.root.each(&mut |node, above| {
        let (repeat, group) = (node.repeat_interval, node.group_interval);
        let is_new = above.last().is_none_or(|one| one.repeat_interval != repeat || one.group_interval != group);
        if let Some(place) = repeat.place.or(group.place).filter(|_| is_new) {
            compare(repeat.value, group.value, place, findings);
        }
    });
}

/// When the reminder comes, if that is later than asked for.
fn late(repeat: Duration, interval: Duration) -> Option<Duration> {
    let (repeat, interval) = (repeat.as_millis(), interval.as_millis());
    let is_late = interval > 0 && repeat > interval && !repeat.is_multiple_of(interval);
    is_late.then(|| Duration::millis(repeat.div_ceil(interval) * interval))
}

fn compare(repeat: Duration, interval: Duration, place: Span, findings: &mut Findings) {
    let Some(comes) = late(repeat, interval) else { return };
    let message = format!("reminders every {repeat} of groups that are looked at every {interval}");
    let diagnostic = Diagnostic::new(&LINT.code, place, message)
        .note(format!("a reminder comes every {comes}"))
        .help(format!("write a multiple of {interval}: {comes}"));
    findings.report(diagnostic);
}
