//! Terraform of Google Cloud and Azure, held against the schemas of the providers and what the clouds document.

use super::judge;
use super::terraform::accepted;
use crate::support::{scratch::Scratch, tools};
use std::path::Path;

fn clouds(platform: &Path) -> Result<(), String> {
    accepted(platform, "terraform/google", "google")?;
    accepted(platform, "terraform/azure", "azurerm")
}

#[test]
fn the_providers_schemas_and_what_the_clouds_document_accept_the_files() {
    let (google, azure) = ("terraform/google/main.tf", "terraform/azure/main.tf");
    judge(
        &["terraform", "python"],
        clouds,
        &[
            (google, "combiner              = \"OR\"", "combiner = \"OR\"", "main.tf"),
            (google, "  combiner     = \"OR\"\n", "", "combiner"),
            (google, "\"OR\"\n  severity ", "\"XOR\"\n  severity ", "expected combiner to be one of"),
            (google, "\"CRITICAL\"", "\"URGENT\"", "expected severity to be one of"),
            (google, "service = \"orders\"", "service = \"Orders\"", "not a label"),
            (google, "COMPARISON_GT", "GREATER", "expected comparison to be one of"),
            (google, "duration        = \"300s\"", "duration        = \"90s\"", "in steps of 60s"),
            (google, "ALIGN_MEAN", "ALIGN_AVERAGE", "expected per_series_aligner to be one of"),
            (google, "metric.type =", "metrik.type =", "the filter has no metric.type"),
            (google, "\\\"e\\\"", "e", "the filter is not understood"),
            (google, "evaluation_interval = \"30s\"", "evaluation_interval = \"45s\"", "in steps of 30s"),
            (google, "service_key", "servis_key", "servis_key"),
            (google, "pager.id]", "pager.idd]", "no argument, nested block"),
            (google, "retention_days = 30", "retention_days = 9999", "1 to 3650"),
            (
                azure,
                "short_name          = \"pager\"",
                "short_name          = \"longer-than-twelve\"",
                "1 to 12 characters",
            ),
            (
                azure,
                "window_size         = \"PT5M\"",
                "window_size         = \"PT7M\"",
                "expected window_size to be one of",
            ),
            (azure, "\"Average\"", "\"Mean\"", "expected aggregation to be one of"),
            (azure, "\"GreaterThan\"", "\">\"", "expected operator to be one of"),
            (azure, "= \"PT5M\"\n    severity", "= \"5m\"\n    severity", "no ISO 8601 duration"),
            (azure, "interval            = \"PT1M\"", "interval            = \"PT30S\"", "1 to 15 minutes"),
            (azure, "    expression =", "    expressiom =", "expressiom"),
            (azure, "  features {}\n", "", "features"),
            (azure, "retention_in_days   = 60", "retention_in_days   = 7", "30 to 730"),
        ],
    );
}

#[test]
fn they_accept_an_alert_of_every_kind_in_both_clouds() {
    if !["terraform", "python"].iter().all(|tool| tools::have(tool)) {
        return;
    }
    let (_, artifacts) = crate::goldens::compiled("examples/clouds.yaml", None);
    let scratch = Scratch::new("clouds");
    for (path, text) in artifacts.iter().filter(|(path, _)| path.starts_with("terraform/")) {
        scratch.write(path, text);
    }
    let all: String = artifacts.iter().map(|(_, text)| text).collect();
    for kind in [
        "condition_threshold",
        "condition_prometheus_query_language",
        "azurerm_monitor_metric_alert",
        "azurerm_monitor_alert_prometheus_rule_group",
    ] {
        assert!(all.contains(kind), "the example shows no {kind}");
    }
    clouds(scratch.path()).unwrap();
}
