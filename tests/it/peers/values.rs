//! Holes where a number is wrong.

use super::formulas::{BAD, SLOTH, SLOWER_THAN_0_4, SLOWER_THAN_1, Sloth, TIMED, pyrra};
use super::ours::{availability, compiled, spec};
use super::side_by_side;
use super::stage::{Stage, about, value};
use super::traffic::Traffic;
use crate::support::tools;

fn sloth() -> String {
    Sloth::default().rules()
}

fn before(rules: String, series: Vec<(String, String)>) -> Stage {
    Stage::new(vec![rules], series)
}

/// Share of the budget that is left, as Sloth and we record it.
const LEFT: &str = "slo:period_error_budget_remaining:ratio";

#[test]
fn h01_an_idle_half_hour_does_not_poison_the_month() {
    let hour = Traffic::default().minutes(60, 60.0, 0.0005);
    let traffic = hour.clone().minutes(30, 0.0, 0.0).then(&hour.repeated(5));
    let ours = availability("99.9", "30d").before(traffic.series(true));
    let left = [(LEFT, "6h30m")];
    side_by_side(&before(sloth(), traffic.series(true)), &ours, [&left, &left], |peer, ours| {
        assert!(value(&peer[0]).is_some_and(f64::is_nan), "five hours later: {peer:?}");
        // Half of what is allowed went wrong.
        assert!(about(&ours[0], 0.5), "{ours:?}");
    });
}

#[test]
fn h02_a_busy_hour_weighs_more_than_a_quiet_one() {
    let traffic = Traffic::default().minutes(23 * 60, 1000.0, 0.0).minutes(60, 1.0, 0.5);
    let ours = availability("99.9", "30d").before(traffic.series(true));
    let peers = [("slo:sli_error:ratio_rate30d", "24h"), (LEFT, "24h")];
    let questions = [("slo:error_ratio:rate30d", "24h"), (LEFT, "24h")];
    side_by_side(&before(sloth(), traffic.series(true)), &ours, [&peers, &questions], |peer, ours| {
        // 30 of 1 380 060 requests were bad: 0.00217 %. The peer averages the ratios of minutes.
        let truth = 30.0 / 1_380_060.0;
        let wrong = value(&peer[0]).unwrap();
        assert!((0.0190..0.0200).contains(&wrong) && wrong > 800.0 * truth, "{peer:?}");
        assert!(value(&peer[1]).is_some_and(|left| left < -17.0), "nineteen budgets gone: {peer:?}");
        // The grain's rate reaches a few minutes into the busy hours.
        assert!(value(&ours[0]).is_some_and(|ratio| (ratio - truth).abs() < 0.1 * truth), "{ours:?}");
        assert!(value(&ours[1]).is_some_and(|left| (left - 0.978).abs() < 0.002), "{ours:?}");
    });
}

#[test]
fn h03_before_the_first_error_there_is_an_sli_of_zero() {
    let traffic = Traffic::default().minutes(60, 60.0, 0.0).minutes(60, 60.0, 0.01);
    let ours = availability("99.9", "30d").before(traffic.series(false));
    let peers = [("slo:sli_error:ratio_rate5m", "1h"), (LEFT, "1h")];
    let questions = [("slo:error_ratio:rate5m", "1h"), (LEFT, "1h"), ("slo:error_ratio:rate5m", "1h30m")];
    side_by_side(&before(sloth(), traffic.series(false)), &ours, [&peers, &questions], |peer, ours| {
        assert_eq!((peer[0].len(), peer[1].len()), (0, 0), "{peer:?}");
        assert_eq!((value(&ours[0]), value(&ours[1])), (Some(0.0), Some(1.0)));
        assert!(about(&ours[2], 0.01), "{ours:?}");
    });
    let peer = before(pyrra("0.999", 28.0), traffic.series(false));
    side_by_side(&peer, &ours, [&[("reqs:burnrate5m", "1h")], &questions], |peer, _| assert!(peer[0].is_empty()));
}

