//! External labels that nobody sets.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;
use crate::plain::template::{self, Reads, What};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "unknown-external-label",
        Alert,
        "Words of an alert that name an external label which nobody sets",
        r#"
`{{ $externalLabels.cluster }}` is filled in with a label of `global.external_labels`. One that is not set there comes
out empty, in the one message that somebody reads at night.

Set the label, or take it out of the words.

```yaml bad
bellwether: 1
platform: shop
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {alert: TargetDown, expr: up == 0, for: 5m, annotations: {summary: 'down in {{ $externalLabels.cluster }}'}}
```

```yaml good
bellwether: 1
platform: shop
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {alert: TargetDown, expr: up == 0, for: 5m, annotations: {summary: 'down in {{ $externalLabels.environment }}'}}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    let Some(set) = &queries.facts.external_labels else { return };
    for (_, alert) in queries.alerts() {
        for (_, words) in alert.texts() {
            let Ok(template) = template::read(words.as_str(), Reads::Prometheus) else { continue };
            for named in template.names {
                let What::ExternalLabel(label) = named.what else { continue };
                if set.contains(&label) {
                    continue;
                }
                let message = format!("there is no external label `{label}`");
                let diagnostic = Diagnostic::new(&LINT.code, words.locate(named.at), message)
                    .label("comes out empty")
                    .note(format!("the message of `{}` would have a hole there", alert.name))
                    .suggest(&label, set.iter().map(String::as_str));
                findings.report(diagnostic);
            }
        }
    }
}
