//! The same objectives in every tool's own language: availability of HTTP routes, 99.9 % over 30 days.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Objectives of one service.
const PER_SERVICE: usize = 10;

/// Names of the objectives `0..count`, by service.
pub(crate) fn services(count: usize) -> impl Iterator<Item = (String, Vec<String>)> {
    let services = count.div_ceil(PER_SERVICE);
    (0..services).map(move |service| {
        let first = service * PER_SERVICE;
        let routes = (first..count.min(first + PER_SERVICE)).map(|route| format!("route-{}", route - first));
        (format!("service-{service:05}"), routes.collect())
    })
}

/// Selectors of bad and of all requests to a route.
fn selectors(service: &str, route: &str) -> (String, String) {
    let all = format!(r#"job="{service}",route="/{route}""#);
    (format!(r#"http_requests_total{{{all},code=~"5.."}}"#), format!("http_requests_total{{{all}}}"))
}

/// One Bellwether spec.
pub(crate) fn bellwether(count: usize, path: &Path) -> io::Result<()> {
    let mut text = String::from(
        "bellwether: 1
platform: bench
owner: {team: bench}
intervals: {scrape: 15s, evaluate: 1m}
retention: {metrics: {local: 45d}}
channels:
  oncall: {webhook: {url: {env: ONCALL_URL}}}
severities:
  critical: {notify: [oncall]}
  warning: {notify: [oncall]}
services:
",
    );
    for (service, routes) in services(count) {
        let _ = write!(
            text,
            "  {service}:
    scrape: {{port: 8000}}
    metrics:
      http_requests_total: {{type: counter, labels: [route, code]}}
    signals:
"
        );
        for route in &routes {
            let (bad, all) = selectors(&service, route);
            let _ = writeln!(text, "      {route}:\n        ratio:\n          bad: '{bad}'\n          total: '{all}'");
        }
        text.push_str("    slos:\n");
        for route in &routes {
            let _ = writeln!(text, "      {route}: {{objective: 99.9%, window: 30d}}");
        }
    }
    fs::write(path, text)
}

/// One file of several documents, as slokit and sloth read it.
pub(crate) fn sloth(count: usize, path: &Path) -> io::Result<()> {
    let mut text = String::new();
    for (service, routes) in services(count) {
        let _ = write!(text, "---\nversion: prometheus/v1\nservice: {service}\nslos:\n");
        for route in &routes {
            let (bad, all) = selectors(&service, route);
            let _ = write!(
                text,
                "  - name: {route}
    objective: 99.9
    description: Requests that do not fail
    sli:
      events:
        error_query: 'sum(rate({bad}[{{{{.window}}}}]))'
        total_query: 'sum(rate({all}[{{{{.window}}}}]))'
    alerting:
      name: SLOBurnRate
      page_alert: {{labels: {{severity: critical}}}}
      ticket_alert: {{labels: {{severity: warning}}}}
"
            );
        }
    }
    fs::write(path, text)
}

/// A folder with a file for each objective, as pyrra reads it.
pub(crate) fn pyrra(count: usize, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (service, routes) in services(count) {
        for route in &routes {
            let (bad, all) = selectors(&service, route);
            let text = format!(
                "apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata:
  name: {service}-{route}
  labels: {{pyrra.dev/service: {service}}}
spec:
  target: '99.9'
  window: 30d
  description: Requests that do not fail
  indicator:
    ratio:
      errors: {{metric: '{bad}'}}
      total: {{metric: '{all}'}}
"
            );
            fs::write(folder.join(format!("{service}-{route}.yaml")), text)?;
        }
    }
    Ok(())
}

/// Every specification of so many objectives, written into a folder.
#[derive(Debug)]
pub(crate) struct Specs {
    /// For Bellwether.
    pub(crate) bellwether: PathBuf,
    /// For sloth and slokit.
    pub(crate) sloth: PathBuf,
    /// For pyrra.
    pub(crate) pyrra: PathBuf,
}

impl Specs {
    /// Writes them.
    pub(crate) fn write(count: usize, folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let specs = Self {
            bellwether: folder.join("bellwether.yaml"),
            sloth: folder.join("sloth.yaml"),
            pyrra: folder.join("pyrra"),
        };
        bellwether(count, &specs.bellwether)?;
        sloth(count, &specs.sloth)?;
        pyrra(count, &specs.pyrra)?;
        Ok(specs)
    }
}
