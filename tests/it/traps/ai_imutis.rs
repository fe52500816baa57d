//! AI-IMUTIS.

use super::{Found, found_with, owned};

/// Replaces text of the platform's spec, and says what is found then.
fn found(replaced: &str, replacement: &str) -> Vec<Found> {
    found_with("ai-imutis", replaced, replacement)
}

#[test]
fn errors_a_second_are_no_share() {
    let found = found(
        "{signal: error_ratio, above: 5%, for: 5m, severity: critical}",
        "{expr: 'rate(http_requests_total{status=~\"5..\"}[5m]) > 0.05', for: 5m, severity: critical}",
    );
    assert_eq!(found, owned(&[("rate-called-ratio", "rate(http_requests_total{status=~\"5..\"}[5m])")]));
}

#[test]
fn quantiles_are_of_rates() {
    let found = found(
        "{signal: latency, quantile: p95, above: 1s, for: 5m, severity: warning}",
        "{expr: 'histogram_quantile(0.95, http_request_duration_seconds_bucket) > 1', for: 5m, severity: warning}",
    );
    assert_eq!(found, owned(&[("quantile-of-no-histogram", "http_request_duration_seconds_bucket")]));
}

#[test]
fn successes_do_not_match_all_bookings_label_by_label() {
    let found = found(
        "ratio: {good: 'bookings_total{status=\"success\"}', total: bookings_total}, better: higher}",
        "unit: ratio, expr: 'rate(bookings_total{status=\"success\"}[5m]) / rate(bookings_total[5m])', better: higher}",
    );
    assert_eq!(found, owned(&[("unaggregated-ratio", "rate(bookings_total{status=\"success\"}[5m])")]));
}

#[test]
fn whoever_is_refused_is_no_label() {
    let found = found("labels: [limit]", "labels: [identifier]");
    assert_eq!(found, owned(&[("unbounded-label", "identifier")]));
}

#[test]
fn service_keys_of_pagerduty_have_ended() {
    let found = found("routing_key: {env: PAGERDUTY_ROUTING_KEY}", "service_key: {env: PAGERDUTY_ROUTING_KEY}");
    assert!(found.contains(&("unknown-key", "service_key".to_owned())), "{found:?}");
}

#[test]
fn passwords_are_not_written_down() {
    let found = found("admin_password: {env: GRAFANA_ADMIN_PASSWORD}", "admin_password: admin");
    assert_eq!(found, owned(&[("literal-secret", "admin")]));
}
