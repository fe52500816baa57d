//! The mistakes of the e-commerce platform's document. What is found in a template has one place, however many services
//! are like it.

use super::{Found, found_with, owned};

fn found(replaced: &str, replacement: &str) -> Vec<Found> {
    found_with("ecommerce", replaced, replacement)
}

#[test]
fn a_tenth_of_an_error_a_second_is_no_tenth_of_the_requests() {
    let found = found(
        "{signal: error_ratio, above: 10%, for: 5m, severity: critical, group: critical-alerts}",
        "{expr: 'rate(http_requests_total{status=~\"5..\"}[5m]) > 0.1', for: 5m, severity: critical}",
    );
    assert_eq!(found, owned(&[("rate-called-ratio", "rate(http_requests_total{status=~\"5..\"}[5m])")]));
}

#[test]
fn one_second_is_too_strict_for_a_service_that_promises_two() {
    let found = found("    thresholds: {HighLatency: {above: 2s}}\n", "");
    assert_eq!(found, owned(&[("threshold-inside-slo", "1s")]));
}

#[test]
fn a_database_that_nothing_watches_is_never_down() {
    let found =
        found("        signal: reachable\n        below: 100%\n", "        expr: 'pg_up == 0 or mysql_up == 0'\n");
    assert_eq!(found, owned(&[("unknown-metric", "mysql_up")]));
}

#[test]
fn a_target_that_is_gone_is_not_up_and_not_down() {
    let down = "{signal: instance_up, below: 100%, for: 1m, severity: critical, group: critical-alerts, summary: \"{{ service }} is down: {{ labels.instance }} does not answer\"}";
    let found = found(down, "{expr: 'up == 0', for: 1m, severity: critical}");
    assert_eq!(found, owned(&[("vanished-target-unseen", "up == 0")]));
}
