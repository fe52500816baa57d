//! Averages of quotients of rates.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::promql::{Aggregate, AggregateOp, BinaryOp, Expr, Kind, ask};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "sum-of-ratios",
        Promql,
        "An average or sum of quotients of rates",
        r#"
The average of the error ratios of ten instances is not the error ratio of the ten: one with a single failed request weighs
as much as one with a million good ones. And one without any traffic divides zero by zero: its NaN makes the whole sum NaN,
and no comparison with NaN holds.

Add up both sides first, then divide: `sum(rate(a)) / sum(rate(b))`.

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
          - {record: 'job:latency:mean5m', expr: 'avg by (job) (rate(http_request_duration_seconds_sum[5m]) / rate(http_request_duration_seconds_count[5m]))'}
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
          - {record: 'job:latency:mean5m', expr: 'sum by (job) (rate(http_request_duration_seconds_sum[5m])) / sum by (job) (rate(http_request_duration_seconds_count[5m]))'}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        ask::visit(expression.expr, None, &mut |node, _| {
            let Kind::Aggregate(Aggregate { op: op @ (AggregateOp::Sum | AggregateOp::Avg), expr, .. }) = &node.kind
            else {
                return;
            };
            let Some(quotient) = quotient_of_rates(expr) else { return };
            let message = format!("`{}` of quotients: each weighs the same, whatever its traffic", op.word());
            let diagnostic = Diagnostic::new(&LINT.code, expression.locate(quotient.at), message)
                .note("one series without traffic is 0 / 0: the whole becomes NaN, and no comparison with that holds")
                .help("add up both sides first, then divide: `sum(rate(a)) / sum(rate(b))`");
            findings.report(diagnostic);
        });
    }
}

fn quotient_of_rates(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        Kind::Paren(inner) => quotient_of_rates(inner),
        Kind::Binary(binary) if binary.op == BinaryOp::Div => {
            (is_rate(&binary.left) && is_rate(&binary.right)).then_some(expr)
        }
        _ => None,
    }
}

fn is_rate(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Paren(inner) => is_rate(inner),
        Kind::Call(call) => matches!(&*call.function, "rate" | "irate" | "increase"),
        _ => false,
    }
}
