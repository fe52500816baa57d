//! Alerts without the label that the tree asks for.

use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "alert-without-severity",
        Alert,
        "An alert without a severity, where routes ask for one",
        r"
The routes of the alertmanager.yml beside it tell severities apart, and this alert has none: no rule label sets it, and
its expression does not bring it. No such route takes it, and messages that name the severity have a hole.

Give it `severity`.

```yaml bad
groups:
  - name: shop
    rules:
      - {alert: QueueFull, expr: queue_length > 100, for: 10m}
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

fn check(routing: &Routing, findings: &mut Findings) {
    let mut asked = None;
    routing.root.each(&mut |node, _| {
        let own = node.conditions.iter().find(|condition| condition.label == "severity");
        asked = asked.or(own.and_then(|condition| condition.place));
    });
    let Some(asked) = asked else { return };
    for alert in routing.alerts.unwrap_or_default().iter().filter(|alert| alert.lacks("severity")) {
        let Some(place) = alert.place else { continue };
        let diagnostic = Diagnostic::new(&LINT.code, place, format!("`{}` has no severity", alert.name))
            .also(asked, "routes ask for it")
            .note("no route for a severity takes it")
            .help("add `severity` to its `labels`");
        findings.report(diagnostic);
    }
}
