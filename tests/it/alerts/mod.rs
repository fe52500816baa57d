//! Every alert that is written is tested: it is shown silent and firing, or the test file says why not.

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::{files_with, root, scratch::Scratch, tools};
use bellwether::{Memory, Options, compile};

/// A spec's artifacts on disk.
fn written(spec: &str) -> Scratch {
    let compiled = compile(&Memory::new().with("spec.yaml", spec), "spec.yaml", &Options::default());
    let errors: Vec<&str> = compiled.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    let scratch = Scratch::new("alerts");
    for (path, artifact) in compiled.artifacts().unwrap().iter() {
        scratch.write(path, artifact);
    }
    assert!(scratch.join("prometheus/tests").is_dir(), "{errors:?}");
    scratch
}

/// The alerts of a platform's rule files that no test shows silent and firing and no remark explains.
fn unproven(platform: &Path) -> Vec<String> {
    let mut alerts: Vec<String> = Vec::new();
    for folder in ["prometheus/rules", "thanos/rules"] {
        for file in files_with(&platform.join(folder), &["yml"]) {
            let text = std::fs::read_to_string(&file).unwrap();
            let rules: yaml_serde::Value = yaml_serde::from_str(&text).unwrap();
            for group in rules["groups"].as_sequence().unwrap() {
                let names = group["rules"].as_sequence().unwrap().iter().filter_map(|rule| rule["alert"].as_str());
                alerts.extend(names.map(str::to_owned));
            }
        }
    }
    let mut shown: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    let mut explained: Vec<String> = Vec::new();
    for file in files_with(&platform.join("prometheus/tests"), &["yml"]) {
        let text = std::fs::read_to_string(&file).unwrap();
        let remarks = text.lines().filter_map(|line| line.strip_prefix("# No test of ")?.split_once(':'));
        explained.extend(remarks.map(|(name, _)| name.to_owned()));
        let tests: yaml_serde::Value = yaml_serde::from_str(&text).unwrap();
        for test in tests["tests"].as_sequence().into_iter().flatten() {
            for check in test["promql_expr_test"].as_sequence().into_iter().flatten() {
                let expr = check["expr"].as_str().unwrap();
                let Some((_, rest)) = expr.split_once("ALERTS{alertname=\"") else { continue };
                let name = rest.split('"').next().unwrap().to_owned();
                let samples = check["exp_samples"].as_sequence().unwrap();
                let fires = samples.iter().any(|sample| sample["labels"].as_str().unwrap().contains("\"firing\""));
                let seen = shown.entry(name.clone()).or_default();
                // What always fires has no other side.
                seen.0 |= samples.is_empty() || test["name"] == format!("{name} always fires").as_str();
                seen.1 |= fires;
            }
        }
    }
    alerts.retain(|name| shown.get(name) != Some(&(true, true)) && !explained.contains(name));
    alerts.dedup();
    alerts
}

/// What promtool, in every version, says of the tests of platforms.
fn judged(platforms: &[Scratch]) -> Result<(), String> {
    let tests = |platform: &Scratch| files_with(&platform.join("prometheus/tests"), &["yml"]);
    let files: Vec<_> = platforms.iter().flat_map(tests).collect();
    let runs: Vec<_> = tools::versions("promtool")
        .into_iter()
        .map(|tool| {
            let files = files.clone();
            std::thread::spawn(move || tools::run(tool.command().args(["test", "rules"]).args(&files)))
        })
        .collect();
    let said: Vec<String> = runs.into_iter().filter_map(|run| run.join().unwrap().err()).collect();
    if said.is_empty() { Ok(()) } else { Err(said.join("\n")) }
}

fn remarks(platform: &Path) -> Vec<String> {
    let files = files_with(&platform.join("prometheus/tests"), &["yml"]);
    let text = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect::<String>();
    text.lines().filter_map(|line| line.strip_prefix("# No test of ")).map(str::to_owned).collect()
}

