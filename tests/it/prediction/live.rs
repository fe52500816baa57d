//! Failures on a real Prometheus that scrapes and evaluates every second, each of a service of its own.
//!
//! The long windows are as long as the compiler makes them for seven days: their history is written into
//! Prometheus' storage before it starts. The short windows are cut to half a minute, so that the ends come soon.

use super::{Predicted, percent, predict};
use crate::end_to_end::{http::Server, systems::Running};
use crate::peers::ours::compiled;
use crate::support::{page, scratch::Scratch, tools};
use bellwether::model::{Slo, Tier};
use bellwether::quantity::Duration;
use rust_decimal::Decimal;
use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

/// Events a second of every service.
const RATE: f64 = 100.0;
/// How long a failure goes on after the predicted moment, and the test after the predicted end.
const MARGIN: f64 = 10.0;

/// Service, objective in percent, tier with its short window, share of bad events.
const CASES: [(&str, &str, &str, &str, &str); 7] = [
    ("everything", "99.9", "page-fast", "30s", "1"),
    ("half", "99.9", "page-fast", "30s", "0.5"),
    ("tenfold", "99.9", "page-fast", "30s", "0.1344"),
    ("modest", "99.5", "page-fast", "30s", "1"),
    ("slow-page", "99.9", "page-slow", "45s", "0.5"),
    ("ticket", "99.9", "ticket-fast", "30s", "1"),
    // The long window of 18 hours adds up recorded rates of five minutes.
    ("recorded", "99.99", "ticket-slow", "30s", "1"),
];

/// One service, its only tier, and what the formulas say.
struct Case {
    service: &'static str,
    share: Decimal,
    slo: Slo,
    predicted: Predicted,
}

impl Case {
    fn tier(&self) -> &Tier {
        &self.slo.tiers[0]
    }

    fn is_recorded(&self) -> bool {
        self.service == "recorded"
    }

    /// When the failure ends, after its start.
    fn lasts(&self) -> f64 {
        float(self.predicted.fires) + MARGIN
    }

    fn cells(&self, part: usize) -> Vec<String> {
        let tier = self.tier();
        match part {
            0 => vec![
                percent(self.slo.objective.value),
                percent(self.share),
                format!("{}, {} and {}", tier.name.name(), tier.long, tier.short),
                tenths(float(self.predicted.fires)),
            ],
            _ => vec![tenths(float(self.predicted.ends))],
        }
    }
}

fn float(duration: Duration) -> f64 {
    duration.as_millis() as f64 / 1000.0
}

fn tenths(seconds: f64) -> String {
    format!("{seconds:.1}s")
}

fn spec() -> String {
    let mut text = r#"bellwether: 1
platform: live
intervals: {scrape: 1s, evaluate: 1s}
retention: {metrics: {local: 100d}}
severities: {critical: {urgency: page, notify: []}, warning: {urgency: ticket, notify: []}}
stack: {prometheus: {version: "2.53"}}
services:
"#
    .to_owned();
    for (service, objective, tier, short, _) in CASES {
        let all = ["page-fast", "page-slow", "ticket-fast", "ticket-slow"];
        let tiers = all.map(|name| match name == tier {
            true => format!("{name}: {{short: {short}}}"),
            false => format!("{name}: {{enabled: false}}"),
        });
        write!(
            text,
            r#"  {service}:
    scrape: {{port: 8000}}
    metrics: {{reqs_total: {{type: counter, labels: [code]}}}}
    signals: {{availability: {{ratio: {{bad: 'reqs_total{{code=~"5.."}}', total: reqs_total}}}}}}
    slos: {{availability: {{objective: {objective}%, window: 7d, tiers: {{{}}}}}}}
"#,
            tiers.join(", ")
        )
        .unwrap();
    }
    text
}

