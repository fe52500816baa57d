//! Comparisons that come out one way only.

use super::series::{Expression, Owner};
use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::promql::ask::{self, Values, Verdict};
use crate::promql::{Binary, Expr, Kind};
use crate::quantity::print_decimal;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "one-way-comparison",
        Promql,
        "A comparison that never holds, or always",
        r#"
`up` is 0 or 1, a rate is never negative, a part is never more than its whole. A comparison with a number outside of
what a value can be comes out the same way every time: an alert on it can never fire, or fires as long as the series is
there. Most often a percentage is compared with a share, or the other way around.

Compare with a number that the value can pass, or bring the value to the scale that the number is in.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      ManyErrors:
        expr: >-
          sum(rate(http_requests_total{job="api", status=~"5.."}[5m])) / sum(rate(http_requests_total{job="api"}[5m])) > 5
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
      ManyErrors:
        expr: >-
          sum(rate(http_requests_total{job="api", status=~"5.."}[5m])) / sum(rate(http_requests_total{job="api"}[5m])) > 0.05
        severity: critical
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        ask::visit(expression.expr, None, &mut |node, _| {
            let Kind::Binary(binary) = &node.kind else { return };
            // A recording rule may well ask what is always so: `count(up) by (job) > bool 0`.
            if binary.op.is_comparison() && !binary.return_bool {
                look(queries, expression, node, binary, findings);
            }
        });
    }
}

fn look(queries: &Queries, expression: &Expression, node: &Expr, binary: &Binary, findings: &mut Findings) {
    let known = |selector: &crate::promql::Selector| queries.facts.values(selector);
    let (left, right) = (ask::values(&binary.left, &known), ask::values(&binary.right, &known));
    // Two numbers are a switch that somebody set on purpose.
    if is_number(&binary.left) == is_number(&binary.right) {
        return;
    }
    let Some(verdict) = ask::verdict(binary.op, left, right) else { return };
    let (values, side) = if is_number(&binary.right) { (left, &binary.left) } else { (right, &binary.right) };
    let is_alert = matches!(expression.owner, Owner::Alert(_));
    let (message, note) = match verdict {
        Verdict::Never if is_alert => ("this comparison never holds", "the alert can never fire"),
        Verdict::Never => ("this comparison never holds", "nothing ever comes out"),
        Verdict::Always if is_alert => {
            ("this comparison always holds", "it asks nothing: the alert fires as long as the series is there")
        }
        Verdict::Always => ("this comparison always holds", "it leaves everything as it is"),
    };
    let diagnostic = Diagnostic::new(&LINT.code, expression.locate(node.at), message)
        .also(expression.locate(side.at), described(values))
        .note(note)
        .help("compare with a number that the value can pass, or bring both to one scale");
    findings.report(diagnostic);
}

fn is_number(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Number(_) => true,
        Kind::Paren(inner) | Kind::Unary { expr: inner, .. } => is_number(inner),
        _ => false,
    }
}

fn described(values: Values) -> String {
    match (values.low, values.high) {
        (Some(low), Some(high)) if low == high => format!("always {}", print_decimal(low)),
        (Some(low), Some(high)) => format!("from {} to {}", print_decimal(low), print_decimal(high)),
        (Some(low), None) => format!("never below {}", print_decimal(low)),
        (None, Some(high)) => format!("never above {}", print_decimal(high)),
        (None, None) => "anything".to_owned(),
    }
}
