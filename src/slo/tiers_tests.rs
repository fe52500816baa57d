//! Tiers at the windows and objectives that people use, and at those they should not.

use super::*;
use crate::source::{FileId, Span};

fn at<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::new(FileId(0), 0, 0))
}

/// `name long/short xfactor share`, and the codes reported.
fn found(objective: &str, window: &str, changes: Vec<(&str, spec::slo::Tier)>) -> (Vec<String>, Vec<&'static str>) {
    let entries = changes.into_iter().map(|(name, tier)| (at(Name::new(name).unwrap()), tier)).collect();
    let mut diagnostics = Diagnostics::new();
    let tiers = tiers(
        &Named { entries },
        &at(objective.parse().unwrap()),
        &at(Duration::parse(window).unwrap()),
        Duration::seconds(15),
        Duration::minutes(1),
        (Some("critical"), Some("warning")),
        &mut diagnostics,
    );
    let tiers = tiers
        .iter()
        .map(|tier| format!("{} {}/{} x{} {}", tier.name.name(), tier.long, tier.short, tier.factor, tier.budget_share))
        .collect();
    (tiers, diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect())
}

fn nothing() -> spec::slo::Tier {
    let span = Span::new(FileId(0), 0, 0).into();
    spec::slo::Tier { enabled: None, long: None, short: None, factor: None, budget: None, severity: None, span }
}

#[test]
fn thirty_days_are_the_workbook() {
    let (tiers, codes) = found("0.999", "30d", Vec::new());
    assert_eq!(
        tiers,
        [
            "page-fast 1h/5m x14.4 0.02",
            "page-slow 6h/30m x6 0.05",
            "ticket-fast 1d/2h x3 0.1",
            "ticket-slow 3d/6h x1 0.1"
        ]
    );
    assert!(codes.is_empty());
}

#[test]
fn other_windows_are_scaled_and_never_burn_below_one() {
    assert_eq!(
        found("0.999", "28d", Vec::new()).0,
        [
            "page-fast 1h/5m x13.44 0.02",
            "page-slow 6h/30m x5.6 0.05",
            "ticket-fast 1d/2h x2.8 0.1",
            "ticket-slow 3d/6h x1 0.107143"
        ]
    );
    assert_eq!(
        found("0.999", "7d", Vec::new()).0,
        [
            "page-fast 15m/2m x13.44 0.02",
            "page-slow 1h30m/8m x5.6 0.05",
            "ticket-fast 6h/30m x2.8 0.1",
            "ticket-slow 18h/1h30m x1 0.107143"
        ]
    );
    assert_eq!(
        found("0.999", "90d", Vec::new()).0,
        [
            "page-fast 3h/15m x14.4 0.02",
            "page-slow 18h/1h30m x6 0.05",
            "ticket-fast 3d/6h x3 0.1",
            "ticket-slow 9d/18h x1 0.1"
        ]
    );
}

#[test]
fn a_day_has_no_window_of_nothing() {
    let (tiers, codes) = found("0.999", "1d", Vec::new());
    assert_eq!(tiers, ["page-fast 12m/2m x2.4 0.02", "ticket-slow 2h/10m x1.2 0.1"]);
    assert!(codes.is_empty());
    assert_eq!(found("0.999", "10m", Vec::new()), (Vec::new(), vec!["slo-window-too-short"]));
}

#[test]
fn what_cannot_fire_is_left_out_and_said() {
    let (tiers, codes) = found("0.9", "30d", Vec::new());
    assert_eq!(tiers.first().map(String::as_str), Some("page-slow 6h/30m x6 0.05"));
    assert_eq!(codes, ["unreachable-burn-rate"]);
    let (tiers, codes) = found("0.8", "30d", Vec::new());
    assert_eq!(tiers, ["ticket-fast 1d/2h x3 0.1", "ticket-slow 3d/6h x1 0.1"]);
    assert_eq!(codes, ["unreachable-burn-rate", "unreachable-burn-rate"]);
    // Exactly the whole: 14.4 times 1/14.4 is 1, and nothing is above 1.
    assert!(!can_fire(Decimal::TEN, Decimal::new(1, 1)));
    assert!(can_fire(Decimal::new(95, 1), Decimal::new(1, 1)));
}

#[test]
fn the_offer_can_fire() {
    for percent in [1, 5, 10, 20, 50, 90] {
        let budget = Decimal::new(percent, 2);
        let factor = highest_that_can_fire(budget).unwrap();
        assert!(can_fire(factor, budget) && factor >= Decimal::ONE, "{percent}%: {factor}");
    }
    assert_eq!(highest_that_can_fire(Decimal::new(96, 2)), None);
}

#[test]
fn the_spec_changes_tiers() {
    let off = spec::slo::Tier { enabled: Some(false), ..nothing() };
    let longer = spec::slo::Tier { long: Some(at(Duration::hours(2))), ..nothing() };
    let spend = spec::slo::Tier { budget: Some(at(crate::quantity::Quantity::parse("20%").unwrap())), ..nothing() };
    let (tiers, codes) = found("0.999", "30d", vec![("page-slow", off), ("page-fast", longer), ("ticket-fast", spend)]);
    assert_eq!(tiers, ["page-fast 2h/10m x7.2 0.02", "ticket-fast 1d/2h x6 0.2", "ticket-slow 3d/6h x1 0.1"]);
    assert!(codes.is_empty());
}

#[test]
fn contradictions_are_said() {
    let short = spec::slo::Tier { short: Some(at(Duration::hours(1))), ..nothing() };
    let slow = spec::slo::Tier { factor: Some(at(spec::values::Number(Decimal::new(9, 1)))), ..nothing() };
    let (tiers, codes) = found("0.999", "30d", vec![("page-fast", short), ("page-slow", slow), ("page", nothing())]);
    assert_eq!(tiers, ["ticket-fast 1d/2h x3 0.1", "ticket-slow 3d/6h x1 0.1"]);
    assert_eq!(codes, ["unknown-tier", "invalid-tier", "invalid-tier"]);
}

#[test]
fn an_objective_of_everything_or_nothing_has_no_tiers() {
    assert_eq!(found("1", "30d", Vec::new()).0, Vec::<String>::new());
    assert_eq!(found("0", "30d", Vec::new()).0, Vec::<String>::new());
}
