//! Alerts on the largest few.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;
use crate::promql::{AggregateOp, Kind, ask};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "topk-in-alert",
        Alert,
        "An alert on the largest or smallest few",
        r#"
Which series are among the largest few changes from one evaluation to the next. Each that drops out resolves its alert and
each that comes in begins to wait anew: the alert flaps, or never fires, while something is wrong all the time.

Compare all series with the bound; the largest few belong on a dashboard.

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
          - {alert: Busy, expr: 'topk(3, rate(http_requests_total[5m])) > 100', for: 5m}
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
          - {alert: Busy, expr: 'rate(http_requests_total[5m]) > 100', for: 5m}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for (expression, alert) in queries.alerts() {
        ask::visit(expression.expr, None, &mut |node, _| {
            let Kind::Aggregate(aggregate) = &node.kind else { return };
            if !matches!(
                aggregate.op,
                AggregateOp::Topk | AggregateOp::Bottomk | AggregateOp::Limitk | AggregateOp::LimitRatio
            ) {
                return;
            }
            let message = format!("`{}` fires for whichever series `{}` picks", alert.name, aggregate.op.word());
            let diagnostic = Diagnostic::new(&LINT.code, expression.locate(node.at), message)
                .note("the choice changes from one evaluation to the next: the alert flaps, or never gets through its `for`")
                .help("compare all series with the bound");
            findings.report(diagnostic);
        });
    }
}
