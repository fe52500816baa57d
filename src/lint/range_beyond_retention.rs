//! Expressions that look further back than samples are kept.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Retention;
use crate::diagnostics::code::warning;
use crate::promql::ask;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "range-beyond-retention",
        Retention,
        "An expression that looks further back than samples are kept",
        r#"
An average over thirty days, asked of a Prometheus that keeps fifteen, is the average of fifteen: nothing says so. An
`offset` beyond what is kept finds nothing at all, and what is compared with it is gone, too.

Keep samples longer, or ask for less.

```yaml bad
bellwether: 1
platform: shop
retention: {metrics: {local: 7d}}
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      FewerRequests:
        expr: sum(rate(http_requests_total{job="api"}[1h])) < 0.5 * sum(rate(http_requests_total{job="api"}[1h] offset 7d))
        for: 5m
        severity: critical
```

```yaml good
bellwether: 1
platform: shop
retention: {metrics: {local: 8d}}
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      FewerRequests:
        expr: sum(rate(http_requests_total{job="api"}[1h])) < 0.5 * sum(rate(http_requests_total{job="api"}[1h] offset 7d))
        for: 5m
        severity: critical
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    let Some(kept) = queries.facts.retention else { return };
    for expression in &queries.expressions {
        for leaf in ask::leaves(expression.expr) {
            let Some(reach) = leaf.reach().filter(|reach| *reach > kept.value) else { continue };
            let message = format!("this looks back {reach}, but samples are kept for {}", kept.value);
            let mut diagnostic = Diagnostic::new(&LINT.code, expression.locate(leaf.at), message)
                .note("what is older is not there: the result is of less time than it says, or empty")
                .help(format!("keep samples for {reach} at least, or ask for less"));
            if let Some(place) = kept.place {
                diagnostic = diagnostic.also(place, format!("kept for {}", kept.value));
            }
            findings.report(diagnostic);
        }
    }
}
