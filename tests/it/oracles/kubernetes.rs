//! Kubernetes: custom objects against the schemas of their own definitions, plain ones against Kubernetes' schemas,
//! kustomizations by kustomize, and what is inside objects (rules, queries, dashboards) by those who read it.

use super::{all, judge};
use crate::support::{files_with, root, scratch::Scratch, tools};
use bellwether::promql;
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Kinds that kustomize reads, and no cluster.
const KUSTOMIZE: [&str; 2] = ["Kustomization", "Component"];

/// Every document of the YAML files of a folder, with the path of its file in it.
fn documents(folder: &Path) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for file in files_with(folder, &["yaml"]) {
        let path = file.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        // What does not parse is another oracle's to say.
        let documents =
            yaml_serde::Deserializer::from_str(&text).map_while(|document| Value::deserialize(document).ok());
        found.extend(documents.map(|document| (path.clone(), document)));
    }
    found
}

fn kind(document: &Value) -> &str {
    document["kind"].as_str().unwrap_or_default()
}

#[test]
fn operators_accept_their_objects() {
    let file = "kubernetes/objects.yaml";
    judge(
        &[],
        custom_objects,
        &[
            (file, "targetPort:", "targetsPort:", "targetsPort"),
            (file, "interval: 15s", "interval: 15 seconds", "15 seconds"),
            (file, "setWeight: 10", "setWeight: 10%", "setWeight"),
            (file, "failureLimit:", "failuresLimit:", "failuresLimit"),
            (file, "workloadRef:", "workload:", "workload"),
            (file, "    matchLabels:\n      app: api\n  endpoints", "    app: api\n  endpoints", "app"),
            (file, "http_requests_total{service", "http_requests_total{service=", "query"),
            (file, "sum(rate(http_requests_total{service=\"{{args.service-name}}\"}[5m]))", "rate(up)", "query"),
            (
                file,
                "successCondition: len(result) == 0 || result[0] <= 0.05",
                "successCondition: x > {{args.bound}}",
                "args.bound",
            ),
            ("kubernetes/rules/api.yaml", "for: 2m", "for: 2 minutes", "2 minutes"),
            ("kubernetes/rules/api.yaml", "expr: up == 0", "exprs: up == 0", "exprs"),
        ],
    );
}

