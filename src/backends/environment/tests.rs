//! Environments of applications.

use crate::compile::{Memory, Options, compile};

fn environment(spec: &str) -> String {
    let spec = format!("bellwether: 1\nplatform: shop\n{spec}");
    let compiled = compile(&Memory::new().with("spec.yaml", spec), "spec.yaml", &Options::default());
    let said: Vec<&str> = compiled.diagnostics.iter().map(|said| said.message.as_str()).collect();
    let artifacts = compiled.artifacts().unwrap_or_else(|| panic!("{said:?}"));
    let text = artifacts.get("environment/api.env").unwrap_or_default();
    text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_service_without_an_application_has_none() {
    assert_eq!(environment("services: {api: {scrape: {port: 8000}}}"), "");
}

#[test]
fn an_application_learns_where_its_traces_go_and_how_many() {
    let text = environment(
        "environment: staging\ntraces: {sample: 10%, protocol: grpc}\nstack: {jaeger: {}}\n\
         services: {api: {scrape: {port: 8000}, application: {language: python, log_level: warning, release: {env: RELEASE}}}}",
    );
    let expected = "OTEL_SERVICE_NAME=api\n\
        OTEL_RESOURCE_ATTRIBUTES=\"service.namespace=shop,deployment.environment.name=staging,service.version=${RELEASE}\"\n\
        LOG_LEVEL=warning\n\
        OTEL_TRACES_EXPORTER=otlp\n\
        OTEL_EXPORTER_OTLP_ENDPOINT=http://jaeger:4317\n\
        OTEL_EXPORTER_OTLP_PROTOCOL=grpc\n\
        OTEL_PROPAGATORS=tracecontext,baggage\n\
        OTEL_TRACES_SAMPLER=parentbased_traceidratio\n\
        OTEL_TRACES_SAMPLER_ARG=0.1\n\
        OTEL_METRICS_EXPORTER=none\n\
        OTEL_LOGS_EXPORTER=none\n\
        PROMETHEUS_DISABLE_CREATED_SERIES=true\n";
    assert_eq!(text, expected);
}

#[test]
fn what_the_collector_samples_is_sent_whole() {
    let text = environment(
        "traces: {sample: 10%, keep_errors: true}\nstack: {jaeger: {}, otel_collector: {}}\n\
         services: {api: {scrape: {port: 8000}, application: {}}}",
    );
    assert!(text.contains("OTEL_TRACES_SAMPLER=parentbased_always_on\n"), "{text}");
    assert!(!text.contains("SAMPLER_ARG"), "{text}");
    assert!(text.contains("OTEL_EXPORTER_OTLP_ENDPOINT=http://otel-collector:4318\n"), "{text}");
}

#[test]
fn secrets_are_named_and_never_written() {
    let sentry = |dsn: &str| {
        environment(&format!(
            "services: {{api: {{scrape: {{port: 8000}}, application: {{sentry: {{dsn: {dsn}, traces_sample_rate: 5%}}}}}}}}"
        ))
    };
    let text = sentry("{env: SENTRY_DSN}");
    assert!(text.contains("\nSENTRY_DSN\nSENTRY_ENVIRONMENT=production\nSENTRY_TRACES_SAMPLE_RATE=0.05\n"), "{text}");
    assert!(text.contains("OTEL_TRACES_EXPORTER=none\n"), "{text}");
    assert!(sentry("{env: API_DSN}").contains("\nSENTRY_DSN=\"${API_DSN}\"\n"));
    assert!(sentry("{file: /etc/api/dsn}").contains("\nSENTRY_DSN_FILE=/run/secrets/dsn\n"));
}

#[test]
fn what_the_spec_writes_wins() {
    let text = environment(
        "services: {api: {scrape: {port: 8000}, application: {variables: {OTEL_SERVICE_NAME: shop api, MODE: $x}}}}",
    );
    assert!(text.starts_with("OTEL_SERVICE_NAME='shop api'\n") && text.ends_with("MODE='$x'\n"), "{text}");
}