#[test]
fn h08_no_window_is_too_short_for_the_scrape_interval() {
    let traffic = Traffic::default().minutes(10, 60.0, 0.0).minutes(30, 60.0, 1.0);
    let mut peer = before(pyrra("0.999", 7.0), traffic.series(true));
    let mut ours = availability("99.9", "7d").before(traffic.series(true));
    // Evaluations fall on samples and between them, as they do in life.
    (peer.evaluation, ours.evaluation) = (Some("30s"), Some("30s"));
    let peers =
        [("reqs:burnrate1m", "30m30s"), (r#"ALERTS{severity="critical", long="15m", alertstate="firing"}"#, "40m")];
    let questions = [("slo:error_ratio:rate5m", "30m30s"), (r#"ALERTS{tier="page-fast", alertstate="firing"}"#, "40m")];
    side_by_side(&peer, &ours, [&peers, &questions], |peer, ours| {
        assert!(peer[0].is_empty(), "a minute holds one sample, which is no rate: {peer:?}");
        assert!(peer[1].is_empty(), "half an hour without one good request: {peer:?}");
        assert!(about(&ours[0], 1.0) && ours[1].len() == 1, "{ours:?}");
    });
    let short = availability("99.9", "7d").slo().tiers[0].short;
    assert!(short.as_millis() >= 4 * 60_000, "{short}");
}

#[test]
fn h12_labels_that_change_do_not_break_the_month() {
    let traffic = Traffic::default().minutes(120, 60.0, 0.0005);
    let old = r#"slo:sli_error:ratio_rate5m{sloth_id="api-availability", sloth_service="api", sloth_slo="availability", sloth_window="5m", team="shop"}"#;
    let with_history = |mut series: Vec<(String, String)>, old: &str, values: &str| {
        series.push((old.to_owned(), values.to_owned()));
        series
    };
    let peer = Sloth { labels: &[("team", "web")], ..Sloth::default() };
    let peer = before(peer.rules(), with_history(traffic.series(true), old, "0.0005x30"));
    // Two pods of the service, of which the first is replaced after an hour: other labels on the counters.
    let pods: Vec<(String, String)> = traffic
        .series(true)
        .into_iter()
        .flat_map(|(series, values)| {
            let pod = |name: &str, from: usize, to: usize| {
                let kept = values
                    .split(' ')
                    .enumerate()
                    .map(|(minute, value)| if (from..to).contains(&minute) { value } else { "_" });
                (series.replace('}', &format!(", pod=\"{name}\"}}")), kept.collect::<Vec<_>>().join(" "))
            };
            [pod("a", 0, 61), pod("b", 61, 200)]
        })
        .collect();
    let [one_team, other_team] = ["shop", "web"].map(|team| {
        let text = spec("      availability: {objective: 99.9%, window: 30d}");
        compiled(&text.replace("platform: shop\n", &format!("platform: shop\nowner: {{team: {team}}}\n")))
    });
    for promtool in tools::versions("promtool") {
        let said = peer.try_ask(&promtool, &[(LEFT, "2h")]).unwrap_err();
        assert!(said.contains("labelset"), "{said}");
        let ours = other_team.before(pods.clone()).ask(&promtool, &[(LEFT, "2h")]);
        assert!(about(&ours[0], 0.5), "{ours:?}");
    }
    // Who owns the service is told by its alerts; what is recorded keeps its identity.
    assert_ne!(one_team.rules(), other_team.rules());
    assert_eq!(recorded(&one_team.rules()), recorded(&other_team.rules()));
}

/// Name and labels of every recorded series.
fn recorded(rules: &str) -> Vec<String> {
    let file: serde_json::Value = yaml_serde::from_str(rules).unwrap();
    let rules = file["groups"].as_array().unwrap().iter().flat_map(|group| group["rules"].as_array().unwrap());
    rules
        .filter(|rule| rule["record"].is_string())
        .map(|rule| format!("{} {}", rule["record"], rule["labels"]))
        .collect()
}

#[test]
fn h21_a_burn_rate_is_a_burn_rate() {
    let traffic = Traffic::default().minutes(30, 600.0, 0.01);
    let peer = before(pyrra("0.999", 28.0), traffic.series(true));
    let ours = availability("99.9", "28d").before(traffic.series(true));
    let questions = [("slo:current_burn_rate:ratio", "30m"), ("slo:error_ratio:rate5m", "30m")];
    side_by_side(&peer, &ours, [&[("reqs:burnrate5m", "30m")], &questions], |peer, ours| {
        assert!(about(&peer[0], 0.01), "a share of requests under the name of a burn rate: {peer:?}");
        assert!(about(&ours[0], 10.0) && about(&ours[1], 0.01), "{ours:?}");
    });
}

#[test]
fn h22_more_good_requests_than_requests_raise_an_alert() {
    // A retried request is served twice and counted once.
    let traffic = Traffic::default().minutes(30, 60.0, 0.0);
    let mut series = traffic.series(false);
    series.push((r#"good_total{job="api"}"#.to_owned(), "0+90x30".to_owned()));
    let query = "(sum(rate(reqs_total{job=\"api\"}[{{w}}])) - sum(rate(good_total{job=\"api\"}[{{w}}])))";
    let peer = before(Sloth { error_query: query, ..Sloth::default() }.rules(), series.clone());
    let ours = compiled(&spec("      served: {objective: 99.9%, window: 30d}")).before(series);
    let peers = [("slo:sli_error:ratio_rate5m", "30m"), (LEFT, "30m"), ("ALERTS", "30m")];
    let questions = [("slo:error_ratio:rate5m", "30m"), (r#"ALERTS{alertstate="firing"}"#, "30m")];
    side_by_side(&peer, &ours, [&peers, &questions], |peer, ours| {
        assert!(about(&peer[0], -0.5) && value(&peer[1]).is_some_and(|left| left > 500.0), "{peer:?}");
        assert!(peer[2].is_empty(), "{peer:?}");
        assert_eq!(ours[1].len(), 1, "{ours:?}");
        assert_eq!(ours[1][0].label("alertname"), "SLODataImpossible");
    });
}

/// A histogram without one fast request: its buckets as this server writes their bounds.
fn slow(bounds: &[&str]) -> Vec<(String, String)> {
    let bucket = |le: &&str| (format!("took_seconds_bucket{{job=\"api\", le=\"{le}\"}}"), "0x60".to_owned());
    let mut series: Vec<(String, String)> = bounds.iter().map(bucket).collect();
    series.push((r#"took_seconds_bucket{job="api", le="+Inf"}"#.to_owned(), "0+60x60".to_owned()));
    series.push((r#"took_seconds_count{job="api"}"#.to_owned(), "0+60x60".to_owned()));
    series
}

#[test]
fn h23_a_bound_without_a_bucket_is_refused_and_either_spelling_of_one_is_read() {
    let sloth = |query: &'static str, series| {
        before(Sloth { error_query: query, total_query: TIMED, ..Sloth::default() }.rules(), series)
    };
    let fast =
        |bound: &str| compiled(&spec(&format!("      latency: {{within: {bound}, objective: 99.9%, window: 30d}}")));
    assert_eq!(fast("400ms").codes, ["latency-bound-on-no-bucket"]);
    let peers = [("slo:sli_error:ratio_rate5m", "1h"), (r#"ALERTS{alertstate="firing"}"#, "1h")];
    let questions = [("slo:error_ratio:rate5m", "1h"), (r#"ALERTS{tier="page-fast", alertstate="firing"}"#, "1h")];
    let old = slow(&["0.1", "0.5", "1", "5"]);
    let new = slow(&["0.1", "0.5", "1.0", "5.0"]);
    // Every request is slower than a second, and nobody is told: there is no such bucket, or it has another name.
    for peer in [sloth(SLOWER_THAN_0_4, old.clone()), sloth(SLOWER_THAN_1, new.clone())] {
        let ours = fast("1s").before(new.clone());
        side_by_side(&peer, &ours, [&peers, &questions], |peer, ours| {
            assert_eq!((peer[0].len(), peer[1].len()), (0, 0), "{peer:?}");
            assert!(about(&ours[0], 1.0) && ours[1].len() == 1, "{ours:?}");
        });
    }
    // A bucket that the spec has and the service has not is missed.
    let without = slow(&["0.1", "0.5", "5.0"]);
    let missing = [(r#"ALERTS{alertname="SLODataMissing", alertstate="firing"}"#, "1h")];
    side_by_side(
        &sloth(SLOWER_THAN_1, without.clone()),
        &fast("1s").before(without),
        [&peers, &missing],
        |peer, ours| {
            assert_eq!((peer[0].len(), peer[1].len(), ours[0].len()), (0, 0, 1), "{peer:?} {ours:?}");
        },
    );
    side_by_side(&sloth(SLOWER_THAN_1, old.clone()), &fast("1s").before(old), [&peers, &questions], |peer, ours| {
        assert!(about(&peer[0], 1.0) && about(&ours[0], 1.0), "{peer:?} {ours:?}");
    });
}

/// The peer's rules are what they are said to be: on plain traffic both agree.
#[test]
fn on_plain_traffic_the_peers_formulas_and_ours_agree() {
    let traffic = Traffic::default().minutes(90, 600.0, 0.004);
    let ours = availability("99.9", "30d").before(traffic.series(true));
    let names = [
        "slo:objective:ratio",
        "slo:error_budget:ratio",
        "slo:time_period:days",
        "slo:current_burn_rate:ratio",
        "slo:period_burn_rate:ratio",
        LEFT,
    ];
    let mut questions = names.map(|name| (name, "1h30m")).to_vec();
    let mut peers = questions.clone();
    peers.push(("slo:sli_error:ratio_rate1h", "1h30m"));
    questions.push(("slo:error_ratio:rate1h", "1h30m"));
    side_by_side(&before(sloth(), traffic.series(true)), &ours, [&peers, &questions], |peer, ours| {
        for ((peer, ours), (name, _)) in peer.iter().zip(ours).zip(&questions) {
            assert!(value(peer).is_some_and(|value| about(ours, value)), "{name}: {peer:?} {ours:?}");
        }
        assert!(about(&ours[3], 4.0), "{ours:?}");
    });
    assert!(BAD.contains("{{w}}") && SLOTH.contains("sloth_id"));
}
