//! Packs against systems that run now.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Exported, pack};
use crate::end_to_end::{http, systems::free_port};
use crate::support::{scratch::Scratch, tools};

const PATIENCE: Duration = Duration::from_secs(60);

/// A process that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(mut command: Command) -> Process {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Process(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")))
}

/// Asks until every wanted metric is there, and says what it saw last.
fn wait_for(port: u16, path: &str, wanted: &[&str]) -> Exported {
    let end = Instant::now() + PATIENCE;
    loop {
        let seen = match http::get(port, path) {
            Ok((200, body)) => exposition(&body),
            _ => Exported::new(),
        };
        if wanted.iter().all(|name| seen.contains_key(*name)) || Instant::now() > end {
            return seen;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Types and labels in the text format.
fn exposition(text: &str) -> Exported {
    let mut types: BTreeMap<&str, &str> = BTreeMap::new();
    let mut found = Exported::new();
    for line in text.lines() {
        if let Some((name, r#type)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) {
            types.insert(name, r#type);
            found.entry(name.to_owned()).or_insert_with(|| (r#type.to_owned(), BTreeSet::new()));
        } else if !line.starts_with('#') && !line.is_empty() {
            let name = line.split(['{', ' ']).next().unwrap();
            let family = ["_bucket", "_sum", "_count"].iter().filter_map(|end| name.strip_suffix(end));
            let family = family.into_iter().find(|family| types.contains_key(family)).unwrap_or(name);
            if let Some((_, labels)) = found.get_mut(family) {
                labels.extend(label_names(line).into_iter().filter(|label| label != "le" && label != "quantile"));
            }
        }
    }
    found
}

/// The label names of a sample. Values may hold anything but an unescaped quote.
fn label_names(line: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = line.split_once('{').map_or("", |(_, rest)| rest);
    while let Some((name, value)) = rest.split_once("=\"") {
        names.push(name.trim_start_matches([',', ' ']).to_owned());
        let mut escaped = false;
        let end = value.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        rest = end.map_or("", |end| &value[end + 1..]);
    }
    names
}

/// The metrics of a pack that a system shows, checked; `later` are labels that only later versions have, and
/// `absent` metrics that this system cannot have.
fn check(name: &str, seen: &Exported, later: &[&str], absent: &[&str]) {
    let pack = pack(name);
    for (metric, declared) in pack.metrics.iter().filter(|(metric, _)| !absent.contains(&metric.as_str())) {
        let Some((r#type, labels)) = seen.get(metric.as_str()) else {
            panic!("{name}: {} is not exported; seen: {:?}", metric.as_str(), seen.keys().collect::<Vec<_>>());
        };
        assert_eq!(declared.r#type.value.word(), r#type, "{name}: {}", metric.as_str());
        let declared = super::declared_labels(&pack, metric.as_str()).unwrap_or_default();
        let missing: Vec<&String> = labels.difference(&declared).collect();
        assert!(missing.is_empty(), "{name}: {} also has {missing:?}", metric.as_str());
        let made_up = declared.difference(labels).filter(|label| !later.contains(&label.as_str()));
        assert_eq!(made_up.collect::<Vec<_>>(), Vec::<&String>::new(), "{name}: {}", metric.as_str());
    }
}

#[test]
fn prometheus_and_alertmanager_export_what_their_packs_say() {
    let (Some(prometheus), Some(alertmanager)) = (tools::newest("prometheus"), tools::newest("alertmanager")) else {
        return;
    };
    let scratch = Scratch::new("self");
    let (port, other) = (free_port(), free_port());
    let rules = scratch.write("rules.yml", "groups: [{name: a, rules: [{alert: Always, expr: vector(1)}]}]\n");
    let configuration = scratch.write(
        "prometheus.yml",
        &format!(
            "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: ['{}']\n\
             alerting: {{alertmanagers: [{{static_configs: [{{targets: ['127.0.0.1:{other}']}}]}}]}}\n\
             scrape_configs: [{{job_name: prometheus, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}]\n",
            rules.display()
        ),
    );
    let routing = scratch.write("alertmanager.yml", "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
    let mut receiver = alertmanager.command();
    receiver.arg(format!("--config.file={}", routing.display()));
    receiver.arg(format!("--storage.path={}", scratch.join("alertmanager").display()));
    receiver.args([format!("--web.listen-address=127.0.0.1:{other}"), "--cluster.listen-address=".to_owned()]);
    if let Some(set) = alertmanager.path.parent().and_then(std::path::Path::parent)
        && set.join("default-templates").exists()
    {
        receiver.current_dir(set);
    }
    let _receiver = start(receiver);
    let mut server = prometheus.command();
    server.arg(format!("--config.file={}", configuration.display()));
    server.arg(format!("--storage.tsdb.path={}", scratch.join("data").display()));
    server.arg(format!("--web.listen-address=127.0.0.1:{port}"));
    let _server = start(server);

    let wanted = ["prometheus_notifications_sent_total", "prometheus_rule_group_last_duration_seconds"];
    // The label of the queue of notifications is newer than the Prometheus at hand may be.
    check("prometheus", &wait_for(port, "/metrics", &wanted), &["alertmanager"], &[]);
    check("process", &wait_for(port, "/metrics", &["process_open_fds"]), &[], &[]);
    let wanted = ["alertmanager_alerts_received_total", "alertmanager_config_last_reload_successful"];
    check("alertmanager", &wait_for(other, "/metrics", &wanted), &[], &[]);
}

#[test]
fn the_blackbox_exporter_exports_what_its_pack_says() {
    for tool in tools::versions("blackbox_exporter") {
        let scratch = Scratch::new("blackbox");
        let configuration = scratch.write("blackbox.yml", "modules: {http: {prober: http}}\n");
        let port = free_port();
        let mut command = tool.command();
        command.arg(format!("--config.file={}", configuration.display()));
        command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
        let _process = start(command);
        let path = format!("/probe?module=http&target=http://127.0.0.1:{port}/-/healthy");
        // A plain HTTP answer has no certificate.
        check("blackbox", &wait_for(port, &path, &["probe_success"]), &[], &["probe_ssl_earliest_cert_expiry"]);
    }
}

#[test]
fn the_node_exporter_exports_what_its_pack_says() {
    let Some(tool) = tools::newest("node_exporter") else { return };
    let port = free_port();
    let mut command = tool.command();
    command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
    let _process = start(command);
    // The label says why a file system could not be looked at, from 1.6 on.
    check("node", &wait_for(port, "/metrics", &["node_load1"]), &["device_error"], &[]);
}

#[test]
fn the_text_format_is_read_with_braces_and_quotes_in_values() {
    let seen =
        exposition("# TYPE a counter\na{b=\"}\\\"x\",c=\"d\"} 1\n# TYPE h histogram\nh_bucket{le=\"1\",e=\"f\"} 1\n");
    let labels = |name: &str| seen.get(name).unwrap().1.iter().cloned().collect::<Vec<_>>();
    assert_eq!(labels("a"), ["b", "c"]);
    assert_eq!(labels("h"), ["e"]);
}

/// Reports to a gateway as a pipeline does.
fn report(port: u16, at: u64, words: &[&str]) -> std::process::Output {
    let mut command = Command::new(crate::support::root().join("examples/deployments/report-deployment"));
    command.env("PUSHGATEWAY", format!("http://127.0.0.1:{port}")).env("NOW", at.to_string());
    command.args(words).output().unwrap()
}

#[test]
fn a_pipeline_reports_deployments_as_the_pack_says() {
    for tool in tools::versions("pushgateway") {
        let port = free_port();
        let mut command = tool.command();
        command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
        let _process = start(command);
        wait_for(port, "/metrics", &["pushgateway_build_info"]);

        let day = 86_400;
        let said = [
            report(port, 0, &["order", "register"]),
            report(port, 10 * day, &["order", "success", &(9 * day).to_string()]),
            report(port, 11 * day, &["order", "failure"]),
            report(port, 11 * day + 60, &["order", "failure"]),
            report(port, 11 * day + 600, &["order", "success", &(11 * day).to_string()]),
            report(port, 0, &["user", "register"]),
        ];
        for output in said {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        for wrong in [&["or\"der", "success"][..], &["order", "good"], &["order", "success", "yesterday"], &["order"]] {
            assert!(!report(port, 0, wrong).status.success(), "{wrong:?}");
        }
        let text = http::get(port, "/metrics").unwrap().1;
        for line in [
            "deployments_total{application=\"order\",instance=\"\",job=\"deployments\",result=\"success\"} 2",
            "deployments_total{application=\"order\",instance=\"\",job=\"deployments\",result=\"failure\"} 2",
            "deployments_total{application=\"user\",instance=\"\",job=\"deployments\",result=\"success\"} 0",
            "deployment_broken{application=\"order\",instance=\"\",job=\"deployments\"} 0",
            "deployment_restore_seconds_sum{application=\"order\",instance=\"\",job=\"deployments\"} 600",
            "deployment_lead_time_seconds_sum{application=\"order\",instance=\"\",job=\"deployments\"} 87000",
            "deployment_lead_time_seconds_bucket{application=\"order\",instance=\"\",job=\"deployments\",le=\"600\"} 1",
            "deployment_lead_time_seconds_bucket{application=\"order\",instance=\"\",job=\"deployments\",le=\"2.592e+06\"} 2",
        ] {
            assert!(text.lines().any(|seen| seen == line), "no {line} in\n{text}");
        }
        // Prometheus keeps its own `job` and `instance`; the pushed job becomes `exported_job`, the empty instance nothing.
        let mut seen = exposition(&text);
        for (_, labels) in seen.values_mut() {
            labels.remove("instance");
            if labels.remove("job") {
                labels.insert("exported_job".to_owned());
            }
        }
        check("deployments", &seen, &[], &[]);
    }
}
