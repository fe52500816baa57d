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

/// What promtool, in every version, says of a platform's tests.
fn judged(platform: &Path) -> Result<(), String> {
    let files = files_with(&platform.join("prometheus/tests"), &["yml"]);
    let mut wrong = String::new();
    for tool in tools::versions("promtool") {
        if let Err(said) = tools::run(tool.command().args(["test", "rules"]).args(&files)) {
            wrong.push_str(&said);
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn remarks(platform: &Path) -> Vec<String> {
    let files = files_with(&platform.join("prometheus/tests"), &["yml"]);
    let text = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect::<String>();
    text.lines().filter_map(|line| line.strip_prefix("# No test of ")).map(str::to_owned).collect()
}

#[test]
fn alerts_of_the_usual_kinds_are_inverted() {
    let platform = written(&std::fs::read_to_string(root().join("tests/it/alerts/usual.yaml")).unwrap());
    let refused = ["PostgresVacuum: the clock of a test begins in 1970, where its moments cannot lie."];
    assert_eq!(remarks(platform.path()), refused);
    assert_eq!(judged(platform.path()), Ok(()));
    assert_eq!(unproven(platform.path()), Vec::<String>::new());
}
