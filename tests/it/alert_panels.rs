//! Alerts and panels speak of the same: each alert links to a panel that is there and that reads what the alert
//! reads, and each panel reads what somebody records or scrapes.

use std::collections::{BTreeMap, BTreeSet};

use bellwether::promql::ask::leaves;
use bellwether::promql::{Expr, MatchOp, Selector, parse, parse_dashboard};
use bellwether::{Memory, Options, compile};
use serde_json::Value;

use crate::support::{files_with, root};

/// Where the platform says that its Grafana is.
const GRAFANA: &str = "http://localhost:3000/d/";

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// Every rule that Prometheus or Thanos evaluates.
fn rules() -> Vec<Value> {
    let folders = ["generated/ims/prometheus/rules", "generated/ims/thanos/rules"];
    let files = folders.iter().flat_map(|folder| files_with(&root().join(folder), &["yml"]));
    let read =
        |path: std::path::PathBuf| -> Value { yaml_serde::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
    let files: Vec<Value> = files.map(read).collect();
    files.iter().flat_map(|file| items(file, "groups")).flat_map(|group| items(group, "rules")).cloned().collect()
}

/// Every dashboard by its uid.
fn dashboards() -> BTreeMap<String, Value> {
    let files = files_with(&root().join("generated/ims/grafana/dashboards"), &["json"]);
    let read =
        |path: std::path::PathBuf| -> Value { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
    files.into_iter().map(read).map(|board| (board["uid"].as_str().unwrap().to_owned(), board)).collect()
}

/// Panels of a dashboard, also those in folded rows.
fn panels(dashboard: &Value) -> impl Iterator<Item = &Value> {
    items(dashboard, "panels").flat_map(|panel| std::iter::once(panel).chain(items(panel, "panels")))
}

/// What a panel asks Prometheus.
fn asked(panel: &Value) -> Vec<Expr> {
    let texts = items(panel, "targets").filter_map(|target| target["expr"].as_str());
    texts.map(|text| parse_dashboard(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))).collect()
}

fn selectors(expr: &Expr) -> Vec<Selector> {
    leaves(expr).into_iter().map(|leaf| leaf.selector.clone()).collect()
}

/// The value that a selector wants of a label.
fn wanted<'a>(selector: &'a Selector, label: &str) -> Option<&'a str> {
    let mut equal = selector.matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal);
    equal.find(|matcher| matcher.label == label).map(|matcher| matcher.value.as_str())
}

/// Whether two selectors read the same series, as far as one metric and the labels that tell things apart say.
fn meet(left: &Selector, right: &Selector) -> bool {
    let agree = |label: &str| match (wanted(left, label), wanted(right, label)) {
        (Some(left), Some(right)) => left == right,
        _ => true,
    };
    left.metric.is_some() && left.metric == right.metric && ["job", "slo", "service"].into_iter().all(agree)
}

/// The series that an alert reads, and those that they are recorded from.
fn reads(rules: &[Value], expr: &str) -> Vec<Selector> {
    let mut found = Vec::new();
    let mut open = selectors(&parse(expr).unwrap());
    while let Some(selector) = open.pop() {
        let name = selector.metric.clone().unwrap_or_default();
        for rule in rules.iter().filter(|rule| rule["record"] == name.as_str()) {
            let same = |label: &str| wanted(&selector, label).is_none_or(|value| rule["labels"][label] == value);
            if same("slo") && same("service") {
                open.extend(selectors(&parse(rule["expr"].as_str().unwrap()).unwrap()));
            }
        }
        found.push(selector);
    }
    found
}

/// An address as Prometheus fills it in for an alert of an instance.
fn filled(template: &str) -> String {
    template.replace("{{ with $labels.instance }}", "").replace("{{ . | urlquery }}", "a%3A1").replace("{{ end }}", "")
}

/// The panel that an address opens.
fn opened<'a>(dashboards: &'a BTreeMap<String, Value>, address: &str) -> Result<&'a Value, String> {
    let address = filled(address);
    let path = address.strip_prefix(GRAFANA).ok_or("not in Grafana")?;
    let (uid, query) = path.split_once('?').ok_or("no panel")?;
    let dashboard = dashboards.get(uid).ok_or("no such dashboard")?;
    let parts: BTreeMap<&str, &str> = query.split('&').filter_map(|part| part.split_once('=')).collect();
    let id = parts.get("viewPanel").and_then(|view| view.strip_prefix("panel-")).ok_or("no panel")?;
    if parts.get("to") != Some(&"now") || !parts.get("from").is_some_and(|from| from.starts_with("now-")) {
        return Err("no time".to_owned());
    }
    let known: BTreeSet<&str> =
        items(&dashboard["templating"], "list").filter_map(|variable| variable["name"].as_str()).collect();
    for variable in parts.keys().filter_map(|part| part.strip_prefix("var-")) {
        known.get(variable).ok_or_else(|| format!("no variable {variable}"))?;
    }
    let id: u64 = id.parse().map_err(|_| format!("no panel {id}"))?;
    panels(dashboard).find(|panel| panel["id"] == id).ok_or_else(|| format!("no panel {id}"))
}

