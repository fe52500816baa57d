//! `stack.tls` on a real Prometheus and Alertmanager, with certificates made for the test.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::http::{self, Server};
use super::systems::{Running, free_port};
use crate::support::{scratch::Scratch, tools};
use bellwether::{Memory, Options, compile};

const PATIENCE: Duration = Duration::from_secs(90);

const SPEC: &str = r#"
bellwether: 1
platform: sealed
intervals: {scrape: 1s, evaluate: 1s}
channels: {hook: {webhook: {url: "http://127.0.0.1:9099/hook"}}}
severities: {critical: {notify: [hook], group_wait: 1s, group_interval: 2s}}
services:
  prometheus: {scrape: {port: 9090}}
  alertmanager:
    scrape: {port: 9093}
    thresholds: {Reached: {expr: 'up{job="alertmanager"} == 1', severity: critical}}
stack:
  prometheus: {version: "2.53"}
  compose: {}
  tls:
    ca: {file: ./certificates/ca.pem}
    certificate: {file: ./certificates/stack.pem}
    key: {file: ./certificates/stack-key.pem}
"#;

/// An authority, and a certificate of its for this machine.
fn certificates(openssl: &Path, folder: &Path) {
    let new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    let openssl = |more: &[&str]| {
        tools::run(Command::new(openssl).args(new).args(more).current_dir(folder)).unwrap();
    };
    openssl(&["-keyout", "ca-key", "-out", "ca_pem", "-subj", "/CN=authority"]);
    let names = "subjectAltName=DNS:localhost,DNS:prometheus,DNS:alertmanager,IP:127.0.0.1";
    let signed = ["-CA", "ca_pem", "-CAkey", "ca-key", "-addext", names];
    openssl(&[&["-keyout", "stack_key_pem", "-out", "stack_pem", "-subj", "/CN=stack"][..], &signed].concat());
}

#[test]
fn with_tls_scrapes_and_alerts_go_encrypted_and_nothing_is_answered_in_plain() {
    let Some(openssl) = tools::on_path("openssl") else { return tools::skip("openssl") };
    let prometheus = tools::versions("prometheus");
    let alertmanager = tools::versions("alertmanager");
    let promtool = tools::versions("promtool");
    for ((prometheus, alertmanager), promtool) in prometheus.iter().zip(&alertmanager).zip(&promtool) {
        speak(&openssl, prometheus, alertmanager, promtool);
    }
}

fn speak(openssl: &Path, prometheus: &tools::Tool, alertmanager: &tools::Tool, promtool: &tools::Tool) {
    let server = Server::start();
    let scratch = Scratch::new("tls");
    let compilation = compile(&Memory::new().with("spec.yaml", SPEC), "spec.yaml", &Options::default());
    let artifacts = compilation.artifacts().unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
    certificates(openssl, scratch.path());
    for (path, text) in artifacts.iter() {
        scratch.write(path, &text.replace("/run/secrets/", &format!("{}/", scratch.path().display())));
    }
    let (port, own) = (free_port(), free_port());
    scratch.redirect(&[("alertmanager:9093", port), ("prometheus:9090", own), ("127.0.0.1:9099", server.port())]);
    let web = scratch.join("tls/web.yml");
    tools::run(promtool.command().args(["check", "web-config"]).arg(&web)).unwrap();

    let sealed = format!("--web.config.file={}", web.display());
    let alertmanager_config = scratch.join("alertmanager/alertmanager.yml");
    let _alertmanager =
        Running::alertmanager_told(alertmanager, &alertmanager_config, port, std::slice::from_ref(&sealed));
    let prometheus =
        Running::told("prometheus", prometheus, &scratch.join("prometheus/prometheus.yml"), own, &[sealed]);

    let fired = server.wait_for_notification(PATIENCE, |note| note["groupLabels"]["alertname"] == "Reached");
    assert_eq!(fired["alerts"][0]["labels"]["job"], "alertmanager", "{}", prometheus.said());

    let client =
        scratch.write("client.yml", &format!("tls_config: {{ca_file: {}}}\n", scratch.join("ca_pem").display()));
    let ask = || {
        let mut command = promtool.command();
        command.args(["query", "instant"]).arg(format!("--http.config.file={}", client.display()));
        tools::run(command.arg(format!("https://127.0.0.1:{own}")).arg("sum by (job) (up)"))
    };
    let end = Instant::now() + PATIENCE;
    loop {
        let said = ask().unwrap();
        if ["prometheus", "alertmanager"].iter().all(|job| said.contains(&format!("{{job=\"{job}\"}} => 1 "))) {
            break;
        }
        assert!(Instant::now() < end, "{said}\n{}", prometheus.said());
        std::thread::sleep(Duration::from_millis(200));
    }
    for port in [port, own] {
        let (status, body) = http::get(port, "/-/ready").unwrap();
        assert_eq!(status, 400, "answered in plain: {body}");
    }
}
