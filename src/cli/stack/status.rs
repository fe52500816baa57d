//! Which containers run, and whether they are well.

use serde_json::Value;

use super::super::{FINDINGS, FINE, Failure, Outcome, output};
use super::docker::Docker;
use crate::backends::compose::File;

/// A container as compose sees it.
struct Seen {
    name: String,
    state: String,
    health: String,
    ports: String,
}

/// A table of the stack's containers; 1 unless all of them run and are well.
pub(super) fn show(docker: &Docker, file: &File, container: Option<&str>) -> Outcome {
    let seen = read(&docker.asked(&["ps", "--all", "--format", "json"])?)?;
    let wanted = file.services.iter().filter(|(name, _)| container.is_none_or(|container| container == *name));
    let mut well = true;
    let mut rows = vec![["CONTAINER", "STATE", "HEALTH", "PORTS"].map(str::to_owned)];
    for (name, service) in wanted {
        let found = seen.iter().find(|seen| seen.name == *name);
        let state = found.map_or("not made", |seen| seen.state.as_str());
        let health = match found.map(|seen| seen.health.as_str()) {
            Some("") | None if service.healthcheck.is_none() => "no check",
            Some("") | None => "-",
            Some(health) => health,
        };
        well &= state == "running" && matches!(health, "healthy" | "no check");
        let ports = found.map_or(String::new(), |seen| seen.ports.clone());
        rows.push([name.clone(), state.to_owned(), health.to_owned(), ports]);
    }
    output::print(&table(&rows));
    Ok(if well { FINE } else { FINDINGS })
}

/// Compose prints a list, or an object a line, by its version.
fn read(text: &str) -> Result<Vec<Seen>, Failure> {
    let strange = |_| Failure::new("docker compose says something else than JSON of its containers");
    let objects: Vec<Value> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(strange)?
    } else {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(serde_json::from_str).collect::<Result<_, _>>().map_err(strange)?
    };
    Ok(objects.iter().map(seen).collect())
}

fn seen(object: &Value) -> Seen {
    let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let publishers = object.get("Publishers").and_then(Value::as_array).into_iter().flatten();
    let mut ports: Vec<String> = publishers.filter_map(published).collect();
    ports.dedup();
    Seen { name: text("Service"), state: text("State"), health: text("Health"), ports: ports.join(", ") }
}

/// `127.0.0.1:9090`
fn published(publisher: &Value) -> Option<String> {
    let port = publisher.get("PublishedPort").and_then(Value::as_u64).filter(|port| *port > 0)?;
    let host = publisher.get("URL").and_then(Value::as_str).unwrap_or_default();
    Some(format!("{host}:{port}"))
}

fn table(rows: &[[String; 4]]) -> String {
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..4).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &[String; 4]| {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}", width = *width)).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
