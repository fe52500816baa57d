//! From a service's application to its variables: OpenTelemetry's own names, then Sentry's, then the spec's.

use super::{Value, Variable};
use crate::model::{Application, Language, OtlpProtocol, Platform, SampledBy, Secret, Service, Setting, Traces};
use crate::quantity::print_decimal;
use rust_decimal::Decimal;

/// The variables of a service's application, if it declares one. What the spec writes itself wins.
pub(super) fn variables(platform: &Platform, service: &Service) -> Option<Vec<Variable>> {
    let application = service.application.as_ref()?;
    let mut variables = vec![
        literal("OTEL_SERVICE_NAME", &service.name.value),
        attributes(platform, application),
        literal("LOG_LEVEL", application.log_level.word()),
    ];
    match &platform.traces {
        Some(traces) => variables.extend(exporter(traces)),
        None => variables.push(literal("OTEL_TRACES_EXPORTER", "none")),
    }
    // Metrics are scraped and logs are collected: sent by OTLP as well they would be there twice.
    variables.extend([literal("OTEL_METRICS_EXPORTER", "none"), literal("OTEL_LOGS_EXPORTER", "none")]);
    variables.extend(language(application));
    variables.extend(sentry(application));
    for (name, value) in &application.variables {
        let variable = Variable { name: name.value.clone(), value: Value::Setting(value.clone()) };
        match variables.iter_mut().find(|known| known.name == name.value) {
            Some(known) => *known = variable,
            None => variables.push(variable),
        }
    }
    Some(variables)
}

fn literal(name: &str, value: &str) -> Variable {
    Variable { name: name.to_owned(), value: Value::Setting(Setting::Literal(value.to_owned())) }
}

/// What every span carries: which platform, which copy, which version.
fn attributes(platform: &Platform, application: &Application) -> Variable {
    let pairs = [
        ("service.namespace", platform.name.value.as_str()),
        ("deployment.environment.name", application.environment.as_str()),
    ];
    let text: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect();
    let text = text.join(",");
    match &application.release {
        None => literal("OTEL_RESOURCE_ATTRIBUTES", &text),
        Some(Setting::Literal(release)) => {
            literal("OTEL_RESOURCE_ATTRIBUTES", &format!("{text},service.version={}", encoded(release)))
        }
        Some(Setting::Env(name)) => Variable {
            name: "OTEL_RESOURCE_ATTRIBUTES".to_owned(),
            value: Value::Around { before: format!("{text},service.version="), name: name.to_string() },
        },
    }
}

/// Values of the list are percent-encoded where the list itself has a use for the character.
fn encoded(value: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_graphic() && !b",;=\\\"%".contains(byte);
    value.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn exporter(traces: &Traces) -> Vec<Variable> {
    let protocol = match traces.protocol {
        OtlpProtocol::Http => "http/protobuf",
        OtlpProtocol::Grpc => "grpc",
    };
    // A span whose parent is sampled is sampled: a trace is whole or absent.
    let sampler = match (traces.sampled_by, traces.sample >= Decimal::ONE) {
        (SampledBy::Application, false) => "parentbased_traceidratio",
        _ => "parentbased_always_on",
    };
    let mut variables = vec![
        literal("OTEL_TRACES_EXPORTER", "otlp"),
        Variable { name: "OTEL_EXPORTER_OTLP_ENDPOINT".to_owned(), value: Value::Setting(traces.endpoint.clone()) },
        literal("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        literal("OTEL_PROPAGATORS", "tracecontext,baggage"),
        literal("OTEL_TRACES_SAMPLER", sampler),
    ];
    if sampler == "parentbased_traceidratio" {
        variables.push(literal("OTEL_TRACES_SAMPLER_ARG", &print_decimal(traces.sample)));
    }
    variables
}

/// What only one language's libraries read.
fn language(application: &Application) -> Vec<Variable> {
    match application.language.as_ref().map(|language| language.value) {
        // A series more for each counter and histogram, which nothing reads.
        Some(Language::Python) => vec![literal("PROMETHEUS_DISABLE_CREATED_SERIES", "true")],
        _ => Vec::new(),
    }
}

fn sentry(application: &Application) -> Vec<Variable> {
    let Some(sentry) = &application.sentry else { return Vec::new() };
    let dsn: Secret = sentry.dsn.clone();
    let mut variables = vec![
        Variable { name: "SENTRY_DSN".to_owned(), value: Value::Secret(dsn) },
        literal("SENTRY_ENVIRONMENT", &application.environment),
    ];
    let release = application.release.clone();
    variables
        .extend(release.map(|release| Variable { name: "SENTRY_RELEASE".to_owned(), value: Value::Setting(release) }));
    let share = |name: &str, share: Option<Decimal>| share.map(|share| literal(name, &print_decimal(share)));
    variables.extend(share("SENTRY_SAMPLE_RATE", sentry.sample_rate));
    variables.extend(share("SENTRY_TRACES_SAMPLE_RATE", sentry.traces_sample_rate));
    variables
}
