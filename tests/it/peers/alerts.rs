//! Holes where an alert fires, or does not, or does not say what it means.

use super::formulas::{SLOTH_GROUPS, Sloth, pyrra, slo_libsonnet};
use super::ours::{Ours, availability, compiled, spec};
use super::side_by_side;
use super::stage::{Sample, Stage, value};
use super::traffic::Traffic;
use crate::support::{scratch::Scratch, tools};
use std::collections::BTreeSet;

fn sloth(objective: f64, days: u32) -> String {
    Sloth { objective, days, ..Sloth::default() }.rules()
}

fn before(rules: String, series: Vec<(String, String)>) -> Stage {
    Stage::new(vec![rules], series)
}

/// When a page of Sloth and our fastest tier are first seen to fire, in seconds; over a whole day.
const FIRST_PAGE: &str = r#"min(min_over_time(timestamp(ALERTS{sloth_severity="page", alertstate="firing"})[1d:1m]))"#;
const FIRST_OF_OURS: &str = r#"min(min_over_time(timestamp(ALERTS{alertname="SLOBurnRate", severity="critical", alertstate="firing"})[1d:1m]))"#;
const FIRING: &str = r#"ALERTS{alertstate="firing"}"#;

fn labels<'a>(answer: &'a [Sample], label: &str) -> BTreeSet<&'a str> {
    answer.iter().map(|sample| sample.label(label)).collect()
}

#[test]
fn h04_a_page_that_no_outage_can_raise_is_said_and_one_that_can_is_offered() {
    let outage = Traffic::default().minutes(30, 60.0, 0.0).minutes(6 * 60, 60.0, 1.0).series(true);
    let plain = availability("80", "30d");
    assert_eq!(plain.codes, ["unreachable-burn-rate", "unreachable-burn-rate"]);
    assert!(plain.said.iter().all(|said| said.contains("can never fire")), "{:?}", plain.said);
    let offered = "page-fast: {factor: 4.7}";
    assert!(plain.said[0].contains(offered), "{:?}", plain.said);
    let mended = compiled(&spec(&format!(
        "      availability: {{objective: 80%, window: 30d, tiers: {{{offered}, page-slow: {{enabled: false}}}}}}"
    )));
    let [peers, ours] = [FIRST_PAGE, FIRST_OF_OURS].map(|first| [(first, "6h30m")]);
    side_by_side(&before(sloth(80.0, 30), outage.clone()), &mended.before(outage), [&peers, &ours], |peer, ours| {
        assert_eq!(value(&peer[0]), None, "six hours without one good request");
        // 4.7 * 0.2 of an hour after the first half hour.
        let expected = 1800.0 + 0.94 * 3600.0;
        let found = value(&ours[0]).unwrap();
        // A window of an hour holds samples of 59 minutes, so it may be early by less than a scrape.
        assert!((expected - 60.0..=expected + 120.0).contains(&found), "{found} is not about {expected}");
    });
}

