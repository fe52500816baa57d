//! Alerts on absence that do not wait.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;
use crate::promql::{Expr, Kind, ask};
use crate::quantity::Duration;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "absent-without-for",
        Alert,
        "An alert on absence that fires at once",
        r#"
After a restart of Prometheus, of a target, or of what finds the targets, a series is missing until it has been scraped
again. An alert on `absent(...)` that does not wait pages for every restart.

Wait for two scrapes at least.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      NoRequests: {expr: 'absent(http_requests_total{job="api"})', severity: critical}
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
      NoRequests: {expr: 'absent(http_requests_total{job="api"})', for: 5m, severity: critical}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for (expression, alert) in queries.alerts() {
        let Some((call, metric)) = absence(expression.expr) else { continue };
        let scraped = queries.facts.scraped_every(metric).map(|interval| interval.value);
        let enough = scraped.map(|interval| Duration::millis(interval.as_millis().saturating_mul(2)));
        let waits = alert.hold.map_or(Duration::ZERO, |hold| hold.value);
        if enough.map_or(!waits.is_zero(), |enough| waits >= enough) {
            continue;
        }
        let message = match alert.hold {
            None => format!("`{}` fires as soon as a series is missing", alert.name),
            Some(hold) => format!("`{}` waits {}, less than two scrapes", alert.name, hold.value),
        };
        let mut diagnostic = Diagnostic::new(&LINT.code, expression.locate(call.at), message)
            .note("every restart of Prometheus or of the target fires it")
            .help(format!("add `for: {}` or longer", enough.unwrap_or(Duration::minutes(5)).max(Duration::minutes(5))));
        if let Some(hold) = alert.hold {
            diagnostic = diagnostic.also(hold.span, "waits so long");
        }
        findings.report(diagnostic);
    }
}

/// An `absent` of a plain series that decides alone.
fn absence(expr: &Expr) -> Option<(&Expr, &crate::promql::Selector)> {
    match &expr.kind {
        Kind::Paren(inner) => absence(inner),
        Kind::Binary(binary) if matches!(binary.right.kind, Kind::Number(_)) => absence(&binary.left),
        Kind::Call(call) if &*call.function == "absent" => {
            let leaf = ask::leaves(expr).into_iter().next()?;
            (leaf.selector.offset.offset_millis == 0).then_some((expr, leaf.selector))
        }
        _ => None,
    }
}
