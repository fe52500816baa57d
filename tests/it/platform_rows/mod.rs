//! `docs/platforms/<platform>.md` row by row: what the document asks is in the spec where the row says, and in the
//! file it names.

mod pieces;
mod sections;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::support::{files_with, root};
use pieces::{named, text_of};
use sections::PLATFORMS;

/// A row: what is asked, keys in the spec, file, the piece of it, and what must be found there.
#[derive(Debug)]
struct Row {
    section: String,
    asks: String,
    keys: Vec<String>,
    file: String,
    piece: Option<String>,
    found: Vec<String>,
}

/// The texts between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn rows(page: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut section = String::new();
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title.to_owned();
        }
        let cells: Vec<&str> = line.trim().trim_matches('|').split(" | ").map(str::trim).collect();
        let [asks, keys, lands, found] = cells.as_slice() else { continue };
        if !line.starts_with('|') || *asks == "asked" || asks.starts_with("---") {
            continue;
        }
        let mut lands = quoted(lands).into_iter();
        rows.push(Row {
            section: section.clone(),
            asks: (*asks).to_owned(),
            keys: quoted(keys),
            file: lands.next().unwrap_or_default(),
            piece: lands.next(),
            found: quoted(found),
        });
    }
    rows
}

/// Whether the spec has this key; an item of a list goes by its title, its name or its text.
fn has(spec: &Value, key: &str) -> bool {
    let step = |value: &Value, segment: &str| match value {
        Value::Object(map) => map.get(segment).cloned(),
        Value::Array(items) => {
            let same = |item: &&Value| item.as_str() == Some(segment) || named(item, &["title", "signal"], segment);
            items.iter().find(same).cloned()
        }
        _ => None,
    };
    key.split('.').try_fold(spec.clone(), |value, segment| step(&value, segment)).is_some()
}

/// Whether the text holds these words whole: `> 1` is not found in `> 10`.
fn holds(text: &str, words: &str) -> bool {
    let inside = |left: Option<char>, right: Option<char>| {
        [left, right].iter().all(|side| side.is_some_and(|side| side.is_alphanumeric() || side == '_' || side == '.'))
    };
    text.match_indices(words).any(|(start, _)| {
        let (before, after) = (text[..start].chars().next_back(), text[start + words.len()..].chars().next());
        !inside(before, words.chars().next()) && !inside(words.chars().next_back(), after)
    })
}

fn problems(platform: &str, page: &str, spec: &Value) -> Vec<String> {
    let rows = rows(page);
    let mut problems = Vec::new();
    let sections = PLATFORMS.iter().find(|(name, _)| *name == platform).map_or(&[][..], |(_, sections)| sections);
    for (section, wanted) in sections {
        let found = rows.iter().filter(|row| row.section == *section).count();
        if found != *wanted {
            problems.push(format!("{section}: {found} rows, the document has {wanted}"));
        }
    }
    let strange = rows.iter().filter(|row| sections.iter().all(|(section, _)| *section != row.section));
    problems.extend(strange.map(|row| format!("{}: a section that nobody counts", row.section)));
    let folder = root().join("generated").join(platform);
    let mut seen = BTreeSet::new();
    for row in &rows {
        let said = format!("{}: {}", row.section, row.asks);
        if !seen.insert((&row.section, &row.asks)) {
            problems.push(format!("{said}: twice"));
        }
        if row.keys.is_empty() || row.found.is_empty() {
            problems.push(format!("{said}: names no key or nothing to find"));
        }
        problems.extend(row.keys.iter().filter(|key| !has(spec, key)).map(|key| format!("{said}: no key {key}")));
        match text_of(&folder, row) {
            Ok(text) => {
                let missing = row.found.iter().filter(|found| !holds(&text, found));
                problems.extend(missing.map(|found| format!("{said}: no `{found}` in\n    {text:.600}")));
            }
            Err(error) => problems.push(format!("{said}: {error}")),
        }
    }
    problems
}

fn page_and_spec(platform: &str) -> (String, Value) {
    let page = std::fs::read_to_string(root().join(format!("docs/platforms/{platform}.md"))).unwrap();
    let spec = std::fs::read_to_string(root().join(format!("specs/{platform}.yaml"))).unwrap();
    (page, yaml_serde::from_str(&spec).unwrap())
}

#[test]
fn every_row_of_the_documents_is_said_and_lands() {
    let mut said = Vec::new();
    for (platform, _) in PLATFORMS {
        let (page, spec) = page_and_spec(platform);
        said.extend(problems(platform, &page, &spec).into_iter().map(|problem| format!("{platform}: {problem}")));
    }
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn every_spec_has_its_page() {
    let stem = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let named = |folder: &str, endings: &[&str]| -> BTreeSet<String> {
        files_with(&root().join(folder), endings).iter().map(|path| stem(path)).collect()
    };
    let counted: BTreeSet<String> = PLATFORMS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(named("docs/platforms", &["md"]), counted);
    assert_eq!(named("specs", &["yaml"]), counted);
}

#[test]
fn a_row_that_is_gone_or_wrong_is_noticed() {
    let (page, spec) = page_and_spec("ims");
    let spoiled = |from: &str, to: &str| {
        assert!(page.contains(from), "the page has no {from:?}");
        problems("ims", &page.replacen(from, to, 1), &spec)
    };
    let gone = page.lines().find(|line| line.starts_with("| HighErrorRate")).unwrap();
    assert_eq!(spoiled(gone, "").len(), 1);
    assert!(spoiled("`> 0.05 for: 2m", "`> 0.06 for: 2m").concat().contains("HighErrorRate"));
    assert!(spoiled("thresholds.HighErrorRate`", "thresholds.HighErrorRat`").concat().contains("no key"));
    assert!(!holds("x > 10", "> 1") && !holds("x > 1.5", "> 1") && holds("f(x > 1)", "x > 1"));
    assert!(spoiled("prometheus/rules/cache_alerts.yml", "prometheus/rules/cash.yml").concat().contains("cash.yml"));
    assert!(spoiled("## Scraping", "## Scrapping").concat().contains("nobody counts"));
}

#[test]
fn rules_for_the_ruler_and_the_ruler_come_together() {
    let (_, artifacts) = crate::goldens::compiled("specs/ims.yaml", None);
    let rules = artifacts.iter().any(|(path, _)| path.starts_with("thanos/rules/"));
    for file in ["docker-compose.yml", "thanos/endpoints.yml"] {
        assert_eq!(artifacts.get(file).is_some_and(|text| text.contains("thanos-ruler")), rules, "{file}");
    }
    assert!(rules, "30 days are longer than 15");
}
