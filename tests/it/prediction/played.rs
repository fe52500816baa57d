//! Failures played before promtool: health for as long as the longest window, a failure until every tier that
//! can has fired, and health until all have ended. Samples and evaluations stand a minute apart.

use super::{Predicted, percent, predict};
use crate::peers::ours::{Ours, compiled, spec};
use crate::peers::stage::{Sample, Stage, value};
use crate::peers::traffic::Traffic;
use crate::support::page;
use crate::support::tools::{self, Tool};
use bellwether::model::Tier;
use bellwether::quantity::Duration;
use bellwether::slo::times;
use rust_decimal::Decimal;

const PAGES: &str = "ticket-fast: {enabled: false}, ticket-slow: {enabled: false}";
const TICKETS: &str = "page-fast: {enabled: false}, page-slow: {enabled: false}";

/// Both windows so long that they add up recorded rates.
const RECORDED: &str = "page-fast: {enabled: false}, page-slow: {enabled: false}, ticket-fast: {enabled: false}, ticket-slow: {long: 12h, short: 7h, factor: 5}";

/// Window of the objective, share of bad events, and what is said of its tiers. Everything fails, half does,
/// ten times what the fastest page waits for, ten times what the slowest ticket waits for. Three days of history
/// are dear, so tickets are played once over 30 days, and over 7 days once more.
const PLAYS: [(&str, &str, &str); 6] = [
    ("30d", "1", ""),
    ("30d", "0.5", PAGES),
    ("30d", "0.144", PAGES),
    ("30d", "0.01", PAGES),
    ("7d", "0.01", TICKETS),
    ("30d", "1", RECORDED),
];

/// What promtool saw, in minutes since the start of the failure and since its end.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    fires: f64,
    ends: f64,
}

struct Row {
    window: &'static str,
    tier: Tier,
    share: Decimal,
    predicted: Option<Predicted>,
    /// By promtool, newest first.
    seen: Vec<Option<Seen>>,
}

#[test]
fn tiers_fire_and_end_when_the_formulas_say() {
    let promtools = tools::versions("promtool");
    let rows: Vec<Row> = PLAYS.iter().flat_map(|play| played(play, &promtools)).collect();
    let mut silent = 0;
    for row in &rows {
        for seen in &row.seen {
            let what = format!("{} at {}: {:?} {seen:?}", row.tier.name.name(), percent(row.share), row.predicted);
            let (Some(predicted), Some(seen)) = (row.predicted, seen) else {
                assert!(row.predicted.is_none() && seen.is_none(), "{what}");
                silent += 1;
                continue;
            };
            // Within one evaluation, which is a minute here. Samples come at the moments of evaluations.
            assert!((seen.fires - minutes(predicted.fires)).abs() <= 1.0, "{what}");
            assert!((seen.ends - minutes(predicted.ends)).abs() <= 1.0, "{what}");
        }
    }
    assert_eq!(silent, promtools.len(), "only the fastest page is silent, at 1 %");
    // The grain counts: without it, a ticket over a day of recorded rates would be expected two minutes early.
    let ticket = rows.iter().find(|row| row.tier.name.name() == "ticket-fast").unwrap();
    let direct = times::detection(&ticket.tier, Decimal::new(1, 3), ticket.share).unwrap();
    assert!(ticket.seen.iter().flatten().all(|seen| seen.fires - minutes(direct) > 2.0));
    let table = table(&rows);
    println!("{table}");
    if promtools.len() == 2 {
        page::hold("played", &table);
    }
}

fn minutes(duration: Duration) -> f64 {
    duration.as_millis() as f64 / 60_000.0
}

