//! Functions that the declared Prometheus does not have.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::promql::{Kind, ask, functions};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "function-not-in-version",
        Promql,
        "A function that this version of Prometheus does not have",
        r#"
A rule file that names an unknown function is refused whole: after the next reload Prometheus goes on with the old rules,
and after the next restart it does not come up. Experimental functions need a feature flag as well.

Use what the version has, or declare the version that runs.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics: {queue_length: {type: gauge, unit: count}}
    thresholds:
      Growing:
        expr: 'queue_length{job="api"} - first_over_time(queue_length{job="api"}[1h]) > 100'
        for: 5m
        severity: critical
stack: {prometheus: {version: "3.4"}}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics: {queue_length: {type: gauge, unit: count}}
    thresholds:
      Growing: {expr: 'delta(queue_length{job="api"}[1h]) > 100', for: 5m, severity: critical}
stack: {prometheus: {version: "3.4"}}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        for (name, at) in ask::experimental(expression.expr) {
            let diagnostic = Diagnostic::new(&LINT.code, expression.locate(at), format!("`{name}` is experimental"))
                .note(
                    "Prometheus refuses it without `--enable-feature=promql-experimental-functions`, and may change it",
                )
                .help("use a function that is there to stay, or start Prometheus with that flag and suppress this");
            findings.report(diagnostic);
        }
        let Some((major, minor)) = queries.facts.version else { continue };
        ask::visit(expression.expr, None, &mut |node, _| {
            let Kind::Call(call) = &node.kind else { return };
            let Some(function) = functions::named(&call.function).filter(|function| !function.experimental) else {
                return;
            };
            let Some(since) = function.since else { return };
            if crate::plain::version(since).is_some_and(|since| since > (major, minor)) {
                let message = format!("Prometheus {major}.{minor} has no function `{}`", function.name);
                let diagnostic = Diagnostic::new(&LINT.code, expression.locate(node.at), message)
                    .label(format!("since {since}"))
                    .note("it refuses the whole file")
                    .help(format!("use what {major}.{minor} has, or declare the version that runs"));
                findings.report(diagnostic);
            }
        });
    }
}
