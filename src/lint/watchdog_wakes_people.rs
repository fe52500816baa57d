//! Dead man's switches that people hear of.

use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;
use crate::plain::alertmanager::Receiver;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "watchdog-wakes-people",
        Route,
        "An alert that always fires, on its way to people",
        r"
A dead man's switch (`expr: vector(1)`, often called `Watchdog`) fires for ever, so that something outside notices when it
stops. Sent to people it is a message without an end: they mute the channel, and with it everything else. And nothing
outside listens for its end.

Give it a route of its own: to a heartbeat service by a webhook, or to a receiver without integrations.

```yaml bad
groups:
  - name: general
    rules:
      - {alert: Watchdog, expr: vector(1), labels: {severity: none}}
---
route: {receiver: chat}
receivers:
  - {name: chat, slack_configs: [{api_url_file: /run/secrets/slack, channel: '#alerts'}]}
```

```yaml good
groups:
  - name: general
    rules:
      - {alert: Watchdog, expr: vector(1), labels: {severity: none}}
---
route:
  receiver: chat
  routes:
    - {receiver: heartbeat, matchers: ['alertname=Watchdog'], repeat_interval: 5m}
receivers:
  - {name: chat, slack_configs: [{api_url_file: /run/secrets/slack, channel: '#alerts'}]}
  - {name: heartbeat, webhook_configs: [{url_file: /run/secrets/heartbeat}]}
```
",
    ),
    check: Check::Routing(check),
};

/// Integrations that may be a machine's: a heartbeat service has addresses of these kinds.
const MACHINES: [&str; 3] = ["email_configs", "sns_configs", "webhook_configs"];

fn check(routing: &Routing, findings: &mut Findings) {
    for (alert, reached) in routing.delivered().into_iter().filter(|(alert, _)| alert.always) {
        for node in reached.iter().filter(|reached| reached.surely).map(|reached| reached.node) {
            let receiver = node.receiver.as_ref();
            let people = receiver.and_then(|name| routing.receiver(&name.value)).and_then(people);
            let (Some(receiver), Some(kind)) = (receiver, people) else { continue };
            let message = format!("`{}` always fires, and goes to people", alert.name);
            let mut diagnostic = Diagnostic::new(&LINT.code, receiver.span, message)
                .label(format!("by `{kind}`"))
                .note("a message without an end: people mute the channel, and everything else in it")
                .help("give it a route of its own, to a heartbeat service or to a receiver without integrations");
            if let Some(place) = alert.place {
                diagnostic = diagnostic.also(place, "fires for ever, on purpose");
            }
            findings.report(diagnostic);
        }
    }
}

/// How a receiver tells people, if it does.
fn people(receiver: &Receiver) -> Option<&str> {
    let mut kinds = receiver.integrations.iter().map(|integration| integration.kind.value.as_str());
    kinds.find(|kind| !MACHINES.contains(kind))
}
