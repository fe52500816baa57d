//! What panels of SLOs ask, where they are, and that many of them stay usable.

use super::super::config::Element;
use super::super::tests::{lowered, panel, panels, platform, queries};
use crate::conventions::dashboard_uid;
use crate::dashboards::{Addresses, ObjectivePanel};
use crate::model::{Platform, Slo};
use crate::quantity::Duration;

/// The platform with so many more SLOs, before those that it has.
fn with_slos(more: usize) -> Platform {
    let mut platform = platform();
    let slo = platform.services[0].slos[0].clone();
    let named = |number: usize| {
        let mut slo: Slo = slo.clone();
        slo.name.value = format!("more-{number}");
        slo
    };
    platform.services[0].slos.splice(0..0, (0..more).map(named));
    platform
}

fn titles(platform: &Platform, dashboard: &str) -> Vec<String> {
    let config = lowered(platform);
    let file = config.dashboards.iter().find(|file| file.name == dashboard).unwrap();
    panels(&file.dashboard).into_iter().map(|panel| panel.title.clone()).collect()
}

#[test]
fn an_objective_is_told_in_numbers_then_alerts_then_lines() {
    let all = [
        "Reached",
        "Objective",
        "Budget left",
        "Outage left",
        "Burn rate",
        "Time left",
        "Data since",
        "Firing alerts",
        "Alert history",
        "Budget over time",
        "Burn rates",
        "Reached over time",
        "Events",
        "Who spends the budget",
    ];
    assert_eq!(titles(&platform(), "slos-api"), all);
    let mut calm = platform();
    calm.services[0].slos[0].tiers.clear();
    let unknown = ["Burn rate", "Time left", "Burn rates"];
    assert_eq!(titles(&calm, "slos-api"), all.into_iter().filter(|title| !unknown.contains(title)).collect::<Vec<_>>());
}

#[test]
fn panels_read_what_is_recorded_and_not_who_recorded_it() {
    let config = lowered(&platform());
    let asked = |title: &str| queries(panel(&config, "slos-api", title)).remove(0);
    assert_eq!(asked("Reached"), r#"1 - max by (service, slo) (slo:error_ratio:rate1w{slo="api-errors"})"#);
    assert_eq!(
        asked("Outage left"),
        r#"clamp_min(max by (service, slo) (slo:period_error_budget_remaining:ratio{slo="api-errors"}), 0) * 604.8"#
    );
    assert_eq!(
        asked("Events"),
        r#"max by (service, slo) (avg_over_time(slo:bad:rate5m{slo="api-errors"}[$__interval]))"#
    );
    let spenders = asked("Who spends the budget");
    assert!(spenders.starts_with("topk(10, (sum by (status) (rate(requests_total{"), "{spenders}");
    assert!(
        spenders.ends_with(r#"/ on () group_left () (sum(rate(requests_total{job="api"}[$__range])) * 0.001) > 0)"#),
        "{spenders}"
    );
    assert_eq!(panel(&config, "slos-api", "Time left").field_config.defaults.no_value, Some("not burning"));
}

#[test]
fn fifty_objectives_are_four_panels_and_folded_rows() {
    let platform = with_slos(49);
    assert_eq!(titles(&platform, "slos").len(), 4);
    let config = lowered(&platform);
    let file = config.dashboards.iter().find(|file| file.name == "slos-api").unwrap();
    let open = file.dashboard.panels.iter().filter(|element| matches!(element, Element::Panel(_))).count();
    let folded = file.dashboard.panels.iter().filter(|element| matches!(element, Element::Row(row) if row.collapsed));
    assert_eq!((open, folded.count()), (15, 49), "the table and the first objective are open");
}

#[test]
fn addresses_stay_when_objectives_come_and_go() {
    let of = |platform: &Platform| {
        let addresses = Addresses::of(platform);
        let slo = platform.services[0].slos.last().unwrap();
        [ObjectivePanel::BurnRates, ObjectivePanel::Events]
            .map(|panel| addresses.objective(slo, panel).unwrap().looking_back(Duration::hours(18)))
    };
    let before = of(&platform());
    assert!(before[0].starts_with("https://grafana.example.com/d/shop-slos-api?viewPanel=panel-"), "{}", before[0]);
    assert!(before[0].ends_with("&from=now-18h&to=now"), "{}", before[0]);
    assert_ne!(before[0], before[1]);
    assert_eq!(of(&with_slos(49)), before);
}

#[test]
fn the_table_leads_to_each_services_own_dashboard() {
    let mut platform = with_slos(1);
    let details = |platform: &Platform| queries(panel(&lowered(platform), "slos", "All objectives")).remove(0);
    let named = r#"label_replace(max by (service, slo) (slo:objective:ratio), "dashboard", "shop-slos-\x241", "service", "(.*)")"#;
    assert_eq!(details(&platform), named);
    // A name that makes a uid too long: what the label says must be what the dashboard is called.
    let long = "a-service-with-a-name-that-goes-on-and-on";
    platform.services[0].name.value = long.to_owned();
    let uid = dashboard_uid("shop", &format!("slos-{long}"));
    let asked = details(&platform);
    assert!(asked.starts_with("label_replace(label_replace(") && asked.contains(&format!("\"{uid}\"")), "{asked}");
    let config = lowered(&platform);
    assert!(config.dashboards.iter().any(|file| file.dashboard.uid == uid));
}

#[test]
fn each_objective_burns_over_a_window_that_its_own_tiers_record() {
    let mut platform = with_slos(2);
    let burn = |platform: &Platform| queries(panel(&lowered(platform), "slos", "All objectives")).remove(3);
    let alone = burn(&platform);
    assert!(!alone.contains("slo="), "one window needs no names: {alone}");
    let long = platform.services[0].slos[1].tiers[0].long;
    platform.services[0].slos[1].tiers[0].long = Duration::minutes(77);
    let asked = burn(&platform);
    assert!(asked.contains(r#"slo:error_ratio:rate1h17m{slo=~"api\\-more\\-1"}"#), "{asked}");
    assert!(asked.contains(&format!(r#"slo:error_ratio:rate{long}{{slo!~"api\\-more\\-1"}}"#)), "{asked}");
}
