//! An alert from a scraped number to a webhook and back, on a real Prometheus and Alertmanager.

pub(crate) mod http;
pub(crate) mod systems;

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

fn follow_an_alert(prometheus: &tools::Tool, alertmanager: &tools::Tool) {
    let server = Server::start();
    server.expose(|scrape| format!("requests_total {}\nfailures_total {}\n", scrape * 10, scrape * 5));
    let port = free_port();
    let scratch = Scratch::new("e2e");
    scratch.write("rules/failures.yml", RULES);
    scratch.write("prometheus.yml", CONFIGURATION);
    scratch.write("alertmanager.yml", ROUTING);
    scratch.redirect(&[("alertmanager:9093", port), ("app:8000", server.port()), ("hooks:80", server.port())]);

    let mut alertmanager = Running::alertmanager(alertmanager, &scratch.join("alertmanager.yml"), port);
    let mut prometheus = Running::prometheus(prometheus, &scratch.join("prometheus.yml"));
    alertmanager.wait_until_ready(PATIENCE);
    prometheus.wait_until_ready(PATIENCE);

    let fired = server.wait_for_notification(PATIENCE, |note| note["status"] == "firing");
    assert_eq!(fired["receiver"], "page");
    assert_eq!(fired["alerts"][0]["labels"]["alertname"], "Failures");
    assert_eq!(fired["alerts"][0]["annotations"]["summary"], "50% of requests fail");
    assert_eq!(prometheus.unhealthy_rules(), Vec::<String>::new());
    assert_eq!(
        prometheus.query("ALERTS{alertstate=\"firing\"}")["data"]["result"][0]["metric"]["alertname"],
        "Failures"
    );

    server.expose(|scrape| format!("requests_total {}\nfailures_total 0\n", scrape * 10));
    let resolved = server.wait_for_notification(PATIENCE, |note| note["status"] == "resolved");
    assert_eq!(resolved["groupKey"], fired["groupKey"]);
}

const RULES: &str = r#"
groups:
  - name: failures
    rules:
      - alert: Failures
        expr: sum(rate(failures_total[5s])) / sum(rate(requests_total[5s])) > 0.1
        for: 1s
        labels: {severity: critical}
        annotations:
          summary: '{{ $value | humanizePercentage }} of requests fail'
"#;

const CONFIGURATION: &str = "
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: ['rules/*.yml']
alerting: {alertmanagers: [{static_configs: [{targets: ['alertmanager:9093']}]}]}
scrape_configs:
  - job_name: app
    static_configs: [{targets: ['app:8000']}]
";

const ROUTING: &str = "
global: {resolve_timeout: 5s}
route:
  receiver: nobody
  routes:
    - {receiver: page, matchers: ['severity=\"critical\"'], group_wait: 1s, group_interval: 1s}
receivers:
  - name: nobody
  - name: page
    webhook_configs: [{url: 'http://hooks:80/page'}]
";

#[test]
fn a_system_that_does_not_start_says_why() {
    let Some(tool) = tools::newest("prometheus") else { return };
    let scratch = Scratch::new("broken");
    let path = scratch.write("prometheus.yml", "globl: {}\n");
    let said = Running::prometheus(&tool, &path).ready(PATIENCE).unwrap_err();
    assert!(said.contains("globl"), "{said}");
}
