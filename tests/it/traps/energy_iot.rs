//! The mistakes of the energy platform's document.

use super::{Found, found_with, owned};

fn found(replaced: &str, replacement: &str) -> Vec<Found> {
    found_with("energy-iot", replaced, replacement)
}

#[test]
fn two_hundred_hours_hold_no_month() {
    let found = found("objective: 99.9%, window: 7d", "objective: 99.9%, window: 30d");
    assert_eq!(found, owned(&[("slo-window-beyond-retention", "30d")]));
}

#[test]
fn promtail_has_ended() {
    let found = found("  alloy: {}\n", "  promtail: {}\n");
    assert_eq!(found, owned(&[("promtail-has-ended", "{}")]));
}

#[test]
fn a_password_that_everybody_knows_is_refused() {
    let found = found("{env: GRAFANA_ADMIN_PASSWORD}", "admin123");
    assert_eq!(found, owned(&[("literal-secret", "admin123")]));
}
