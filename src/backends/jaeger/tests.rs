//! config.yaml of Jaeger from small platforms.

use serde_json::{Value, json};

use super::*;
use crate::compile::{Memory, Options, compile};

fn jaeger(spec: &str) -> (Value, Vec<&'static str>) {
    let spec = format!("bellwether: 1\nplatform: shop\n{spec}");
    let compiled = compile(&Memory::new().with("spec.yaml", spec), "spec.yaml", &Options::default());
    let codes = compiled.diagnostics.iter().map(|said| said.code.name).collect();
    let artifacts = compiled.artifacts().unwrap_or_default();
    (artifacts.get(JAEGER_CONFIG).map_or(Value::Null, |text| yaml_serde::from_str(text).unwrap()), codes)
}

#[test]
fn without_jaeger_there_is_no_file() {
    assert_eq!(jaeger("services: {api: {scrape: {port: 8000}}}"), (Value::Null, Vec::new()));
}

#[test]
fn spans_live_as_long_as_the_spec_says() {
    let store =
        |spec: &str| jaeger(spec).0["extensions"]["jaeger_storage"]["backends"]["main"]["badger"]["ttl"].clone();
    assert_eq!(store("retention: {traces: 30d}\nstack: {jaeger: {}}"), json!({"spans": "720h"}));
    assert_eq!(store("retention: {traces: 90m}\nstack: {jaeger: {}}"), json!({"spans": "90m"}));
    assert_eq!(store("stack: {jaeger: {}}"), json!({"spans": "168h"}));
}

#[test]
fn it_takes_otlp_and_shows_what_it_keeps() {
    let (file, codes) = jaeger("stack: {jaeger: {storage: memory, max_traces: 500}}");
    assert!(codes.is_empty(), "{codes:?}");
    assert_eq!(file["service"]["extensions"], json!(["jaeger_storage", "jaeger_query", "healthcheckv2"]));
    assert_eq!(
        file["service"]["pipelines"]["traces"],
        json!({"receivers": ["otlp"], "processors": ["memory_limiter", "batch"], "exporters": ["jaeger_storage_exporter"]})
    );
    assert_eq!(file["extensions"]["jaeger_storage"]["backends"]["main"], json!({"memory": {"max_traces": 500}}));
    assert_eq!(file["extensions"]["jaeger_query"]["storage"], json!({"traces": "main"}));
    assert_eq!(file["extensions"]["healthcheckv2"]["http"]["endpoint"], json!("0.0.0.0:13133"));
}

#[test]
fn a_password_is_a_file() {
    let (file, _) = jaeger(
        "stack: {jaeger: {storage: elasticsearch, elasticsearch: \
         {url: {env: ES}, username: jaeger, password: {env: ES_PASSWORD}}}}",
    );
    assert_eq!(
        file["extensions"]["jaeger_storage"]["backends"]["main"]["elasticsearch"],
        json!({
            "server_urls": ["${env:ES}"],
            "auth": {"basic": {"username": "jaeger", "password_file": "/run/secrets/es_password"}},
            "indices": {"index_prefix": "shop"},
        })
    );
}

#[test]
fn settings_of_another_storage_are_told() {
    for spec in [
        "stack: {jaeger: {max_traces: 5}}",
        "stack: {jaeger: {elasticsearch: {url: 'http://e:9200'}}}",
        "stack: {jaeger: {storage: elasticsearch}}",
    ] {
        assert_eq!(jaeger(spec), (Value::Null, vec!["incomplete-trace-storage"]), "{spec}");
    }
}
