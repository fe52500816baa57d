//! Configurations of the OpenTelemetry collector and of Jaeger: by their own structure always, by a real Jaeger, which
//! is a collector, where one is installed (`tests/oracles/install-jaeger`).

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::all;
use crate::goldens::compiled;
use crate::support::{files_with, generated_platforms, root, scratch::Scratch, tools};

const FILES: [&str; 2] = ["jaeger/config.yaml", "otel/collector.yaml"];

/// What a collector refuses to start with, and what it accepts although nobody could mean it.
fn structure(text: &str) -> Result<(), String> {
    let file: Value = yaml_serde::from_str(text).map_err(|error| error.to_string())?;
    let names = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    };
    let declared = |kind: &str, name: &str| file[kind].get(name).is_some();
    let mut wrong = Vec::new();
    let mut used: Vec<(&str, String)> = Vec::new();
    for name in names(&file["service"]["extensions"]) {
        used.push(("extensions", name));
    }
    let pipelines = file["service"]["pipelines"].as_object().ok_or("no pipelines")?;
    for (pipeline, parts) in pipelines {
        for (kind, ends) in [("receivers", true), ("exporters", true), ("processors", false)] {
            let all = names(&parts[kind]);
            if all.is_empty() && ends {
                wrong.push(format!("{pipeline} has no {kind}"));
            }
            used.extend(all.into_iter().map(|name| match ends && declared("connectors", &name) {
                true => ("connectors", name),
                false => (kind, name),
            }));
        }
        let processors = names(&parts["processors"]);
        let reads = names(&parts["receivers"]);
        if reads.contains(&"otlp".to_owned()) && processors.first().map(String::as_str) != Some("memory_limiter") {
            wrong.push(format!("{pipeline}: memory_limiter is not first"));
        }
        if processors.contains(&"batch".to_owned()) && processors.last().map(String::as_str) != Some("batch") {
            wrong.push(format!("{pipeline}: batch is not last"));
        }
    }
    for (kind, name) in &used {
        if !declared(kind, name) {
            wrong.push(format!("{kind}: {name} is not declared"));
        }
    }
    for kind in ["extensions", "receivers", "processors", "connectors", "exporters"] {
        for name in file[kind].as_object().into_iter().flat_map(|map| map.keys()) {
            if !used.contains(&(kind, name.clone())) {
                wrong.push(format!("{kind}: {name} is not used"));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Every such file of the platforms and of the example.
fn files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for platform in generated_platforms() {
        for file in files_with(&platform, &["yaml"]) {
            if FILES.iter().any(|name| file.ends_with(name)) {
                files.push((file.display().to_string(), std::fs::read_to_string(&file).unwrap()));
            }
        }
    }
    let (_, artifacts) = compiled("examples/traces.yaml", None);
    files.extend(FILES.iter().map(|name| ((*name).to_owned(), artifacts.get(name).unwrap().to_owned())));
    files
}

#[test]
fn every_part_is_declared_and_used_in_the_right_place() {
    let files = files();
    assert!(files.len() > 3, "{} files", files.len());
    all(files
        .iter()
        .map(|(name, text)| structure(text).map(|()| String::new()).map_err(|said| format!("{name}: {said}"))))
    .unwrap();
    let collector = &files.last().unwrap().1;
    for (from, to, expected) in [
        ("- tail_sampling\n", "- tail_sample\n", "tail_sample is not declared"),
        (
            "- memory_limiter\n        - attributes",
            "- attributes\n        - memory_limiter",
            "memory_limiter is not first",
        ),
        ("- tail_sampling\n        - batch", "- batch\n        - tail_sampling", "batch is not last"),
        ("        - otlp/jaeger\n", "        - otlp\n", "otlp is not declared"),
    ] {
        assert!(collector.contains(from), "{from:?}\n{collector}");
        let said = structure(&collector.replace(from, to)).unwrap_err();
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

/// A real Jaeger, if one was installed.
fn jaeger() -> Option<PathBuf> {
    let path = root().join(".oracles/go/bin/jaeger");
    if path.is_file() {
        return Some(path);
    }
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "SKIPPED: a real Jaeger is missing; tests/oracles/install-jaeger builds one");
    None
}

/// As this Jaeger knows the parts: it has no prober of shares, and its health check is the second one.
fn for_jaeger(text: &str) -> Option<String> {
    (!text.contains("probabilistic_sampler")).then(|| text.replace("health_check", "healthcheckv2"))
}

fn validated(tool: &Path, text: &str) -> Result<String, String> {
    let scratch = Scratch::new("otel");
    scratch.write("config.yaml", text);
    tools::run(Command::new(tool).args(["validate", "--config"]).arg(scratch.join("config.yaml")))
}

#[test]
fn a_real_jaeger_accepts_them() {
    let Some(tool) = jaeger() else { return };
    let files: Vec<(String, String)> =
        files().into_iter().filter_map(|(name, text)| Some((name, for_jaeger(&text)?))).collect();
    all(files.iter().map(|(name, text)| validated(&tool, text).map_err(|said| format!("{name}: {said}")))).unwrap();
    let collector = &files.last().unwrap().1;
    for (from, to) in [
        ("limit_percentage: 80", "limit_percent: 80"),
        ("threshold_ms: 2000", "threshold_ms: soon"),
        ("action: hash", "action: scramble"),
        ("- tail_sampling\n", "- tail_sample\n"),
    ] {
        assert!(collector.contains(from), "{from:?}");
        assert!(validated(&tool, &collector.replace(from, to)).is_err(), "{from} -> {to}");
    }
}
