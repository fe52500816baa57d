//! A retention of traces that their storage does not keep to.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Retention;
use crate::diagnostics::code::warning;
use crate::model::TraceStorage;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "trace-retention-not-kept",
        Retention,
        "Traces whose storage knows no such retention",
        r"
Jaeger deletes spans by age only in `badger`. In `memory` the oldest trace goes when the newest needs room, and all go
at a restart. In `elasticsearch` Jaeger deletes nothing: its daily indices stay until the index cleaner or a lifecycle
policy of the cluster removes them, and until then `retention.traces` is a wish.

Use `badger`, or leave `retention.traces` out. With Elasticsearch run Jaeger's index cleaner every day and allow this.

```yaml bad
bellwether: 1
platform: shop
retention: {traces: 7d}
stack: {jaeger: {storage: memory}}
```

```yaml good
bellwether: 1
platform: shop
retention: {traces: 7d}
stack: {jaeger: {storage: badger}}
```
",
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    let Some(jaeger) = &context.platform.stack.jaeger else { return };
    let Some(kept) = context.spec.retention.as_ref().and_then(|retention| retention.traces) else { return };
    let (why, help) = match &jaeger.storage {
        TraceStorage::Badger => return,
        TraceStorage::Memory(_) => {
            ("memory holds so many traces, however old, and none after a restart", "use `storage: badger`".to_owned())
        }
        TraceStorage::Elasticsearch { .. } => (
            "Jaeger deletes nothing from Elasticsearch",
            format!("run Jaeger's index cleaner every day with {}, and allow this", kept.value),
        ),
    };
    let diagnostic = Diagnostic::new(&LINT.code, kept.span, format!("nothing deletes traces after {}", kept.value))
        .also(jaeger.origin.0, "kept here")
        .note(why)
        .help(help);
    findings.report(diagnostic);
}
