//! AI-IMUTIS: an alert of each severity reaches those it should and no others, and series with a label for everybody
//! never reach Prometheus.

use super::http::Server;
use super::systems::{Running, free_port};
use super::{PATIENCE, tools};
use crate::support::scratch::Scratch;
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn each_severity_reaches_those_it_should() {
    let prometheus = tools::versions("prometheus");
    let alertmanager = tools::versions("alertmanager");
    for (prometheus, alertmanager) in prometheus.iter().zip(&alertmanager) {
        assert_eq!(prometheus.set, alertmanager.set);
        follow(prometheus, alertmanager);
    }
}

/// Half of the requests fail, and clients are refused faster than they should be.
fn trouble(scrape: u64) -> String {
    format!(
        "# TYPE http_requests_total counter\n\
         http_requests_total{{method=\"GET\",endpoint=\"/\",status=\"200\"}} {0}\n\
         http_requests_total{{method=\"GET\",endpoint=\"/\",status=\"500\"}} {0}\n\
         # TYPE rate_limit_rejections_total counter\n\
         rate_limit_rejections_total{{limit=\"address\"}} {0}\n\
         rate_limit_rejections_total{{limit=\"address\",identifier=\"10.0.0.{scrape}\"}} {0}\n",
        scrape * 100
    )
}

fn follow(prometheus: &tools::Tool, alertmanager: &tools::Tool) {
    let server = Server::start();
    server.expose(trouble);
    let port = free_port();
    let scratch = Scratch::new("e2e-ai-imutis");
    let (_, artifacts) = crate::goldens::compiled("specs/ai-imutis.yaml", Some("local"));
    for (path, text) in artifacts.iter() {
        scratch.write(path, text);
    }
    let (app, hooks) = ("api:8000", "127.0.0.1:9099");
    scratch.redirect(&[("alertmanager:9093", port), (app, server.port()), (hooks, server.port())]);
    let mut alertmanager = Running::alertmanager(alertmanager, &scratch.join("alertmanager/alertmanager.yml"), port);
    let mut prometheus = Running::prometheus(prometheus, &scratch.join("prometheus/prometheus.yml"));
    alertmanager.wait_until_ready(PATIENCE);
    prometheus.wait_until_ready(PATIENCE);

    let about = |note: &Value, alert: &str| note["groupLabels"]["alertname"] == alert;
    for alert in ["APIHighErrorRate", "HighRateLimitRejections"] {
        server.wait_for_notification(PATIENCE, |note| about(note, alert) && note["status"] == "firing");
    }
    let kept = prometheus.query("rate_limit_rejections_total");
    let series = kept["data"]["result"].as_array().unwrap();
    assert_eq!(series.len(), 1, "{kept:#}");
    assert_eq!(series[0]["metric"].get("identifier"), None, "{kept:#}");
    let firing = prometheus.query("ALERTS{alertname=\"RateLimitRejections\", alertstate=\"firing\"}");
    assert_eq!(firing["data"]["result"][0]["metric"]["severity"], "info", "{firing:#}");
    assert_eq!(prometheus.unhealthy_rules(), Vec::<String>::new());

    server.expose(|_| trouble(1_000_000));
    for alert in ["APIHighErrorRate", "HighRateLimitRejections"] {
        server.wait_for_notification(PATIENCE, |note| about(note, alert) && note["status"] == "resolved");
    }
    let told = |alert: &str| -> BTreeSet<String> {
        let notes = server.notifications().into_iter().filter(|(_, note)| about(note, alert));
        notes.map(|(path, _)| path.trim_start_matches('/').to_owned()).collect()
    };
    assert_eq!(told("APIHighErrorRate"), ["oncall", "team-chat"].map(str::to_owned).into());
    assert_eq!(told("HighRateLimitRejections"), ["team-chat", "team-mail"].map(str::to_owned).into());
    assert_eq!(told("RateLimitRejections"), BTreeSet::new(), "info is for dashboards");
}
