//! What `docs/slo.md` claims: a test for each hole, the series and alerts that there are, the tiers.

use crate::support::{files_with, page, root};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Holes of a peer's own plumbing, for which there is no counterpart here.
const NOT_OURS: [&str; 2] = ["H17", "H18"];

fn tests() -> BTreeSet<String> {
    let files = files_with(&root().join("tests/it/peers"), &["rs"]);
    let texts = files.iter().map(|path| std::fs::read_to_string(path).unwrap());
    let names = texts.flat_map(|text| {
        let lines = text
            .lines()
            .filter_map(|line| line.strip_prefix("fn h")?.split_once('(').map(|(name, _)| format!("h{name}")));
        lines.collect::<Vec<_>>()
    });
    names.filter(|name| name[1..].starts_with(|first: char| first.is_ascii_digit())).collect()
}

#[test]
fn every_hole_has_its_test_or_its_reason() {
    let page = std::fs::read_to_string(root().join("docs/slo.md")).unwrap();
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| H"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let numbers: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(numbers, (1..=25).map(|number| format!("H{number}")).collect::<Vec<_>>());
    let mut named = BTreeSet::new();
    for row in &rows {
        let test = row.last().unwrap().trim_matches('`');
        let number: usize = row[0][1..].parse().unwrap();
        if NOT_OURS.contains(&row[0]) {
            assert!(test.contains("not ours"), "{row:?}");
        } else {
            assert!(test.starts_with(&format!("h{number:02}_")), "{row:?}");
            named.insert(test.to_owned());
        }
    }
    assert_eq!(named, tests());
}

/// The series that the page says are recorded are those that are.
#[test]
fn the_page_names_the_series_that_are_recorded() {
    let page = std::fs::read_to_string(root().join("docs/slo.md")).unwrap();
    let first = |line: &str| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name.to_owned());
    let (_, page) = page.split_once("## What is recorded").unwrap();
    let rows: Vec<String> = page.lines().filter_map(first).collect();
    let (series, alerts): (BTreeSet<String>, BTreeSet<String>) = rows.into_iter().partition(|name| name.contains(':'));
    let text = super::ours::spec("      availability: {objective: 99.9%, calendar_month: true}");
    let ours = super::ours::compiled(&text);
    let rules: serde_json::Value = yaml_serde::from_str(&ours.rules()).unwrap();
    let rules = rules["groups"][0]["rules"].as_array().unwrap();
    let names = |kind: &str| rules.iter().filter_map(|rule| rule[kind].as_str()).map(str::to_owned).collect::<Vec<_>>();
    let recorded = names("record").into_iter().map(|name| match name.strip_prefix("slo:error_ratio:rate") {
        Some(_) => "slo:error_ratio:rate<w>".to_owned(),
        None => name,
    });
    // The calendar is the same for all objectives, and has a file of its own.
    assert_eq!(series, recorded.chain(["slo:calendar:month".to_owned()]).collect());
    assert_eq!(alerts, names("alert").into_iter().collect());
    for rule in rules.iter().filter(|rule| rule["record"].is_string() && rule["record"] != "slo:info") {
        let labels: Vec<&String> = rule["labels"].as_object().unwrap().keys().collect();
        assert_eq!(labels, ["slo", "service"], "{rule}");
    }
}

/// Tiers of usual windows, as they are chosen for scrapes of 15 seconds.
#[test]
fn the_page_shows_the_tiers_that_are_chosen() {
    let windows = ["7d", "28d", "30d", "90d"];
    let slos = windows.map(|window| {
        let text = super::ours::spec(&format!("      availability: {{objective: 99.9%, window: {window}}}"));
        super::ours::compiled(&text.replace("scrape: 1m", "scrape: 15s")).slo().clone()
    });
    let percent = |share: Decimal| (share * Decimal::ONE_HUNDRED).round_dp(2).normalize();
    let names = slos[0].tiers.iter().map(|tier| tier.name.name()).enumerate();
    let rows = names.map(|(index, name)| {
        let tiers = slos.iter().map(|slo| &slo.tiers[index]);
        let cells = tiers.map(|tier| {
            assert_eq!(tier.name.name(), name);
            format!("{} and {}, × {}, {} %", tier.long, tier.short, tier.factor, percent(tier.budget_share))
        });
        let least = Decimal::ONE - Decimal::ONE / slos[2].tiers[index].factor;
        let least = if least.is_zero() { "any".to_owned() } else { format!("above {} %", percent(least)) };
        [name.to_owned()].into_iter().chain(cells).chain([least]).collect()
    });
    let heads = ["tier", windows[0], windows[1], windows[2], windows[3], "can fire at 30d for an objective"];
    page::hold("tiers", &page::table(&heads, &rows.collect::<Vec<Vec<String>>>()));
}
