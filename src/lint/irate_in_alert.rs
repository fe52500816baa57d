//! Alerts on the last two samples.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;
use crate::promql::{Kind, ask};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "irate-in-alert",
        Alert,
        "An alert on the rate between two samples",
        r#"
`irate` looks at the last two samples of its range only. One quiet scrape is enough to make the condition false and to
begin the wait anew, one busy scrape to make it true: the alert tells of single scrapes, not of the last minutes.

Use `rate`; `irate` is for graphs of things that change fast.

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
          - {alert: Busy, expr: 'irate(http_requests_total[5m]) > 100', for: 5m}
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
            if !matches!(&node.kind, Kind::Call(call) if &*call.function == "irate") {
                return;
            }
            let place = expression.locate(node.at);
            let diagnostic = Diagnostic::new(&LINT.code, place, format!("`{}` looks at two samples only", alert.name))
                .note("one quiet scrape begins its wait anew")
                .help("use `rate`");
            findings.report(diagnostic);
        });
    }
}
