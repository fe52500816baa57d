//! What cannot be kept in CloudWatch, or not as written.

use crate::diagnostics::Code;
use crate::diagnostics::Family::Cloud;
use crate::diagnostics::code::{error, warning};

/// Something that CloudWatch cannot do at all.
pub static NOT_IN_CLOUDWATCH: Code = error(
    "not-in-cloudwatch",
    Cloud,
    "A condition or a panel that CloudWatch has no means to compute",
    r"
An alarm in CloudWatch compares one metric, or math over at most ten metrics of the same period, with a
number. It does not know PromQL, and it looks back one day at most (seven when its period is an hour or more).
What goes beyond that is said here, because an alarm that does not exist cannot be seen to be missing.

It is an error when nothing else evaluates the alert, and worth knowing when Prometheus does.

Choose a condition that an alarm can have, or evaluate it elsewhere with `on: prometheus`.

```yaml bad
bellwether: 1
platform: shop
channels: {pages: {sns: {}}}
severities: {critical: {notify: [pages]}}
services:
  api:
    signals:
      cpu: {unit: ratio, cloud: {namespace: AWS/ECS, metric: CPUUtilization, unit: percent}}
    thresholds:
      HighCPU: {signal: cpu, above: 80%, over: 5m, for: 2d, severity: critical}
stack: {cloudwatch: {region: eu-west-1}}
```

```yaml good
bellwether: 1
platform: shop
channels: {pages: {sns: {}}}
severities: {critical: {notify: [pages]}}
services:
  api:
    signals:
      cpu: {unit: ratio, cloud: {namespace: AWS/ECS, metric: CPUUtilization, unit: percent}}
    thresholds:
      HighCPU: {signal: cpu, above: 80%, over: 1h, for: 2d, severity: critical}
stack: {cloudwatch: {region: eu-west-1}}
```
",
);

/// Something that CloudWatch does differently.
pub static APPROXIMATE_IN_CLOUDWATCH: Code = warning(
    "approximate-in-cloudwatch",
    Cloud,
    "A promise that CloudWatch keeps only roughly",
    r"
CloudWatch has something like what was asked for, but not the same:

- the periods of alarms are whole minutes, so that a window of 90s becomes 2m;
- a comparison with a trailing average becomes an anomaly band that CloudWatch learns by itself;
- alarms publish once when they begin and once when they end: they know no mute times, no escalation and no
  reminders;
- some views of dashboards are drawn as lines.

Write what CloudWatch can do, evaluate the alert on Prometheus, or allow the difference.

```yaml bad
bellwether: 1
platform: shop
channels: {pages: {sns: {}}}
severities: {critical: {notify: [pages]}}
services:
  api:
    signals:
      cpu: {unit: ratio, cloud: {namespace: AWS/ECS, metric: CPUUtilization, unit: percent}}
    thresholds:
      HighCPU: {signal: cpu, above: 80%, over: 90s, severity: critical}
stack: {cloudwatch: {region: eu-west-1}}
```

```yaml good
bellwether: 1
platform: shop
channels: {pages: {sns: {}}}
severities: {critical: {notify: [pages]}}
services:
  api:
    signals:
      cpu: {unit: ratio, cloud: {namespace: AWS/ECS, metric: CPUUtilization, unit: percent}}
    thresholds:
      HighCPU: {signal: cpu, above: 80%, over: 2m, severity: critical}
stack: {cloudwatch: {region: eu-west-1}}
```
",
);

/// More topics than an alarm can have.
pub static TOO_MANY_TOPICS: Code = warning(
    "too-many-topics",
    Cloud,
    "An alarm with more than five SNS topics",
    r"
An alarm in CloudWatch takes at most five actions for each of its states. Further topics are left out, the last
first.

Subscribe several people or systems to one topic instead of making a topic for each.

```yaml bad
bellwether: 1
platform: shop
channels: {a: {sns: {}}, b: {sns: {}}, c: {sns: {}}, d: {sns: {}}, e: {sns: {}}, f: {sns: {}}}
severities: {critical: {notify: [a, b, c, d, e, f]}}
services:
  api:
    signals:
      cpu: {unit: ratio, cloud: {namespace: AWS/ECS, metric: CPUUtilization, unit: percent}}
    thresholds:
      HighCPU: {signal: cpu, above: 80%, over: 5m, severity: critical}
stack: {cloudwatch: {region: eu-west-1}}
```

```yaml good
bellwether: 1
platform: shop
channels: {a: {sns: {}}, b: {sns: {}}, c: {sns: {}}, d: {sns: {}}, e: {sns: {}}, f: {sns: {}}}
severities: {critical: {notify: [a, b, c, d, e]}}
services:
  api:
    signals:
      cpu: {unit: ratio, cloud: {namespace: AWS/ECS, metric: CPUUtilization, unit: percent}}
    thresholds:
      HighCPU: {signal: cpu, above: 80%, over: 5m, severity: critical}
stack: {cloudwatch: {region: eu-west-1}}
```
",
);

/// Terraform that cannot be read.
pub static BROKEN_PASSTHROUGH: Code = error(
    "broken-passthrough",
    Cloud,
    "Terraform of the user's own with unbalanced brackets, quotes or heredocs",
    r"
What stands under `passthrough` is added to the generated Terraform as a file of its own. A bracket or a quote that
is never closed would make `terraform` refuse the whole folder, alarms and all, so it is refused here, with the
place.

```yaml bad
bellwether: 1
platform: shop
stack:
  cloudwatch:
    region: eu-west-1
    passthrough: |
      locals {
        days = [30
      }
```

```yaml good
bellwether: 1
platform: shop
stack:
  cloudwatch:
    region: eu-west-1
    passthrough: |
      locals {
        days = [30]
      }
```
",
);

/// Every code of this backend.
pub static CODES: &[&Code] = &[&NOT_IN_CLOUDWATCH, &APPROXIMATE_IN_CLOUDWATCH, &TOO_MANY_TOPICS, &BROKEN_PASSTHROUGH];
