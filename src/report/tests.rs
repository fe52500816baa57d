//! Reports of whole specs, against figures known from elsewhere.

use super::*;
use crate::{Compilation, Memory, Options, compile};

const SPEC: &str = "
bellwether: 1
platform: shop
intervals: {scrape: 30s, evaluate: 1m}
retention: {metrics: {local: 35d}}
channels:
  pager: {webhook: {url: 'http://pager:8080/'}}
  chat: {webhook: {url: 'http://chat:8080/'}}
  boss: {webhook: {url: 'http://boss:8080/'}}
severities:
  critical: {notify: [pager], group_wait: 1m, escalate: {after: 10s, notify: [boss]}}
  warning: {notify: [chat], group_wait: 2m}
  info: {notify: []}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      errors: {ratio: {bad: 'http_requests_total{status=~\"5..\"}', total: http_requests_total}}
    slos:
      errors: {objective: OBJECTIVE}
";

fn compiled(text: &str) -> Compilation {
    compile(&Memory::new().with("spec.yaml", text), "spec.yaml", &Options::default())
}

/// The report on the one objective of a spec.
fn only(text: &str) -> Objective {
    let compilation = compiled(text);
    let said: Vec<&str> = compilation.diagnostics.iter().map(|said| said.message.as_str()).collect();
    let platform = compilation.model.as_ref().unwrap_or_else(|| panic!("{said:?}\n{text}"));
    let mut report = report(platform, &compilation.configs);
    assert_eq!(report.slos.len(), 1);
    report.slos.remove(0)
}

/// The usual spec with another objective.
fn objective(objective: &str) -> Objective {
    only(&SPEC.replace("OBJECTIVE", objective).replace(", escalate: {after: 10s, notify: [boss]}", ""))
}

fn codes(objective: &Objective) -> Vec<&str> {
    objective.notes.iter().map(|note| note.code.as_str()).collect()
}

/// A scrape of 30s, an evaluation of 1m and a `group_wait` of 1m: 150 seconds on the way.
#[test]
fn first_page_of_a_total_outage() {
    for (share, detected, told, gone) in [
        ("90%", "3h36m", "3h38m30s", "0.051"),
        ("95%", "43m12s", "45m42s", "0.021"),
        ("99%", "8m38s400ms", "11m8s400ms", "0.026"),
        ("99.5%", "4m19s200ms", "6m49s200ms", "0.032"),
        ("99.9%", "51s840ms", "3m21s840ms", "0.078"),
        ("99.95%", "25s920ms", "2m55s920ms", "0.136"),
        ("99.99%", "5s184ms", "2m35s184ms", "0.599"),
        ("99.999%", "519ms", "2m30s519ms", "5.807"),
    ] {
        let objective = objective(share);
        let outage = objective.tiers[0].total_outage;
        let times = [outage.detected_after, outage.told_after].map(|time| time.unwrap().to_string());
        assert_eq!(times, [detected, told], "{share}");
        assert_eq!(outage.budget_gone.unwrap().round_dp(3).to_string(), gone, "{share}");
        assert_eq!(objective.first_told(), outage.told_after, "{share}");
    }
}

#[test]
fn a_budget_that_is_gone_first_cannot_be_defended() {
    assert_eq!(codes(&objective("99.999%")), ["undefendable"]);
    // 4m19s of budget, told after 2m35s.
    assert!(codes(&objective("99.99%")).is_empty());
}

#[test]
fn slow_burns_are_seen_when_the_long_window_is_full_of_them() {
    let objective = objective("99.9%");
    let slowest = |tier: usize| objective.tiers[tier].slowest;
    assert_eq!(slowest(0).detected_after, Some(Duration::hours(1)));
    assert_eq!(slowest(0).burn_rate.to_string(), "14.4");
    // Recorded rates of five minutes are five minutes late when the whole window must be full of them.
    assert_eq!(slowest(2).detected_after, Some(Duration::days(1).plus(Duration::minutes(5))));
    assert_eq!(slowest(2).budget_gone.unwrap().round_dp(2).to_string(), "0.10");
    let tenfold: Vec<Option<String>> = objective
        .tiers
        .iter()
        .map(|tier| tier.tenfold.and_then(|burn| burn.detected_after).map(|time| time.to_string()))
        .collect();
    let wanted = [None, Some("3h36m"), Some("7h14m30s"), Some("7h14m30s")];
    assert_eq!(tenfold, wanted.map(|time| time.map(str::to_owned)));
    assert_eq!(super::tests::objective("85%").tiers[0].tenfold, None);
}

