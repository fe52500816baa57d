//! `generated/` holds what `specs/` compile to, byte for byte; published schemas are current; formats agree.

use bellwether::artifacts::Artifacts;
use bellwether::diagnostics::render::{Look, human};
use bellwether::{Memory, Options, compile, lint};

use crate::support::expected::check_or_update;
use crate::support::{files_below, files_with, root};

/// The files a spec of the repository compiles to; panics with the rendered findings otherwise.
pub(crate) fn compiled(path: &str, environment: Option<&str>) -> (String, Artifacts) {
    let world = everything();
    let options = Options { environment: environment.map(str::to_owned), ..Options::default() };
    let mut compilation = compile(&world, path, &options);
    lint::run(&mut compilation);
    let said = human::render(&compilation.diagnostics, &compilation.sources, Look::default());
    let artifacts = compilation.artifacts();
    assert!(artifacts.is_some() && compilation.diagnostics.is_empty(), "{path}:\n{said}");
    let platform = compilation.model.map(|model| model.name.value.clone()).unwrap_or_default();
    (platform, artifacts.unwrap_or_default())
}

/// Every spec of the repository, in memory.
pub(crate) fn everything() -> Memory {
    let folders = ["specs", "examples"].map(|folder| files_below(&root().join(folder)));
    folders.iter().flatten().fold(Memory::new(), |world, path| {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        world
            .with(name.clone(), std::fs::read(path).unwrap())
            .with(name.replace("examples/own-pack/", ""), std::fs::read(path).unwrap())
    })
}

#[test]
fn generated_is_what_the_specs_compile_to() {
    for spec in files_with(&root().join("specs"), &["yaml", "toml", "json", "jsonnet"]) {
        let name = spec.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        let (platform, artifacts) = compiled(&name, None);
        let folder = root().join("generated").join(&platform);
        for (path, text) in artifacts.iter() {
            check_or_update(&folder.join(path), text);
        }
        let manifest: String = artifacts.iter().map(|(path, _)| format!("{path}\n")).collect();
        check_or_update(&folder.join(".bellwether-manifest"), &manifest);
        for file in files_below(&folder) {
            let path = file.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
            let ours = path == ".bellwether-manifest" || artifacts.get(&path).is_some();
            if !ours && std::env::var("UPDATE").is_ok_and(|value| value == "1") {
                std::fs::remove_file(&file).unwrap();
                continue;
            }
            assert!(ours, "{} is stale: no spec yields it", file.display());
        }
    }
}

#[test]
fn the_same_spec_in_four_formats_gives_the_same_bytes() {
    let (platform, yaml) = compiled("examples/shop.yaml", None);
    assert!(yaml.len() > 3 && platform == "shop");
    let formats: &[&str] = if cfg!(feature = "jsonnet") { &["toml", "json", "jsonnet"] } else { &["toml", "json"] };
    for format in formats {
        let (_, other) = compiled(&format!("examples/shop.{format}"), None);
        let changes = bellwether::diff::diff(&yaml, &other);
        assert!(changes.is_empty(), "{format}: {:?}", changes.first().map(|change| &change.unified));
    }
}

#[test]
fn a_pack_of_ones_own_works_like_a_built_in_one() {
    let (_, artifacts) = compiled("examples/own-pack/bellwether.yaml", None);
    let rules: String = artifacts.iter().filter(|(path, _)| path.contains("rules/")).map(|(_, text)| text).collect();
    for alert in ["MailQueueLong", "JobsStalled"] {
        assert!(rules.contains(alert), "{alert} is not in the rules:\n{rules}");
    }
}

#[test]
fn a_pack_may_be_of_any_format() {
    let read = |path: &str| std::fs::read_to_string(root().join("examples/own-pack").join(path)).unwrap();
    let (spec, pack) = (read("bellwether.yaml"), read("packs/job-queue.yaml"));
    let value: serde_json::Value = yaml_serde::from_str(&pack).unwrap();
    let artifacts = |ending: &str, pack: &str| {
        let spec = spec.replace("job-queue.yaml", &format!("job-queue.{ending}"));
        let world = Memory::new().with("spec.yaml", spec).with(format!("packs/job-queue.{ending}"), pack);
        compile(&world, "spec.yaml", &Options::default()).artifacts()
    };
    let yaml = artifacts("yaml", &pack);
    assert!(yaml.is_some());
    assert_eq!(artifacts("json", &value.to_string()), yaml);
    if cfg!(feature = "jsonnet") {
        assert_eq!(artifacts("jsonnet", &format!("local pack = {value}; pack")), yaml);
    }
}

