//! One alert, raised by two rules.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;
use crate::promql::equivalent;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "same-alert-twice",
        Alert,
        "Two rules that raise the same alert",
        r#"
Two rules of one name, the same labels and the same condition raise one alert twice: Alertmanager sees one, whose words and
times change with whichever was sent last. Rules of one name whose labels or conditions differ are no fault.

Take one of them out, or give each a label of its own.

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
          - {alert: TargetDown, expr: up == 0, for: 5m, labels: {severity: critical}}
          - {alert: TargetDown, expr: up == 0, for: 10m, labels: {severity: critical}}
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
          - {alert: TargetDown, expr: up == 0, for: 5m, labels: {severity: warning}}
          - {alert: TargetDown, expr: up == 0, for: 10m, labels: {severity: critical}}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    let alerts: Vec<_> = queries.alerts().filter(|(_, alert)| alert.is_of_a_file).collect();
    for (position, (expression, alert)) in alerts.iter().enumerate() {
        let same = alerts.iter().take(position).find(|(other_expression, other)| {
            other.name == alert.name
                && other.labels.len() == alert.labels.len()
                && alert.labels.iter().all(|label| other.labels.contains(label))
                && equivalent(other_expression.expr, expression.expr)
        });
        let Some((other, _)) = same else { continue };
        let diagnostic = Diagnostic::new(
            &LINT.code,
            expression.locate(expression.expr.at),
            format!("`{}` is raised twice", alert.name),
        )
        .also(other.locate(other.expr.at), "the same condition here")
        .note("Alertmanager sees one alert, whose words and times change with whichever rule spoke last")
        .help("take one of them out, or give each a label of its own");
        findings.report(diagnostic);
    }
}
