//! Alerts without a condition.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;
use crate::promql::{Kind, ask};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "always-firing",
        Alert,
        "An alert whose expression is no condition",
        r#"
An alert fires for every series that its expression returns. An expression without a comparison returns something as
long as its series are there, whatever their values: the alert fires at once and for ever, until people stop to look.

Compare with a bound. An alert that is to fire all the time, as a dead man's switch, is `vector(1)`.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Errors: {expr: 'sum(rate(http_requests_total{job="api", status=~"5.."}[5m]))', for: 5m, severity: critical}
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
      Errors: {expr: 'sum(rate(http_requests_total{job="api", status=~"5.."}[5m])) > 10', for: 5m, severity: critical}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for (expression, alert) in queries.alerts() {
        // Meant to fire always: a dead man's switch. One that reads the series of an alert fires with it.
        let reads_none = ask::leaves(expression.expr).is_empty();
        let reads_alerts = ask::metrics(expression.expr).contains("ALERTS");
        if reads_none || reads_alerts || ask::is_condition(expression.expr) {
            continue;
        }
        let whole = expression.locate(expression.expr.at);
        let diagnostic = Diagnostic::new(&LINT.code, whole, format!("`{}` has no condition", alert.name))
            .label(label(expression.expr))
            .note("it fires at once, for every series, and never stops")
            .help("compare with a bound: `... > 10`");
        findings.report(diagnostic);
    }
}

fn label(expr: &crate::promql::Expr) -> &'static str {
    match &expr.kind {
        Kind::Binary(binary) if binary.return_bool => "with `bool` a comparison returns 0 instead of nothing",
        _ => "returns something as long as its series are there",
    }
}
