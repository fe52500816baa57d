//! What a prometheus.yml tells about scraping and evaluation. Nothing else of it is judged.

use crate::quantity::Duration;
use crate::source::{Node, Span, Spanned, Value};

/// What a prometheus.yml tells.
#[derive(Debug, Clone)]
pub struct Prometheus {
    /// How often jobs are scraped that say nothing else: a minute, unless the file says so.
    pub scrape_interval: Option<Spanned<Duration>>,
    /// How often rules are evaluated that say nothing else.
    pub evaluation_interval: Option<Spanned<Duration>>,
    /// Labels on what leaves it.
    pub external_labels: Vec<Spanned<String>>,
    /// Whether it changes labels of alerts on their way to Alertmanager.
    pub relabels_alerts: bool,
    /// Scrape jobs.
    pub jobs: Vec<Job>,
    /// How long samples are kept, where the file says it.
    pub retention: Option<Spanned<Duration>>,
    /// Where the file begins.
    pub place: Span,
}

/// A scrape job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its name.
    pub name: Spanned<String>,
    /// How often, if it says so.
    pub interval: Option<Spanned<Duration>>,
    /// Labels of its targets; none when discovery or relabelling may add others.
    pub labels: Option<Vec<String>>,
}

/// Reads what is of use; what cannot be read is left to promtool.
pub fn read(node: &Node) -> Prometheus {
    let global = child(node, "global");
    let external = global.and_then(|global| child(global, "external_labels")).and_then(Node::as_map);
    let storage = child(node, "storage").and_then(|storage| child(storage, "tsdb"));
    Prometheus {
        scrape_interval: global.and_then(|global| duration(global, "scrape_interval")),
        evaluation_interval: global.and_then(|global| duration(global, "evaluation_interval")),
        external_labels: external
            .iter()
            .flat_map(|map| &map.entries)
            .map(|entry| Spanned::new(entry.key.text.clone(), entry.key.span))
            .collect(),
        relabels_alerts: child(node, "alerting")
            .is_some_and(|alerting| child(alerting, "alert_relabel_configs").is_some()),
        jobs: list(node, "scrape_configs").filter_map(job).collect(),
        retention: storage.and_then(|tsdb| child(tsdb, "retention")).and_then(|kept| duration(kept, "time")),
        place: node.span,
    }
}

fn job(node: &Node) -> Option<Job> {
    let name = child(node, "job_name")?;
    let Value::Text(text) = &name.value else { return None };
    const FOREIGN: [&str; 2] = ["relabel_configs", "metric_relabel_configs"];
    let keys = node.as_map()?.entries.iter().map(|entry| entry.key.text.as_str());
    let discovers = keys.clone().any(|key| key.ends_with("_sd_configs") || FOREIGN.contains(&key));
    let targets = list(node, "static_configs").filter_map(|targets| child(targets, "labels")).filter_map(Node::as_map);
    let labels: Vec<String> = targets.flat_map(|map| &map.entries).map(|entry| entry.key.text.clone()).collect();
    Some(Job {
        name: Spanned::new(text.value.clone(), name.span),
        interval: duration(node, "scrape_interval"),
        labels: (!discovers).then_some(labels),
    })
}

fn child<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.as_map().and_then(|map| map.get(key))
}

fn list<'n>(node: &'n Node, key: &str) -> impl Iterator<Item = &'n Node> {
    let items = match child(node, key).map(|child| &child.value) {
        Some(Value::List(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter()
}

fn duration(node: &Node, key: &str) -> Option<Spanned<Duration>> {
    let found = child(node, key)?;
    match &found.value {
        Value::Text(text) => Some(Spanned::new(Duration::parse(&text.value).ok()?, found.span)),
        _ => None,
    }
}
