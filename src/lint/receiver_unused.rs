//! Receivers that no route leads to.

use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "receiver-unused",
        Route,
        "A receiver that no route names",
        r"
A receiver of an alertmanager.yml never gets a message, because no route names it. Alertmanager says so once, in its own
log. Either a route has been forgotten, and people believe that they are told, or the receiver is left over with its
secrets.

Name it in a route, or remove it. In a spec the same is said of channels.

```yaml bad
route: {receiver: chat}
receivers:
  - name: chat
    webhook_configs: [{url: 'http://bridge:8080/chat'}]
  - name: oncall
    pagerduty_configs: [{routing_key_file: /run/secrets/pagerduty}]
```

```yaml good
route:
  receiver: chat
  routes:
    - {receiver: oncall, matchers: ['severity=critical']}
receivers:
  - name: chat
    webhook_configs: [{url: 'http://bridge:8080/chat'}]
  - name: oncall
    pagerduty_configs: [{routing_key_file: /run/secrets/pagerduty}]
```
",
    ),
    check: Check::Routing(check),
};

fn check(routing: &Routing, findings: &mut Findings) {
    let Some(file) = routing.file else { return };
    let mut named = Vec::new();
    routing.root.each(&mut |node, _| named.extend(node.receiver.as_ref().map(|receiver| receiver.value.as_str())));
    for receiver in file.receivers.iter().filter(|receiver| !named.contains(&receiver.name.value.as_str())) {
        let message = format!("nothing leads to the receiver `{}`", receiver.name.value);
        let diagnostic = Diagnostic::new(&LINT.code, receiver.name.span, message)
            .label("named by no route")
            .note("it never gets a message")
            .help("name it in a route, or remove it");
        findings.report(diagnostic);
    }
}
