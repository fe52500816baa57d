//! Waits that outlast what they wait for.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::info;
use crate::promql::{Expr, Kind, ask};
use crate::quantity::Duration;

pub(super) static LINT: Lint = Lint {
    code: info(
        "for-outlasts-window",
        Alert,
        "A `for` that one event cannot outlast",
        r#"
`increase(x[5m]) > 0` is true for five minutes after an event, and false again. An alert that asks for any event at all
and then waits as long as its window, or longer, needs another event before the first is forgotten: a single one, which is
what it was written for, never fires it.

That is right where only trouble that goes on matters, and wrong where every event does. Wait for less than the window, look over a longer one, or leave `for` out.

```yaml bad
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics: {failed_jobs_total: {type: counter, unit: count}}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {alert: JobFailed, expr: 'increase(failed_jobs_total[5m]) > 0', for: 10m}
```

```yaml good
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics: {failed_jobs_total: {type: counter, unit: count}}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {alert: JobFailed, expr: 'increase(failed_jobs_total[15m]) > 0', for: 5m}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for (expression, alert) in queries.alerts() {
        let (Some(hold), Some((at, window))) = (alert.hold, any_event(expression.expr)) else { continue };
        if hold.value < window {
            continue;
        }
        let message = format!("one event is forgotten after {window}, before `{}` fires", alert.name);
        let diagnostic = Diagnostic::new(&LINT.code, hold.span, message)
            .label(format!("waits {}", hold.value))
            .also(expression.locate(at.at), format!("looks over {window}"))
            .note("a single event never fires it")
            .help(format!("wait for less than {window}, or look over a longer window"));
        findings.report(diagnostic);
    }
}

/// `increase(x[w]) > 0`, however it is added up: the window, and where it is read.
fn any_event(expr: &Expr) -> Option<(&Expr, Duration)> {
    match &expr.kind {
        Kind::Paren(inner) => any_event(inner),
        Kind::Binary(binary) if binary.op == crate::promql::BinaryOp::Greater => {
            let Kind::Number(bound) = binary.right.kind else { return None };
            if !bound.is_zero() {
                return None;
            }
            let [window] = ask::windows(&binary.left).try_into().ok()?;
            let window: ask::UsedWindow = window;
            matches!(window.function, Some("increase" | "rate" | "changes" | "resets")).then_some(())?;
            Some((&binary.left, window.window.fixed()?))
        }
        _ => None,
    }
}
