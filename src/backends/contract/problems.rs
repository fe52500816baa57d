//! What a library cannot expose as the spec declares it.

use crate::diagnostics::Code;
use crate::diagnostics::Family::Metric;
use crate::diagnostics::code::warning;

/// A counter that its library would rename.
pub static COUNTER_WITHOUT_TOTAL: Code = warning(
    "counter-without-total",
    Metric,
    "A counter that its client library exposes under another name",
    r"
Prometheus' library for Python ends the name of every counter in `_total`. A counter declared as `logins` is exposed as
`logins_total`, and rules and dashboards that ask for `logins` find nothing.

Declare it with the name that it will have.

```yaml bad
bellwether: 1
platform: shop
services:
  api:
    scrape: {port: 8000}
    application: {language: python}
    metrics: {logins: {type: counter, labels: []}}
    signals: {logins: {rate: logins}}
```

```yaml good
bellwether: 1
platform: shop
services:
  api:
    scrape: {port: 8000}
    application: {language: python}
    metrics: {logins_total: {type: counter, labels: []}}
    signals: {logins: {rate: logins_total}}
```
",
);

/// All of them.
pub static CODES: &[&Code] = &[&COUNTER_WITHOUT_TOTAL];
