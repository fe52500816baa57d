//! What Prometheus would refuse to load.

use crate::diagnostics::Code;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::error;

/// Every code of this folder.
pub static CODES: &[&Code] = &[&INVALID_RULE];

/// A rule of the user's own that is none.
pub static INVALID_RULE: Code = error(
    "invalid-rule",
    Alert,
    "A rule or rule group of your own that Prometheus would refuse",
    r"
What stands under `stack.prometheus.rule_groups` is handed on as Prometheus writes it, but not unread. A rule either
records a series or raises an alert; only an alert waits (`for`) and has annotations; no two groups have one name.

```yaml bad
bellwether: 1
platform: shop
stack:
  prometheus:
    rule_groups:
      - {name: mine, rules: [{record: 'job:up:sum', expr: 'sum by (job) (up)', for: 5m}]}
```

```yaml good
bellwether: 1
platform: shop
stack:
  prometheus:
    rule_groups:
      - {name: mine, rules: [{record: 'job:up:sum', expr: 'sum by (job) (up)'}]}
```
",
);
