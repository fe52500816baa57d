//! Jaeger as it was before version 2: its agent, its own clients, its separate programs.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Stack;
use crate::diagnostics::code::warning;
use crate::model::Setting;
use crate::source::{Node, Span, Value};
use crate::spec::Spec;
use crate::spec::values::{Named, VariableName};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "jaeger-agent-gone",
        Stack,
        "Jaeger's agent and clients, which no longer exist",
        r"
Jaeger 1 has reached its end. Version 2 is one program that takes OTLP: there is no agent at port 6831 any more, and the
client libraries that read `JAEGER_AGENT_HOST`, `JAEGER_AGENT_PORT` or `JAEGER_ENDPOINT` are retired. An application that
is still configured so sends its spans to a port on which nothing listens; UDP does not even tell it.

Use OpenTelemetry's libraries. The compiler writes what they need to `environment/<service>.env`: give a service an
`application: {}` and drop the old variables.

```yaml bad
bellwether: 1
platform: shop
services:
  api:
    scrape: {port: 8000}
    application: {variables: {JAEGER_AGENT_HOST: jaeger, JAEGER_AGENT_PORT: 6831}}
stack: {jaeger: {}}
```

```yaml good
bellwether: 1
platform: shop
services:
  api:
    scrape: {port: 8000}
    application: {language: python}
stack: {jaeger: {}}
```
",
    ),
    check: Check::Platform(check),
};

/// Variables that only the retired clients read.
const VARIABLES: [&str; 4] = ["JAEGER_AGENT_", "JAEGER_ENDPOINT", "JAEGER_SAMPLER_", "OTEL_EXPORTER_JAEGER_"];

/// Programs of Jaeger 1, and the forms in which the retired clients send.
const PROGRAMS: [&str; 5] = [
    "jaegertracing/all-in-one",
    "jaegertracing/jaeger-agent",
    "jaegertracing/jaeger-collector",
    "jaegertracing/jaeger-query",
    "jaegertracing/jaeger-ingester",
];

/// Ports of the agent, and of the collector for the retired clients.
const PORTS: [&str; 4] = [":6831", ":6832", ":5775", ":14268"];

fn check(context: &Context, findings: &mut Findings) {
    for (name, value) in environments(context.spec).into_iter().flat_map(Named::iter) {
        let by_name = VARIABLES.iter().any(|gone| name.as_str().starts_with(gone));
        let by_value = matches!(value, Setting::Literal(text) if PORTS.iter().any(|port| text.contains(port)));
        if by_name || by_value {
            let message = format!("`{}` is for Jaeger's agent and clients, which are gone", name.value);
            let help = "leave it out: `application: {}` gives the service OTLP in `environment/<service>.env`";
            report(name.span, message, help, findings);
        }
    }
    let Some(compose) = &context.platform.stack.compose else { return };
    for image in compose.components.iter().filter_map(|component| component.image.as_ref()) {
        look(&image.value, image.span, findings);
    }
    let services = compose.overrides.as_ref().and_then(|raw| raw.node.as_map()?.get("services")?.as_map());
    for service in services.iter().flat_map(|services| &services.entries) {
        let image = service.value.as_map().and_then(|service| service.get("image"));
        if let Some(Node { value: Value::Text(image), span, .. }) = image {
            look(&image.value, *span, findings);
        }
    }
}

/// Every map of variables in the spec.
fn environments(spec: &Spec) -> Vec<&Named<VariableName, Setting>> {
    let compose = spec.stack.as_ref().and_then(|stack| stack.compose.as_ref());
    let components = compose.iter().flat_map(|compose| compose.components.iter()).map(|(_, one)| &one.environment);
    let services = || spec.services.iter().map(|(_, service)| service);
    let exporters = services().filter_map(|service| service.exporter.as_ref()).map(|one| &one.environment);
    let applications = services().filter_map(|service| service.application.as_ref()).map(|one| &one.variables);
    components.chain(exporters).chain(applications).collect()
}

fn look(image: &str, place: Span, findings: &mut Findings) {
    if PROGRAMS.iter().any(|program| image.contains(program)) {
        let message = format!("`{image}` is a program of Jaeger 1");
        report(place, message, "use `stack: {jaeger: {}}`: one program of version 2, which takes OTLP", findings);
    }
}

fn report(place: Span, message: String, help: &str, findings: &mut Findings) {
    let diagnostic = Diagnostic::new(&LINT.code, place, message)
        .note("nothing listens there any more, and spans are lost without a word")
        .help(help);
    findings.report(diagnostic);
}
