//! What a cluster would not take.

use crate::diagnostics::Code;
use crate::diagnostics::Family::Stack;
use crate::diagnostics::code::error;

/// A dashboard that no config map can hold.
pub static DASHBOARD_TOO_LARGE: Code = error(
    "dashboard-too-large",
    Stack,
    "A dashboard that no config map can hold",
    r"
Kubernetes refuses a config map of more than 1 MiB, so that Grafana's sidecar would never see the dashboard. Split it
into several, or leave `dashboards` out of `stack.kubernetes.generate` and provision them from files.
",
);

/// One name for two analyses.
pub static CLASHING_ANALYSIS: Code = error(
    "clashing-analysis",
    Stack,
    "Two analysis templates of one name ask different things",
    r#"
Services share an analysis template by its name: the service and the bound are its arguments. Two of them that ask for
another signal under one name cannot share it, and one would be judged by the other's measure.

```yaml bad
bellwether: 1
platform: shop
channels: {chat: {webhook: {url: https://chat.example.com}}}
severities: {critical: {notify: [chat]}}
stack: {kubernetes: {}}
services:
  order:
    packs: [http]
    scrape: {port: 8000}
    thresholds: {TooManyErrors: {signal: error_ratio, above: 1%, for: 5m, severity: critical}}
    workload: {rollout: {steps: [{weight: 10%}, {pause: 5m}], analysis: {error-rate: {threshold: TooManyErrors}}}}
  user:
    packs: [http]
    scrape: {port: 8000}
    thresholds: {Slow: {signal: latency, above: 1s, for: 5m, severity: critical}}
    workload: {rollout: {steps: [{weight: 10%}, {pause: 5m}], analysis: {error-rate: {threshold: Slow}}}}
```

```yaml good
bellwether: 1
platform: shop
channels: {chat: {webhook: {url: https://chat.example.com}}}
severities: {critical: {notify: [chat]}}
stack: {kubernetes: {}}
services:
  order:
    packs: [http]
    scrape: {port: 8000}
    thresholds: {TooManyErrors: {signal: error_ratio, above: 1%, for: 5m, severity: critical}}
    workload: {rollout: {steps: [{weight: 10%}, {pause: 5m}], analysis: {error-rate: {threshold: TooManyErrors}}}}
  user:
    packs: [http]
    scrape: {port: 8000}
    thresholds: {Slow: {signal: latency, above: 1s, for: 5m, severity: critical}}
    workload: {rollout: {steps: [{weight: 10%}, {pause: 5m}], analysis: {latency: {threshold: Slow}}}}
```
"#,
);

/// All of them.
pub static CODES: &[&Code] = &[&DASHBOARD_TOO_LARGE, &CLASHING_ANALYSIS];
