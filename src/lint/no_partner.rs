//! Operators whose two sides never meet.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::diagnostics::{Diagnostic, listed};
use crate::promql::BinaryOp;
use crate::promql::ask::{self, Operands};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "no-partner",
        Promql,
        "An operator whose two sides share no labels",
        r#"
Prometheus joins two vectors label by label. Where one side always has a label that the other never has, no series finds
a partner: the result is empty, whatever happens. An alert on it can never fire, and `unless` takes nothing away.

Match by the labels that both have (`and on (instance)`), take the label along (`group_left`), or aggregate it away.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      ErrorsWhileUp:
        expr: sum(rate(http_requests_total{job="api", status=~"5.."}[5m])) > 1 and up{job="api"} == 1
        for: 5m
        severity: critical
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      ErrorsWhileUp:
        expr: sum(rate(http_requests_total{job="api", status=~"5.."}[5m])) > 1 and on () up{job="api"} == 1
        for: 5m
        severity: critical
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        for operands in ask::operands_with(expression.expr, &|selector| queries.facts.labels(selector)) {
            // Quotients have a rule of their own, and `or` takes everything.
            if matches!(operands.binary.op, BinaryOp::Div | BinaryOp::Or) {
                continue;
            }
            let labels = operands.impossible_labels();
            if labels.is_empty() {
                continue;
            }
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            let message =
                format!("one side of `{}` has {}, the other never does", operands.binary.op.sign(), listed(&labels));
            let diagnostic = Diagnostic::new(&LINT.code, expression.locate(operands.left.expr.at), message)
                .label(described(&operands, true))
                .also(expression.locate(operands.right.expr.at), described(&operands, false))
                .note(consequence(operands.binary.op))
                .help(format!("match by what both have (`on (...)`), or aggregate {} away", listed(&labels)));
            findings.report(diagnostic);
        }
    }
}

fn described(operands: &Operands, left: bool) -> String {
    let side = if left { &operands.left } else { &operands.right };
    let certain: Vec<&str> = side.labels.certain().filter(|label| *label != "__name__").collect();
    match (side.labels.all(), certain.is_empty()) {
        (Some(all), _) if all.is_empty() => "no labels".to_owned(),
        (_, false) => format!("has {}", listed(&certain)),
        (Some(all), true) => format!("has at most {}", listed(&all)),
        (None, true) => "has the labels of its metric".to_owned(),
    }
}

fn consequence(op: BinaryOp) -> &'static str {
    if op == BinaryOp::Unless {
        "no series finds a partner: nothing is ever taken away"
    } else {
        "no series finds a partner: the result is always empty"
    }
}