#[test]
fn waits_are_those_of_the_route_that_the_alert_takes() {
    let spec = SPEC.replace("OBJECTIVE", "99.9%").replace(", escalate: {after: 10s, notify: [boss]}", "");
    let waits = |text: &str| {
        let objective = only(text);
        let tiers = objective.tiers.iter();
        tiers.map(|tier| format!("{} {}", tier.tells.join("+"), tier.pipeline.group_wait)).collect::<Vec<_>>()
    };
    assert_eq!(waits(&spec), ["pager 1m", "pager 1m", "chat 2m", "chat 2m"]);
    let routed = format!("{spec}routes:\n  - {{labels: {{tier: ticket-slow}}, notify: [pager]}}\n");
    assert_eq!(waits(&routed), ["pager 1m", "pager 1m", "chat 2m", "pager 2m"]);
    // Escalation tells more people; whoever waits least is told first.
    let escalated = SPEC.replace("OBJECTIVE", "99.9%").replace("after: 10s", "after: 10m");
    assert_eq!(waits(&escalated)[0], "pager 1m");
    let silent = format!("{spec}routes:\n  - {{severity: [warning], notify: []}}\n");
    let objective = only(&silent);
    assert_eq!(objective.tiers[2].total_outage.told_after, None);
    assert!(objective.tiers[2].total_outage.detected_after.is_some());
    assert_eq!(codes(&objective), ["silent-burn", "nobody-told", "nobody-told"]);
    let heard = objective.silent_burn.unwrap();
    assert_eq!((heard.burn_rate.to_string().as_str(), heard.exhausted_after), ("6", Duration::days(5)));
}

#[test]
fn who_evaluates_and_what_must_be_kept() {
    let near = objective("99.9%");
    assert_eq!(near.retention.alerts_need, Duration::days(3).plus(Duration::minutes(5)));
    assert_eq!(near.retention.budget_needs, Duration::days(30).plus(Duration::minutes(5)));
    assert_eq!((near.retention.budget_by, near.retention.long_term), (EvaluatedBy::Prometheus, None));
    let far = SPEC
        .replace("OBJECTIVE", "99.9%")
        .replace("{local: 35d}", "{local: 2d, long_term: {for: 90d, store: {s3: {bucket: shop}}}}");
    let far = only(&far);
    let by: Vec<EvaluatedBy> = far.tiers.iter().map(|tier| tier.evaluated_by).collect();
    use EvaluatedBy::{Prometheus, ThanosRuler};
    assert_eq!(by, [Prometheus, Prometheus, Prometheus, ThanosRuler]);
    // The ruler waits for what Prometheus records.
    let delays = far.tiers.iter().map(|tier| tier.pipeline.recording.to_string());
    assert_eq!(delays.collect::<Vec<_>>(), ["0s", "0s", "0s", "1m"]);
    assert_eq!(far.cost.iter().map(|cost| cost.evaluated_by).collect::<Vec<_>>(), [Prometheus, ThanosRuler]);
    let short = only(&SPEC.replace("OBJECTIVE", "99.9%").replace("35d", "15d"));
    assert_eq!(codes(&short), ["retention-too-short"]);
}

#[test]
fn cost_is_counted_on_the_files() {
    let compilation = compiled(&SPEC.replace("OBJECTIVE", "99.9%"));
    let report = report(compilation.model.as_ref().unwrap(), &compilation.configs);
    let artifacts = compilation.artifacts().unwrap();
    let file = artifacts.get("prometheus/rules/slo-api-errors.yml").unwrap();
    let count = |word: &str| file.lines().filter(|line| line.trim_start().starts_with(word)).count() as u64;
    let cost = report.slos[0].cost[0];
    assert_eq!((cost.series, cost.rules), (count("- record:"), count("- record:") + count("- alert:")));
    assert!(cost.series >= 10 && cost.samples > 2 * 43_200, "{cost:?}");
}

#[test]
fn little_traffic_is_waited_for() {
    let spec = |more: &str| SPEC.replace("{objective: OBJECTIVE}", &format!("{{objective: 99.9%, {more}}}"));
    // 36 an hour: three failures take five minutes of a total outage, not 52 seconds.
    let some = only(&spec("traffic: 0.01/s"));
    assert_eq!(some.tiers[0].min_failures, Some(3));
    assert_eq!(some.tiers[0].total_outage.detected_after, Some(Duration::minutes(5)));
    assert_eq!(some.traffic.unwrap().budget_events.to_string(), "25.92");
    assert!(codes(&some).is_empty());
    // Two an hour: an hour never holds three, and six hours do so only when a quarter of all fail.
    let few = only(&spec("traffic: 0.0005/s"));
    assert_eq!(few.tiers[0].total_outage.detected_after, None);
    assert_eq!((few.tiers[0].slowest.detected_after, few.tiers[0].slowest.told_after), (None, None));
    assert_eq!(few.tiers[1].slowest.bad_share.round_dp(3).to_string(), "0.278");
    assert_eq!(few.silent_burn.unwrap().burn_rate.round_dp(1).to_string(), "23.1");
    assert_eq!(codes(&few), ["undefendable", "silent-burn", "few-events"]);
    assert!(few.notes[2].message.contains("1.3 events"), "{}", few.notes[2].message);
}

#[test]
fn a_budget_for_each_group_and_a_month_beside_the_window() {
    let plain = objective("99.9%");
    let spec = SPEC.replace("labels: [status]", "labels: [status, endpoint]");
    let grouped = only(&spec.replace("OBJECTIVE", "99.9%, window: 7d, by: [endpoint], calendar_month: true"));
    assert_eq!(grouped.by, ["endpoint"]);
    assert_eq!(grouped.retention.budget_needs, Duration::days(31).plus(Duration::minutes(5)));
    assert!(grouped.cost[0].series > plain.cost[0].series);
    assert!(
        render::markdown::render(&Report {
            version: VERSION,
            platform: "shop".to_owned(),
            environment: "production".to_owned(),
            slos: vec![grouped],
        })
        .contains("for each endpoint")
    );
}
