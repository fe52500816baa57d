//! Templates that Prometheus refuses or leaves empty.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;
use crate::plain::template::{self, Reads};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "broken-template",
        Alert,
        "A label or annotation that is no template that Prometheus can read",
        r#"
Labels and annotations are Go templates. One with a fault makes Prometheus refuse the whole file; a function that does
not exist is such a fault.

Mend what it says. Words that only look like a template are written as a string: `{{ "{{" }}`.

```yaml bad
bellwether: 1
platform: shop
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {alert: TargetDown, expr: up == 0, for: 5m, annotations: {summary: '{{ $labels.job | upper }} is down'}}
```

```yaml good
bellwether: 1
platform: shop
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {alert: TargetDown, expr: up == 0, for: 5m, annotations: {summary: '{{ $labels.job | toUpper }} is down'}}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for (_, alert) in queries.alerts() {
        for (name, words) in alert.texts() {
            let Err(fault) = template::read(words.as_str(), Reads::Prometheus) else { continue };
            let diagnostic = Diagnostic::new(&LINT.code, words.locate(fault.at), fault.message)
                .note(format!("`{}` of `{}` cannot be written: Prometheus refuses the file", name.value, alert.name))
                .help("mend the template");
            findings.report(diagnostic);
        }
    }
}