fn custom_objects(platform: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(root().join("tests/oracles/kubernetes/schemas.json")).unwrap();
    let schemas: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    let validators: BTreeMap<&str, Validator> =
        schemas.iter().map(|(kind, schema)| (kind.as_str(), jsonschema::draft7::new(schema).unwrap())).collect();
    let mut problems = Vec::new();
    for (path, document) in documents(&platform.join("kubernetes")) {
        let kind = kind(&document);
        let Some(validator) = validators.get(kind) else {
            let version = document["apiVersion"].as_str().unwrap_or_default();
            if version.contains("coreos.com") || version.contains("argoproj.io") {
                problems.push(format!("{path}: no schema for {kind}"));
            }
            continue;
        };
        let said = |error: jsonschema::ValidationError<'_>| format!("{path}: {kind}{}: {error}", error.instance_path());
        problems.extend(validator.iter_errors(&document).map(said));
        if kind == "AnalysisTemplate" {
            problems.extend(analysis(&document).into_iter().map(|problem| format!("{path}: {problem}")));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// What Argo finds only when it measures: arguments that nobody declares, queries that are none.
fn analysis(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let declared = template["spec"]["args"].as_array().into_iter().flatten();
    let declared: Vec<&str> = declared.filter_map(|argument| argument["name"].as_str()).collect();
    let text = template["spec"]["metrics"].to_string();
    let used = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name.trim());
    problems.extend(
        used.filter(|used| !used.strip_prefix("args.").is_some_and(|name| declared.contains(&name)))
            .map(|used| format!("nobody declares {used}")),
    );
    for metric in template["spec"]["metrics"].as_array().into_iter().flatten() {
        let query = metric["provider"]["prometheus"]["query"].as_str().unwrap_or_default();
        if let Err(faults) = promql::read(query) {
            problems.push(format!("the query {query:?}: {}", faults[0].message));
        }
    }
    problems
}

#[test]
fn kubernetes_accepts_its_objects() {
    if !has_validator() {
        return;
    }
    let file = "kubernetes/objects.yaml";
    judge(
        &["python", "kubectl"],
        plain_objects,
        &[
            (file, "averageUtilization: 70", "averageUtilisation: 70", "averageUtilisation"),
            (file, "minReplicas: 2", "minReplicas: two", "two"),
            (file, "sample.json: '{}'", "sample.json: {}", "sample.json"),
            ("kubernetes/workloads/api.yaml", "periodSeconds: 10", "period: 10s", "period"),
            ("kubernetes/workloads/api.yaml", "port: 8000", "port: null", "port"),
        ],
    );
}

/// Whether Python has the schemas of Kubernetes.
fn has_validator() -> bool {
    let Some(python) = tools::python() else { return false };
    let found = Command::new(python).args(["-c", "import kubernetes_validate"]).output();
    let has = found.is_ok_and(|output| output.status.success());
    if !has {
        tools::skip("kubernetes-validate");
    }
    has
}

/// Everything that is no custom object, patches laid over workloads as somebody else would have written them.
fn plain_objects(platform: &Path) -> Result<(), String> {
    let folder = platform.join("kubernetes");
    let is_plain = |(path, document): &(String, Value)| {
        let version = document["apiVersion"].as_str().unwrap_or_default();
        let custom = ["coreos.com", "argoproj.io"].iter().any(|group| version.contains(group));
        !path.starts_with("workloads/") && !custom && !KUSTOMIZE.contains(&kind(document))
    };
    let mut objects: Vec<Value> =
        documents(&folder).into_iter().filter(is_plain).map(|(_, document)| document).collect();
    objects.extend(patched(platform)?);
    if platform.join("kustomization.yaml").is_file() {
        let text = kustomize(platform)?;
        objects.extend(yaml_serde::Deserializer::from_str(&text).map(|document| Value::deserialize(document).unwrap()));
    }
    if objects.is_empty() {
        return Ok(());
    }
    let scratch = Scratch::new("kubernetes");
    let list: String = objects.iter().map(|object| format!("---\n{object}\n")).collect();
    let file = scratch.write("objects.yaml", &list);
    let mut command = Command::new(tools::python().unwrap());
    command.args(["-m", "kubernetes_validate", "--strict", "--kubernetes-version", "1.32"]).arg(file);
    let said = tools::run(&mut command)?;
    // What it has no schema for it lets pass with a warning.
    if said.contains("WARN") { Err(said) } else { Ok(()) }
}

/// The workloads of the component, as kustomize makes them of bare ones.
fn patched(platform: &Path) -> Result<Vec<Value>, String> {
    let workloads = platform.join("kubernetes/workloads");
    let patches: Vec<Value> = documents(&workloads)
        .into_iter()
        .map(|(_, document)| document)
        .filter(|document| !KUSTOMIZE.contains(&kind(document)))
        .collect();
    if patches.is_empty() {
        return Ok(Vec::new());
    }
    let scratch = Scratch::copy_of(platform);
    let bare: String = patches.iter().map(|patch| format!("---\n{}\n", bare(patch))).collect();
    scratch.write("overlay/bare.yaml", &bare);
    let overlay = json!({"resources": ["bare.yaml"], "components": ["../kubernetes/workloads"]});
    scratch.write("overlay/kustomization.yaml", &overlay.to_string());
    let text = kustomize(&scratch.join("overlay"))?;
    let made: Vec<Value> =
        yaml_serde::Deserializer::from_str(&text).map(|document| Value::deserialize(document).unwrap()).collect();
    for (patch, made) in patches.iter().zip(&made) {
        let containers = made["spec"]["template"]["spec"]["containers"].as_array().map_or(0, Vec::len);
        if containers != 1 {
            return Err(format!("{} has {containers} containers after the patch", patch["metadata"]["name"]));
        }
    }
    Ok(made)
}

/// A workload with nothing but what it must have.
fn bare(patch: &Value) -> Value {
    let name = &patch["metadata"]["name"];
    let container = &patch["spec"]["template"]["spec"]["containers"][0]["name"];
    let container = if container.is_null() { name } else { container };
    let labels = patch["spec"]["template"]["metadata"].get("labels").cloned().unwrap_or_else(|| json!({"app": name}));
    json!({
        "apiVersion": patch["apiVersion"], "kind": patch["kind"], "metadata": patch["metadata"],
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": container, "image": "registry.example.com/app:1"}]},
            },
        },
    })
}

