//! Ratios whose sides do not meet.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::diagnostics::{Diagnostic, listed};
use crate::promql::BinaryOp;
use crate::promql::ask::{self, Operands, Side};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "unaggregated-ratio",
        Promql,
        "A ratio of vectors whose series do not meet as meant",
        r#"
An operator between two vectors pairs each series with the one that has the very same labels. Errors over requests
without aggregation pairs the series of status 500 with itself: the ratio is 1, always, and the other series find no
partner. Where only one side is aggregated, no labels are the same, and the result is empty.

Add up both sides first: `sum(rate(errors[5m])) / sum(rate(requests[5m]))`, by the same labels on both.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Errors:
        expr: 'rate(http_requests_total{job="api", status=~"5.."}[5m]) / rate(http_requests_total{job="api"}[5m]) > 0.05'
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
      Errors:
        expr: 'sum(rate(http_requests_total{job="api", status=~"5.."}[5m])) / sum(rate(http_requests_total{job="api"}[5m])) > 0.05'
        severity: critical
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        for operands in ask::operands_with(expression.expr, &|selector| queries.facts.labels(selector))
            .iter()
            .filter(|operands| operands.binary.op == BinaryOp::Div)
        {
            let Some((message, note)) = fault(operands) else { continue };
            let (left, right) = (&operands.left, &operands.right);
            let diagnostic = Diagnostic::new(&LINT.code, expression.locate(left.expr.at), message)
                .label(described(left))
                .also(expression.locate(right.expr.at), described(right))
                .note(note)
                .help("aggregate both sides by the same labels: `sum(...) / sum(...)`");
            findings.report(diagnostic);
        }
    }
}

fn described(side: &Side) -> &'static str {
    if side.is_aggregated() { "added up" } else { "a series for each set of labels" }
}

fn fault(operands: &Operands) -> Option<(String, &'static str)> {
    if operands.is_metric_against_itself() {
        let message = "each series is divided by itself".to_owned();
        return Some((message, "the ratio is 1 where there is one at all, whatever happens"));
    }
    if operands.is_aggregated_on_one_side() {
        let message = "only one side of this ratio is aggregated".to_owned();
        return Some((
            message,
            "the two sides share no labels: the result is empty, or pairs what does not belong together",
        ));
    }
    let labels = operands.impossible_labels();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let message = || format!("one side of this ratio has {}, the other never does", listed(&labels));
    (!labels.is_empty()).then(|| (message(), "no series finds a partner: the result is always empty"))
}
