//! Promtail, which nobody mends any more.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Stack;
use crate::diagnostics::code::warning;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "promtail-has-ended",
        Stack,
        "Promtail has reached its end of life",
        r#"
Promtail reached its end of life on 2 March 2026. Nobody mends its faults, and Loki's releases bring no image of it any
more. Grafana Alloy is its successor; from the same spec it gets the same pipeline.

Where both stand in a spec for the time of a change-over, lines arrive twice: let each read other files.

```yaml bad
bellwether: 1
platform: shop
stack: {loki: {}, promtail: {}}
```

```yaml good
bellwether: 1
platform: shop
stack: {loki: {}, alloy: {}}
```
"#,
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    let Some(promtail) = &context.platform.stack.promtail else { return };
    let diagnostic = Diagnostic::new(&LINT.code, promtail.origin.0, "Promtail has reached its end of life")
        .note("nobody mends it since 2026-03-02, and new releases of Loki bring no image of it")
        .help("write `alloy` instead of `promtail`: it gets the same pipeline");
    findings.report(diagnostic);
}