/// Plays a failure, in every version at once.
fn played(&(window, share, tiers): &(&'static str, &str, &str), promtools: &[Tool]) -> Vec<Row> {
    let spec = spec(&format!("      availability: {{objective: 99.9%, window: {window}, tiers: {{{tiers}}}}}"));
    let (ours, share) = (compiled(&spec), share.parse().unwrap());
    let (slo, rules) = (ours.slo(), ours.rules());
    let predicted: Vec<Option<Predicted>> = slo.tiers.iter().map(|tier| predict(slo, tier, &rules, share)).collect();
    let times = Times::of(&ours, &predicted);
    let traffic = Traffic::default().minutes(times.before, 6000.0, 0.0);
    let traffic = traffic.minutes(times.fails, 6000.0, share.to_string().parse().unwrap());
    let stage = ours.before(traffic.minutes(times.after, 6000.0, 0.0).series(true));
    let seen: Vec<Vec<Option<Seen>>> = std::thread::scope(|scope| {
        let ask = |promtool| seen(&stage, promtool, &slo.tiers, times);
        let threads: Vec<_> = promtools.iter().map(|promtool| scope.spawn(move || ask(promtool))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let rows = slo.tiers.iter().zip(predicted).enumerate();
    rows.map(|(index, (tier, predicted))| {
        let seen = seen.iter().map(|tiers| tiers[index]).collect();
        Row { window, tier: tier.clone(), share, predicted, seen }
    })
    .collect()
}

/// How long a play goes on, in minutes.
#[derive(Clone, Copy)]
struct Times {
    before: usize,
    fails: usize,
    after: usize,
}

impl Times {
    fn of(ours: &Ours, predicted: &[Option<Predicted>]) -> Self {
        let whole = |durations: &mut dyn Iterator<Item = Duration>| minutes(durations.max().unwrap()).ceil() as usize;
        let slo = ours.slo();
        Self {
            before: whole(&mut slo.tiers.iter().map(|tier| tier.long.plus(slo.grain))),
            fails: whole(&mut predicted.iter().flatten().map(|predicted| predicted.fires)) + 5,
            after: whole(&mut predicted.iter().flatten().map(|predicted| predicted.ends)) + 5,
        }
    }
}

fn seen(stage: &Stage, promtool: &Tool, tiers: &[Tier], times: Times) -> Vec<Option<Seen>> {
    let (begin, over) = (times.before, times.before + times.fails);
    let end = over + times.after;
    let found = |function: &str, tier: &Tier| {
        let alert = format!(r#"ALERTS{{alertname="SLOBurnRate", tier="{}", alertstate="firing"}}"#, tier.name.name());
        // Nothing fires before the failure, or the first time would tell.
        format!("{function}(timestamp({alert})[{end}m:1m])")
    };
    let expressions: Vec<String> = tiers
        .iter()
        .flat_map(|tier| ["min_over_time", "max_over_time", "count_over_time"].map(|function| found(function, tier)))
        .collect();
    let time = format!("{end}m");
    let questions: Vec<(&str, &str)> = expressions.iter().map(|text| (text.as_str(), time.as_str())).collect();
    let answers = stage.ask(promtool, &questions);
    let tier = |answers: &[Vec<Sample>]| {
        let [first, last, count] = [0, 1, 2].map(|index| value(&answers[index]));
        let (first, last) = (first? / 60.0, last? / 60.0);
        assert_eq!(count, Some(last - first + 1.0), "it fires without a break");
        Some(Seen { fires: first - begin as f64, ends: last + 1.0 - over as f64 })
    };
    answers.chunks(3).map(tier).collect()
}

fn table(rows: &[Row]) -> String {
    let cells = |row: &Row| {
        let mut cells = {
            let tier = &row.tier;
            let windows = format!("{}, {} and {}", tier.name.name(), tier.long, tier.short);
            vec![row.window.to_owned(), percent(row.share), windows]
        };
        for part in [0, 1] {
            let predicted = row.predicted.map(|predicted| [predicted.fires, predicted.ends][part]);
            cells.push(predicted.map_or("never".to_owned(), rounded));
            let seen = row.seen.iter().map(|seen| seen.map(|seen| [seen.fires, seen.ends][part]));
            cells.extend(seen.map(|seen| seen.map_or("never".to_owned(), |minutes| format!("{minutes}m"))));
        }
        cells
    };
    let heads =
        ["objective over", "bad events", "tier", "fires after", "newest", "older", "ends after", "newest", "older"];
    page::table(&heads, &rows.iter().map(cells).collect::<Vec<_>>())
}

/// To a second, in minutes, as the evaluations are.
fn rounded(duration: Duration) -> String {
    let seconds = (duration.as_millis() + 500) / 1000;
    if seconds.is_multiple_of(60) {
        format!("{}m", seconds / 60)
    } else {
        format!("{}m{}s", seconds / 60, seconds % 60)
    }
}
