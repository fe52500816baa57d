//! collector.yaml from small platforms.

use serde_json::{Value, json};

use super::*;
use crate::compile::{Memory, Options, compile};

/// The collector's file of a spec that has no findings worth an error.
fn collector(spec: &str) -> Value {
    let spec = format!("bellwether: 1\nplatform: shop\n{spec}");
    let compiled = compile(&Memory::new().with("spec.yaml", spec), "spec.yaml", &Options::default());
    let said: Vec<&str> = compiled.diagnostics.iter().map(|said| said.message.as_str()).collect();
    let artifacts = compiled.artifacts().unwrap_or_else(|| panic!("{said:?}"));
    artifacts.get(OTEL_COLLECTOR_CONFIG).map_or(Value::Null, |text| yaml_serde::from_str(text).unwrap())
}

#[test]
fn no_collector_is_no_file() {
    assert_eq!(collector("stack: {jaeger: {}}"), Value::Null);
}

#[test]
fn memory_is_guarded_first_and_batches_are_made_last() {
    let file = collector(
        "traces: {sample: 12.5%, keep_errors: true, keep_slower_than: 1500ms, scrub: [user.email], hash: ['user.$id']}\n\
         stack: {jaeger: {}, otel_collector: {retry_for: 90s}}",
    );
    let traces = &file["service"]["pipelines"]["traces"];
    assert_eq!(traces["processors"], json!(["memory_limiter", "attributes", "tail_sampling", "batch"]));
    assert_eq!(traces["exporters"], json!(["otlp/jaeger"]));
    assert_eq!(
        file["processors"]["tail_sampling"],
        json!({"decision_wait": "10s", "policies": [
            {"name": "errors", "type": "status_code", "status_code": {"status_codes": ["ERROR"]}},
            {"name": "slow", "type": "latency", "latency": {"threshold_ms": 1500}},
            {"name": "share", "type": "probabilistic", "probabilistic": {"sampling_percentage": 12.5}},
        ]})
    );
    let actions = &file["processors"]["attributes"]["actions"];
    assert_eq!(actions, &json!([{"key": "user.email", "action": "delete"}, {"key": "user.$$id", "action": "hash"}]));
    assert_eq!(file["exporters"]["otlp/jaeger"]["retry_on_failure"]["max_elapsed_time"], json!("90s"));
    assert_eq!(file["receivers"]["otlp"]["protocols"]["http"]["endpoint"], json!("0.0.0.0:4318"));
}

#[test]
fn it_samples_only_where_it_is_the_one_to_decide() {
    let processors = |traces: &str| {
        let file = collector(&format!("traces: {traces}\nstack: {{jaeger: {{}}, otel_collector: {{}}}}"));
        file["service"]["pipelines"]["traces"]["processors"].clone()
    };
    assert_eq!(processors("{sample: 10%}"), json!(["memory_limiter", "batch"]));
    assert_eq!(
        processors("{sample: 10%, sampled_by: collector}"),
        json!(["memory_limiter", "probabilistic_sampler", "batch"])
    );
    assert_eq!(processors("{sampled_by: collector}"), json!(["memory_limiter", "batch"]));
}

#[test]
fn spans_are_counted_before_any_is_left_out() {
    let file = collector(
        "traces: {sample: 10%, sampled_by: collector}\n\
         stack: {jaeger: {}, otel_collector: {span_metrics: true, forward_to: [{env: ELSEWHERE}, 'https://other.example.com']}}",
    );
    let pipelines = &file["service"]["pipelines"];
    assert_eq!(pipelines["traces/received"]["exporters"], json!(["spanmetrics", "forward"]));
    assert_eq!(pipelines["traces/received"]["processors"], json!(["memory_limiter"]));
    assert_eq!(pipelines["traces/kept"]["processors"], json!(["probabilistic_sampler", "batch"]));
    assert_eq!(pipelines["traces/kept"]["exporters"], json!(["otlp/jaeger", "otlphttp/1", "otlphttp/2"]));
    assert_eq!(pipelines["metrics/spans"], json!({"receivers": ["spanmetrics"], "exporters": ["prometheus"]}));
    assert_eq!(file["exporters"]["otlphttp/1"]["endpoint"], json!("${env:ELSEWHERE}"));
}
