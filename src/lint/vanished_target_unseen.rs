//! Alerts that a vanished target silences.

use super::series::job_of;
use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::info;
use crate::promql::ask::{self, leaves};
use crate::promql::{Binary, BinaryOp, Expr, Kind, MatchOp, Selector};

pub(super) static LINT: Lint = Lint {
    code: info(
        "vanished-target-unseen",
        Alert,
        "An alert on `up` that says nothing of a target that has vanished",
        r#"
`up` is 0 when a scrape fails. A target that discovery no longer finds is not scraped at all: its `up` is gone, `up == 0`
returns nothing, and the alert resolves while the service is as dead as before.

Add an alert on `absent(up{job="..."})`, or compare how many there are with how many there should be. What a spec
describes has both: the compiler writes them for every job.

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
          - {alert: ApiDown, expr: 'up{job="api"} == 0', for: 5m}
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
          - {alert: ApiDown, expr: 'up{job="api"} == 0 or absent(up{job="api"})', for: 5m}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    let guards: Vec<&Selector> = queries.expressions.iter().flat_map(|expression| guarded(expression.expr)).collect();
    for (expression, alert) in queries.alerts() {
        let Some(selector) = only_down(expression.expr) else { continue };
        let job = job_of(selector);
        if guards.iter().any(|guard| job_of(guard).is_none() || job_of(guard) == job || is_pattern(guard)) {
            continue;
        }
        let diagnostic = Diagnostic::new(
            &LINT.code,
            expression.locate(expression.expr.at),
            format!("`{}` says nothing of a target that has vanished", alert.name),
        )
        .label("gone with the target")
        .note("discovery that loses the target resolves the alert while the service is down")
        .help("add an alert on `absent(up{...})`, or on how many there are");
        findings.report(diagnostic);
    }
}

/// `up == 0`, and nothing else.
fn only_down(expr: &Expr) -> Option<&Selector> {
    match &expr.kind {
        Kind::Paren(inner) => only_down(inner),
        Kind::Binary(Binary { op: BinaryOp::Equal | BinaryOp::Less, left, .. }) => match &left.kind {
            Kind::Selector(selector) if selector.metric_name() == Some("up") => Some(selector),
            _ => None,
        },
        _ => None,
    }
}

/// Selectors of `up` whose absence, or number, is looked at.
fn guarded(expr: &Expr) -> Vec<&Selector> {
    let looks = |leaf: &ask::Leaf| {
        leaf.functions().any(|function| function.starts_with("absent"))
            || leaf.path.iter().any(|step| matches!(step, ask::Step::Aggregate { aggregate, .. } if matches!(aggregate.op, crate::promql::AggregateOp::Count | crate::promql::AggregateOp::Sum)))
    };
    let of_up = leaves(expr).into_iter().filter(|leaf| leaf.selector.metric_name() == Some("up") && looks(leaf));
    of_up.map(|leaf| leaf.selector).collect()
}

fn is_pattern(selector: &Selector) -> bool {
    selector.matchers.iter().any(|matcher| matcher.label == "job" && matcher.op == MatchOp::Regex)
}