#[test]
fn alerts_of_the_usual_kinds_are_inverted() {
    let platform = written(&std::fs::read_to_string(root().join("tests/it/alerts/usual.yaml")).unwrap());
    let refused = ["PostgresVacuum: it depends on the time, and the clock of a test begins in 1970."];
    assert_eq!(remarks(platform.path()), refused);
    assert_eq!(unproven(platform.path()), Vec::<String>::new());
    assert_eq!(judged(&[platform]), Ok(()));
}

/// Signals of every shape and aggregation, in a spec that ends where its thresholds begin.
const SIGNALS: &str = include_str!("signals.yaml");

/// Each signal, what a latency is asked for, and a bound.
const ASKED: [(&str, &str, &str); 24] = [
    ("traffic", "", "7/s"),
    ("sales", "", "40"),
    ("depth", "", "40"),
    ("depth_avg", "", "40"),
    ("depth_max", "", "40"),
    ("depth_min", "", "40"),
    ("depth_count", "", "3"),
    ("queues", "", "3"),
    ("errors", "", "80%"),
    ("good", "", "80%"),
    ("used", "", "80%"),
    ("free", "", "80%"),
    ("used_of", "", "80%"),
    ("lag", "", "10m"),
    ("raw", "", "40"),
    ("sum_of_two", "", "7/s"),
    ("latency", "quantile: p95, ", "800ms"),
    ("latency", "mean: true, ", "800ms"),
    ("latency", "within: 500ms, ", "80%"),
    ("known", "quantile: p99, ", "800ms"),
    ("known", "within: 500ms, ", "80%"),
    ("native", "quantile: p95, ", "800ms"),
    ("native", "mean: true, ", "800ms"),
    ("native", "within: 500ms, ", "80%"),
];

/// Every condition on a signal, for all its series and for each value of a label.
fn combinations(signal: &str, measure: &str, bound: &str) -> String {
    let mut spec = SIGNALS.to_owned();
    let conditions = [
        ("Above", format!("above: {bound}, for: 5m")),
        ("Below", format!("below: {bound}")),
        ("Keeps", format!("above: {bound}, for: 2m, keep_firing: 5m, over: 10m")),
        ("Any", "any: true, for: 1m".to_owned()),
        ("Spike", "above_baseline: {times: 2, over: 1h}, group: baselines".to_owned()),
        ("Lull", "below_baseline: {times: 0.5, over: 1h}, group: baselines".to_owned()),
        ("Drop", "drops_by: {by: 30%, against: 20m}".to_owned()),
        ("Absent", "absent: 10m".to_owned()),
    ];
    for (name, condition) in &conditions {
        for (each, by) in [("", ""), ("Each", "by: [zone], ")] {
            if !each.is_empty() && !["Above", "Spike", "Drop", "Absent"].contains(name) {
                continue;
            }
            let threshold = format!("{{signal: {signal}, {measure}{by}{condition}, severity: warning}}");
            spec.push_str(&format!("      {name}{each}: {threshold}\n"));
        }
    }
    spec
}

/// What has no test, and why.
const SAID: [&str; 19] = [
    "latency quantile: p95, Any: its series cannot take the values that a test needs.",
    "known quantile: p99, Any: its series cannot take the values that a test needs.",
    "native quantile: p95, Any: no value of its signal lies on the other side of its bound.",
    "native quantile: p95, Drop: a native histogram is played only against a bound.",
    "native quantile: p95, DropEach: a native histogram is played only against a bound.",
    "native quantile: p95, Spike: a native histogram is played only against a bound.",
    "native quantile: p95, SpikeEach: a native histogram is played only against a bound.",
    "native quantile: p95, Lull: a native histogram is played only against a bound.",
    "native mean: true, Any: no value of its signal lies on the other side of its bound.",
    "native mean: true, Drop: a native histogram is played only against a bound.",
    "native mean: true, DropEach: a native histogram is played only against a bound.",
    "native mean: true, Spike: a native histogram is played only against a bound.",
    "native mean: true, SpikeEach: a native histogram is played only against a bound.",
    "native mean: true, Lull: a native histogram is played only against a bound.",
    "native within: 500ms, Drop: a native histogram is played only against a bound.",
    "native within: 500ms, DropEach: a native histogram is played only against a bound.",
    "native within: 500ms, Spike: a native histogram is played only against a bound.",
    "native within: 500ms, SpikeEach: a native histogram is played only against a bound.",
    "native within: 500ms, Lull: a native histogram is played only against a bound.",
];

