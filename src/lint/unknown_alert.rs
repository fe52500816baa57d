//! Alerts that are asked for and not there.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;
use std::collections::BTreeSet;

use crate::promql::{MatchOp, ask};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "unknown-alert",
        Alert,
        "An expression that asks for an alert which nobody raises",
        r#"
`ALERTS{alertname="..."}` is one when an alert of that name fires. A name that no rule raises is never there: what is made
to depend on it never happens, or always.

Write the name of an alert that there is.

```yaml bad
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {alert: TargetDown, expr: up == 0, for: 5m}
          - {alert: AllDown, expr: 'count(ALERTS{alertname="TargetsDown", alertstate="firing"}) > 5', for: 5m}
```

```yaml good
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {alert: TargetDown, expr: up == 0, for: 5m}
          - {alert: AllDown, expr: 'count(ALERTS{alertname="TargetDown", alertstate="firing"}) > 5', for: 5m}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    let mut raised: BTreeSet<&str> = queries.facts.raised().collect();
    raised.extend(queries.alerts().map(|(_, alert)| alert.name));
    for expression in &queries.expressions {
        for leaf in ask::leaves(expression.expr) {
            if !matches!(leaf.selector.metric_name(), Some("ALERTS" | "ALERTS_FOR_STATE")) {
                continue;
            }
            let named =
                |matcher: &&crate::promql::Matcher| matcher.label == "alertname" && matcher.op == MatchOp::Equal;
            let Some(name) = leaf.selector.matchers.iter().find(named) else { continue };
            if raised.contains(name.value.as_str()) {
                continue;
            }
            let diagnostic = Diagnostic::new(
                &LINT.code,
                expression.locate(name.at),
                format!("nobody raises an alert `{}`", name.value),
            )
            .note("its series are never there")
            .suggest(&name.value, raised.iter().copied());
            findings.report(diagnostic);
        }
    }
}
