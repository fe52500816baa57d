//! Every platform in its `local` environment: the demonstration is scraped by a real Prometheus, which tells a real
//! Alertmanager, which calls a webhook. All is quiet at first; then an alert of each severity reaches who should hear of it, in
//! one message of its group, and is over; of an SLO's tiers only the fastest is told.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::http::{self, Server};
use super::systems::{Running, free_port};
use crate::support::{deep, root, scratch::Scratch, tools};

/// Long enough for a slow machine with every platform on it.
const PATIENCE: Duration = Duration::from_secs(120);

/// What happens on a platform.
struct Story {
    platform: &'static str,
    /// An alert of each severity that people are told of, and who they are.
    alerts: &'static [(&'static str, &'static str, &'static [&'static str])],
    /// An SLO whose events all turn bad.
    slo: &'static str,
    /// An alert that keeps another one quiet.
    quiets: Option<(&'static str, &'static str)>,
}

const STORIES: [Story; 3] = [
    Story {
        platform: "ims",
        alerts: &[
            ("BruteForceAttempts", "critical", &["oncall", "team-mail"]),
            ("HighMemoryUsage", "warning", &["team-chat", "team-mail"]),
        ],
        slo: "backend-api-errors",
        quiets: None,
    },
    Story {
        platform: "ecap",
        alerts: &[
            ("GraveFraudSuspected", "critical", &["chat-business", "hook"]),
            ("DatabasePoolBusy", "warning", &["chat-warnings"]),
        ],
        slo: "api-availability",
        quiets: Some(("MaintenanceUnderWay", "DatabasePoolBusy")),
    },
    Story {
        platform: "ecommerce",
        alerts: &[
            ("FailedPayments", "critical", &["oncall"]),
            ("HighCartAbandonment", "warning", &["platform-alerts"]),
            ("PermissionsChanged", "info", &["team-leads"]),
        ],
        slo: "payment-errors",
        quiets: None,
    },
];

/// The command that serves a platform's metrics.
struct Demo {
    process: Child,
    port: u16,
}

impl Demo {
    fn start(platform: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
        command.args(["demo", &format!("specs/{platform}.yaml"), "--env", "local", "--port", "0"]).current_dir(root());
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let port = said.trim().rsplit(':').next().and_then(|port| port.parse().ok());
        Self { process, port: port.unwrap_or_else(|| panic!("{platform}: {said}")) }
    }

