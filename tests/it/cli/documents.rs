//! What programs read: JSON that meets its schema; SARIF, Code Quality and JUnit that hold together.

use serde_json::Value;

use super::bellwether;
use crate::support::root;
use crate::support::scratch::Scratch;

const FINDINGS: &str = "bellwether: 1\nplatform: shop\nplatform: store\nservces: {}\nowner: {team: yes}\n";

/// What `lint` writes of two specs with findings, and its exit code.
fn document(format: &str) -> (Value, Option<i32>) {
    let (text, code) = written(format);
    (serde_json::from_str(&text).expect("one document, nothing else"), code)
}

fn written(format: &str) -> (String, Option<i32>) {
    let scratch = Scratch::new("document");
    scratch.write("one.yaml", FINDINGS);
    scratch.write("two words.yaml", FINDINGS);
    let arguments = ["lint", "--format", format, "one.yaml", "two words.yaml", "absent.yaml"];
    let output = bellwether(scratch.path(), &arguments).output().unwrap();
    assert!(output.stderr.is_empty());
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
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
    let (mut fingerprints, mut fixes) = (std::collections::BTreeSet::new(), 0);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        assert!(
            fingerprints.insert(result["partialFingerprints"]["bellwether/v1"].as_str().unwrap()),
            "twice: {result:#}"
        );
        for change in result["fixes"].as_array().into_iter().flatten().flat_map(|fix| fix["artifactChanges"].as_array())
        {
            fixes += change.len();
            let replacement = &change[0]["replacements"][0];
            assert_eq!(replacement["deletedRegion"], result["locations"][0]["physicalLocation"]["region"]);
            assert_eq!(replacement["insertedContent"]["text"], "\"yes\"");
        }
        for location in result["locations"].as_array().into_iter().flatten() {
            let place = &location["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(["one.yaml", "two%20words.yaml"].contains(&uri), "{uri}");
            let region = &place["region"];
            let at = |name: &str| region[name].as_u64().unwrap();
            assert!(at("startLine") >= 1 && (at("endLine"), at("endColumn")) >= (at("startLine"), at("startColumn")));
        }
    }
    assert_eq!(fixes, 2, "one for each `yes`");
}

#[test]
fn gitlab_knows_a_finding_again_that_only_moved() {
    let scratch = Scratch::new("gitlab");
    let report = |text: &str| -> Vec<Value> {
        scratch.write("spec.yaml", text);
        let output = bellwether(scratch.path(), &["lint", "--format=gitlab", "./spec.yaml"]).output().unwrap();
        serde_json::from_slice(&output.stdout).expect("a list")
    };
    let (before, after) = (report(FINDINGS), report(&format!("# A line above.\n{FINDINGS}# a line below\n")));
    assert!(before.len() >= 3);
    let all = |report: &[Value], key: &str| -> Vec<String> {
        report.iter().map(|issue| issue[key].as_str().unwrap().to_owned()).collect()
    };
    for issue in &before {
        assert!(
            !issue["description"].as_str().unwrap().is_empty() && !issue["check_name"].as_str().unwrap().is_empty()
        );
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap()));
        assert_eq!(issue["location"]["path"], "spec.yaml");
    }
    assert_eq!(all(&before, "fingerprint"), all(&after, "fingerprint"));
    let line = |report: &[Value]| report[0]["location"]["lines"]["begin"].as_u64().unwrap();
    assert_eq!(line(&before) + 1, line(&after));
    let mut fingerprints = all(&before, "fingerprint");
    fingerprints.sort();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), before.len());
    // The same mistake twice is two findings.
    let twice = report("bellwether: 1\nplatform: shop\nowner: {team: yes, contact: yes}\n");
    let same: Vec<&Value> = twice.iter().filter(|issue| issue["check_name"] == "yaml-1-1-boolean").collect();
    assert_eq!(same.len(), 2);
    assert_eq!(same[0]["description"], same[1]["description"]);
    assert_ne!(same[0]["fingerprint"], same[1]["fingerprint"]);
}

#[test]
fn junit_counts_what_it_holds() {
    let (text, code) = written("junit");
    assert_eq!(code, Some(2));
    let opening = |name: &str| text.matches(&format!("<{name} ")).count();
    let head = text.lines().nth(1).unwrap();
    assert_eq!(
        head,
        format!(
            "<testsuites name=\"bellwether\" tests=\"{}\" failures=\"{}\">",
            opening("testcase"),
            opening("failure")
        )
    );
    assert_eq!(opening("testsuite"), 3, "two specs, and what has no place: {text}");
    let failures = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("<testsuite ")?.split('"').nth(5)?.parse::<usize>().ok());
    assert_eq!(failures.sum::<usize>(), opening("failure"));
    well_formed(&text);
}

#[test]
fn junit_holds_any_text() {
    let scratch = Scratch::new("junit");
    let key = "a<b>&\\\"'\\u0001\\uFFFF]]>--é\\n";
    scratch.write("<&>.json", &format!("{{\"bellwether\": 1, \"platform\": \"shop\", \"{key}\": 1}}"));
    scratch.write("clean.yaml", "bellwether: 1\nplatform: shop\n");
    let output = bellwether(scratch.path(), &["lint", "--format=junit", "<&>.json", "clean.yaml"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    well_formed(&text);
    assert!(text.contains("a&lt;b&gt;&amp;") && text.contains("<testsuite name=\"&lt;&amp;&gt;.json\""), "{text}");
    assert!(text.contains("<testcase classname=\"clean.yaml\" name=\"lint\"/>"), "{text}");
}

/// That every tag is closed by its own, and that no character is left that XML forbids.
fn well_formed(text: &str) {
    let allowed =
        |character: char| character >= ' ' && !('\u{fffe}'..='\u{ffff}').contains(&character) || character == '\n';
    assert!(text.chars().all(allowed), "{text:?}");
    let body = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").expect("says what it is");
    let mut open = Vec::new();
    for tag in body.split('<').skip(1) {
        let (tag, after) = tag.split_once('>').expect("no tag without an end");
        assert!(!after.contains('>') && tag.matches('"').count() % 2 == 0, "{tag}");
        let entities = ["amp;", "lt;", "gt;", "quot;", "#13;"];
        for entity in [tag, after].into_iter().flat_map(|part| part.split('&').skip(1)) {
            assert!(entities.iter().any(|known| entity.starts_with(known)), "&{entity}");
        }
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{text}");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty() && body.starts_with("<testsuites "), "{open:?}");
}

#[test]
fn markdown_fits_a_comment() {
    let scratch = Scratch::new("markdown");
    let keys: String = (0..2000).map(|number| format!("wrong-key-{number}: 1\n")).collect();
    scratch.write("spec.yaml", &format!("bellwether: 1\nplatform: shop\n{keys}"));
    let output = bellwether(scratch.path(), &["lint", "--format=markdown", "spec.yaml"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!((60_000..=65_536).contains(&text.chars().count()), "{}", text.chars().count());
    let rows = text.lines().filter(|line| line.starts_with("| error |")).count();
    assert!(text.ends_with(&format!("\n{} more: run `bellwether lint`\n", 2000 - rows)), "{rows} rows");
}