fn cases() -> (Vec<Case>, Scratch) {
    let ours = compiled(&spec());
    ours.must_be_sound();
    let case = |&(service, _, _, _, share): &(&'static str, _, _, _, &str)| {
        let slo = ours.slos().iter().find(|slo| slo.service == service).unwrap().clone();
        let share = share.parse().unwrap();
        let rules = ours.artifact(&format!("prometheus/rules/slo-{}.yml", slo.id()));
        let predicted = predict(&slo, &slo.tiers[0], rules, share).unwrap();
        assert_eq!(super::is_recorded(rules, slo.tiers[0].long), service == "recorded");
        Case { service, share, slo, predicted }
    };
    let scratch = Scratch::new("live");
    for (path, text) in ours.artifacts() {
        scratch.write(path, text);
    }
    (CASES.iter().map(case).collect(), scratch)
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

/// The counters of a service at a time, when its failure begins at another.
fn counters(at: f64, origin: f64, fails: f64, lasts: f64, share: f64) -> [f64; 2] {
    let bad = RATE * share * (at - fails).clamp(0.0, lasts);
    [RATE * (at - origin) - bad, bad]
}

/// What Prometheus would hold, had it run for as long as the long windows.
fn history(cases: &[Case], ports: &[u16], until: f64, origin: f64) -> String {
    let mut text = String::new();
    for (case, port) in cases.iter().zip(ports) {
        let service = case.service;
        // Counters for windows that ask them, rates for those that add them up.
        let direct = if case.is_recorded() { case.slo.grain } else { case.tier().long };
        let from = |window: Duration| (until - float(window) - 10.0).ceil() as u64;
        for code in [200, 500] {
            for time in from(direct)..until as u64 {
                let [good, bad] = counters(time as f64, origin, f64::INFINITY, 0.0, 0.0);
                let value = if code == 200 { good } else { bad };
                let labels =
                    format!(r#"job="{service}",instance="127.0.0.1:{port}",service="{service}",code="{code}""#);
                writeln!(text, "reqs_total{{{labels}}} {value} {time}").unwrap();
            }
        }
        for (name, value) in [("slo:bad:rate5m", 0.0), ("slo:total:rate5m", RATE)] {
            for time in from(case.tier().long)..until as u64 {
                if case.is_recorded() {
                    let id = case.slo.id();
                    writeln!(text, r#"{name}{{slo="{id}",service="{service}"}} {value} {time}"#).unwrap();
                }
            }
        }
    }
    text + "# EOF\n"
}

/// When an alert fired and ended, in seconds since the failure's start and end.
#[derive(Clone, Copy, Debug)]
struct Seen {
    fires: f64,
    ends: f64,
}

/// Sleeps for three minutes, so it runs with `./test --deep` only.
#[test]
fn a_real_prometheus_fires_and_ends_when_the_formulas_say() {
    if !std::env::var("BELLWETHER_DEEP").is_ok_and(|value| value == "1") {
        return;
    }
    let (prometheus, promtool) = (tools::versions("prometheus"), tools::versions("promtool"));
    let seen: Vec<Vec<Seen>> = std::thread::scope(|scope| {
        let pairs = prometheus.iter().zip(&promtool);
        let threads: Vec<_> = pairs.map(|(prometheus, promtool)| scope.spawn(|| watch(prometheus, promtool))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let (cases, _) = cases();
    let rows: Vec<Vec<String>> = cases
        .iter()
        .enumerate()
        .map(|(index, case)| {
            let mut cells = case.cells(0);
            cells.extend(seen.iter().map(|seen| tenths(seen[index].fires)));
            cells.extend(case.cells(1));
            cells.extend(seen.iter().map(|seen| tenths(seen[index].ends)));
            cells
        })
        .collect();
    let heads = ["objective", "bad events", "tier", "fires after", "newest", "older", "ends after", "newest", "older"];
    let table = page::table(&heads, &rows);
    println!("{table}");
    if seen.len() == 2 {
        page::write("live", &table);
    }
}

/// Runs all cases on one Prometheus and says what it saw.
fn watch(prometheus: &tools::Tool, promtool: &tools::Tool) -> Vec<Seen> {
    let (cases, scratch) = cases();
    let servers: Vec<Server> = cases.iter().map(|_| Server::start()).collect();
    let ports: Vec<u16> = servers.iter().map(Server::port).collect();
    let names: Vec<String> = cases.iter().map(|case| format!("{}:8000", case.service)).collect();
    let addresses: Vec<(&str, u16)> = names.iter().map(String::as_str).zip(ports.iter().copied()).collect();
    scratch.redirect(&addresses);
    let origin = now().floor() - 24.0 * 3600.0;
    let expose = |fails: f64| {
        for (case, server) in cases.iter().zip(&servers) {
            let (lasts, share) = (case.lasts(), case.share.to_string().parse().unwrap());
            server.expose(move |_| {
                let [good, bad] = counters(now(), origin, fails, lasts, share);
                format!("# TYPE reqs_total counter\nreqs_total{{code=\"200\"}} {good:.3}\nreqs_total{{code=\"500\"}} {bad:.3}\n")
            });
        }
    };
    expose(f64::INFINITY);
    let mut running = Running::prometheus_with(prometheus, &scratch.join("prometheus/prometheus.yml"), |storage| {
        let file = scratch.write("history.txt", &history(&cases, &ports, now(), origin));
        let mut command = promtool.command();
        command.args(["tsdb", "create-blocks-from", "openmetrics"]).arg(file).arg(storage);
        tools::run(&mut command).unwrap();
    });
    running.wait_until_ready(std::time::Duration::from_secs(90));
    std::thread::sleep(std::time::Duration::from_secs(5));
    let start = now() + 1.0;
    expose(start);
    let over = |case: &Case| start + case.lasts() + float(case.predicted.ends) + MARGIN;
    let end = cases.iter().map(over).fold(start, f64::max);
    std::thread::sleep(std::time::Duration::from_secs_f64(end - now()));
    assert_eq!(running.unhealthy_rules(), Vec::<String>::new());
    cases.iter().map(|case| judge(&running, case, start)).collect()
}

/// The times of a series' samples.
fn samples(running: &Running, selector: &str) -> Vec<f64> {
    let answer = running.query(&format!("{selector}[10m]"));
    let found = answer["data"]["result"].as_array().unwrap();
    assert_eq!(found.len(), 1, "{selector}: {answer}");
    found[0]["values"].as_array().unwrap().iter().map(|sample| sample[0].as_f64().unwrap()).collect()
}

/// Reads when the alert fired, and holds it to the prediction: within one evaluation of the first that could
/// see it. What happens is seen by the next scrape, and what was scraped by the next evaluation; both are
/// looked up, since a busy machine is late with them.
fn judge(running: &Running, case: &Case, start: f64) -> Seen {
    let id = case.slo.id();
    let evaluations = samples(running, &format!(r#"slo:objective:ratio{{slo="{id}"}}"#));
    let scrapes = samples(running, &format!(r#"up{{job="{}"}}"#, case.service));
    let firing = samples(running, &format!(r#"ALERTS{{alertname="SLOBurnRate", slo="{id}", alertstate="firing"}}"#));
    let (first, last) = (firing[0], firing[firing.len() - 1]);
    let during = evaluations.iter().filter(|time| (first..=last).contains(*time));
    assert_eq!(during.count(), firing.len(), "{id}: it fires without a break");
    let after = |times: &[f64], moment: f64| times.iter().copied().find(|time| *time >= moment).unwrap();
    let ended = after(&evaluations, last + 0.001);
    let stop = start + case.lasts();
    for (moment, expected) in [(first, start + float(case.predicted.fires)), (ended, stop + float(case.predicted.ends))]
    {
        // A window holds samples up to a scrape younger than itself, so it may also be early by that.
        let earliest = expected - 2.0;
        let latest = after(&evaluations, after(&evaluations, after(&scrapes, expected)) + 0.001);
        let what = format!("{id} at {moment}: expected {expected}, between {earliest} and {latest}");
        assert!((earliest..=latest).contains(&moment), "{what}");
    }
    Seen { fires: first - start, ends: ended - stop }
}

#[test]
fn the_page_shows_what_is_predicted_for_the_live_cases() {
    let rows = page::rows("live");
    let (cases, _) = cases();
    assert_eq!(rows.len(), cases.len());
    for (row, case) in rows.iter().zip(&cases) {
        assert_eq!(row[..4], case.cells(0), "{row:?}");
        assert_eq!(row[6..7], case.cells(1), "{row:?}");
    }
}
