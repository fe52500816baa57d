//! promtail.yml from small platforms.

use serde_json::{Value, json};

use super::*;
use crate::backends::samples;
use crate::model::{Collector, LogFiles, PersonalData, Scrub};

fn file(platform: &Platform) -> Value {
    let mut artifacts = Artifacts::new();
    Promtail::render(&Promtail::lower(&platform.clone().into(), &mut Diagnostics::new()), &mut artifacts);
    artifacts.get(PROMTAIL_CONFIG).map_or(Value::Null, |text| yaml_serde::from_str(text).unwrap())
}

fn with_promtail() -> Platform {
    let mut platform = samples::platform();
    platform.stack.promtail = Some(Collector { files: Vec::new(), origin: samples::span().into() });
    platform
}

#[test]
fn without_promtail_nothing_is_written() {
    assert_eq!(file(&samples::platform()), Value::Null);
}

#[test]
fn lines_go_through_the_stages_that_alloy_has() {
    let mut platform = with_promtail();
    platform.logs.scrub = vec![Scrub::Kind(PersonalData::Email)];
    let file = file(&platform);
    let stages = file["scrape_configs"][0]["pipeline_stages"].as_array().unwrap();
    let names: Vec<&String> = stages.iter().flat_map(|stage| stage.as_object().unwrap().keys()).collect();
    assert_eq!(names, ["replace", "json", "timestamp", "labels", "structured_metadata", "labelallow"]);
    assert_eq!(stages[0]["replace"]["replace"], "<email>");
    assert_eq!(stages[3]["labels"], json!({"level": null, "service": null}));
    assert_eq!(file["clients"][0]["url"], "http://loki:3100/loki/api/v1/push");
    assert_eq!(file["clients"][0]["external_labels"]["team"], "shop-team");
}

#[test]
fn files_on_the_host_belong_to_their_service() {
    let mut platform = with_promtail();
    if let Some(promtail) = &mut platform.stack.promtail {
        promtail.files = vec![LogFiles { service: "api".to_owned(), paths: samples::names(&["/var/log/api/*.log"]) }];
    }
    let labels = json!({"service": "api", "__path__": "/var/log/api/*.log"});
    assert_eq!(file(&platform)["scrape_configs"][1]["static_configs"][0]["labels"], labels);
}
