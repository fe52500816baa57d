//! The backup's script, run by a shell on what a real Prometheus keeps, and restored for another one.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::systems::{Running, free_port};
use crate::support::{scratch::Scratch, tools};
use bellwether::{Memory, Options, compile};

const PATIENCE: Duration = Duration::from_secs(60);

const SPEC: &str = r#"
bellwether: 1
platform: kept
services: {api: {scrape: {port: 8000}}}
stack: {prometheus: {version: "2.53"}, compose: {}, backup: {keep: 2}}
"#;

/// The script as the container's shell gets it, with the folders of this machine and Prometheus' port.
fn script(root: &Path, port: u16) -> String {
    let compilation = compile(&Memory::new().with("spec.yaml", SPEC), "spec.yaml", &Options::default());
    let artifacts = compilation.artifacts().unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
    let file: serde_json::Value = yaml_serde::from_str(artifacts.get("docker-compose.yml").unwrap()).unwrap();
    let script = file["services"]["backup"]["entrypoint"][2].as_str().unwrap().replace("$$", "$");
    let root = root.display();
    script
        .replace("prometheus:9090", &format!("127.0.0.1:{port}"))
        .replace("/prometheus/snapshots", &format!("{root}/prometheus/snapshots"))
        .replace("/backup/", &format!("{root}/backup/"))
        .replace("\"/$what\"", &format!("\"{root}/$what\""))
}

fn run(script: &str, arguments: &[&str]) -> String {
    tools::run(Command::new("sh").args(["-c", script, "backup"]).args(arguments)).unwrap()
}

fn prometheus(tool: &tools::Tool, root: &Path, job: &str, port: u16) -> Running {
    let config = root.join("prometheus.yml");
    let text = format!(
        "scrape_configs: [{{job_name: {job}, scrape_interval: 1s, scrape_timeout: 1s, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}]\n"
    );
    std::fs::write(&config, text).unwrap();
    let storage = format!("--storage.tsdb.path={}", root.join("prometheus").display());
    let mut running = Running::told("prometheus", tool, &config, port, &[storage, "--web.enable-admin-api".to_owned()]);
    running.wait_until_ready(PATIENCE);
    running
}

/// Waits until a query has an answer.
fn answer(prometheus: &Running, query: &str) -> bool {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        let said = prometheus.query(query);
        if said["data"]["result"].as_array().is_some_and(|found| !found.is_empty()) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    false
}

#[test]
fn what_was_backed_up_is_there_after_it_is_restored() {
    if tools::on_path("wget").is_none() {
        return tools::skip("wget");
    }
    let Some(tool) = tools::newest("prometheus") else { return };
    let scratch = Scratch::new("backup");
    let root = scratch.path();
    std::fs::create_dir_all(root.join("backup")).unwrap();
    scratch.write("grafana/grafana.db", "users");
    let port = free_port();
    let script = script(root, port);
    let running = prometheus(&tool, root, "before", port);
    assert!(answer(&running, "up{job=\"before\"} == 1"), "{}", running.said());
    for kept in [1, 2, 2] {
        run(&script, &[]);
        // Backups are named by the second.
        std::thread::sleep(Duration::from_millis(1100));
        let files = std::fs::read_dir(root.join("backup")).unwrap().count();
        assert_eq!(files, kept * 2, "two of each are kept, and nothing unfinished");
    }
    drop(running);
    let newest = crate::support::files_below(&root.join("backup")).pop().unwrap();
    let name = newest.file_name().unwrap().to_str().unwrap();
    let time = name.trim_start_matches("prometheus-").trim_end_matches(".tar.gz").to_owned();

    std::fs::remove_dir_all(root.join("prometheus")).unwrap();
    scratch.write("prometheus/lost", "what came after");
    scratch.write("grafana/grafana.db", "lost");
    assert!(run(&script, &["restore", &time]).contains(&format!("restored {time}")));
    assert_eq!(std::fs::read_to_string(root.join("grafana/grafana.db")).unwrap(), "users");
    assert!(!root.join("prometheus/lost").exists());
    let running = prometheus(&tool, root, "after", port);
    assert!(answer(&running, "max_over_time(up{job=\"before\"}[5m])"), "{}", running.said());
}
