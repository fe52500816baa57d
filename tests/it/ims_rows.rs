//! `docs/ims.md` row by row: what the document asks is in the spec where the row says, and in the file it names.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::root;

/// The sections of the page with the number of rows that the document gives each: none may go missing.
const SECTIONS: [(&str, usize); 13] = [
    ("Scraping", 11),
    ("Objectives", 14),
    ("Prometheus alerts", 21),
    ("Where alerts go", 4),
    ("CloudWatch alarms", 13),
    ("Topics", 10),
    ("CloudWatch dashboard", 13),
    ("Logs", 9),
    ("Grafana", 24),
    ("Metrics", 11),
    ("Business analytics", 10),
    ("Stack", 10),
    ("Traps", 6),
];

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

/// A value's keys and scalars in order, as words with one space between.
fn words(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let entries = map.iter().map(|(key, value)| format!("{key}: {}", words(value)));
            entries.collect::<Vec<_>>().join(" ")
        }
        Value::Array(items) => items.iter().map(|item| format!("- {}", words(item))).collect::<Vec<_>>().join(" "),
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// Whether one of these keys holds this text.
fn named(value: &Value, keys: &[&str], name: &str) -> bool {
    keys.iter().any(|key| value.get(key).and_then(Value::as_str) == Some(name))
}

/// A rule by its name, or by its name and the objective it belongs to; with its group.
fn rule(file: &Value, piece: &str) -> Option<String> {
    let (name, slo) = piece.split_once(' ').map_or((piece, None), |(name, slo)| (name, Some(slo)));
    let groups = items(file, "groups");
    let mut rules = groups.flat_map(|group| items(group, "rules").map(move |rule| (group, rule)));
    let (group, rule) = rules.find(|(_, rule)| {
        named(rule, &["alert", "record"], name) && slo.is_none_or(|slo| named(&rule["labels"], &["slo"], slo))
    })?;
    Some(format!("group: {} {}", words(&group["name"]), words(rule)))
}

/// A scrape job, with the interval that it takes from the platform.
fn job(file: &Value, piece: &str) -> Option<String> {
    let job = items(file, "scrape_configs").find(|job| named(job, &["job_name"], piece))?;
    let interval = job.get("scrape_interval").unwrap_or(&file["global"]["scrape_interval"]);
    Some(format!("every: {} {}", words(interval), words(job)))
}

/// A panel by its title, also in a folded row.
fn panel(file: &Value, title: &str) -> Option<String> {
    let panels = items(file, "panels").flat_map(|panel| std::iter::once(panel).chain(items(panel, "panels")));
    panels.filter(|panel| panel["type"] != "row").find(|panel| named(panel, &["title"], title)).map(words)
}

/// A block of Terraform: an alarm by its name, anything else as `type.name`.
fn block(text: &str, piece: &str) -> Option<String> {
    let alarm = format!("\"ims-production-{piece}\"");
    let header = piece.split_once('.').map(|(kind, name)| format!("resource \"{kind}\" \"{name}\" {{"));
    let mut blocks = text.split("\n}\n");
    let found = blocks.find(|block| match &header {
        Some(header) => block.contains(header.as_str()),
        None => block.lines().any(|line| line.trim_start().starts_with("alarm_name") && line.ends_with(&alarm)),
    })?;
    Some(found.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The text that a row is about, as words with one space between.
fn text_of(row: &Row) -> Result<String, String> {
    let path = root().join("generated/ims").join(&row.file);
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", row.file))?;
    let Some(piece) = &row.piece else { return Ok(text.split_whitespace().collect::<Vec<_>>().join(" ")) };
    if row.file.ends_with(".tf") {
        return block(&text, piece).ok_or_else(|| format!("{}: no block {piece}", row.file));
    }
    let value: Value = yaml_serde::from_str(&text).map_err(|error| format!("{}: {error}", row.file))?;
    let found = rule(&value, piece).or_else(|| job(&value, piece)).or_else(|| panel(&value, piece));
    let found = found.or_else(|| items(&value, "receivers").find(|item| named(item, &["name"], piece)).map(words));
    let found = found.or_else(|| value["services"].get(piece).map(words));
    let found = found.or_else(|| value.get(piece).map(words));
    found.ok_or_else(|| format!("{}: no {piece}", row.file))
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

fn problems(page: &str, spec: &Value) -> Vec<String> {
    let rows = rows(page);
    let mut problems = Vec::new();
    for (section, wanted) in SECTIONS {
        let found = rows.iter().filter(|row| row.section == section).count();
        if found != wanted {
            problems.push(format!("{section}: {found} rows, the document has {wanted}"));
        }
    }
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
        match text_of(row) {
            Ok(text) => {
                let missing = row.found.iter().filter(|found| !holds(&text, found));
                problems.extend(missing.map(|found| format!("{said}: no `{found}` in\n    {text:.600}")));
            }
            Err(error) => problems.push(format!("{said}: {error}")),
        }
    }
    problems
}

fn page_and_spec() -> (String, Value) {
    let page = std::fs::read_to_string(root().join("docs/ims.md")).unwrap();
    let spec = std::fs::read_to_string(root().join("specs/ims.yaml")).unwrap();
    (page, yaml_serde::from_str(&spec).unwrap())
}

#[test]
fn every_row_of_the_document_is_said_and_lands() {
    let (page, spec) = page_and_spec();
    let problems = problems(&page, &spec);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_row_that_is_gone_or_wrong_is_noticed() {
    let (page, spec) = page_and_spec();
    let spoiled = |from: &str, to: &str| {
        assert!(page.contains(from), "the page has no {from:?}");
        problems(&page.replacen(from, to, 1), &spec)
    };
    let gone = page.lines().find(|line| line.starts_with("| HighErrorRate")).unwrap();
    assert_eq!(spoiled(gone, "").len(), 1);
    assert!(spoiled("`> 0.05 for: 2m", "`> 0.06 for: 2m").concat().contains("HighErrorRate"));
    assert!(spoiled("thresholds.HighErrorRate`", "thresholds.HighErrorRat`").concat().contains("no key"));
    assert!(!holds("x > 10", "> 1") && !holds("x > 1.5", "> 1") && holds("f(x > 1)", "x > 1"));
    assert!(spoiled("prometheus/rules/cache_alerts.yml", "prometheus/rules/cash.yml").concat().contains("cash.yml"));
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