#[test]
fn published_schemas_are_current() {
    for (name, schema) in [
        ("spec", bellwether::schema::spec()),
        ("pack", bellwether::schema::pack()),
        ("diagnostics", bellwether::schema::diagnostics()),
        ("slo", bellwether::schema::slo()),
    ] {
        check_or_update(&root().join(format!("schema/{name}.schema.json")), &schema);
    }
}

#[test]
fn schema_and_compiler_agree_on_the_specs() {
    let schema: serde_json::Value = serde_json::from_str(&bellwether::schema::spec()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for spec in
        files_with(&root().join("specs"), &["yaml"]).into_iter().chain(files_with(&root().join("examples"), &["json"]))
    {
        let text = std::fs::read_to_string(&spec).unwrap();
        let value: serde_json::Value = yaml_serde::from_str(&text).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", spec.display());
    }
    let partly = |services: &str| {
        let spec =
            format!("bellwether: 1\nplatform: shop\ntemplates: {{web: {{packs: [http]}}}}\nservices: {{{services}}}\n");
        validator.is_valid(&yaml_serde::from_str::<serde_json::Value>(&spec).unwrap())
    };
    assert!(partly("api: {like: web, thresholds: {Slow: {above: 2s}, Down: null}, slos: {errors: {below: 1%}}}"));
    assert!(!partly("api: {like: web, threshold: {}}"), "the schema lets an unknown key of a service pass");
    assert!(!partly("api: {thresholds: {Slow: {above: 2s}}}"), "who is like nobody says everything");
    for (slo, good) in [
        ("99.9%", true),
        ("{p95: 200ms, p99: 1s, window: 7d}", true),
        ("{below: 0.1%}", true),
        ("{objective: 99%, within: 1s}", true),
        ("{below: 0.1%, objective: 99%}", false),
        ("{p95: 200ms, within: 1s}", false),
        ("[99%]", false),
    ] {
        assert_eq!(partly(&format!("api: {{slos: {{x: {slo}}}}}")), good, "{slo}");
    }
    let unknown = serde_json::json!({ "bellwether": 1, "platform": "shop", "servces": {} });
    assert!(!validator.is_valid(&unknown), "the schema lets an unknown key pass");
}

/// A platform or an example shows each backend's files; what one backend owns no other writes.
#[test]
fn every_backend_has_files_of_its_own() {
    let registered: Vec<&str> = bellwether::backends::BACKENDS.iter().map(|backend| backend.name).collect();
    let mut shown = std::collections::BTreeSet::new();
    let specs = ["specs", "examples"].map(|folder| files_with(&root().join(folder), &["yaml"]));
    for spec in specs.iter().flatten() {
        let name = spec.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        let compilation = compile(&everything(), &name, &Options::default());
        let each = compilation.configs.render_each();
        assert_eq!(each.iter().map(|(name, _)| *name).collect::<Vec<_>>(), registered);
        let mut writers = std::collections::BTreeMap::new();
        for (name, artifacts) in &each {
            for (path, _) in artifacts.iter() {
                let owners = bellwether::backends::BACKENDS.iter().filter(|backend| backend.owns(path));
                assert_eq!(owners.map(|owner| owner.name).collect::<Vec<_>>(), [*name], "{path}");
                let first = writers.insert(path.to_owned(), *name);
                assert_eq!(first, None, "{path} is also written by `{name}`");
                shown.insert(*name);
            }
        }
    }
    let hidden: Vec<&&str> = registered.iter().filter(|name| !shown.contains(**name)).collect();
    assert!(hidden.is_empty(), "nothing shows what these write: {hidden:?}");
}
