//! Subqueries without samples.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::promql::ask;
use crate::quantity::Duration;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "empty-subquery",
        Promql,
        "A subquery whose range is shorter than its step",
        r#"
A subquery evaluates its expression once every step. A range shorter than two steps holds one sample or none: functions
that need two return nothing, the others return what the plain expression would.

Make the range several times the step, or the step smaller.

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
          - {record: 'job:up:changes', expr: 'changes(sum(up)[5m:10m])'}
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
          - {record: 'job:up:changes', expr: 'changes(sum(up)[1h:1m])'}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        for window in ask::windows(expression.expr).into_iter().filter(|window| window.selector.is_none()) {
            let assumed = queries.facts.evaluation_interval.map(|every| every.value);
            let (Some(range), Some(step)) = (window.window.fixed(), window.step.or(assumed)) else { continue };
            if range >= Duration::millis(step.as_millis().saturating_mul(2)) {
                continue;
            }
            let message = format!("this subquery looks over {range}, once every {step}");
            let diagnostic = Diagnostic::new(&LINT.code, expression.locate(window.at), message)
                .note("it holds one sample, or none")
                .help("make the range several times the step, or the step smaller");
            findings.report(diagnostic);
        }
    }
}
