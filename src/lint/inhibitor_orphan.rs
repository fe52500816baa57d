//! Alerts that exist only to keep others quiet, and do not.

use super::routing::Known;
use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "inhibitor-orphan",
        Route,
        "An alert that is there to inhibit others, and that no inhibition names",
        r"
`InfoInhibitor` and its like are made of other alerts (`ALERTS`), and fire so that an inhibition can use them. Without that
inhibition they are messages about nothing, for hours, and what they should keep quiet is told as well.

Add the inhibition (and a route that tells nobody of the inhibitor), or remove the alert.

```yaml bad
groups:
  - name: general
    rules:
      - alert: InfoInhibitor
        expr: ALERTS{severity='info'} == 1 unless on (namespace) ALERTS{severity=~'warning|critical', alertstate='firing'} == 1
        labels: {severity: none}
---
route: {receiver: chat}
receivers: [{name: chat}]
```

```yaml good
groups:
  - name: general
    rules:
      - alert: InfoInhibitor
        expr: ALERTS{severity='info'} == 1 unless on (namespace) ALERTS{severity=~'warning|critical', alertstate='firing'} == 1
        labels: {severity: none}
---
route: {receiver: chat}
receivers: [{name: chat}]
inhibit_rules:
  - {source_matchers: ['alertname=InfoInhibitor'], target_matchers: ['severity=info'], equal: [namespace]}
```
",
    ),
    check: Check::Routing(check),
};

fn check(routing: &Routing, findings: &mut Findings) {
    for alert in routing.alerts.unwrap_or_default() {
        let Some(place) = alert.place else { continue };
        let is_inhibitor = alert.of_alerts && alert.name.to_lowercase().contains("inhibit");
        let is_used = routing.inhibitions.iter().any(|inhibition| alert.meets(&inhibition.source) != Known::No);
        if is_inhibitor && !is_used {
            let message = format!("`{}` inhibits nothing: no inhibition names it", alert.name);
            let diagnostic = Diagnostic::new(&LINT.code, place, message)
                .note("it fires for hours as a message about nothing, and what it should keep quiet is told as well")
                .help("add an inhibition with it as the source, or remove the alert");
            findings.report(diagnostic);
        }
    }
}
