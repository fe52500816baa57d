//! Inhibitions that reach everywhere.

use super::routing::Condition;
use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "inhibition-without-equal",
        Route,
        "An inhibition by any alert of a kind, not limited to what both are about",
        r"
While any alert of that kind fires, every alert of the other kind is quiet, whatever it is about: a critical alert of one
service hides the warnings of all others. Only `equal` says that both must be about the same thing.

Name the labels that both have: `equal: [alertname, service]`. An inhibition whose source is named (`alertname`) may mean
everything, and is not reported.

```yaml bad
route: {receiver: chat}
receivers: [{name: chat}]
inhibit_rules:
  - source_matchers: ['severity=critical']
    target_matchers: ['severity=warning']
```

```yaml good
route: {receiver: chat}
receivers: [{name: chat}]
inhibit_rules:
  - source_matchers: ['severity=critical']
    target_matchers: ['severity=warning']
    equal: [alertname, service]
```
",
    ),
    check: Check::Routing(check),
};

fn check(routing: &Routing, findings: &mut Findings) {
    for inhibition in routing.inhibitions.iter().filter(|one| one.equal.is_empty()) {
        if is_named(&inhibition.source) || is_named(&inhibition.target) {
            continue;
        }
        let diagnostic = Diagnostic::new(&LINT.code, inhibition.place, "any such alert keeps all of the others quiet")
            .label("whatever it is about")
            .note("an alert of one service hides those of every other")
            .help("limit it: `equal: [alertname, service]`, or whatever labels both have");
        findings.report(diagnostic);
    }
}

/// Whether conditions name alerts, and so mean something in particular.
fn is_named(conditions: &[Condition]) -> bool {
    conditions.iter().any(|condition| condition.label == "alertname" && condition.wants.listed().is_some())
}
