//! The modules of the instrumentation contract, used by the real client library.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use bellwether::backends::contract::{Promise, Promised};
use bellwether::model::{Language, MetricType};
use bellwether::{Memory, Options, compile};

use crate::goldens::everything;
use crate::support::{files_with, generated_platforms, root, scratch::Scratch, tools};

/// What was exposed: type, labels, buckets.
type Exposed = BTreeMap<String, (String, BTreeSet<String>, BTreeSet<String>)>;

/// Reads the text format; names of samples are folded into their families.
fn exposition(text: &str) -> Exposed {
    let mut families = Exposed::new();
    for line in text.lines() {
        if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) {
            families.insert(name.to_owned(), (kind.to_owned(), BTreeSet::new(), BTreeSet::new()));
        } else if !line.starts_with('#') && !line.is_empty() {
            let name = line.split(['{', ' ']).next().unwrap();
            let ends = ["_bucket", "_sum", "_count"].iter().filter_map(|end| name.strip_suffix(end));
            let family = ends.into_iter().find(|family| families.contains_key(*family)).unwrap_or(name);
            let (_, labels, buckets) = families.get_mut(family).unwrap_or_else(|| panic!("{line}"));
            let inside =
                line.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("", |(inside, _)| inside);
            for (label, value) in inside.split(',').filter_map(|pair| pair.split_once('=')) {
                match label {
                    "le" => buckets.insert(same_number(value.trim_matches('"'))),
                    label => labels.insert(label.to_owned()),
                };
            }
        }
    }
    families
}

/// A number in one form: the library writes `1e+06` where others write 1000000.
fn same_number(text: &str) -> String {
    text.parse::<f64>().unwrap().to_string()
}

/// What a promise means in the text format.
fn promised(metric: &Promised) -> (String, (String, BTreeSet<String>, BTreeSet<String>)) {
    let kind = if metric.r#type == MetricType::Untyped { "gauge" } else { metric.r#type.word() };
    let mut bounds: BTreeSet<String> =
        metric.buckets.iter().flatten().map(|bound| same_number(&bound.to_string())).collect();
    if !bounds.is_empty() {
        bounds.insert(same_number("+Inf"));
    }
    (metric.name.clone(), (kind.to_owned(), metric.labels.iter().cloned().collect(), bounds))
}

/// Runs a module and holds what it exposes against the promise.
fn kept(promise: &Promise, module: &Path) -> Result<(), String> {
    let Some(python) = tools::python() else { return Ok(()) };
    let mut command = Command::new(python);
    let said = tools::run(command.arg(root().join("tests/oracles/contract.py")).arg(module))?;
    let mut exposed = exposition(&said);
    let own = promise.metrics.iter().filter(|metric| !metric.by_library);
    let expected: Exposed = own.map(promised).collect();
    // Buckets that nobody declares are the library's own.
    for (name, (_, _, buckets)) in &mut exposed {
        if expected.get(name).is_some_and(|(_, _, declared)| declared.is_empty()) {
            buckets.clear();
        }
    }
    if exposed == expected { Ok(()) } else { Err(format!("{}:\n{exposed:#?}\nis not\n{expected:#?}", promise.service)) }
}

#[test]
fn python_modules_expose_what_the_spec_declares() {
    if tools::python().is_none() {
        return;
    }
    let (world, mut shown) = (everything(), 0);
    for spec in files_with(&root().join("specs"), &["yaml"]) {
        let name = spec.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        let compilation = compile(&world, &name, &Options::default());
        let Some(platform) = compilation.model.as_ref() else { continue };
        let folder = root().join("generated").join(&platform.name.value);
        for promise in &compilation.configs.contract.services {
            if promise.language == Some(Language::Python) {
                kept(promise, &folder.join(promise.module().unwrap())).unwrap_or_else(|said| panic!("{name}: {said}"));
                shown += 1;
            }
        }
    }
    assert!(shown > 1, "{shown} modules");
}

const HOSTILE: &str = "bellwether: 1\nplatform: shop\nservices:\n  api:\n    scrape: {port: 8000}\n    application: {language: python}\n    metrics:\n      a_total: {type: counter, labels: [kind], help: \"It's \\\"it\\\" \\\\ {x} %s\\nimport os\"}\n      size: {type: histogram, unit: bytes}\n      took: {type: histogram, unit: seconds, labels: [a, b], buckets: [0.005, 1, 2.5]}\n      now: {type: gauge}\n";

/// A module that says something else than the spec is seen; text of the spec cannot leave its quotes.
#[test]
fn a_module_that_drifts_is_refused() {
    if tools::python().is_none() {
        return;
    }
    let compilation = compile(&Memory::new().with("spec.yaml", HOSTILE), "spec.yaml", &Options::default());
    let promise = compilation.configs.contract.services.first().unwrap();
    let artifacts = compilation.artifacts().unwrap();
    let module = artifacts.get("contract/api.py").unwrap();
    let scratch = Scratch::new("contract");
    let judged = |text: &str| {
        scratch.write("api.py", text);
        kept(promise, &scratch.join("api.py"))
    };
    judged(module).unwrap();
    for (from, to) in [("\"kind\"", "\"sort\""), ("2.5]", "2.6]"), ("\"now\"", "\"then\""), ("Gauge(", "Histogram(")] {
        assert!(module.contains(from), "{from}\n{module}");
        assert!(judged(&module.replace(from, to)).is_err(), "{from} -> {to}");
    }
}

#[test]
fn modules_for_node_are_javascript() {
    let Some(node) = tools::on_path("node") else { return tools::skip("node") };
    let mut shown = 0;
    for platform in generated_platforms() {
        for module in files_with(&platform.join("contract"), &["js"]) {
            tools::run(Command::new(&node).arg("--check").arg(&module)).unwrap();
            shown += 1;
        }
    }
    assert!(shown > 0, "no module for Node is generated");
    let spec = HOSTILE.replace("python", "node");
    let compilation = compile(&Memory::new().with("spec.yaml", spec), "spec.yaml", &Options::default());
    let scratch = Scratch::new("contract-node");
    scratch.write("api.js", compilation.artifacts().unwrap().get("contract/api.js").unwrap());
    tools::run(Command::new(&node).arg("--check").arg(scratch.join("api.js"))).unwrap();
    scratch.write("api.js", "const a = {;");
    assert!(tools::run(Command::new(&node).arg("--check").arg(scratch.join("api.js"))).is_err());
}
