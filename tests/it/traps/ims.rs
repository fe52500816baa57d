//! IMS 2.0.

use super::{Found, found_with, owned};
use crate::support::root;

/// Replaces text of ims' spec, and says what is found then.
fn found(replaced: &str, replacement: &str) -> Vec<Found> {
    found_with("ims", replaced, replacement)
}

#[test]
fn errors_a_second_are_no_error_rate() {
    let found = found(
        "{signal: error_ratio, above: 5%, for: 2m, severity: critical, group: application_alerts, on: prometheus}",
        "{expr: 'rate(http_requests_total{status=~\"5..\"}[5m]) > 0.05', for: 2m, severity: critical}",
    );
    assert_eq!(found, owned(&[("rate-called-ratio", "rate(http_requests_total{status=~\"5..\"}[5m])")]));
}

#[test]
fn no_exporter_exports_the_cpu_of_postgres() {
    let found = found(
        "{signal: cpu, above: 80%, over: 5m, severity: warning, group: database_alerts}",
        "{expr: 'pg_stat_cpu_utilization > 80', for: 5m, severity: warning}",
    );
    assert_eq!(found, owned(&[("unknown-metric", "pg_stat_cpu_utilization")]));
}

#[test]
fn the_cache_counts_its_hits_under_another_name() {
    let found = found(
        "{signal: hit_ratio, below: 80%, over: 5m, for: 10m, severity: warning, group: cache_alerts}",
        "{expr: 'redis_hits_total / (redis_hits_total + redis_misses_total) < 0.8', for: 10m, severity: warning}",
    );
    let hits = ("unknown-metric", "redis_hits_total");
    assert_eq!(found, owned(&[hits, hits, ("unknown-metric", "redis_misses_total")]));
}

#[test]
fn fifteen_days_do_not_answer_for_thirty() {
    let found = found("      for: 90d\n      downsampled_5m: 180d\n", "      for: 20d\n");
    let objectives = std::fs::read_to_string(root().join("specs/ims.yaml")).unwrap().matches("window: 30d").count();
    assert_eq!(found, vec![("slo-window-beyond-retention", "30d".to_owned()); objectives]);
}

#[test]
fn ten_milliseconds_need_a_bucket() {
    let found = found("[0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5]", "[0.05, 0.1, 0.5, 1, 5]");
    assert_eq!(found, owned(&[("latency-bound-on-no-bucket", "10ms")]));
}
