//! Logstash's pipelines before a parser of their language; Loki's configuration, rules and alerts before the real Loki.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::goldens::compiled;
use crate::support::{deep, files_with, generated_platforms, root, scratch::Scratch, tools};

const PARSE: &str = "
import sys
try:
    from logstash_pipeline_parser import Pipeline
except ImportError:
    sys.exit(3)
for path in sys.argv[1:]:
    Pipeline(open(path).read()).parse()
";

/// What the parser says of pipelines; nothing when it is not there, which is said.
fn parsed(files: &[PathBuf]) -> Option<bool> {
    let output = Command::new(tools::python()?).arg("-c").arg(PARSE).args(files).output().unwrap();
    if output.status.code() == Some(3) {
        tools::skip("the parser of Logstash's pipelines");
        return None;
    }
    Some(output.status.success())
}

#[test]
fn logstash_pipelines_are_in_their_language() {
    let files: Vec<PathBuf> = generated_platforms()
        .iter()
        .flat_map(|folder| files_with(&folder.join("elastic/pipeline"), &["conf"]))
        .collect();
    assert!(!files.is_empty(), "no platform uses Logstash");
    let Some(good) = parsed(&files) else { return };
    assert!(good, "{files:?}");
    let text = std::fs::read_to_string(&files[0]).unwrap();
    for (from, to) in [("filter {", "filtr {"), ("=> [", "= ["), ("port => 5044\n  }", "port => 5044\n")] {
        assert!(text.contains(from), "{from}");
        let scratch = Scratch::new("logstash");
        let spoiled = scratch.write("services.conf", &text.replacen(from, to, 1));
        assert_eq!(parsed(&[spoiled]), Some(false), "{to:?} in place of {from:?}");
    }
}

/// The real Loki, which `tests/oracles/build-loki` builds; only asked with `./test --deep`.
fn loki() -> Option<PathBuf> {
    if !deep() {
        return None;
    }
    let path = root().join(".oracles/go/bin/loki");
    let found = path.is_file().then_some(path).or_else(|| tools::on_path("loki"));
    if found.is_none() {
        tools::skip("Loki (tests/oracles/build-loki)");
    }
    found
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An Alertmanager that remembers what it is told.
fn listener() -> (u16, Arc<Mutex<String>>) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, told) = (server.local_addr().unwrap().port(), Arc::new(Mutex::new(String::new())));
    let memory = told.clone();
    std::thread::spawn(move || {
        for stream in server.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.set_read_timeout(Some(Duration::from_millis(300)));
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes);
            memory.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes));
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    (port, told)
}

fn ask(port: u16, request: &str) -> String {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return String::new() };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let _ = stream.write_all(request.as_bytes());
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

fn get(port: u16, path: &str) -> String {
    ask(port, &format!("GET {path} HTTP/1.0\r\n\r\n"))
}

fn push(port: u16, labels: &str, lines: &[String]) {
    let now = std::process::Command::new("date").arg("+%s%N").output().unwrap().stdout;
    let now: u64 = String::from_utf8(now).unwrap().trim().parse().unwrap();
    let values: Vec<String> =
        lines.iter().zip(0..).map(|(line, back)| format!("[\"{}\", {line:?}]", now - back * 1_000_000)).collect();
    let body = format!("{{\"streams\": [{{\"stream\": {labels}, \"values\": [{}]}}]}}", values.join(","));
    let head = "POST /loki/api/v1/push HTTP/1.0\r\nContent-Type: application/json\r\n";
    let answer = ask(port, &format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()));
    assert!(answer.contains(" 204 "), "{answer}");
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(90), "{what}");
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// The configuration with its folders, ports and neighbours on this machine, evaluated every second.
fn here(folder: &Path, text: &str, port: u16, alertmanager: u16) -> String {
    let data = folder.join("data");
    text.replace("/etc/loki/rules", folder.join("loki/rules").to_str().unwrap())
        .replace(": /loki", &format!(": {}", data.display()))
        .replace("http_listen_port: 3100", &format!("http_listen_port: {port}\n  grpc_listen_port: {}", free_port()))
        .replace("http://alertmanager:9093", &format!("http://127.0.0.1:{alertmanager}"))
        .replace("evaluation_interval: 15s", "evaluation_interval: 1s")
}

#[test]
fn loki_takes_the_configuration_and_refuses_a_wrong_one() {
    let Some(loki) = loki() else { return };
    let scratch = Scratch::new("loki");
    let (_, artifacts) = compiled("specs/energy-iot.yaml", None);
    let text = artifacts.get("loki/loki.yml").unwrap();
    let verified = |text: &str| {
        let path = scratch.write("loki.yml", text);
        let file = format!("-config.file={}", path.display());
        tools::run(Command::new(&loki).args(["-verify-config", "-config.expand-env=true", &file]))
    };
    assert_eq!(verified(text).err(), None);
    for (from, to) in
        [("retention_period: 720h", "retention_perod: 720h"), ("delete_request_store: filesystem\n", "\n")]
    {
        assert!(text.contains(from), "{from}");
        assert!(verified(&text.replacen(from, to, 1)).is_err(), "not refused: {to:?} in place of {from:?}");
    }
}

#[test]
fn loki_evaluates_the_rules_and_tells_alertmanager() {
    let Some(loki) = loki() else { return };
    let scratch = Scratch::new("loki-rules");
    let (_, artifacts) = compiled("specs/energy-iot.yaml", None);
    for (path, text) in artifacts.iter().filter(|(path, _)| path.starts_with("loki/rules/")) {
        scratch.write(path, text);
    }
    let (port, (alertmanager, told)) = (free_port(), listener());
    let path = scratch.join("loki.yml");
    std::fs::write(&path, here(scratch.path(), artifacts.get("loki/loki.yml").unwrap(), port, alertmanager)).unwrap();
    let file = format!("-config.file={}", path.display());
    let child = Command::new(&loki).arg(file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let _running = Running(child);
    wait_for("Loki is not ready", || get(port, "/ready").contains("ready"));
    push(port, r#"{"service": "analytics", "level": "WARN"}"#, &["no json: missing readings of meter 7".to_owned()]);
    wait_for("no alert reached Alertmanager", || told.lock().unwrap().contains("MissingReadings"));
    let told = told.lock().unwrap().clone();
    for words in ["/api/v2/alerts", r#""severity":"warning""#, r#""service":"analytics""#, r#""platform":"energy-iot""#]
    {
        assert!(told.contains(words), "{words} is not in\n{told}");
    }
    let rules = get(port, "/prometheus/api/v1/rules");
    assert!(rules.contains("ForgedTokens") && !rules.contains(r#""health":"err""#), "{rules}");
}
