//! Inhibitions of, or by, alerts that do not exist.

use super::routing::Condition;
use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "inhibition-matches-nothing",
        Route,
        "An inhibition by an alert, or of one, that does not exist",
        r"
An inhibition names an alert, a service or another label that no rule has. It was renamed or misspelt, and keeps nothing
quiet: the messages that it was to save come all at once, in the night in which everything is down.

Mend the name, or remove the inhibition. It is said only where the rules are known: give their files together with the
alertmanager.yml. A severity that no alert has yet is no mistake, unless it looks like one that some have.

```yaml bad
groups:
  - name: shop
    rules:
      - {alert: DatabaseDown, expr: pg_up == 0, for: 5m, labels: {severity: critical}}
      - {alert: ApiSlow, expr: slow_requests > 5, for: 10m, labels: {severity: warning}}
---
route: {receiver: chat}
receivers: [{name: chat}]
inhibit_rules:
  - source_matchers: ['alertname=DatabaseIsDown']
    target_matchers: ['alertname=ApiSlow']
```

```yaml good
groups:
  - name: shop
    rules:
      - {alert: DatabaseDown, expr: pg_up == 0, for: 5m, labels: {severity: critical}}
      - {alert: ApiSlow, expr: slow_requests > 5, for: 10m, labels: {severity: warning}}
---
route: {receiver: chat}
receivers: [{name: chat}]
inhibit_rules:
  - source_matchers: ['alertname=DatabaseDown']
    target_matchers: ['alertname=ApiSlow']
```
",
    ),
    check: Check::Routing(check),
};

fn check(routing: &Routing, findings: &mut Findings) {
    for inhibition in &routing.inhibitions {
        for (conditions, what) in [(&inhibition.source, "keeps others quiet"), (&inhibition.target, "is kept quiet")] {
            look(routing, conditions, what, inhibition.place, findings);
        }
    }
}

fn look(routing: &Routing, conditions: &[Condition], what: &str, place: Span, findings: &mut Findings) {
    let Some(unmet) = routing.unmet(conditions) else { return };
    let message = match unmet.condition {
        Some(condition) => format!("no alert has this `{}`: nothing {what}", condition.label),
        None => format!("no alert meets all of these conditions: nothing {what}"),
    };
    let first = unmet.condition.or(conditions.first()).and_then(|condition| condition.place);
    let diagnostic = Diagnostic::new(&LINT.code, first.unwrap_or(place), message)
        .label("met by no alert")
        .note("this inhibition keeps nothing quiet");
    findings.report(match unmet.meant {
        Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
        None => diagnostic.help("mend the condition, or remove the inhibition"),
    });
}
