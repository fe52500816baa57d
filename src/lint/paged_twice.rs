//! One alert that wakes people twice.

use super::routing::{Node, Reached};
use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;
use crate::diagnostics::{Diagnostic, listed};
use crate::plain::alertmanager::Receiver;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "paged-twice",
        Route,
        "An alert that pages through two routes at once",
        r"
A route that says `continue: true` and a later one both take the alert, and both lead to a pager: two people get up for one
problem, or one person answers two calls. It happens when `continue` was meant for a route to a chat.

Take away one of them. Routes that wait longer (`group_wait`), as an escalation does, and routes with times are not
reported.

```yaml bad
groups:
  - name: shop
    rules:
      - {alert: QueueFull, expr: queue_length > 100, for: 10m, labels: {severity: critical, team: shop}}
---
route:
  receiver: chat
  routes:
    - {receiver: shop, matchers: ['team=shop'], continue: true}
    - {receiver: oncall, matchers: ['severity=critical']}
receivers:
  - {name: chat}
  - {name: shop, opsgenie_configs: [{api_key_file: /run/secrets/opsgenie}]}
  - {name: oncall, pagerduty_configs: [{routing_key_file: /run/secrets/pagerduty}]}
```

```yaml good
groups:
  - name: shop
    rules:
      - {alert: QueueFull, expr: queue_length > 100, for: 10m, labels: {severity: critical, team: shop}}
---
route:
  receiver: chat
  routes:
    - {receiver: shop, matchers: ['team=shop'], continue: true}
    - {receiver: oncall, matchers: ['severity=critical']}
receivers:
  - {name: chat}
  - {name: shop, slack_configs: [{api_url_file: /run/secrets/slack, channel: '#shop'}]}
  - {name: oncall, pagerduty_configs: [{routing_key_file: /run/secrets/pagerduty}]}
```
",
    ),
    check: Check::Routing(check),
};

/// Integrations whose purpose is to wake people.
const PAGERS: [&str; 4] = ["incidentio_configs", "opsgenie_configs", "pagerduty_configs", "victorops_configs"];

fn check(routing: &Routing, findings: &mut Findings) {
    let pages = |node: &Node| {
        let receiver = node.receiver.as_ref().and_then(|name| routing.receiver(&name.value));
        receiver.is_some_and(is_pager) && node.mute.is_empty() && node.active.is_empty()
    };
    let mut pairs: Vec<(&Node, &Node, Vec<&str>)> = Vec::new();
    let delivered = routing.delivered();
    for (alert, reached) in &delivered {
        let paging: Vec<&Reached> = reached.iter().filter(|reached| reached.surely && pages(reached.node)).collect();
        let [first, second, ..] = paging.as_slice() else { continue };
        if first.node.group_wait != second.node.group_wait {
            continue;
        }
        let same = |(one, other, _): &&mut (&Node, &Node, Vec<&str>)| {
            (one.number, other.number) == (first.node.number, second.node.number)
        };
        match pairs.iter_mut().find(same) {
            Some((_, _, alerts)) => alerts.push(&alert.name),
            None => pairs.push((first.node, second.node, vec![&alert.name])),
        }
    }
    for (first, second, mut alerts) in pairs {
        alerts.dedup();
        let Some(place) = second.place else { continue };
        let message = format!("{} {} twice", listed(&alerts), if alerts.len() == 1 { "pages" } else { "page" });
        let name = |node: &Node| {
            node.receiver.as_ref().map_or(String::new(), |name| format!("`{}` is paged here", name.value))
        };
        let mut diagnostic = Diagnostic::new(&LINT.code, place, message).label(name(second));
        if let Some(place) = first.place {
            diagnostic = diagnostic.also(place, name(first));
        }
        diagnostic = diagnostic.note("two calls for one problem");
        findings.report(diagnostic.help("take `continue` away, or lead one of the routes to a chat"));
    }
}

fn is_pager(receiver: &Receiver) -> bool {
    receiver.integrations.iter().any(|integration| PAGERS.contains(&integration.kind.value.as_str()))
}
