//! Pods that a Prometheus outside the cluster is to find.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Stack;
use crate::diagnostics::code::warning;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "discovery-outside-cluster",
        Stack,
        "Pods that Prometheus in a compose stack is to find",
        r"
`discover: kubernetes` lets Prometheus ask the cluster that it runs in for its pods, with the service account that the
cluster gives it. The Prometheus of a compose stack runs in no cluster: it does not even start, because it finds
neither address nor account of one.

Let the environment that runs on compose name its targets instead: `scrape: {discover: null}` makes the service's own
name the target again.

```yaml bad
bellwether: 1
platform: shop
services:
  api: {scrape: {port: 8000, discover: kubernetes}}
stack: {compose: {}}
```

```yaml good
bellwether: 1
platform: shop
services:
  api: {scrape: {port: 8000, discover: kubernetes}}
stack: {kubernetes: {}}
environments:
  local:
    services: {api: {scrape: {discover: null}}}
    stack: {kubernetes: null, compose: {}}
```
",
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    let Some(compose) = &context.platform.stack.compose else { return };
    for (_, service) in context.spec.services.iter() {
        let scraped = service.scrape.as_ref().and_then(|scrape| scrape.discover.as_ref());
        let exported = service.exporter.as_ref().and_then(|exporter| exporter.discover.as_ref());
        let Some(discover) = scraped.or(exported) else { continue };
        let diagnostic = Diagnostic::new(&LINT.code, discover.span, "no cluster can be asked from a compose stack")
            .label("asks the cluster that Prometheus runs in")
            .also(compose.origin.0, "Prometheus runs here")
            .note("Prometheus would not start")
            .help("name targets where the stack runs on compose, or leave `compose` out");
        findings.report(diagnostic);
    }
}