/// What kustomize makes of a folder, the same in every version at hand.
fn kustomize(folder: &Path) -> Result<String, String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut made: Option<String> = None;
    for tool in tools::versions("kubectl") {
        let output = tool.command().arg("kustomize").arg(folder).output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(text(&output.stderr));
        }
        let now = text(&output.stdout);
        match &made {
            Some(before) if *before != now => return Err(format!("{} makes something else of it", tool.set)),
            _ => made = Some(now),
        }
    }
    Ok(made.unwrap_or_default())
}

#[test]
fn kustomize_builds_the_base() {
    judge(
        &["kubectl"],
        base,
        &[
            ("kubernetes/kustomization.yaml", "objects.yaml", "object.yaml", "object.yaml"),
            ("kubernetes/kustomization.yaml", "resources:", "resource:", "resource"),
            ("kubernetes/kustomization.yaml", "  - rules/api.yaml\n", "", "rules/api.yaml is in no kustomization"),
            ("kubernetes/objects.yaml", "kind: ServiceMonitor", "kid: ServiceMonitor", "kind"),
        ],
    );
}

fn base(platform: &Path) -> Result<(), String> {
    let folder = platform.join("kubernetes");
    if !folder.join("kustomization.yaml").is_file() {
        return Ok(());
    }
    kustomize(&folder)?;
    let kustomization = std::fs::read_to_string(folder.join("kustomization.yaml")).unwrap();
    let whole = std::fs::read_to_string(platform.join("kustomization.yaml")).unwrap_or_default();
    let unnamed = documents(&folder).into_iter().map(|(path, _)| path).filter(|path| {
        !path.starts_with("workloads/") && path != "kustomization.yaml" && !kustomization.contains(path.as_str())
    });
    let unnamed: Vec<String> = unnamed.filter(|path| !whole.contains(path.as_str())).collect();
    let unnamed = unnamed.into_iter();
    all(unnamed.map(|path| Err(format!("{path} is in no kustomization"))))
}

#[test]
fn rules_and_dashboards_are_those_of_the_other_folders() {
    judge(
        &[],
        same_content,
        &[
            ("kubernetes/rules/api.yaml", "for: 2m", "for: 3m", "rules/api.yaml"),
            ("prometheus/rules/api.yml", "for: 2m", "for: 3m", "rules/api.yaml"),
        ],
    );
}

/// An object holds what the file of another backend holds: promtool has judged those.
fn same_content(platform: &Path) -> Result<(), String> {
    let read = |path: &str| std::fs::read_to_string(platform.join(path)).map_err(|error| format!("{path}: {error}"));
    let yaml = |text: &str| yaml_serde::from_str::<Value>(text).map_err(|error| error.to_string());
    let folder = platform.join("kubernetes");
    let same = |(path, document): (String, Value)| -> Result<String, String> {
        let name = Path::new(&path).file_stem().unwrap().to_string_lossy().into_owned();
        match kind(&document) {
            "PrometheusRule" => {
                let folder = if path.starts_with("rules/") { "prometheus/rules" } else { "thanos/rules" };
                let file = yaml(&read(&format!("{folder}/{name}.yml"))?)?;
                if file["groups"] == document["spec"]["groups"] {
                    Ok(path)
                } else {
                    Err(format!("{path}: other rules"))
                }
            }
            "ConfigMap" if path.starts_with("dashboards/") => {
                let file = read(&format!("grafana/dashboards/{name}.json"))?;
                let held = document["data"][format!("{name}.json")].as_str() == Some(file.as_str());
                if held { Ok(path) } else { Err(format!("{path}: another dashboard")) }
            }
            _ => Ok(path),
        }
    };
    all(documents(&folder).into_iter().map(same))?;
    let counted = |folder: &str, ending: &str| files_with(&platform.join(folder), &[ending]).len();
    for (object, file, ending) in [
        ("kubernetes/rules", "prometheus/rules", "yml"),
        ("kubernetes/thanos-rules", "thanos/rules", "yml"),
        ("kubernetes/dashboards", "grafana/dashboards", "json"),
    ] {
        let (objects, files) = (counted(object, "yaml"), counted(file, ending));
        if objects != 0 && objects != files {
            return Err(format!("{object}: {objects} files, {file} has {files}"));
        }
    }
    Ok(())
}
