//! Alarms that look back so far that CloudWatch seldom looks.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Cloud;
use crate::diagnostics::code::warning;
use crate::model::{Condition, Evaluator};
use crate::quantity::Duration;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "alarm-evaluated-hourly",
        Cloud,
        "A CloudWatch alarm over more than a day, which is evaluated once an hour",
        r#"
CloudWatch evaluates an alarm every minute, unless its periods together cover more than a day: then it does so once an
hour. What the alarm waits for may have been true for almost an hour before anybody is told, on top of the wait itself.
(Periods shorter than an hour may cover one day at most, others seven; beyond that there is no alarm at all.)

Look back over a day at most, or evaluate it in Prometheus. Allow it where an hour does not matter.

```yaml bad
bellwether: 1
platform: shop
channels: {alarms: {sns: {}}}
severities: {critical: {notify: [alarms]}}
services:
  api:
    signals:
      cpu: {unit: ratio, cloud: {namespace: AWS/ECS, metric: CPUUtilization, unit: percent}}
    thresholds:
      HighCPU: {signal: cpu, above: 80%, over: 1h, for: 2d, severity: critical}
stack: {cloudwatch: {region: eu-west-1}}
```

```yaml good
bellwether: 1
platform: shop
channels: {alarms: {sns: {}}}
severities: {critical: {notify: [alarms]}}
services:
  api:
    signals:
      cpu: {unit: ratio, cloud: {namespace: AWS/ECS, metric: CPUUtilization, unit: percent}}
    thresholds:
      HighCPU: {signal: cpu, above: 80%, over: 1h, for: 1d, severity: critical}
stack: {cloudwatch: {region: eu-west-1}}
```
"#,
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    let day = Duration::days(1);
    for (_, threshold) in context.platform.thresholds() {
        if !threshold.on.contains(&Evaluator::CloudWatch) {
            continue;
        }
        let place = match &threshold.condition {
            Condition::Absent { wait } if wait.value > day => *wait,
            Condition::Above(_) | Condition::Below(_) if threshold.hold.value > day => threshold.hold,
            Condition::Above(_) | Condition::Below(_) if threshold.window.value > day => threshold.window,
            _ => continue,
        };
        let message = format!("CloudWatch evaluates `{}` only once an hour", threshold.name.value);
        let diagnostic = Diagnostic::new(&LINT.code, place.span, message)
            .label("more than a day")
            .note("people may be told almost an hour late")
            .help("look back over a day at most, or evaluate it in Prometheus with `on: prometheus`");
        findings.report(diagnostic);
    }
}
