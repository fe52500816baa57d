//! ECAP.

use super::{Found, found_with, owned};

/// Replaces text of ecap's spec, and says what is found then.
fn found(replaced: &str, replacement: &str) -> Vec<Found> {
    found_with("ecap", replaced, replacement)
}

/// How the spec says that the SLA is breached.
const BREACH: &str = "expr: 'slo:period_error_budget_remaining:ratio{slo=\"api-availability\"} < 0'\n";

#[test]
fn a_ratio_of_series_divides_each_by_itself() {
    let written = "(rate(http_requests_total{status!~\"5..\"}[5m]) / rate(http_requests_total[5m]))";
    let found = found(BREACH, &format!("expr: '{written} * 100 < 99.9'\n        for: 1m\n"));
    let divided = "rate(http_requests_total{status!~\"5..\"}[5m])";
    assert_eq!(found, owned(&[("unaggregated-ratio", divided), ("for-too-short", "1m")]));
}

#[test]
fn a_minute_below_the_objective_is_noise() {
    let found = found(BREACH, "signal: error_ratio\n        above: 0.1%\n        for: 1m\n");
    assert_eq!(found, owned(&[("for-too-short", "1m")]));
}

#[test]
fn the_password_stands_in_the_document() {
    let found = found("admin_password: {env: GRAFANA_ADMIN_PASSWORD}", "admin_password: admin123");
    assert_eq!(found, owned(&[("literal-secret", "admin123")]));
}

#[test]
fn thirty_days_do_not_hold_a_month() {
    let found = found("local: 32d", "local: 30d");
    let missed = |slo| ("slo-window-beyond-retention", slo);
    assert_eq!(found, owned(&[missed("availability"), missed("response-time")]));
}

#[test]
fn samples_without_a_bound_fill_the_disk() {
    let found = found("    size: 85GB\n", "");
    assert_eq!(found, owned(&[("samples-beyond-disk", "100GB")]));
}

#[test]
fn nobody_listens_for_the_agent_any_more() {
    let variables = "variables: {MONITORING_ENVIRONMENT: production}";
    let found = found(variables, "variables: {JAEGER_AGENT_HOST: jaeger, JAEGER_AGENT_PORT: 6831}");
    assert_eq!(found, owned(&[("jaeger-agent-gone", "JAEGER_AGENT_HOST"), ("jaeger-agent-gone", "JAEGER_AGENT_PORT")]));
}
