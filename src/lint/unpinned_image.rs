//! Images that may be another tomorrow.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Stack;
use crate::diagnostics::code::warning;
use crate::packs::components;
use crate::source::{Node, Span, Value};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "unpinned-image",
        Stack,
        "An image without a version",
        r"
An image without a tag, or with one that moves like `latest`, is whatever the registry holds on the day it is
pulled. Two machines with the same spec then run different programs, and a restart can bring a version that no
longer reads its own configuration or data, at the worst moment.

Name a version (`grafana/grafana:13.2.0`), or a digest (`@sha256:...`).

```yaml bad
bellwether: 1
platform: shop
stack:
  compose:
    components:
      grafana: {image: 'grafana/grafana:latest'}
```

```yaml good
bellwether: 1
platform: shop
stack:
  compose:
    components:
      grafana: {image: 'grafana/grafana:13.2.0'}
```
",
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    let stack = &context.platform.stack;
    let in_cluster = stack.kubernetes.iter().flat_map(|cluster| &cluster.components);
    let components = stack.compose.iter().flat_map(|compose| &compose.components).chain(in_cluster);
    for image in components.filter_map(|component| component.image.as_ref()) {
        look(&image.value, image.span, findings);
    }
    let Some(compose) = &stack.compose else { return };
    let services = compose.overrides.as_ref().and_then(|raw| raw.node.as_map()?.get("services")?.as_map());
    for service in services.iter().flat_map(|services| &services.entries) {
        if let Some(Node { value: Value::Text(image), span, .. }) =
            service.value.as_map().and_then(|service| service.get("image"))
        {
            look(&image.value, *span, findings);
        }
    }
}

fn look(image: &str, place: Span, findings: &mut Findings) {
    // Compose fills a variable in; what is in it is not known here.
    if components::is_pinned(image) || image.contains('$') {
        return;
    }
    let diagnostic = Diagnostic::new(&LINT.code, place, format!("the image `{image}` has no version"))
        .label("whatever the registry holds that day")
        .note("a restart may bring another program than the one that was tested")
        .help("name a version in the tag, or a digest");
    findings.report(diagnostic);
}
