//! What Kubernetes would refuse.

use crate::diagnostics::Code;
use crate::diagnostics::Family::Stack;
use crate::diagnostics::code::error;

/// A workload that Kubernetes would refuse.
pub(crate) static UNSOUND_WORKLOAD: Code = error(
    "unsound-workload",
    Stack,
    "A workload that Kubernetes would refuse, or could not run as said",
    r"
Kubernetes refuses an object as a whole for one value that cannot be: an autoscaler whose least is above its most, a
time that is no whole number of seconds, a check of a port that nobody named. A DaemonSet has one pod a node and
cannot be scaled; only a Deployment can be rolled out by steps.

```yaml bad
bellwether: 1
platform: shop
services:
  api:
    scrape: {port: 8000}
    workload: {autoscale: {min: 10, max: 2, cpu: 70%}}
```

```yaml good
bellwether: 1
platform: shop
services:
  api:
    scrape: {port: 8000}
    workload: {autoscale: {min: 2, max: 10, cpu: 70%}}
```
",
);

/// A dropped series that relabelling cannot say.
pub(crate) static UNDROPPABLE: Code = error(
    "undroppable-series",
    Stack,
    "A series to drop that relabelling cannot tell apart",
    r#"
Prometheus drops series by a regular expression over their labels, which has no negation. A selector under `drop` may
say which value a label has (`=`), which pattern it matches (`=~`), and that the label is there at all (`!=""`).

```yaml bad
bellwether: 1
platform: shop
services:
  api: {scrape: {port: 8000, drop: ['http_requests_total{user!="admin"}']}}
```

```yaml good
bellwether: 1
platform: shop
services:
  api: {scrape: {port: 8000, drop: ['http_requests_total{user!=""}']}}
```
"#,
);

/// All of them.
pub static CODES: &[&Code] = &[&UNSOUND_WORKLOAD, &UNDROPPABLE];
