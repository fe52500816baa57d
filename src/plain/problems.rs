//! What is wrong with files of other systems before anything is asked about them.

use crate::diagnostics::Code;
use crate::diagnostics::Family::{Alert, Spec};
use crate::diagnostics::code::error;

/// Every code of this folder.
pub static CODES: &[&Code] = &[&super::alertmanager::INVALID_ALERTMANAGER, &INVALID_RULE, &UNRECOGNISED_FILE];

/// A file of which nothing can be made.
pub(super) static UNRECOGNISED_FILE: Code = error(
    "unrecognised-file",
    Spec,
    "A file that is none of those that are understood",
    r"
What a file is, is told by what is in it: `bellwether` for a spec, `groups` for rules, `scrape_configs` for Prometheus,
`route` and `receivers` for Alertmanager, `facts` for what is known of a Prometheus, `status` and `data` for a saved answer
of `/api/v1/metadata`. In a folder, files that are none of these are passed over; one that is named is a mistake.
",
);

/// A rule of the user's own that is none.
pub static INVALID_RULE: Code = error(
    "invalid-rule",
    Alert,
    "A rule or rule group of your own that Prometheus would refuse",
    r"
Rules that a spec hands on (`stack.prometheus.rule_groups`) and rule files given to `bellwether lint` are read as
Prometheus reads them. A rule either records a series or raises an alert; only an alert waits (`for`) and has annotations; no two groups have one name.

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