    fn incident(&self, method: &str, name: &str) {
        let (status, said) = http::send(method, self.port, &format!("/incident/{name}")).unwrap();
        assert_eq!(status, 200, "{said}");
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// prometheus.yml with the demonstration in the place of every target.
fn redirected(text: &str, demo: &Demo) -> String {
    let mut config: Value = yaml_serde::from_str(text).unwrap();
    let (_, targets) = http::get(demo.port, "/targets").unwrap();
    let targets: Value = serde_json::from_str(&targets).unwrap();
    for job in config["scrape_configs"].as_array_mut().unwrap() {
        let page = targets.as_array().unwrap().iter().find(|page| page["labels"]["job"] == job["job_name"]);
        let Some(page) = page else { panic!("no page for {}", job["job_name"]) };
        let mut labels = job["static_configs"][0]["labels"].clone();
        labels.as_object_mut().unwrap().retain(|label, _| !label.starts_with("__"));
        job["static_configs"] = json!([{ "targets": page["targets"], "labels": labels }]);
        job["metrics_path"] = page["labels"]["__metrics_path__"].clone();
        for key in ["relabel_configs", "params", "scheme", "tls_config"] {
            job.as_object_mut().unwrap().remove(key);
        }
    }
    config.to_string()
}

#[test]
fn alerts_of_every_platform_reach_those_who_should_hear_of_them() {
    let versions: Vec<_> = tools::versions("prometheus").into_iter().zip(tools::versions("alertmanager")).collect();
    let versions = if deep() { versions.as_slice() } else { versions.get(..1).unwrap_or_default() };
    for (prometheus, alertmanager) in versions {
        std::thread::scope(|scope| {
            for story in &STORIES {
                scope.spawn(move || play(story, prometheus, alertmanager));
            }
        });
    }
}

fn play(story: &Story, prometheus: &tools::Tool, alertmanager: &tools::Tool) {
    let (demo, server) = (Demo::start(story.platform), Server::start());
    let (_, artifacts) = crate::goldens::compiled(&format!("specs/{}.yaml", story.platform), Some("local"));
    let scratch = Scratch::new(story.platform);
    for (path, text) in artifacts.iter().filter(|(path, _)| path.starts_with("prometheus/rules/")) {
        scratch.write(path, text);
    }
    for path in ["alertmanager/alertmanager.yml", "alertmanager/templates/bellwether.tmpl"] {
        scratch.write(path, artifacts.get(path).unwrap());
    }
    scratch.write("prometheus/prometheus.yml", &redirected(artifacts.get("prometheus/prometheus.yml").unwrap(), &demo));
    let port = free_port();
    scratch.redirect(&[("alertmanager:9093", port), ("127.0.0.1:9099", server.port())]);
    let mut alertmanager = Running::alertmanager(alertmanager, &scratch.join("alertmanager/alertmanager.yml"), port);
    let mut prometheus = Running::prometheus(prometheus, &scratch.join("prometheus/prometheus.yml"));
    alertmanager.wait_until_ready(PATIENCE);
    prometheus.wait_until_ready(PATIENCE);

    quiet_at_first(story, &prometheus);
    for (alert, ..) in story.alerts {
        demo.incident("POST", alert);
    }
    for (alert, severity, _) in story.alerts {
        fires(story, &server, alert, severity);
        demo.incident("DELETE", alert);
    }
    for (alert, _, told) in story.alerts {
        is_over(story, &server, alert, told);
    }
    demo.incident("POST", &format!("slo/{}", story.slo));
    suppressed(story, &alertmanager, "SLOBurnRate", "page-fast");
    if let Some((loud, quiet)) = story.quiets {
        demo.incident("POST", loud);
        fires(story, &server, loud, "info");
        demo.incident("POST", quiet);
        suppressed(story, &alertmanager, quiet, "");
    }
}

/// Nothing is wrong with steady traffic: no condition holds, once every target has answered a few times.
fn quiet_at_first(story: &Story, prometheus: &Running) {
    let end = Instant::now() + PATIENCE;
    let down = || prometheus.query("count(up == 0) or count(count_over_time(up[1m]) < 4)");
    while down()["data"]["result"].as_array().is_none_or(|down| !down.is_empty()) {
        assert!(Instant::now() < end, "{}: {}", story.platform, down());
        std::thread::sleep(Duration::from_millis(200));
    }
    while let [first, ..] = prometheus.unhealthy_rules().as_slice() {
        assert!(Instant::now() < end, "{}: {first}", story.platform);
        std::thread::sleep(Duration::from_millis(500));
    }
    let wrong = prometheus.query("count by (alertname, service) (ALERTS{alertname!=\"Watchdog\"})");
    let wrong: Vec<Value> =
        wrong["data"]["result"].as_array().unwrap().iter().map(|one| one["metric"].clone()).collect();
    assert!(wrong.is_empty(), "{}: {wrong:#?}", story.platform);
}

fn is_about(note: &Value, alert: &str) -> bool {
    note["groupLabels"]["alertname"] == alert
}

/// An alert comes in one message of its own group, with what routing counts on.
fn fires(story: &Story, server: &Server, alert: &str, severity: &str) {
    let note = server.wait_for_notification(PATIENCE, |note| is_about(note, alert) && note["status"] == "firing");
    let (grouped, common) = (&note["groupLabels"], &note["commonLabels"]);
    assert_eq!(common["severity"], severity, "{}: {note:#}", story.platform);
    assert_eq!(common["environment"], "local", "{}: {note:#}", story.platform);
    assert_eq!(grouped["service"], common["service"], "{}: {note:#}", story.platform);
}

/// Its end is told, and it was told to those and nobody else.
fn is_over(story: &Story, server: &Server, alert: &str, told: &[&str]) {
    server.wait_for_notification(PATIENCE, |note| is_about(note, alert) && note["status"] == "resolved");
    let wanted: BTreeSet<String> = told.iter().map(|name| (*name).to_owned()).collect();
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let notes = server.notifications();
        let paths = notes.iter().filter(|(_, note)| is_about(note, alert)).map(|(path, _)| path);
        let heard: BTreeSet<String> = paths.map(|path| path.trim_start_matches('/').to_owned()).collect();
        assert!(heard.is_subset(&wanted), "{}: {alert}: {heard:?}", story.platform);
        if heard == wanted {
            return;
        }
        assert!(Instant::now() < end, "{}: {alert} was told to {heard:?}", story.platform);
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// An alert is known and kept quiet by another; of several tiers the fastest is not.
fn suppressed(story: &Story, alertmanager: &Running, alert: &str, loud: &str) {
    let end = Instant::now() + PATIENCE;
    loop {
        let alerts = alertmanager.get(&format!("/api/v2/alerts?filter=alertname%3D%22{alert}%22"));
        let states = alerts.as_array().unwrap().iter().map(|alert| (&alert["labels"]["tier"], &alert["status"]));
        let quiet = states.clone().filter(|(_, status)| status["inhibitedBy"] != json!([])).count();
        let speaks =
            loud.is_empty() || states.clone().any(|(tier, status)| tier == loud && status["state"] == "active");
        if quiet > 0 && speaks {
            return;
        }
        assert!(Instant::now() < end, "{}: {alert}: {alerts:#}", story.platform);
        std::thread::sleep(Duration::from_millis(200));
    }
}