#[test]
fn h05_nothing_fires_while_the_objective_is_met() {
    let traffic = Traffic::default().minutes(120, 10_000.0, 0.00095).series(true);
    let left = ("slo:period_error_budget_remaining:ratio", "2h");
    let ours = availability("99.9", "28d");
    let peers = [left, (r#"ALERTS{sloth_severity="ticket", alertstate="firing"}"#, "2h")];
    side_by_side(
        &before(sloth(99.9, 28), traffic.clone()),
        &ours.before(traffic),
        [&peers, &[left, ("ALERTS", "2h")]],
        |peer, ours| {
            assert!(value(&peer[0]).is_some_and(|left| left > 0.0) && peer[1].len() == 1, "{peer:?}");
            assert!(value(&ours[0]).is_some_and(|left| left > 0.0) && ours[1].is_empty(), "{ours:?}");
        },
    );
    let factors = ours.slo().tiers.iter().map(|tier| tier.factor);
    assert!(factors.min().is_some_and(|least| least >= rust_decimal::Decimal::ONE));
}

#[test]
fn h06_one_failed_request_wakes_nobody() {
    // Ten requests an hour, of which one after two hours fails; later three in a row.
    let once = |bad: f64| Traffic::default().minutes(5, 0.0, 0.0).minutes(1, 1.0, bad);
    let (good, bad) = (once(0.0), once(1.0));
    let one = good.repeated(20).then(&bad).then(&good.repeated(10));
    let three = one.clone().then(&bad.repeated(3)).then(&good.repeated(5));
    let ours = compiled(&spec("      availability: {objective: 99.9%, window: 30d, traffic: 10/h}"));
    let peer = before(sloth(99.9, 30), one.series(true));
    let ever = r#"max_over_time(ALERTS{alertstate="firing"}[3h])"#;
    let questions = [(ever, "3h5m")];
    side_by_side(&peer, &ours.before(one.series(true)), [&[(FIRST_PAGE, "3h")], &questions], |peer, ours| {
        // The request failed in the minute before 2h06m.
        assert!(value(&peer[0]).is_some_and(|first| first <= f64::from(126 * 60 + 120)), "{peer:?}");
        assert!(ours[0].is_empty(), "{ours:?}");
    });
    for promtool in tools::versions("promtool") {
        let answers = ours.before(three.series(true)).ask(&promtool, &[(FIRST_OF_OURS, "3h40m")]);
        assert!(value(&answers[0]).is_some(), "three of ten failed: {answers:?}");
    }
}

#[test]
fn h11_a_tiny_budget_keeps_its_digits() {
    // A tenth of what 99.9999 % allows.
    let traffic = Traffic::default().minutes(60, 6_000_000.0, 0.000_000_1).series(true);
    let ours = availability("99.9999", "30d");
    side_by_side(
        &before(slo_libsonnet(0.999_999), traffic.clone()),
        &ours.before(traffic),
        [&[(FIRING, "1h")], &[("ALERTS", "1h")]],
        |peer, ours| {
            assert_eq!(peer[0].len(), 1, "1-1.00000 leaves no budget: {peer:?}");
            assert!(ours[0].is_empty(), "{ours:?}");
        },
    );
    assert!(ours.rules().contains("vector(0.000001)"), "{}", ours.rules());
    let failure = Traffic::default().minutes(60, 600_000.0, 0.001).series(true);
    for promtool in tools::versions("promtool") {
        assert!(!ours.before(failure.clone()).ask(&promtool, &[(FIRING, "1h")])[0].is_empty());
    }
}

#[test]
fn h13_no_label_of_a_user_turns_an_alert_off() {
    let outage = Traffic::default().minutes(60, 60.0, 1.0).series(true);
    let peer = Sloth { labels: &[("sloth_id", "checkout")], ..Sloth::default() };
    let with_labels = spec("      availability: {objective: 99.9%, window: 30d}").replace(
        "    scrape: {port",
        "    labels: {slo: checkout, service: shop, tier: web, severity: none}\n    scrape: {port",
    );
    let ours = compiled(&with_labels);
    side_by_side(
        &before(peer.rules(), outage.clone()),
        &ours.before(outage),
        [&[("ALERTS", "1h")], &[(FIRING, "1h")]],
        |peer, ours| {
            assert!(peer[0].is_empty(), "an hour of outage: {peer:?}");
            assert_eq!(labels(&ours[0], "slo"), ["api-availability"].into());
            assert_eq!(labels(&ours[0], "tier"), tiers(&[0, 1, 2, 3]));
            assert_eq!(labels(&ours[0], "severity"), ["critical", "warning"].into());
        },
    );
}

fn tiers(indexes: &[usize]) -> BTreeSet<&'static str> {
    let all = ["page-fast", "page-slow", "ticket-fast", "ticket-slow"];
    indexes.iter().map(|index| all[*index]).collect()
}

#[test]
fn h19_an_alert_says_which_of_its_windows_burns() {
    let ours = availability("99.9", "30d");
    let mut seen = Vec::new();
    // Far above both pages, and between the two.
    for share in [0.5, 0.007] {
        let traffic = Traffic::default().minutes(60, 6000.0, share).series(true);
        let pages = [(r#"ALERTS{sloth_severity="page", alertstate="firing"}"#, "1h")];
        let questions = [(r#"ALERTS{severity="critical", alertstate="firing"}"#, "1h")];
        side_by_side(
            &before(sloth(99.9, 30), traffic.clone()),
            &ours.before(traffic),
            [&pages, &questions],
            |peer, ours| {
                seen.push((
                    peer[0].iter().map(|one| one.labels.clone()).collect::<Vec<_>>(),
                    labels(&ours[0], "tier").len(),
                ));
                let expected: &[usize] = if share > 0.1 { &[0, 1] } else { &[1] };
                assert_eq!(labels(&ours[0], "tier"), tiers(expected));
            },
        );
    }
    // The peer's page is the same, whether the budget is gone in an hour or in four days.
    assert!(seen.iter().all(|(labels, _)| labels.len() == 1 && *labels == seen[0].0), "{seen:?}");
}

#[test]
fn h20_a_fast_alert_silences_the_slower_ones_of_its_slo() {
    let outage = Traffic::default().minutes(60, 60.0, 0.0).minutes(240, 60.0, 1.0).series(true);
    let told = spec("      availability: {objective: 99.9%, window: 30d}")
        .replace("severities:", "channels: {hook: {webhook: {url: \"http://127.0.0.1:9099/\"}}}\nseverities:")
        .replace("notify: []", "notify: [hook]");
    let ours = compiled(&told);
    let inhibitions = inhibitions(&ours);
    side_by_side(
        &before(pyrra("0.999", 28.0), outage.clone()),
        &ours.before(outage),
        [&[(FIRING, "5h")], &[(FIRING, "5h")]],
        |peer, ours| {
            assert_eq!(peer[0].len(), 4, "{peer:?}");
            assert!(peer[0].iter().all(|alert| alert.label("tier").is_empty()), "{peer:?}");
            assert_eq!(labels(&ours[0], "tier"), tiers(&[0, 1, 2, 3]));
            let left = ours[0].iter().filter(|alert| !ours[0].iter().any(|other| inhibitions.silence(other, alert)));
            assert_eq!(left.map(|alert| alert.label("tier")).collect::<Vec<_>>(), ["page-fast"]);
        },
    );
}

/// Alertmanager's inhibitions, as far as the compiler uses them.
struct Inhibitions(serde_json::Value);

fn inhibitions(ours: &Ours) -> Inhibitions {
    let file: serde_json::Value = yaml_serde::from_str(ours.artifact("alertmanager/alertmanager.yml")).unwrap();
    Inhibitions(file["inhibit_rules"].clone())
}

impl Inhibitions {
    fn silence(&self, source: &Sample, target: &Sample) -> bool {
        let strings = |value: &serde_json::Value| -> Vec<String> {
            value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        self.0.as_array().unwrap().iter().any(|rule| {
            strings(&rule["source_matchers"]).iter().all(|matcher| matches(matcher, source))
                && strings(&rule["target_matchers"]).iter().all(|matcher| matches(matcher, target))
                && strings(&rule["equal"]).iter().all(|label| source.label(label) == target.label(label))
        })
    }
}

fn matches(matcher: &str, sample: &Sample) -> bool {
    let (name, wanted) = matcher.split_once(['=', '!']).unwrap();
    let value = sample.label(name);
    let quoted = wanted.trim_start_matches(['=', '~']).trim_matches('"');
    match &matcher[name.len()..] {
        text if text.starts_with("=~") => quoted.split('|').any(|one| one == value),
        text if text.starts_with("!=") => value != quoted,
        _ => value == quoted,
    }
}

#[test]
fn h24_an_alert_is_asked_right_after_what_it_reads() {
    let outage = Traffic::default().minutes(60, 60.0, 0.0).minutes(30, 60.0, 1.0).series(true);
    // Groups run on their own: nothing keeps the alerts from being asked before the ratios are.
    let mut early = before(sloth(99.9, 30), outage.clone());
    early.order = SLOTH_GROUPS.iter().rev().map(|name| (*name).to_owned()).collect();
    let mut late = early.clone();
    late.order.reverse();
    let ours = availability("99.9", "30d");
    let rules: serde_json::Value = yaml_serde::from_str(&ours.rules()).unwrap();
    assert_eq!(rules["groups"].as_array().map(Vec::len), Some(1));
    let questions = [&[(FIRST_PAGE, "1h30m")] as &[_], &[(FIRST_OF_OURS, "1h30m")]];
    side_by_side(&early, &ours.before(outage), questions, |peer, ours| {
        assert_eq!(value(&peer[0]).map(|late| late - 60.0), value(&ours[0]), "{peer:?} {ours:?}");
    });
    side_by_side(&early, &late, [questions[0], questions[0]], |early, late| {
        assert_eq!(value(&early[0]).map(|late| late - 60.0), value(&late[0]));
    });
}

#[test]
fn h25_generated_tests_fail_on_the_peers_mistakes() {
    let ours = availability("99.9", "28d");
    let rules = ours.rules();
    let tests = ours.artifact("prometheus/tests/slo-api-availability.yml");
    let run = |rules: &str| {
        let scratch = Scratch::new("generated");
        scratch.write("prometheus/rules/slo-api-availability.yml", rules);
        let path = scratch.write("prometheus/tests/slo-api-availability.yml", tests);
        let tools = tools::versions("promtool");
        tools.iter().map(|tool| tools::run(tool.command().args(["test", "rules"]).arg(&path))).collect::<Vec<_>>()
    };
    assert!(run(&rules).iter().all(Result::is_ok), "{:?}", run(&rules));
    // Pyrra's fixed factor of 7 where 5.6 spends 5 % of 28 days, slo-libsonnet's budget of nothing, and no bad
    // events at all before the first, as everybody has it.
    let zero = " or 0 * sum(rate(reqs_total{job=\"api\"}[5m]))";
    for (right, mistake) in [("> 0.0056\n", "> 0.007\n"), ("> 0.01344\n", "> 0\n"), (zero, "")] {
        assert!(rules.contains(right), "{right} is not in\n{rules}");
        let spoiled = rules.replace(right, mistake);
        assert!(run(&spoiled).iter().all(Result::is_err), "{right} became {mistake}, and no test noticed");
    }
}
