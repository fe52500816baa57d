//! Holes where a peer accepts, drops or keeps what it should not.

use super::formulas::{Sloth, pyrra};
use super::ours::{availability, compiled, spec};
use super::stage::{Stage, check, value};
use super::traffic::Traffic;
use crate::cli::bellwether;
use crate::support::{files_below, scratch::Scratch, tools};

#[test]
fn h07_a_window_longer_than_what_is_kept_is_said() {
    let short = spec("      availability: {objective: 99.9%, window: 30d}").replace("local: 100d", "local: 15d");
    assert_eq!(compiled(&short).codes, ["slo-window-beyond-retention"]);
    assert_eq!(availability("99.9", "30d").codes, Vec::<&str>::new());
}

#[test]
fn h09_an_objective_over_a_day_has_rules_that_prometheus_reads() {
    let ours = availability("99.9", "1d");
    assert_eq!(ours.codes, Vec::<&str>::new(), "{:?}", ours.said);
    for promtool in tools::versions("promtool") {
        let said = check(&promtool, &pyrra("0.999", 1.0)).unwrap_err();
        assert!(said.contains("duration must be greater than 0"), "{said}");
        assert_eq!(check(&promtool, &ours.rules()), Ok(()));
    }
}

#[test]
fn h10_an_objective_without_a_budget_is_refused() {
    assert_eq!(availability("100", "30d").codes, ["invalid-objective"]);
    assert_eq!(availability("0", "30d").codes, ["invalid-objective"]);
    let peer = Sloth { objective: 100.0, ..Sloth::default() }.rules();
    let traffic = |share| Traffic::default().minutes(60, 60.0, share).series(true);
    for promtool in tools::versions("promtool") {
        let ask = |share, question| {
            Stage::new(vec![peer.clone()], traffic(share)).ask(&promtool, &[(question, "1h")]).remove(0)
        };
        assert!(value(&ask(0.0, "slo:current_burn_rate:ratio")).is_some_and(f64::is_nan));
        assert_eq!(ask(0.000_1, r#"ALERTS{sloth_severity="page", alertstate="firing"}"#).len(), 1);
    }
}

#[test]
fn h14_a_key_that_means_nothing_is_an_error() {
    let found = compiled(&spec("      availability: {objective: 99.9%, ticket_alert: {labels: {disable: true}}}"));
    assert_eq!(found.codes, ["unknown-key"]);
    let tier = compiled(&spec("      availability: {objective: 99.9%, tiers: {ticket-slow: {disable: true}}}"));
    assert_eq!(tier.codes, ["unknown-key"]);
}

#[test]
fn h15_a_second_document_in_a_file_is_no_silent_loss() {
    let one = spec("      availability: {objective: 99.9%, window: 30d}");
    let found = compiled(&format!("{one}---\n{one}"));
    assert!(found.codes.contains(&"several-documents"), "{:?}", found.codes);
}

#[test]
fn h16_rules_of_an_objective_that_is_gone_go_too() {
    let scratch = Scratch::new("stale");
    let built = |spec: &str| {
        scratch.write("spec.yaml", spec);
        let output = bellwether(scratch.path(), &["build", "spec.yaml"]).output().unwrap();
        assert_eq!(output.status.success(), !spec.contains("100%"), "{output:?}");
        let files = files_below(&scratch.join("generated"));
        let names = files.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with("slo-")).collect::<Vec<_>>()
    };
    let text = spec("      availability: {objective: 99.9%, window: 30d}");
    let first = built(&text);
    assert!(!first.is_empty() && first.iter().all(|name| name.starts_with("slo-api-availability")), "{first:?}");
    // A spec that cannot be built leaves what was there.
    assert_eq!(built(&text.replace("99.9%", "100%")), first);
    let second = built(&text.replace("      availability: {obj", "      uptime: {signal: availability, obj"));
    assert!(!second.is_empty() && second.iter().all(|name| name.starts_with("slo-api-uptime")), "{second:?}");
}