#[test]
fn each_alert_opens_a_panel_that_reads_what_it_reads() {
    let (rules, dashboards) = (rules(), dashboards());
    let mut problems = Vec::new();
    let mut followed = 0;
    for alert in rules.iter().filter(|rule| rule["alert"].is_string() && rule["alert"] != "Watchdog") {
        let name = format!("{} {}", alert["alert"], alert["labels"]);
        let address = alert["annotations"]["dashboard_url"].as_str().unwrap_or_default();
        let panel = match opened(&dashboards, address) {
            Ok(panel) => panel,
            Err(problem) => {
                problems.push(format!("{name}: {address}: {problem}"));
                continue;
            }
        };
        let shown: Vec<Selector> = asked(panel).iter().flat_map(selectors).collect();
        let read = reads(&rules, alert["expr"].as_str().unwrap());
        if !read.iter().any(|read| shown.iter().any(|shown| meet(read, shown))) {
            problems.push(format!("{name}: {} shows none of {read:?}", panel["title"]));
        }
        followed += 1;
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(followed > 80, "only {followed} alerts");
}

#[test]
fn a_burn_rate_opens_the_burn_rates_of_its_own_objective() {
    let (rules, dashboards) = (rules(), dashboards());
    for alert in rules.iter().filter(|rule| rule["alert"] == "SLOBurnRate") {
        let panel = opened(&dashboards, alert["annotations"]["dashboard_url"].as_str().unwrap()).unwrap();
        assert_eq!(panel["title"], "Burn rates");
        let shown: Vec<Selector> = asked(panel).iter().flat_map(selectors).collect();
        let slo = alert["labels"]["slo"].as_str();
        assert!(shown.iter().all(|selector| wanted(selector, "slo") == slo), "{slo:?}");
        let long = alert["expr"].as_str().unwrap().split('{').next().unwrap().trim().trim_start_matches("(").trim();
        let drawn = shown.iter().any(|selector| selector.metric.as_deref() == Some(long));
        assert!(drawn, "{long} is not drawn");
        let factors = panel["fieldConfig"]["defaults"]["thresholds"]["steps"].as_array().unwrap();
        assert!(factors.len() > 1, "no line at the factors");
    }
}

#[test]
fn each_panel_reads_what_is_recorded_or_scraped() {
    let rules = rules();
    let spec = std::fs::read(root().join("specs/ims.yaml")).unwrap();
    let compilation = compile(&Memory::new().with("ims.yaml", spec), "ims.yaml", &Options::default());
    let model = compilation.model.unwrap();
    let mut scraped: BTreeSet<String> = ["ALERTS", "up"].map(str::to_owned).into();
    for metric in model.services.iter().flat_map(|service| service.metrics.values()) {
        scraped.extend(["", "_bucket", "_count", "_sum"].map(|suffix| format!("{}{suffix}", metric.name)));
    }
    let recorded = |selector: &Selector, name: &str| {
        let fits =
            |rule: &&Value, label: &str| wanted(selector, label).is_none_or(|value| rule["labels"][label] == value);
        rules.iter().filter(|rule| rule["record"] == name).any(|rule| fits(&rule, "slo") && fits(&rule, "service"))
    };
    let mut empty = Vec::new();
    let mut read = 0;
    for dashboard in dashboards().values() {
        for panel in panels(dashboard) {
            for selector in asked(panel).iter().flat_map(selectors) {
                let name = selector.metric.clone().unwrap_or_default();
                read += 1;
                if !scraped.contains(&name) && !recorded(&selector, &name) {
                    empty.push(format!("{} / {}: {selector:?}", dashboard["title"], panel["title"]));
                }
            }
        }
    }
    assert!(empty.is_empty(), "{}", empty.join("\n"));
    assert!(read > 300, "only {read} selectors");
}

#[test]
fn an_address_that_leads_nowhere_is_found() {
    let dashboards = dashboards();
    let good = rules().into_iter().find(|rule| rule["alert"] == "SLOBurnRate").unwrap();
    let good = good["annotations"]["dashboard_url"].as_str().unwrap().to_owned();
    assert!(opened(&dashboards, &good).is_ok());
    for (what, broken) in [
        ("no such dashboard", good.replace("slos", "slo")),
        ("no panel", good.replace("panel-", "panel-1")),
        ("no panel", good.replace("viewPanel", "panel")),
        ("no time", good.replace("&to=now", "")),
        ("no variable", format!("{good}&var-cluster=a")),
    ] {
        let problem = opened(&dashboards, &broken).unwrap_err();
        assert!(problem.contains(what), "{broken}: {problem}");
    }
}
