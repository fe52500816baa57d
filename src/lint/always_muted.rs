//! Times that leave no time.

use super::routing::is_never;
use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "always-muted",
        Route,
        "A route whose times leave no minute of the week in which somebody is told",
        r"
The times in which a route is muted cover all times in which it is active: mute outside of working hours and mute
within them, or a time without limits. Its alerts are taken, and nobody is ever told of them.

Leave some time, or, if nobody shall be told, say that: a receiver without integrations, or `notify: []` in a spec.

```yaml bad
bellwether: 1
platform: shop
channels: {oncall: {webhook: {url: https://oncall.example.com}}}
severities: {warning: {notify: [oncall]}}
times: {always: {weekdays: 'sunday:saturday', hours: ['00:00-24:00']}}
services: {api: {scrape: {port: 8000}}}
routes:
  - {service: api, mute_during: always}
```

```yaml good
bellwether: 1
platform: shop
channels: {oncall: {webhook: {url: https://oncall.example.com}}}
severities: {warning: {notify: [oncall]}}
times: {night: {hours: ['00:00-06:00']}}
services: {api: {scrape: {port: 8000}}}
routes:
  - {service: api, mute_during: night}
```
",
    ),
    check: Check::Routing(check),
};

fn check(routing: &Routing, findings: &mut Findings) {
    let times = routing.times();
    routing.root.each(&mut |node, _| {
        if !is_never(node, &times) {
            return;
        }
        let Some(first) = node.mute.first().or(node.active.first()) else { return };
        let mut diagnostic = Diagnostic::new(&LINT.code, first.span, "this route is muted at all times")
            .label("leaves no minute of the week")
            .note("its alerts are taken, and nobody is told of them")
            .help(
                "leave some time, or tell nobody on purpose: a receiver without integrations, `notify: []` in a spec",
            );
        if let Some(time) = times.get(first.value.as_str()) {
            diagnostic = diagnostic.also(time.name.span, "this time");
        }
        findings.report(diagnostic);
    });
}
