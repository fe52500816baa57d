//! Prometheus and Alertmanager as processes of a test.

use super::http;
use crate::support::{scratch::Scratch, tools::Tool};
use serde_json::Value;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A port of the loopback that nobody listens on at this moment.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// A system that runs, and is ended when it goes out of scope.
pub(crate) struct Running {
    name: &'static str,
    process: Child,
    port: u16,
    /// Holds the data and the log.
    data: Scratch,
}

impl Running {
    /// Prometheus on this configuration and a free port.
    pub(crate) fn prometheus(tool: &Tool, configuration: &Path) -> Self {
        Self::prometheus_with(tool, configuration, |_| ())
    }

    /// As [`Self::prometheus`], after something was put into the folder of its storage.
    pub(crate) fn prometheus_with(tool: &Tool, configuration: &Path, history: impl FnOnce(&Path)) -> Self {
        let data = Scratch::new("prometheus");
        let port = free_port();
        history(&data.join("tsdb"));
        let mut command = tool.command();
        command.arg(format!("--config.file={}", configuration.display()));
        command.arg(format!("--storage.tsdb.path={}", data.join("tsdb").display()));
        command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
        Self::start("prometheus", command, port, data)
    }

    /// Alertmanager on this configuration and port, without a cluster.
    pub(crate) fn alertmanager(tool: &Tool, configuration: &Path, port: u16) -> Self {
        Self::alertmanager_told(tool, configuration, port, &[])
    }

    /// As [`Self::alertmanager`], told more on its command line.
    pub(crate) fn alertmanager_told(tool: &Tool, configuration: &Path, port: u16, more: &[String]) -> Self {
        // Otherwise it looks for peers on every network of the machine.
        let alone = ["--cluster.listen-address=".to_owned()];
        Self::told("alertmanager", tool, configuration, port, &[&alone, more].concat())
    }

    /// A system on this configuration, port and folder, told more on its command line.
    pub(crate) fn told(name: &'static str, tool: &Tool, configuration: &Path, port: u16, more: &[String]) -> Self {
        let data = Scratch::new(name);
        let mut command = tool.command();
        command.arg(format!("--config.file={}", configuration.display()));
        command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
        // The copy of Alertmanager that ./test installs reads its default templates from the working directory.
        let set = tool.path.parent().and_then(Path::parent).filter(|set| set.join("default-templates").exists());
        command.args(more).current_dir(set.unwrap_or(data.path()));
        // Never the folder that its package chose: that is somebody else's.
        let storage = if name == "alertmanager" { "--storage.path=" } else { "--storage.tsdb.path=" };
        if !more.iter().any(|argument| argument.starts_with(storage)) {
            command.arg(format!("{storage}{}", data.join("data").display()));
        }
        Self::start(name, command, port, data)
    }

    /// What it has said so far.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(log_path(&self.data)).unwrap_or_default()
    }

    fn start(name: &'static str, mut command: Command, port: u16, data: Scratch) -> Self {
        let log = File::create(log_path(&data)).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let process = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self { name, process, port, data }
    }

    /// # Panics
    /// Where it is not ready in time, with its log.
    pub(crate) fn wait_until_ready(&mut self, patience: Duration) {
        if let Err(said) = self.ready(patience) {
            panic!("{said}");
        }
    }

    /// Waits until it is ready; the error is its log.
    pub(crate) fn ready(&mut self, patience: Duration) -> Result<(), String> {
        let end = Instant::now() + patience;
        while !matches!(http::get(self.port, "/-/ready"), Ok((200, _))) {
            let ended = self.process.try_wait().unwrap().is_some();
            if ended || Instant::now() > end {
                let log = std::fs::read_to_string(log_path(&self.data)).unwrap_or_default();
                return Err(format!("{} is not ready on port {}:\n{log}", self.name, self.port));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// The JSON that a `GET` of the path answers.
    pub(crate) fn get(&self, path: &str) -> Value {
        let (_, body) = http::get(self.port, path).unwrap();
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{path}: {error}: {body}"))
    }

    /// The rules that Prometheus could not evaluate, with what it says about each.
    pub(crate) fn unhealthy_rules(&self) -> Vec<String> {
        let answer = self.get("/api/v1/rules");
        let groups = answer["data"]["groups"].as_array().unwrap().clone();
        let rules = groups.iter().flat_map(|group| group["rules"].as_array().into_iter().flatten());
        rules
            .filter(|rule| rule["health"] != "ok")
            .map(|rule| format!("{}: {}", rule["name"], rule["lastError"]))
            .collect()
    }

    /// The result of an instant query.
    pub(crate) fn query(&self, expression: &str) -> Value {
        let encoded: String = expression.bytes().map(|byte| format!("%{byte:02x}")).collect();
        self.get(&format!("/api/v1/query?query={encoded}"))
    }
}

fn log_path(data: &Scratch) -> PathBuf {
    data.join("log")
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
