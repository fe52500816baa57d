//! Groups by labels that alerts do not have.

use super::routing::{Alert, Reached};
use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;
use crate::diagnostics::{Diagnostic, nearest};
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "group-by-label-absent",
        Route,
        "Messages grouped by a label that the alerts do not have",
        r"
Alerts are gathered into one message when they agree in the labels of `group_by`. Alerts that have none of these labels all
agree: they become one group, and the message about the second problem comes hidden in a reminder of the first. A label
that is misspelt does not tell them apart either.

Group by labels that the alerts of the route have. A label that is merely not there yet, beside others that are, is not
reported. Labels that Prometheus adds to everything are known from a prometheus.yml or a file of facts beside it.

```yaml bad
facts: {external_labels: [cluster]}
---
groups:
  - name: shop
    rules:
      - {alert: QueueFull, expr: sum by (queue) (queue_length) > 100, for: 10m, labels: {service: shop}}
---
route: {receiver: chat, group_by: [alertname, servcie]}
receivers: [{name: chat}]
```

```yaml good
facts: {external_labels: [cluster]}
---
groups:
  - name: shop
    rules:
      - {alert: QueueFull, expr: sum by (queue) (queue_length) > 100, for: 10m, labels: {service: shop}}
---
route: {receiver: chat, group_by: [alertname, service]}
receivers: [{name: chat}]
```
",
    ),
    check: Check::Routing(check),
};

fn check(routing: &Routing, findings: &mut Findings) {
    let delivered = routing.delivered();
    let mut said: Vec<Span> = Vec::new();
    routing.root.each(&mut |node, _| {
        let comes = |reached: &[Reached]| reached.iter().any(|reached| reached.node.number == node.number);
        // Of a route that nothing reaches there is nothing to say.
        let here = delivered.iter().filter(|(_, reached)| comes(reached));
        let alerts: Vec<&Alert> = here.map(|(alert, _)| *alert).collect();
        let absent = |label: &str| alerts.iter().all(|alert| alert.lacks(label));
        if alerts.is_empty() || node.group_by.iter().any(|label| label.value == "...") {
            return;
        }
        let none =
            alerts.len() > 1 && !node.group_by.is_empty() && node.group_by.iter().all(|label| absent(&label.value));
        for label in node.group_by.iter().filter(|label| absent(&label.value)) {
            let known: Vec<String> = alerts.iter().flat_map(|alert| alert.labels()).collect();
            let known = known.iter().map(String::as_str).filter(|known| !absent(known));
            let meant =
                nearest(&label.value, known).filter(|near| node.group_by.iter().all(|label| label.value != **near));
            if (meant.is_none() && !none) || said.contains(&label.span) {
                continue;
            }
            said.push(label.span);
            let message = format!("no alert that comes here has the label `{}`", label.value);
            let diagnostic = Diagnostic::new(&LINT.code, label.span, message).label("on none of them").note(if none {
                "all of them become one group: the second problem hides in a message about the first"
            } else {
                "it tells no alerts apart"
            });
            findings.report(match meant {
                Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
                None => diagnostic.help("group by labels that the alerts have: `[alertname]`"),
            });
        }
    });
}
