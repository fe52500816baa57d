//! Loki's files from small platforms.

use serde_json::{Value, json};

use super::*;
use crate::{Memory, Options, compile};

/// A platform whose one service has these signals and thresholds, compiled for Loki.
fn built(more: &str) -> (Artifacts, Vec<String>) {
    let spec = format!(
        "bellwether: 1\nplatform: shop\nowner: {{team: shop-team}}\nchannels: {{chat: {{webhook: {{url: \"http://chat\"}}}}}}\n\
         severities: {{critical: {{notify: [chat]}}}}\n{more}"
    );
    let compilation = compile(&Memory::new().with("spec.yaml", spec), "spec.yaml", &Options::default());
    let said = compilation.diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect();
    (compilation.artifacts().unwrap_or_default(), said)
}

fn configuration(artifacts: &Artifacts) -> Value {
    yaml_serde::from_str(artifacts.get(LOKI_CONFIG).unwrap()).unwrap()
}

/// The alerts of a service `api` with one signal `lines`, by name.
fn expressions(log: &str, thresholds: &str) -> Vec<(String, String)> {
    let (artifacts, said) = built(&format!(
        "services:\n  api:\n    signals: {{lines: {{log: {log}}}}}\n    thresholds: {thresholds}\nstack: {{loki: {{}}}}\n"
    ));
    assert!(said.is_empty(), "{said:?}");
    let file: Value = yaml_serde::from_str(artifacts.get("loki/rules/fake/api_alerts.yml").unwrap()).unwrap();
    let rules = file["groups"][0]["rules"].as_array().unwrap().iter();
    rules.map(|rule| (rule["alert"].as_str().unwrap().to_owned(), rule["expr"].as_str().unwrap().to_owned())).collect()
}

fn expression(log: &str, condition: &str) -> String {
    expressions(log, &format!("{{A: {{signal: lines, severity: critical, {condition}}}}}")).remove(0).1
}

#[test]
fn without_loki_nothing_is_written() {
    assert!(built("").0.get(LOKI_CONFIG).is_none());
}

#[test]
fn lines_are_kept_as_long_as_the_spec_says() {
    let (artifacts, said) = built("retention: {log_store: 90d}\nstack: {loki: {ingest: 4MB/s, streams: 100}}\n");
    assert!(said.is_empty(), "{said:?}");
    let file = configuration(&artifacts);
    assert_eq!(file["limits_config"]["retention_period"], "2160h");
    assert_eq!(file["limits_config"]["ingestion_rate_mb"], 4);
    assert_eq!(file["limits_config"]["max_global_streams_per_user"], 100);
    assert_eq!(file["compactor"]["retention_enabled"], true);
    assert_eq!(file["compactor"]["delete_request_store"], "filesystem");
    assert_eq!(file["schema_config"]["configs"][0]["index"]["period"], "24h");
    assert_eq!(file["ruler"]["external_labels"], json!({"platform": "shop", "environment": "production"}));
    let (_, said) = built("retention: {log_store: 23h}\nstack: {loki: {}}\n");
    assert_eq!(said, ["lines cannot be kept for 23h only"]);
}

#[test]
fn a_bucket_is_named_by_variables_and_holds_no_key() {
    let store = "{bucket: {env: LOGS}, region: eu-west-1, access_key: {env: ACCESS}, secret_key: {env: HIDDEN}}";
    let (artifacts, said) = built(&format!("stack: {{loki: {{store: {{s3: {store}}}}}}}\n"));
    assert!(said.is_empty(), "{said:?}");
    let file = configuration(&artifacts);
    let bucket = json!({"bucketnames": "${LOGS}", "region": "eu-west-1", "access_key_id": "${ACCESS}", "secret_access_key": "${HIDDEN}"});
    assert_eq!(file["common"]["storage"], json!({ "s3": bucket }));
    assert_eq!(file["compactor"]["delete_request_store"], "s3");
    assert_eq!(file["schema_config"]["configs"][0]["object_store"], "s3");
    let literal = "stack: {loki: {store: {s3: {bucket: 'a${HOME}', access_key: {file: ./key}}}}}\n";
    assert_eq!(built(literal).1.len(), 2);
}

#[test]
fn lines_are_counted_by_the_cheapest_tests_first() {
    let lines = |log: &str| expression(log, "above: 10");
    assert_eq!(lines("{}"), r#"sum(count_over_time({service="api"}[5m])) > 10"#);
    assert_eq!(lines("{where: {level: ERROR}}"), r#"sum(count_over_time({service="api", level="ERROR"}[5m])) > 10"#);
    assert_eq!(lines("{contains: 'a \"b\"'}"), r#"sum(count_over_time({service="api"} |= "a \"b\"" [5m])) > 10"#);
    assert_eq!(
        lines("{where: {http.status: '500', path: '/a*'}}"),
        r#"sum(count_over_time({service="api"} |= "500" | json http_status="http.status", path="path" | __error__ = "" | http_status = "500" | path =~ "/a.*" [5m])) > 10"#
    );
}

#[test]
fn no_lines_are_fewer_than_any_bound() {
    let below = expression("{}", "below: 5");
    assert_eq!(below, r#"(sum(count_over_time({service="api"}[5m])) or vector(0)) < 5"#);
    let absent = expression("{}", "absent: 15m");
    assert_eq!(absent, r#"absent_over_time({service="api"}[15m])"#);
    let drop = expression("{}", "drops_by: {by: 40%, against: 1d}");
    assert_eq!(
        drop,
        r#"(sum(count_over_time({service="api"}[5m])) or vector(0)) < 0.6 * sum(count_over_time({service="api"}[5m] offset 1d))"#
    );
}

#[test]
fn a_usual_day_has_as_many_windows_as_fit_and_must_have_begun() {
    assert_eq!(
        expression("{}", "above_baseline: {times: 3, over: 1d}"),
        r#"sum(count_over_time({service="api"}[5m])) > 3 * (sum(count_over_time({service="api"}[1d])) / 288) and sum(count_over_time({service="api"}[2h24m] offset 21h36m))"#
    );
}

#[test]
fn rules_bear_the_labels_that_routes_count_on() {
    let (artifacts, _) = built(
        "services:\n  api:\n    signals: {lines: {log: {}, per: [path]}}\n    \
         thresholds: {Many: {signal: lines, above: 10, for: 2m, severity: critical, group: from_logs, labels: {kind: log}}}\nstack: {loki: {}}\n",
    );
    let file: Value = yaml_serde::from_str(artifacts.get("loki/rules/fake/from_logs.yml").unwrap()).unwrap();
    let rule = &file["groups"][0]["rules"][0];
    let labels = json!({"severity": "critical", "service": "api", "team": "shop-team", "kind": "log"});
    assert_eq!((&rule["labels"], &rule["for"]), (&labels, &json!("2m")));
    assert_eq!(rule["annotations"]["summary"], "Api: Lines of {{ $labels.path }} is {{ $value | humanize }}, above 10");
}

#[test]
fn a_condition_on_lines_needs_loki() {
    let lines = "services: {api: {signals: {lines: {log: {}}}, thresholds: {A: {signal: lines, any: true, severity: critical}}}}\n";
    assert_eq!(built(lines).1, ["nothing can evaluate `A`: its signal is counted only in Loki"]);
    let on_prometheus = lines.replace("any: true", "any: true, on: prometheus") + "stack: {loki: {}}\n";
    let said = "`A` cannot be evaluated by prometheus: its signal has no shape over Prometheus metrics";
    assert_eq!(built(&on_prometheus).1, [said]);
}
