//! Severities that no route knows.

use std::collections::BTreeMap;

use super::routing::{Alert, Known, Value, Wants};
use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;
use crate::diagnostics::{Diagnostic, listed, nearest};
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "alert-falls-through",
        Route,
        "An alert whose severity no route knows, although routes tell severities apart",
        r"
Routes are for `critical` and `warning`, and an alert says `Critical` or `crit`: it falls through to the outermost
receiver, which may be a channel that nobody reads, or tells nobody at all. Alerts of a severity for which there is no
route are reported when the severity looks like one that has a route, or when the outermost receiver has no way of telling
anybody.

Mend the severity, or write a route for it; where nobody shall hear of it, a route to a receiver without integrations says
so.

```yaml bad
groups:
  - name: shop
    rules:
      - {alert: QueueFull, expr: queue_length > 100, for: 10m, labels: {severity: Critical}}
---
route:
  receiver: chat
  routes:
    - {receiver: oncall, matchers: ['severity=critical']}
receivers: [{name: chat}, {name: oncall}]
```

```yaml good
groups:
  - name: shop
    rules:
      - {alert: QueueFull, expr: queue_length > 100, for: 10m, labels: {severity: critical}}
---
route:
  receiver: chat
  routes:
    - {receiver: oncall, matchers: ['severity=critical']}
receivers: [{name: chat}, {name: oncall}]
```
",
    ),
    check: Check::Routing(check),
};

/// Severities that are shown and not told.
const QUIET: [&str; 5] = ["none", "info", "debug", "ignore", "silent"];

fn check(routing: &Routing, findings: &mut Findings) {
    let mut known: Vec<(&Wants, Option<Span>)> = Vec::new();
    routing.root.each(&mut |node, _| {
        let own = node.conditions.iter().filter(|condition| condition.label == "severity");
        known.extend(own.map(|condition| (&condition.wants, condition.place)));
    });
    if known.is_empty() {
        return;
    }
    let mut lost: BTreeMap<String, Vec<&Alert>> = BTreeMap::new();
    for (alert, reached) in routing.delivered() {
        let Value::Is(severity) = alert.value("severity") else { continue };
        let value = Value::Is(severity.clone());
        let has_route = known.iter().any(|(wants, _)| wants.holds(&value) != Known::No);
        let falls = reached.iter().all(|reached| reached.node.number == routing.root.number);
        if !severity.is_empty() && !has_route && falls && alert.place.is_some() {
            lost.entry(severity).or_default().push(alert);
        }
    }
    let routed: Vec<&str> =
        known.iter().filter_map(|(wants, _)| wants.listed()).flatten().map(String::as_str).collect();
    for (severity, alerts) in lost {
        let meant = nearest(&severity, routed.iter().copied());
        let outermost = routing.root.receiver.as_ref();
        let somebody = routing.file.is_some_and(|file| file.receivers.iter().any(|one| !one.integrations.is_empty()));
        let silent = somebody
            && outermost.and_then(|name| routing.receiver(&name.value)).is_some_and(|one| one.integrations.is_empty());
        if meant.is_none() && (!silent || QUIET.contains(&severity.as_str())) {
            continue;
        }
        let names: Vec<&str> = alerts.iter().map(|alert| alert.name.as_str()).collect();
        let place =
            alerts.first().and_then(|alert| alert.set.get("severity").and_then(|(_, place)| *place).or(alert.place));
        let mut diagnostic = Diagnostic::new(&LINT.code, place, format!("no route knows the severity `{severity}`"));
        diagnostic = match outermost {
            Some(receiver) => diagnostic
                .also(
                    receiver.span,
                    if silent { "falls through to here, and tells nobody" } else { "falls through to here" },
                )
                .note(format!("{} would go where everything else goes", listed(&names))),
            None => diagnostic,
        };
        findings.report(match meant {
            Some(meant) => {
                let of = |(wants, place): &(&Wants, Option<Span>)| {
                    place.filter(|_| wants.listed().is_some_and(|texts| texts.iter().any(|text| text == meant)))
                };
                let diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
                match known.iter().find_map(of) {
                    Some(place) => diagnostic.also(place, format!("a route is for `{meant}`")),
                    None => diagnostic,
                }
            }
            None => diagnostic.help("write a route for it; to nobody, if that is what you want"),
        });
    }
}
