//! config.alloy from small platforms.

use super::*;
use crate::backends::samples;
use crate::model::{Collector, LogFiles, LogFormat, Scrub};

fn with_alloy() -> Platform {
    let mut platform = samples::platform();
    platform.stack.alloy = Some(Collector { files: Vec::new(), origin: samples::span().into() });
    platform
}

fn text(platform: &Platform) -> String {
    let mut artifacts = Artifacts::new();
    Alloy::render(&Alloy::lower(&platform.clone().into(), &mut Diagnostics::new()), &mut artifacts);
    artifacts.get(ALLOY_CONFIG).map(|text| text.to_owned()).unwrap_or_default()
}

#[test]
fn without_alloy_nothing_is_written() {
    assert_eq!(text(&samples::platform()), "");
}

#[test]
fn lines_are_scrubbed_before_anything_is_read_from_them() {
    let mut platform = with_alloy();
    platform.logs.scrub = vec![Scrub::Field("extra.agent".to_owned())];
    let text = text(&platform);
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is not in\n{text}"));
    assert!(at("stage.replace") < at("stage.json") && at("stage.json") < at("stage.labels"));
    assert!(
        text.contains(r#"expression = "\"agent\"\\s*:\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[^\"\\s,{}\\[\\]]+)""#),
        "{text}"
    );
    assert!(text.contains("replace    = \"\\\"<scrubbed>\\\"\""), "{text}");
}

#[test]
fn only_few_values_become_labels() {
    let mut platform = with_alloy();
    let mut api = samples::service("api");
    api.labels = samples::pairs(&[("tier", "front")]);
    platform.services.push(api);
    let text = text(&platform);
    assert!(text.contains("values = [\"level\", \"service\", \"tier\"]"), "{text}");
    assert!(text.contains("selector = \"{service=\\\"api\\\"}\""), "{text}");
    assert!(text.contains("\t\ttrace_id   = \"\",") || text.contains("trace_id"), "{text}");
    let external = "\texternal_labels = {\n\t\tplatform    = \"shop\",\n\t\tenvironment = \"production\",\n\t\tteam        = \"shop-team\",\n\t}";
    assert!(text.contains(external), "{text}");
    platform.logs.enrich_service = false;
    assert!(!self::text(&platform).contains("external_labels") && !self::text(&platform).contains("tier"));
}

#[test]
fn plain_lines_have_no_fields_to_read() {
    let mut platform = with_alloy();
    platform.logs.format = LogFormat::Plain;
    assert!(!text(&platform).contains("stage.json"));
}

#[test]
fn paths_are_quoted_where_they_must_be() {
    let mut platform = with_alloy();
    platform.logs.fields.timestamp = "@timestamp".to_owned();
    platform.logs.fields.level = "log.level".to_owned();
    let text = text(&platform);
    assert!(
        text.contains(r#"timestamp  = "\"@timestamp\"","#) && text.contains(r#"level      = "log.level","#),
        "{text}"
    );
}

#[test]
fn files_on_the_host_belong_to_their_service() {
    let mut platform = with_alloy();
    if let Some(alloy) = &mut platform.stack.alloy {
        alloy.files = vec![LogFiles { service: "api".to_owned(), paths: samples::names(&["/var/log/api/*.log"]) }];
    }
    let text = text(&platform);
    let target =
        "path_targets = [\n\t\t{\n\t\t\t__path__ = \"/var/log/api/*.log\",\n\t\t\tservice  = \"api\",\n\t\t},\n\t]";
    assert!(text.contains(target), "{text}");
}

#[test]
fn in_a_cluster_lines_come_from_its_pods() {
    let mut platform = with_alloy();
    platform.stack.kubernetes = Some(samples::kubernetes("shop"));
    assert!(text(&platform).contains("loki.source.docker"), "an operator's cluster runs no component");
    if let Some(cluster) = &mut platform.stack.kubernetes {
        cluster.run = true;
    }
    let text = text(&platform);
    assert!(text.contains("loki.source.kubernetes \"pods\"") && !text.contains("docker"), "{text}");
    assert!(text.contains("names = [\"shop\"]") && text.contains("__meta_kubernetes_pod_label_app"), "{text}");
}
