//! An alert from a scraped number to a webhook and back, on a real Prometheus and Alertmanager.

mod ai_imutis;
mod backup;
pub(crate) mod http;
mod platforms;
pub(crate) mod systems;
mod tls;

use crate::support::{scratch::Scratch, tools};
use http::Server;
use std::time::Duration;
use systems::{Running, free_port};

/// Long enough for a slow machine: a round trip takes about twenty seconds.
const PATIENCE: Duration = Duration::from_secs(90);

#[test]
fn an_alert_reaches_the_webhook_and_resolves() {
    let prometheus = tools::versions("prometheus");
    let alertmanager = tools::versions("alertmanager");
    for (prometheus, alertmanager) in prometheus.iter().zip(&alertmanager) {
        assert_eq!(prometheus.set, alertmanager.set);
        follow_an_alert(prometheus, alertmanager);
    }
}

/// The configuration is what `specs/ims.yaml` compiles to for its `local` environment: only addresses differ.
fn follow_an_alert(prometheus: &tools::Tool, alertmanager: &tools::Tool) {
    let server = Server::start();
    server.expose(|scrape| format!("{TYPE}login_failures_total {}\n", scrape * 100));
    let port = free_port();
    let scratch = Scratch::new("e2e");
    let (_, artifacts) = crate::goldens::compiled("specs/ims.yaml", Some("local"));
    for (path, text) in artifacts.iter() {
        scratch.write(path, text);
    }
    let (app, hooks) = ("backend-api:8000", "127.0.0.1:9099");
    scratch.redirect(&[("alertmanager:9093", port), (app, server.port()), (hooks, server.port())]);

    let mut alertmanager = Running::alertmanager(alertmanager, &scratch.join("alertmanager/alertmanager.yml"), port);
    let mut prometheus = Running::prometheus(prometheus, &scratch.join("prometheus/prometheus.yml"));
    alertmanager.wait_until_ready(PATIENCE);
    prometheus.wait_until_ready(PATIENCE);

    let is_ours = |note: &serde_json::Value| note["groupLabels"]["alertname"] == "BruteForceAttempts";
    let fired = server.wait_for_notification(PATIENCE, |note| is_ours(note) && note["status"] == "firing");
    let alert = &fired["alerts"][0];
    for (label, value) in
        [("severity", "critical"), ("service", "backend-api"), ("team", "ims-platform"), ("environment", "local")]
    {
        assert_eq!(alert["labels"][label], value, "{label}: {fired:#}");
    }
    assert_eq!(alert["annotations"]["runbook_url"], "https://runbooks.example.com/ims/BruteForceAttempts");
    assert!(alert["annotations"]["summary"].as_str().is_some_and(|text| text.contains("Failed logins")), "{fired:#}");
    assert_eq!(prometheus.unhealthy_rules(), Vec::<String>::new());
    let firing = prometheus.query("ALERTS{alertname=\"BruteForceAttempts\", alertstate=\"firing\"}");
    assert_eq!(firing["data"]["result"][0]["metric"]["service"], "backend-api", "{firing:#}");

    server.expose(|_| format!("{TYPE}login_failures_total 1000000\n"));
    let resolved = server.wait_for_notification(PATIENCE, |note| is_ours(note) && note["status"] == "resolved");
    assert_eq!(resolved["groupKey"], fired["groupKey"]);
    // The spec's override sends security findings to the pager and to mail, and to nobody else.
    let told: std::collections::BTreeSet<String> = server
        .notifications()
        .into_iter()
        .filter(|(_, note)| is_ours(note))
        .map(|(path, _)| path.trim_start_matches('/').to_owned())
        .collect();
    assert_eq!(told, ["oncall", "team-mail"].map(str::to_owned).into());
}

const TYPE: &str = "# TYPE login_failures_total counter\n";

#[test]
fn a_system_that_does_not_start_says_why() {
    let Some(tool) = tools::newest("prometheus") else { return };
    let scratch = Scratch::new("broken");
    let path = scratch.write("prometheus.yml", "globl: {}\n");
    let said = Running::prometheus(&tool, &path).ready(PATIENCE).unwrap_err();
    assert!(said.contains("globl"), "{said}");
}
