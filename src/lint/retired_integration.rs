//! Integrations that have ended.

use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;
use crate::plain::alertmanager::Integration;
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "retired-integration",
        Route,
        "A way of telling people that its maker has ended",
        r"
A receiver uses a service or an interface that has ended or is kept for old users only: HipChat, the connectors of Office
365 (`msteams_configs`), the first events API of PagerDuty (`service_key`). Messages are refused, or will be, and nobody
notices until somebody should have been told.

Use what has taken its place.

```yaml bad
route: {receiver: chat}
receivers:
  - {name: chat, msteams_configs: [{webhook_url_file: /run/secrets/teams}]}
```

```yaml good
route: {receiver: chat}
receivers:
  - {name: chat, msteamsv2_configs: [{webhook_url_file: /run/secrets/teams}]}
```
",
    ),
    check: Check::Routing(check),
};

fn check(routing: &Routing, findings: &mut Findings) {
    let integrations = routing.file.into_iter().flat_map(|file| &file.receivers).flat_map(|one| &one.integrations);
    for (place, message, note, help) in integrations.filter_map(ended) {
        findings.report(Diagnostic::new(&LINT.code, place, message).note(note).help(help));
    }
}

/// Where it stands, what has ended, what follows, and what to use.
fn ended(integration: &Integration) -> Option<(Span, &'static str, &'static str, &'static str)> {
    let kind = &integration.kind;
    match kind.value.as_str() {
        "hipchat_configs" => Some((
            kind.span,
            "HipChat ended in 2019",
            "Alertmanager knows it no longer, and refuses the file",
            "remove it, and tell its readers in another way",
        )),
        "msteams_configs" => Some((
            kind.span,
            "connectors of Office 365 have been retired by Microsoft",
            "messages to them no longer arrive",
            "make a workflow in Teams, and use `msteamsv2_configs` with its address",
        )),
        "pagerduty_configs" => {
            let map = integration.node.as_map()?;
            let key = map.entry("service_key").or_else(|| map.entry("service_key_file"))?;
            Some((
                key.key.span,
                "the first events API of PagerDuty is kept for old integrations only",
                "severity, component and links do not arrive with it",
                "make an integration of Events API v2, and use its `routing_key_file`",
            ))
        }
        _ => None,
    }
}
