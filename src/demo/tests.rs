//! A small shop's pages, in health and in trouble.

use super::*;
use crate::{Memory, Options, compile};

const SPEC: &str = r#"
bellwether: 1
platform: shop
severities: {critical: {notify: []}, warning: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics:
      http_request_duration_seconds: {type: histogram, unit: seconds, labels: [endpoint], buckets: [0.1, 0.5, 1, 5]}
      queue_length: {type: gauge, unit: count, help: "Waiting\nrequests"}
      backup_timestamp_seconds: {type: gauge, unit: seconds}
    signals:
      queue: {gauge: queue_length}
      backup_age: {age: backup_timestamp_seconds}
    slos:
      errors: {signal: error_ratio, objective: 99.9%, window: 7d}
      fast: {signal: latency, within: 500ms, objective: 99%, window: 7d}
    thresholds:
      Failing: {signal: error_ratio, above: 5%, for: 2m, severity: critical}
      Slow: {signal: latency, quantile: p95, above: 1s, for: 2m, severity: warning}
      Crowded: {signal: queue, above: 100, severity: warning}
      NoBackup: {signal: backup_age, above: 1d, severity: warning}
      Silent: {signal: request_rate, absent: 5m, severity: warning}
      Odd: {expr: 'vector(1) > 2', severity: warning}
"#;

fn world() -> World {
    let compilation = compile(&Memory::new().with("spec.yaml", SPEC), "spec.yaml", &Options::default());
    World::of(compilation.model.as_ref().unwrap_or_else(|| panic!("{:?}", compilation.diagnostics)))
}

/// The growth of a series within ten seconds, or its value if it is no counter.
fn seen(world: &mut World, series: &str) -> f64 {
    let value = |world: &World| {
        let page = world.answer("api", 1_000_000.0).unwrap();
        let line = page.lines().find(|line| line.starts_with(&format!("{series} ")));
        line.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
    };
    let before = value(world).unwrap_or_else(|| panic!("{series}\n{}", world.answer("api", 0.0).unwrap()));
    world.advance(10.0);
    let after = value(world).unwrap();
    if before == after { after } else { after - before }
}

const GOOD: &str = r#"http_requests_total{method="GET",endpoint="/",status="200"}"#;
const BAD: &str = r#"http_requests_total{status="500",method="GET",endpoint="/"}"#;
/// What an incident counts: a failure that is nothing else besides.
const FAILING: &str = r#"http_requests_total{status="500"}"#;
const WITHIN: &str = r#"http_request_duration_seconds_bucket{le="0.5",endpoint="/"}"#;
const ALL: &str = r#"http_request_duration_seconds_bucket{le="+Inf",endpoint="/"}"#;

#[test]
fn in_health_everything_declared_is_there_and_nothing_is_wrong() {
    let mut world = world();
    world.advance(10.0);
    let page = world.answer("api", 1_000_000.0).unwrap();
    for line in [
        "# TYPE http_requests_total counter",
        "# TYPE http_request_duration_seconds histogram",
        "# HELP queue_length Waiting\\nrequests",
        "# TYPE http_request_size_bytes histogram",
    ] {
        assert!(page.lines().any(|shown| shown == line), "{line}\n{page}");
    }
    assert!(seen(&mut world, GOOD) > 100.0);
    assert!(seen(&mut world, BAD) <= 1.0);
    let (within, all) = (seen(&mut world, WITHIN), seen(&mut world, ALL));
    assert!(within > 0.0 && (within - all).abs() < 1e-6, "{within} of {all}");
    assert!(seen(&mut world, "queue_length") < 100.0);
    assert!(seen(&mut world, "backup_timestamp_seconds") > 1_000_000.0 - 86_400.0);
}

#[test]
fn an_incident_makes_its_condition_true_and_ends() {
    let mut world = world();
    for (incident, series, bad) in [
        ("Failing", FAILING, (|seen| seen > 50.0) as fn(f64) -> bool),
        ("api/Slow", WITHIN, |seen| seen < 1.0),
        ("Crowded", "queue_length", |seen| seen > 100.0),
        ("NoBackup", "backup_timestamp_seconds", |seen| seen < 1_000_000.0 - 86_400.0),
        ("slo/api-errors", FAILING, |seen| seen > 100.0),
        ("slo/api-fast", WITHIN, |seen| seen < 1.0),
    ] {
        let mut fresh = self::world();
        fresh.begin(incident).unwrap();
        let said = seen(&mut fresh, series);
        assert!(bad(said), "{incident}: {series} {said}\n{}", fresh.answer("api", 1_000_000.0).unwrap());
        world.begin(incident).unwrap();
        assert!(world.end(incident) && !world.end(incident), "{incident}");
    }
    assert_eq!(world.active().count(), 0);
}

#[test]
fn what_is_gone_is_gone_and_what_is_down_says_nothing() {
    let mut world = world();
    world.begin("Silent").unwrap();
    assert!(!world.answer("api", 0.0).unwrap().contains("http_requests_total"));
    world.begin("down/api").unwrap();
    assert_eq!(world.answer("api", 0.0), None);
    assert!(world.begin("Odd").unwrap_err().contains("raw PromQL"));
    assert!(world.begin("Flaing").unwrap_err().contains("no incident"));
}
