//! What Alertmanager would refuse.

use crate::diagnostics::Code;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::error;

/// An alertmanager.yml that would not load.
pub static INVALID_ALERTMANAGER: Code = error(
    "invalid-alertmanager",
    Route,
    "An alertmanager.yml that Alertmanager would refuse",
    r#"
Alertmanager refuses the whole file for one mistake in it, keeps the configuration that it had, and does not start
with it. The outermost route takes every alert: it has a receiver and no conditions, no `continue` and no times. Names of
receivers and of times are there once. Intervals are not zero.

```yaml bad
route:
  receiver: chat
  matchers: [severity="critical"]
receivers:
  - name: chat
```

```yaml good
route:
  receiver: chat
receivers:
  - name: chat
```
"#,
);
