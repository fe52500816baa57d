//! The Elastic stack's files from small specs.

use serde_json::{Value, json};

use super::*;
use crate::{Memory, Options, compile};

fn built(more: &str) -> (Artifacts, Vec<String>) {
    let spec = format!("bellwether: 1\nplatform: shop\nowner: {{team: shop-team}}\n{more}");
    let compilation = compile(&Memory::new().with("spec.yaml", spec), "spec.yaml", &Options::default());
    let said = compilation.diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect();
    (compilation.artifacts().unwrap_or_default(), said)
}

fn json_of(artifacts: &Artifacts, path: &str) -> Value {
    serde_json::from_str(artifacts.get(path).unwrap()).unwrap()
}

#[test]
fn without_the_elastic_stack_nothing_is_written() {
    assert!(built("").0.iter().all(|(path, _)| !path.starts_with("elastic/")));
}

#[test]
fn lines_are_kept_at_least_as_long_as_the_spec_says() {
    let (artifacts, said) = built("retention: {log_store: 90d}\nstack: {elastic: {rollover: 12h}}\n");
    assert!(said.is_empty(), "{said:?}");
    let phases = json!({
        "hot": {"actions": {"rollover": {"max_age": "12h", "max_primary_shard_size": "50gb"}}},
        "delete": {"min_age": "90d", "actions": {"delete": {}}},
    });
    assert_eq!(json_of(&artifacts, "elastic/ilm-policy.json")["policy"]["phases"], phases);
    let template = json_of(&artifacts, "elastic/index-template.json");
    assert_eq!(template["template"]["settings"]["index.lifecycle.name"], POLICY);
    assert_eq!(template["template"]["settings"]["index.number_of_replicas"], 0);
    assert_eq!(template["template"]["mappings"]["properties"]["user.id"]["type"], "keyword");
    assert_eq!(template["data_stream"], json!({}));
}

#[test]
fn lines_are_scrubbed_read_named_and_enriched_in_this_order() {
    let (artifacts, said) = built(
        "logs: {scrub: {kinds: [email], fields: [extra.agent]}, fields: {service: app.name}}\n\
         services: {api: {scrape: {port: 8000}, labels: {tier: front}}}\nstack: {elastic: {}}\n",
    );
    assert!(said.is_empty(), "{said:?}");
    let text = artifacts.get("elastic/pipeline/services.conf").unwrap();
    let parts = [
        "gsub => [",
        r#""(\"agent\"\\s*:\\s*)(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\"\\s,{}\\[\\]]+)","#,
        r#""\\1\"<scrubbed>\"","#,
        "\"<email>\"",
        "json {",
        "if [line][timestamp] {",
        "\"[line][user_id]\" => \"[user][id]\"",
        "\"[line][message]\" => \"[message]\"",
        "if [line][app][name] {",
        "} else if [fields][service] {",
        "\"[labels][team]\" => \"shop-team\"",
        "if [service][name] == \"api\" {",
        "\"[labels][tier]\" => \"front\"",
        "password => \"${LOGSTASH_PASSWORD}\"",
    ];
    let mut from = 0;
    for part in parts {
        let at = text[from..].find(part).unwrap_or_else(|| panic!("{part} is not after byte {from} of\n{text}"));
        from += at + part.len();
    }
}

#[test]
fn what_logstash_would_fill_in_is_refused() {
    let (_, said) = built("logs: {scrub: {patterns: ['%{2}']}}\nstack: {elastic: {}}\n");
    assert!(said.iter().any(|message| message.contains("Logstash would fill in")), "{said:?}");
}

#[test]
fn each_input_is_known_by_a_name_of_its_own() {
    let (artifacts, said) =
        built("services: {api: {scrape: {port: 8000}}}\nstack: {elastic: {files: {api: [/var/log/api/*.log]}}}\n");
    assert!(said.is_empty(), "{said:?}");
    let file: Value = yaml_serde::from_str(artifacts.get("elastic/filebeat.yml").unwrap()).unwrap();
    let inputs = file["filebeat.inputs"].as_array().unwrap();
    assert!(inputs.iter().all(|input| input["type"] == "filestream"));
    assert_eq!((&inputs[0]["id"], &inputs[1]["id"]), (&json!("containers"), &json!("files-api")));
    assert_eq!(inputs[1]["fields"]["service"], "api");
}

#[test]
fn searches_are_about_the_data_view() {
    let (artifacts, said) = built(
        "stack: {elastic: {searches: {errors: {query: 'log.level: \"ERROR\"', columns: [service.name, message]}}}}\n",
    );
    assert!(said.is_empty(), "{said:?}");
    let text = artifacts.get("elastic/kibana.ndjson").unwrap();
    let objects: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&objects[0]["type"], &objects[0]["id"]), (&json!("index-pattern"), &json!("shop-logs")));
    assert_eq!(objects[1]["references"][0]["id"], objects[0]["id"]);
    assert_eq!(objects[1]["attributes"]["columns"], json!(["service.name", "message"]));
    let meta = &objects[1]["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"];
    let source: Value = serde_json::from_str(meta.as_str().unwrap()).unwrap();
    assert_eq!(source["query"], json!({"query": "log.level: \"ERROR\"", "language": "kuery"}));
    assert_eq!(source["indexRefName"], objects[1]["references"][0]["name"]);
}

#[test]
fn no_password_is_in_a_file() {
    let (artifacts, said) = built("stack: {elastic: {password: {env: HIDDEN}}, compose: {}}\n");
    assert!(said.is_empty(), "{said:?}");
    let compose = artifacts.get("docker-compose.yml").unwrap();
    assert!(compose.contains("export ELASTIC_PASSWORD=\"$$(cat /run/secrets/hidden)\""), "{compose}");
    assert!(compose.contains("environment: HIDDEN") && !compose.contains("${HIDDEN"), "{compose}");
}
