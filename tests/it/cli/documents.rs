//! What programs read: JSON that meets its schema, SARIF that holds together.

use serde_json::Value;

use super::bellwether;
use crate::support::root;
use crate::support::scratch::Scratch;

const FINDINGS: &str = "bellwether: 1\nplatform: shop\nplatform: store\nservces: {}\nowner: {team: yes}\n";

/// What `lint` writes of two specs with findings, and its exit code.
fn document(format: &str) -> (Value, Option<i32>) {
    let scratch = Scratch::new("document");
    scratch.write("one.yaml", FINDINGS);
    scratch.write("two words.yaml", FINDINGS);
    let arguments = ["lint", "--format", format, "one.yaml", "two words.yaml", "absent.yaml"];
    let output = bellwether(scratch.path(), &arguments).output().unwrap();
    assert!(output.stderr.is_empty());
    (serde_json::from_slice(&output.stdout).expect("one document, nothing else"), output.status.code())
}

#[test]
fn json_meets_its_schema() {
    let text = std::fs::read_to_string(root().join("schema/diagnostics.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
    let (mut document, code) = document("json");
    assert_eq!(code, Some(2), "a spec that is not there cannot be linted");
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{document:#}");
    let messages = document["diagnostics"].as_array().unwrap();
    for file in ["one.yaml", "two words.yaml"] {
        assert!(messages.iter().filter(|message| message["file"] == file).count() >= 3, "{document:#}");
    }
    assert!(messages.iter().any(|message| message["code"] == "unreadable-file" && message.get("file").is_none()));
    document["diagnostics"][0]["line"] = "three".into();
    assert!(!validator.is_valid(&document), "the schema lets anything pass");
}

#[test]
fn the_report_on_objectives_meets_its_schema() {
    let text = std::fs::read_to_string(root().join("schema/slo.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
    let output = bellwether(root(), &["slo", "specs/ims.yaml", "--format", "json"]).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    let mut document: Value = serde_json::from_slice(&output.stdout).expect("one document, nothing else");
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let tiers = document["slos"].as_array().unwrap().iter().flat_map(|slo| slo["tiers"].as_array().unwrap());
    assert!(tiers.count() > 10);
    // 14.4 times 0.1 %, without float noise.
    assert!(String::from_utf8(output.stdout).unwrap().contains("\"fires_above\": 0.0144,"));
    document["slos"][0]["tiers"][0]["total_outage"]["told_after_seconds"] = "soon".into();
    assert!(!validator.is_valid(&document), "the schema lets anything pass");
}

#[test]
fn sarif_declares_what_it_reports() {
    let (document, _) = document("sarif");
    assert_eq!(document["version"], "2.1.0");
    let runs = document["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    let rules = runs[0]["tool"]["driver"]["rules"].as_array().unwrap();
    let results = runs[0]["results"].as_array().unwrap();
    assert!(results.len() >= 7, "{document:#}");
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        for location in result["locations"].as_array().into_iter().flatten() {
            let place = &location["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(["one.yaml", "two%20words.yaml"].contains(&uri), "{uri}");
            let region = &place["region"];
            let at = |name: &str| region[name].as_u64().unwrap();
            assert!(at("startLine") >= 1 && (at("endLine"), at("endColumn")) >= (at("startLine"), at("startColumn")));
        }
    }
}
