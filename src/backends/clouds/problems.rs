//! What Google Cloud and Azure cannot keep, or not as written.

use super::{Asked, Cloud};
use crate::diagnostics::Family::Cloud as CloudFamily;
use crate::diagnostics::code::{error, note, warning};
use crate::diagnostics::{Code, Diagnostic, Severity};

/// Why a threshold cannot be an alert of a cloud, and what could.
#[derive(Debug)]
pub(in crate::backends) struct Impossible {
    /// Why not.
    pub(in crate::backends) why: String,
    /// What could.
    pub(in crate::backends) help: String,
}

impl Impossible {
    /// From two sentences.
    pub(in crate::backends) fn new(why: impl Into<String>, help: impl Into<String>) -> Self {
        Self { why: why.into(), help: help.into() }
    }

    /// The message about a threshold: an error when nothing else evaluates it.
    pub(in crate::backends) fn at(self, cloud: Cloud, asked: Asked) -> Diagnostic {
        let name = &asked.threshold.name;
        let message = format!("`{}` cannot be evaluated by {}: {}", name.value, cloud.name, self.why);
        let mut diagnostic = Diagnostic::new(&NOT_IN_CLOUD, name.span, message).help(self.help);
        if asked.threshold.on.iter().any(|other| *other != cloud.evaluator) {
            diagnostic.severity = Severity::Info;
            return diagnostic.note("it is evaluated elsewhere");
        }
        diagnostic.note("nothing would evaluate it: this alert could never fire")
    }
}

/// Something that a cloud cannot do at all.
pub(super) static NOT_IN_CLOUD: Code = error(
    "not-in-cloud",
    CloudFamily,
    "A condition that Google Cloud or Azure has no means to compute",
    r"
The alerts of Google Cloud and Azure compare one of their own metrics with a number. Conditions against a trailing
average or against an earlier time need PromQL, which both can evaluate where their managed Prometheus collects
the metrics.

It is an error when nothing else evaluates the alert, and worth knowing when Prometheus does.

Declare managed Prometheus (`stack.google_cloud.managed_prometheus`, `stack.azure.prometheus_workspace`) and give the
signal a shape, choose another condition, or evaluate it elsewhere with `on`.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  orders:
    signals:
      cpu: {unit: ratio, google: {metric: cloudsql.googleapis.com/database/cpu/utilization, resource: cloudsql_database, unit: ratio}}
    thresholds:
      CpuRises: {signal: cpu, above_baseline: {times: 2, over: 1d}, severity: critical}
stack: {google_cloud: {project: shop-production}}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  orders:
    signals:
      cpu: {unit: ratio, google: {metric: cloudsql.googleapis.com/database/cpu/utilization, resource: cloudsql_database, unit: ratio}}
    thresholds:
      CpuHigh: {signal: cpu, above: 80%, severity: critical}
stack: {google_cloud: {project: shop-production}}
```
",
);

/// Something that a cloud does differently.
pub(in crate::backends) static APPROXIMATE_IN_CLOUD: Code = warning(
    "approximate-in-cloud",
    CloudFamily,
    "A condition that Google Cloud or Azure evaluates over other times than asked for",
    r"
Google Cloud looks at whole minutes. Azure's metric alerts look at 1, 5, 15 or 30 minutes, at 1, 6 or 12 hours or at a
day, and know no `for`: the longer of `over` and `for` becomes the next of these windows. So the alert may come earlier
or later than asked for.

Write a time that the cloud has, or allow the difference.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  orders:
    signals:
      cpu: {unit: ratio, azure: {namespace: Microsoft.DBforPostgreSQL/flexibleServers, metric: cpu_percent, resource: {env: SERVER}}}
    thresholds:
      CpuHigh: {signal: cpu, above: 80%, over: 7m, severity: critical}
stack: {azure: {resource_group: shop, location: westeurope}}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  orders:
    signals:
      cpu: {unit: ratio, azure: {namespace: Microsoft.DBforPostgreSQL/flexibleServers, metric: cpu_percent, resource: {env: SERVER}}}
    thresholds:
      CpuHigh: {signal: cpu, above: 80%, over: 15m, severity: critical}
stack: {azure: {resource_group: shop, location: westeurope}}
```
",
);

/// An alert whose channels the cloud cannot deliver to.
pub(super) static NOBODY_TOLD_IN_CLOUD: Code = warning(
    "nobody-told-in-cloud",
    CloudFamily,
    "An alert of Google Cloud or Azure that none of its channels hears of",
    r"
Google Cloud and Azure deliver to PagerDuty, to mail addresses and to webhooks that understand their own messages.
A chat's webhook wants messages in its own words and refuses theirs, so channels of that kind are left out. Here none
is left: the alert would fire, and nobody would hear of it.

```yaml bad
bellwether: 1
platform: shop
channels: {chat: {slack: {channel: '#shop', api_url: {env: SLACK_API_URL}}}}
severities: {critical: {notify: [chat]}}
services:
  orders:
    signals:
      cpu: {unit: ratio, google: {metric: cloudsql.googleapis.com/database/cpu/utilization, resource: cloudsql_database, unit: ratio}}
    thresholds:
      CpuHigh: {signal: cpu, above: 80%, severity: critical}
stack: {google_cloud: {project: shop-production}}
```

```yaml good
bellwether: 1
platform: shop
channels:
  chat: {slack: {channel: '#shop', api_url: {env: SLACK_API_URL}}}
  oncall: {pagerduty: {routing_key: {env: PAGERDUTY_ROUTING_KEY}}}
severities: {critical: {notify: [chat, oncall]}}
services:
  orders:
    signals:
      cpu: {unit: ratio, google: {metric: cloudsql.googleapis.com/database/cpu/utilization, resource: cloudsql_database, unit: ratio}}
    thresholds:
      CpuHigh: {signal: cpu, above: 80%, severity: critical}
stack: {google_cloud: {project: shop-production}}
```
",
);

/// Alerts that a declared cloud does not evaluate.
pub(super) static OUTSIDE_CLOUD: Code = note(
    "outside-cloud",
    CloudFamily,
    "Alerts that a declared cloud has no rendering of",
    r"
The spec declares Google Cloud or Azure, and some alerts are on signals that have no metric there. They are evaluated
elsewhere, usually by Prometheus, and have no alert in that cloud. All of them are named once.

Give their signals a `google` or `azure` metric, or declare the cloud's managed Prometheus, which can be asked PromQL.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Errors: {signal: error_ratio, above: 5%, for: 5m, severity: critical}
stack: {google_cloud: {project: shop-production}}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Errors: {signal: error_ratio, above: 5%, for: 5m, severity: critical}
stack: {google_cloud: {project: shop-production, managed_prometheus: true}}
```
",
);

/// Every code of both backends.
pub static CODES: &[&Code] = &[&NOT_IN_CLOUD, &APPROXIMATE_IN_CLOUD, &NOBODY_TOLD_IN_CLOUD, &OUTSIDE_CLOUD];
