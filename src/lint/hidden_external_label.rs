//! Labels that hide an external label.

use super::series::Owner;
use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "hidden-external-label",
        Alert,
        "A label of an alert that hides an external label",
        r#"
External labels say where an alert comes from: the cluster, the environment, the replica. An alert that sets a label of the
same name keeps its own; everything downstream takes it for the other. Two replicas whose alerts should be one become two,
or two clusters become one.

Give the label another name.

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
          - {alert: TargetDown, expr: up == 0, for: 5m, labels: {severity: critical, environment: all}}
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
          - {alert: TargetDown, expr: up == 0, for: 5m, labels: {severity: critical, scope: all}}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    let external = queries.facts.external_labels.iter().flatten();
    let external: Vec<&String> = external.collect();
    for expression in &queries.expressions {
        let (name, labels) = match expression.owner {
            Owner::Alert(alert) => (alert.name, alert.labels),
            Owner::Recording(rule) => (rule.name, rule.labels),
            Owner::Signal(_) | Owner::Other => continue,
        };
        for (label, _) in labels.iter().filter(|(label, _)| external.contains(&&label.value)) {
            let message = format!("the label `{}` of `{name}` hides the external one", label.value);
            let diagnostic = Diagnostic::new(&LINT.code, label.span, message)
                .note("whoever receives it takes it for where it comes from")
                .help("give the label another name");
            findings.report(diagnostic);
        }
    }
}
