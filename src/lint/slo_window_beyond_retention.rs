//! Objectives over a time that nobody remembers.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Retention;
use crate::diagnostics::code::warning;
use crate::slo::windows::LONGEST_MONTH;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "slo-window-beyond-retention",
        Retention,
        "An objective over a longer time than samples are kept",
        r"
An objective over 30 days asks how many events were good in 30 days. If samples are kept for 15, the question gets
an answer all the same: that of the last 15 days. The budget that people see is wrong, without any sign of it, and
the burn of the first half of the window is forgotten.

Keep samples as long as the longest window: locally, or in `long_term` storage. Or promise something over a
window that can be measured.

```yaml bad
bellwether: 1
platform: shop
retention: {metrics: {local: 15d}}
severities: {critical: {notify: []}, warning: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    slos:
      availability: {signal: error_ratio, objective: 99.9%, window: 30d}
```

```yaml good
bellwether: 1
platform: shop
retention: {metrics: {local: 35d}}
severities: {critical: {notify: []}, warning: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    slos:
      availability: {signal: error_ratio, objective: 99.9%, window: 30d}
```
",
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    let retention = &context.platform.retention;
    let reach = retention.reach();
    let written = context.spec.retention.as_ref().and_then(|retention| retention.metrics.as_ref());
    let kept = written.and_then(|metrics| {
        let long_term = metrics.long_term.as_ref().map(|long_term| long_term.r#for);
        long_term.filter(|long_term| long_term.value == reach).or(metrics.local)
    });
    for (_, slo) in context.platform.slos() {
        let name = &slo.name.value;
        let (span, window, over) = if slo.window.value > reach {
            (slo.window.span, slo.window.value, format!("over {}", slo.window.value))
        } else if slo.calendar_month && LONGEST_MONTH > reach {
            (slo.name.span, LONGEST_MONTH, "of the calendar month, too".to_owned())
        } else {
            continue;
        };
        let message = format!("`{name}` is {over}, but samples are kept for {reach}");
        let mut diagnostic = Diagnostic::new(&LINT.code, span, message)
            .label(over)
            .note(format!("its budget would be that of the last {reach}, and nothing would say so"))
            .help(format!("keep samples for {window} at least (`retention.metrics.local`, or `long_term`)"));
        if let Some(kept) = kept {
            diagnostic = diagnostic.also(kept.span, format!("kept for {reach}"));
        }
        findings.report(diagnostic);
    }
}
