//! Inhibitions whose two sides are one.

use super::routing::{Condition, Inhibition, covered};
use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "inhibits-itself",
        Route,
        "An inhibition by and of the same alerts",
        r"
Alertmanager lets no alert that is on both sides of an inhibition be kept quiet by another that is on both sides, or every
such alert would silence itself. An inhibition whose two sides are the same alerts, or whose sources are all among its
targets and all targets among its sources, does nothing.

Say what is worse on the one side and what follows from it on the other.

```yaml bad
route: {receiver: chat}
receivers: [{name: chat}]
inhibit_rules:
  - {source_matchers: ['severity=critical'], target_matchers: ['severity=critical'], equal: [service]}
```

```yaml good
route: {receiver: chat}
receivers: [{name: chat}]
inhibit_rules:
  - {source_matchers: ['severity=critical'], target_matchers: ['severity=warning'], equal: [service]}
```
",
    ),
    check: Check::Routing(check),
};

fn check(routing: &Routing, findings: &mut Findings) {
    for inhibition in routing.inhibitions.iter().filter(|one| is_one(one)) {
        let diagnostic =
            Diagnostic::new(&LINT.code, inhibition.place, "both sides of this inhibition are the same alerts")
                .label("also the target")
                .note("Alertmanager lets no alert inhibit itself: nothing is kept quiet")
                .help("name what is worse as the source, and what follows from it as the target");
        findings.report(diagnostic);
    }
}

fn is_one(inhibition: &Inhibition) -> bool {
    let all = |conditions: &[Condition], others: &[Condition]| {
        let conditions: Vec<&Condition> = conditions.iter().collect();
        covered(&conditions, &[others.iter().collect()]).is_some()
    };
    all(&inhibition.source, &inhibition.target) && all(&inhibition.target, &inhibition.source)
}
