//! promtool, amtool and the blackbox exporter, in every version at hand.

use super::{all, judge};
use crate::support::{files_with, scratch::Scratch, tools};
use std::path::Path;

#[test]
fn promtool_accepts_the_configuration_and_the_rules() {
    judge(
        &["promtool"],
        configuration,
        &[
            ("prometheus/prometheus.yml", "scrape_interval: 15s", "scrape_intervall: 15s", "scrape_intervall"),
            ("prometheus/prometheus.yml", "scrape_interval: 15s", "scrape_interval: fast", "duration"),
            ("prometheus/prometheus.yml", "rules/*.yml", "rules/absent.yml", "absent.yml"),
            ("prometheus/rules/api.yml", "up == 0", "up ==", "parse error"),
            ("prometheus/rules/api.yml", "up == 0", "rate(up)", "expected type range vector"),
            ("prometheus/rules/api.yml", "$labels.instance", "$label.instance", "undefined variable"),
            (
                "prometheus/rules/api.yml",
                "groups:\n",
                "groups:\n  - name: twice\n    rules:\n      - record: job:http_requests:rate5m\n        expr: sum by (job) (rate(http_requests_total[5m]))\n",
                "duplicate rule",
            ),
        ],
    );
}

fn configuration(platform: &Path) -> Result<(), String> {
    let copy = Scratch::copy_of(platform);
    let configuration = copy.join("prometheus/prometheus.yml");
    let rules = files_with(&copy.join("prometheus/rules"), &["yml"]);
    if !configuration.is_file() && rules.is_empty() {
        return Ok(());
    }
    let strict = ["--lint=all", "--lint-fatal"];
    all(tools::versions("promtool").iter().flat_map(|tool| {
        let mut checks = Vec::new();
        if configuration.is_file() {
            checks.push(tools::run(tool.command().args(["check", "config"]).args(strict).arg(&configuration)));
        }
        if !rules.is_empty() {
            checks.push(tools::run(tool.command().args(["check", "rules"]).args(strict).args(&rules)));
        }
        checks
    }))
}

#[test]
fn promtool_passes_the_unit_tests_of_the_rules() {
    judge(
        &["promtool"],
        rule_tests,
        &[
            ("prometheus/tests/api.yml", "values: 1 0 0 0", "values: 1 1 1 1", "FAILED"),
            ("prometheus/rules/api.yml", "for: 2m", "for: 9m", "FAILED"),
            ("prometheus/tests/api.yml", "rules/api.yml", "rules/absent.yml", "absent.yml"),
        ],
    );
}

fn rule_tests(platform: &Path) -> Result<(), String> {
    let copy = Scratch::copy_of(platform);
    let files = files_with(&copy.join("prometheus/tests"), &["yml"]);
    if files.is_empty() {
        return Ok(());
    }
    all(tools::versions("promtool").iter().map(|tool| tools::run(tool.command().args(["test", "rules"]).args(&files))))
}

#[test]
fn amtool_accepts_the_configuration() {
    judge(
        &["amtool"],
        alertmanager,
        &[
            ("alertmanager/alertmanager.yml", "resolve_timeout", "resolve_time", "resolve_time"),
            ("alertmanager/alertmanager.yml", "receiver: page", "receiver: pager", "undefined receiver"),
            ("alertmanager/alertmanager.yml", "severity=\"critical\"", "severity=~\"(\"", "missing closing"),
            ("alertmanager/templates/sample.tmpl", "{{ end }}", "", "unexpected EOF"),
        ],
    );
}

fn alertmanager(platform: &Path) -> Result<(), String> {
    let copy = Scratch::copy_of(platform);
    let configuration = copy.join("alertmanager/alertmanager.yml");
    if !configuration.is_file() {
        return Ok(());
    }
    all(tools::versions("amtool").iter().map(|tool| tools::run(tool.command().arg("check-config").arg(&configuration))))
}

/// Whether amtool, in every version, sends an alert with these labels to exactly these receivers, in
/// this order.
pub(crate) fn routes_to(platform: &Path, labels: &[(&str, &str)], receivers: &[&str]) -> Result<(), String> {
    let copy = Scratch::copy_of(platform);
    let configuration = copy.join("alertmanager/alertmanager.yml");
    all(tools::versions("amtool").iter().map(|tool| {
        let mut command = tool.command();
        command.args(["config", "routes", "test", "--config.file"]).arg(&configuration);
        command.arg(format!("--verify.receivers={}", receivers.join(",")));
        command.args(labels.iter().map(|(name, value)| format!("{name}={value:?}")));
        tools::run(&mut command)
    }))
}

#[test]
fn amtool_follows_the_routes() {
    let fixture = crate::support::root().join("tests/oracles/fixture");
    let test = |severity, receivers: &[&str]| routes_to(&fixture, &[("severity", severity)], receivers);
    assert_eq!(test("critical", &["page"]), Ok(()));
    assert_eq!(test("warning", &["team"]), Ok(()));
    if !tools::versions("amtool").is_empty() {
        assert!(test("warning", &["page"]).unwrap_err().contains("resolved receivers"));
        assert!(test("critical", &["page", "team"]).is_err());
    }
}

#[test]
fn the_blackbox_exporter_accepts_its_configuration() {
    judge(
        &["blackbox_exporter"],
        blackbox,
        &[
            ("blackbox/blackbox.yml", "timeout: 5s", "time_out: 5s", "time_out"),
            ("blackbox/blackbox.yml", "prober: http", "prober: htp", "prober"),
        ],
    );
}

fn blackbox(platform: &Path) -> Result<(), String> {
    let configuration = platform.join("blackbox/blackbox.yml");
    if !configuration.is_file() {
        return Ok(());
    }
    // The exporter itself notices an unknown prober only when it is asked to probe.
    let text = std::fs::read_to_string(&configuration).unwrap();
    let modules: yaml_serde::Value = yaml_serde::from_str(&text).map_err(|error| error.to_string())?;
    for (name, module) in modules["modules"].as_mapping().into_iter().flatten() {
        let prober = module["prober"].as_str().unwrap_or_default();
        if !["dns", "grpc", "http", "icmp", "tcp", "unix"].contains(&prober) {
            return Err(format!("{name:?}: unknown prober {prober:?}"));
        }
    }
    all(tools::versions("blackbox_exporter").iter().map(|tool| {
        tools::run(tool.command().arg(format!("--config.file={}", configuration.display())).arg("--config.check"))
    }))
}