#[test]
fn every_condition_on_every_signal_is_tested_or_said() {
    let (mut said, mut hidden, mut platforms) = (Vec::new(), Vec::new(), Vec::new());
    for (signal, measure, bound) in ASKED {
        let platform = written(&combinations(signal, measure, bound));
        let name = format!("{signal} {measure}");
        said.extend(remarks(platform.path()).into_iter().map(|remark| format!("{name}{remark}")));
        hidden.extend(unproven(platform.path()).into_iter().map(|alert| format!("{name}{alert}")));
        platforms.push(platform);
    }
    assert_eq!(judged(&platforms), Ok(()));
    assert_eq!(hidden, Vec::<String>::new());
    assert_eq!(said, SAID);
}

/// Rules of the user's own: a template among the labels, two alerts of one name, series recorded beside them.
const OWN: &str = "
bellwether: 1
platform: own
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics:
      errors_total: {type: counter}
      depth: {type: gauge, unit: count, labels: [queue]}
stack:
  prometheus:
    rule_groups:
      - name: own
        rules:
          - {record: 'job:errors:rate5m', expr: 'sum by (job) (rate(errors_total[5m]))'}
          - {record: always, expr: vector(1)}
          - {alert: Errors, expr: 'job:errors:rate5m > 1', for: 5m, labels: {severity: warning}}
          - {alert: Errors, expr: 'job:errors:rate5m > 10', for: 1m, labels: {severity: critical}}
          - {alert: Deep, expr: 'depth > 100', keep_firing_for: 5m, labels: {severity: warning, of: 'queue {{ $labels.queue }}'}}
          - {alert: Valued, expr: 'depth > 100', labels: {depth: '{{ $value }}'}}
          - {alert: Entangled, expr: 'always > 5'}
          - {alert: Always, expr: 'vector(1)', for: 2m}
";

#[test]
fn rules_of_ones_own_are_tested_or_said() {
    let platform = written(OWN);
    let said = ["Valued: its label depth is a template.", "Entangled: always is recorded from what it reads itself."];
    assert_eq!(remarks(platform.path()), said);
    assert_eq!(unproven(platform.path()), Vec::<String>::new());
    let tests = std::fs::read_to_string(platform.join("prometheus/tests/extra.yml")).unwrap();
    for shown in ["Always always fires", "of=\"queue \"", "ALERTS{alertname=\"Errors\", severity=\"critical\"}"] {
        assert!(tests.contains(shown), "{shown} is not in\n{tests}");
    }
    assert_eq!(judged(&[platform]), Ok(()));
}

#[test]
fn every_alert_of_every_spec_is_tested_or_said() {
    let mut specs: Vec<std::path::PathBuf> = Vec::new();
    for folder in ["specs", "examples"] {
        specs.extend(files_with(&root().join(folder), &["yaml", "toml", "json", "jsonnet"]));
    }
    let world = crate::goldens::everything();
    let mut seen = 0;
    for path in specs {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        // Packs are no specs.
        let Some(artifacts) = compile(&world, &name, &Options::default()).artifacts() else { continue };
        let scratch = Scratch::new("alerts");
        for (path, text) in artifacts.iter() {
            scratch.write(path, text);
        }
        assert_eq!(unproven(scratch.path()), Vec::<String>::new(), "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 2, "{seen}");
}
