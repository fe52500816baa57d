//! Labels with a value for everybody who comes by.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Metric;
use crate::diagnostics::code::warning;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "unbounded-label",
        Metric,
        "A label with a value for each user, address or request",
        r#"
Every combination of label values is a series of its own, which Prometheus holds in memory while it changes and keeps
as long as anything. A label with a value for each user, address or request grows with the traffic, and whoever sends
requests decides how many there are: a crawler or an attack fills Prometheus, and everything else goes unwatched.

Which user it was belongs in the log line or the trace. Keep a label with a few values that the service knows
beforehand (`limit`, `plan`, `error_type`), and let `scrape: {drop: [...]}` throw series away that still carry the
other one.

```yaml bad
bellwether: 1
platform: shop
services:
  api:
    scrape: {port: 8000}
    metrics:
      rate_limit_rejections_total: {type: counter, labels: [identifier]}
    signals:
      rejections: {rate: rate_limit_rejections_total}
```

```yaml good
bellwether: 1
platform: shop
services:
  api:
    scrape: {port: 8000, drop: ['rate_limit_rejections_total{identifier!=""}']}
    metrics:
      rate_limit_rejections_total: {type: counter, labels: [limit]}
    signals:
      rejections: {rate: rate_limit_rejections_total}
```
"#,
    ),
    check: Check::Platform(check),
};

/// Labels that can only mean one of very many. Words like `user` and `path`, which may mean one of a few, are not here.
const UNBOUNDED: [&str; 32] = [
    "address",
    "client_address",
    "client_ip",
    "correlation_id",
    "cookie",
    "email",
    "error_message",
    "guid",
    "identifier",
    "ip",
    "ip_address",
    "message",
    "message_id",
    "order_id",
    "phone",
    "query_string",
    "remote_addr",
    "remote_ip",
    "request_id",
    "session",
    "session_id",
    "source_ip",
    "span_id",
    "stack_trace",
    "stacktrace",
    "timestamp",
    "token",
    "trace_id",
    "transaction_id",
    "user_agent",
    "user_id",
    "uuid",
];

fn check(context: &Context, findings: &mut Findings) {
    // What a pack declares is not the spec's to mend.
    for (_, service) in context.spec.services.iter() {
        for (name, metric) in service.metrics.iter() {
            for label in metric.labels.iter().flatten().filter(|label| UNBOUNDED.contains(&label.as_str())) {
                let message = format!("`{}` has a series for each `{}`", name.value, label.value);
                let diagnostic = Diagnostic::new(&LINT.code, label.span, message)
                    .label("as many values as there are callers")
                    .note("each value is a series for as long as metrics are kept: traffic alone can fill Prometheus")
                    .help("count without it, and write it into log lines or traces instead");
                findings.report(diagnostic);
            }
        }
    }
}
