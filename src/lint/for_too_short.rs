//! Waiting times that wait for nothing.

use super::{Check, Context, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;
use crate::model::ThresholdOrigin;
use crate::quantity::Duration;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "for-too-short",
        Alert,
        "A `for` that is shorter than two evaluations",
        r"
`for` is there so that a moment's trouble wakes nobody. Prometheus looks once every evaluation interval: a `for` of
less than two intervals rests on two looks at most, and a single odd one between two scrapes is half of them. The
alert flaps: it fires and is over before anybody has read it.

Wait for two evaluations at least, evaluate more often, or leave `for` out where every moment counts.

```yaml bad
bellwether: 1
platform: shop
intervals: {evaluate: 1m}
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      HighErrorRate: {signal: error_ratio, above: 5%, for: 90s, severity: critical}
```

```yaml good
bellwether: 1
platform: shop
intervals: {evaluate: 1m}
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      HighErrorRate: {signal: error_ratio, above: 5%, for: 2m, severity: critical}
```
",
    ),
    check: Check::Both(thresholds, alerts),
};

fn thresholds(context: &Context, findings: &mut Findings) {
    let interval = context.platform.evaluation_interval;
    let enough = Duration::millis(interval.value.as_millis().saturating_mul(2));
    let written = context.spec.intervals.as_ref().and_then(|intervals| intervals.evaluate);
    for (_, threshold) in context.platform.thresholds() {
        let hold = threshold.hold;
        // What a pack declares is not the spec's to mend.
        let is_own = !matches!(threshold.declared, ThresholdOrigin::Pack(_));
        let is_short = !hold.value.is_zero() && hold.value < enough;
        if !is_own || !is_short || !threshold.is_routed() {
            continue;
        }
        let message = format!("`{}` waits {}, less than two evaluations", threshold.name.value, hold.value);
        let mut diagnostic = Diagnostic::new(&LINT.code, hold.span, message)
            .note(format!("rules are evaluated every {}: the alert flaps with single odd values", interval.value))
            .help(format!("wait {enough} or longer, evaluate more often, or leave `for` out"));
        if let Some(written) = written {
            diagnostic = diagnostic.also(written.span, "evaluated this often");
        }
        findings.report(diagnostic);
    }
}

/// Alerts of rule files.
fn alerts(queries: &Queries, findings: &mut Findings) {
    for (_, alert) in queries.alerts() {
        let (Some(hold), Some(every), true) = (alert.hold, alert.every, alert.is_of_a_file) else { continue };
        let enough = Duration::millis(every.as_millis().saturating_mul(2));
        if hold.value < enough {
            let message = format!("`{}` waits {}, less than two evaluations", alert.name, hold.value);
            let diagnostic = Diagnostic::new(&LINT.code, hold.span, message)
                .note(format!("rules are evaluated every {every}: the alert flaps with single odd values"))
                .help(format!("wait {enough} or longer, evaluate more often, or leave `for` out"));
            findings.report(diagnostic);
        }
    }
}
