//! Channels that nothing leads to.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;
use crate::model::{Channel, Platform};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "channel-unused",
        Route,
        "A channel that no severity, escalation or route names",
        r"
A channel is declared, with its secrets, and nothing ever sends to it. Either a severity has forgotten it, and
people believe that they are told, or it is left over, and its secret is one more that can leak.

Name it in the `notify` of a severity, an escalation or a route, or remove it.

```yaml bad
bellwether: 1
platform: shop
channels:
  oncall: {pagerduty: {routing_key: {env: PAGERDUTY_ROUTING_KEY}}}
  chat: {webhook: {url: https://chat.example.com}}
severities:
  critical: {notify: [chat]}
```

```yaml good
bellwether: 1
platform: shop
channels:
  oncall: {pagerduty: {routing_key: {env: PAGERDUTY_ROUTING_KEY}}}
  chat: {webhook: {url: https://chat.example.com}}
severities:
  critical: {notify: [oncall, chat]}
```
",
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    let platform = context.platform;
    for channel in platform.channels.iter().filter(|channel| !is_used(platform, channel)) {
        let message = format!("nothing ever sends to the channel `{}`", channel.name.value);
        let diagnostic = Diagnostic::new(&LINT.code, channel.name.span, message)
            .label("named by no severity, escalation or route")
            .note("whoever reads that channel hears of no alert at all")
            .help("add it to the `notify` of a severity, or remove it");
        findings.report(diagnostic);
    }
}

fn is_used(platform: &Platform, channel: &Channel) -> bool {
    let severities = platform.severities.iter().flat_map(|severity| {
        severity.notify.iter().chain(severity.escalate.iter().flat_map(|escalation| &escalation.notify))
    });
    let routes = platform.routes.iter().flat_map(|route| route.notify.iter().flatten());
    severities.chain(routes).any(|name| name.value == channel.name.value)
}
