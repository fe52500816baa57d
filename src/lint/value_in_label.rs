//! Alerts whose labels change with their value.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;
use crate::plain::template::{self, Reads, What};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "value-in-label",
        Alert,
        "A label that changes with the value of its alert",
        r#"
An alert is known by its labels. A label with the value in it is another one at every evaluation: each is a new alert
that has to wait its `for` again, so one with a `for` never fires, and one without resolves and fires anew each time.
Routes, silences and inhibitions lose it, too.

Put the value into an annotation.

```yaml bad
bellwether: 1
platform: shop
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {alert: QueueLong, expr: 'sum(up) < 3', for: 5m, labels: {severity: warning, up: '{{ $value }}'}}
```

```yaml good
bellwether: 1
platform: shop
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {alert: QueueLong, expr: 'sum(up) < 3', for: 5m, labels: {severity: warning}, annotations: {summary: '{{ $value }} are up'}}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for (_, alert) in queries.alerts() {
        for (name, words) in alert.labels {
            let Ok(template) = template::read(words.as_str(), Reads::Prometheus) else { continue };
            for named in template.names.iter().filter(|named| named.what == What::Value) {
                let message = format!("the label `{}` of `{}` changes with its value", name.value, alert.name);
                let note = match alert.hold {
                    Some(_) => "every evaluation makes another alert, which waits anew: it never fires",
                    None => "every evaluation ends one alert and begins another: people are told each time",
                };
                let diagnostic = Diagnostic::new(&LINT.code, words.locate(named.at.clone()), message)
                    .note(note)
                    .help("put the value into an annotation");
                findings.report(diagnostic);
            }
        }
    }
}
