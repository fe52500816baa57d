//! What the platform costs: storage of metrics, logs and traces, and what CloudWatch charges. An estimate that says
//! what it assumes.

use rust_decimal::Decimal;

use super::facts::Facts;
use super::{prices, series};
use crate::backends::cloudwatch::terraform::{Limit, Stack};
use crate::model::{Platform, SampledBy};
use crate::quantity::{Duration, print_decimal};
use crate::writers::page::{Block, Inline, Page, cell, code, text};

/// Bytes that Prometheus needs for a sample on disk: one to two, compressed.
const SAMPLE: Decimal = Decimal::from_parts(15, 0, 0, false, 1);
/// Bytes that a span takes in Jaeger's store.
const SPAN: Decimal = Decimal::from_parts(500, 0, 0, false, 0);
/// A gigabyte, as disks are sold.
const GIGABYTE: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);
/// Days of a month.
const MONTH: Decimal = Decimal::from_parts(30, 0, 0, false, 0);
const DAY_SECONDS: Decimal = Decimal::from_parts(86_400, 0, 0, false, 0);

/// The page.
pub(super) fn page(facts: &Facts) -> Page {
    let mut page = Page::new(format!("What {} costs", facts.platform.title));
    page.say("An estimate from what the spec declares. It says what it assumes; what is measured later counts more.");
    metrics(&mut page, facts);
    logs(&mut page, facts.platform);
    traces(&mut page, facts.platform);
    if let Some(stack) = &facts.cloudwatch {
        cloudwatch(&mut page, facts.platform, stack);
    }
    assumptions(&mut page);
    page
}

fn metrics(page: &mut Page, facts: &Facts) {
    let retention = &facts.platform.retention;
    let jobs = series::of(facts.platform);
    let (mut total, mut each_second) = (Decimal::ZERO, Decimal::ZERO);
    let mut rows = Vec::new();
    for job in &jobs {
        let all = Decimal::from(job.targets.saturating_mul(job.each));
        let rate = per_second(all, job.interval);
        total += all;
        each_second += rate;
        rows.push(vec![
            vec![code(job.name.clone())],
            cell(job.targets.to_string()),
            cell(print_decimal(all)),
            cell(job.interval.to_string()),
            cell(print_decimal(rate.round_dp(1))),
            cell(job.from),
        ]);
    }
    if facts.recorded > 0 {
        let all = Decimal::from(facts.recorded as u64);
        let interval = facts.platform.evaluation_interval.value;
        let rate = per_second(all, interval);
        total += all;
        each_second += rate;
        rows.push(vec![
            cell("recording rules"),
            cell(""),
            cell(print_decimal(all)),
            cell(interval.to_string()),
            cell(print_decimal(rate.round_dp(1))),
            cell("one series a rule"),
        ]);
    }
    page.heading(2, "Metrics");
    page.table(
        &["job", "targets", "series", "every", "samples a second", "from"],
        &[false, true, true, true, true, false],
        rows,
    );
    let day = each_second * DAY_SECONDS * SAMPLE;
    page.say(format!(
        "Together {} series and {} samples a second: {} a day, {} a week.",
        print_decimal(total),
        print_decimal(each_second.round_dp(1)),
        gigabytes(day),
        gigabytes(day * Decimal::from(7)),
    ));
    let mut rows = vec![vec![
        cell("Prometheus' own disk"),
        cell(retention.local.value.to_string()),
        cell(gigabytes(day * days(retention.local.value))),
    ]];
    if let Some(long) = &retention.long_term {
        rows.push(vec![
            cell("object store, raw samples"),
            cell(long.raw.value.to_string()),
            cell(gigabytes(day * days(long.raw.value))),
        ]);
    }
    page.table(&["where", "for", "size"], &[false, true, true], rows);
    if let Some(size) = &retention.size {
        page.say(format!("Prometheus keeps at most {} on its own disk, whichever comes first.", size.value.text));
    }
}

fn logs(page: &mut Page, platform: &Platform) {
    let row = |group: &crate::model::LogGroup| {
        let (a_day, kept) = match group.volume {
            Some(volume) => {
                let day = volume * DAY_SECONDS;
                (gigabytes(day), gigabytes(day * days(group.keep.value)))
            }
            None => ("not declared".to_owned(), "not known".to_owned()),
        };
        vec![vec![code(group.name.value.clone())], cell(a_day), cell(group.keep.value.to_string()), cell(kept)]
    };
    let rows: Vec<Vec<Vec<Inline>>> = platform.retention.logs.iter().map(row).collect();
    if rows.is_empty() {
        return;
    }
    page.heading(2, "Logs");
    page.table(&["log group", "a day", "kept for", "size"], &[false, true, true, true], rows);
    if platform.retention.logs.iter().any(|group| group.volume.is_none()) {
        page.blocks.push(Block::Paragraph(vec![
            text("A group whose "),
            code("volume"),
            text(" the spec does not say costs something that is not in here."),
        ]));
    }
}

fn traces(page: &mut Page, platform: &Platform) {
    let (Some(traces), true) = (&platform.traces, platform.stack.jaeger.is_some()) else { return };
    page.heading(2, "Traces");
    let kept = platform.retention.traces.value;
    let Some(volume) = traces.volume else {
        page.blocks.push(Block::Paragraph(vec![
            text(format!("Traces are kept for {kept}. How many there are, ")),
            code("traces.volume"),
            text(", the spec does not say."),
        ]));
        return;
    };
    let stored = volume * traces.sample;
    let day = stored * DAY_SECONDS * SPAN;
    let more = match (traces.sampled_by, traces.needs_whole_traces()) {
        (SampledBy::Collector, true) => " Traces with errors and slow ones come on top.",
        _ => "",
    };
    page.say(format!(
        "{} spans a second, of which {} are kept: {} a day, {} in {kept}.{more}",
        print_decimal(volume.round_dp(1)),
        print_decimal(stored.round_dp(1)),
        gigabytes(day),
        gigabytes(day * days(kept)),
    ));
}

/// Alarms, metrics made from logs, dashboards, logs: what CloudWatch asks money for.
fn cloudwatch(page: &mut Page, platform: &Platform, stack: &Stack) {
    let alarm_metrics: u64 = stack
        .alarms
        .iter()
        .map(|alarm| match alarm.limit {
            Limit::Fixed(_) => alarm.watched.metrics.len() as u64,
            Limit::Band(_) => prices::BAND_METRICS,
        })
        .sum();
    let dashboards = (stack.dashboards.len() as u64).saturating_sub(prices::FREE_DASHBOARDS);
    let volumes = platform.retention.logs.iter().filter_map(|group| Some((group, group.volume?)));
    let (mut ingested, mut stored) = (Decimal::ZERO, Decimal::ZERO);
    for (group, volume) in volumes {
        let day = volume * DAY_SECONDS / GIGABYTE;
        ingested += day * MONTH;
        stored += day * days(group.keep.value);
    }
    let items: [(&str, Decimal, Decimal, &str); 5] = [
        ("metrics made from logs", Decimal::from(stack.metric_filters.len() as u64), prices::METRIC, "a metric"),
        ("metrics that alarms look at", Decimal::from(alarm_metrics), prices::ALARM_METRIC, "a metric of an alarm"),
        ("dashboards beyond the free ones", Decimal::from(dashboards), prices::DASHBOARD, "a dashboard"),
        ("logs taken in, GB a month", ingested, prices::INGESTED, "a GB"),
        ("logs kept, GB", stored, prices::STORED, "a GB"),
    ];
    page.heading(2, "CloudWatch");
    page.say(format!(
        "Amazon's list prices in {}, read in {}. Free tiers are not taken off, but for dashboards.",
        prices::REGION,
        prices::DAY
    ));
    let mut total = Decimal::ZERO;
    let mut rows = Vec::new();
    for (what, count, price, of) in items {
        let cost = count * price;
        total += cost;
        rows.push(vec![
            cell(what),
            cell(print_decimal(count.round_dp(1))),
            cell(format!("{} {of}", dollars(price))),
            cell(dollars(cost)),
        ]);
    }
    rows.push(vec![
        vec![Inline::Strong("together".to_owned())],
        cell(""),
        cell(""),
        vec![Inline::Strong(dollars(total))],
    ]);
    page.table(&["what", "how many", "price a month", "a month"], &[false, true, true, true], rows);
}

fn assumptions(page: &mut Page) {
    page.heading(2, "What is assumed");
    let usual: Vec<String> = series::USUAL_VALUES.iter().map(|(label, values)| format!("{label} {values}")).collect();
    page.blocks.push(Block::List(vec![
        cell(format!("A sample takes {} bytes on disk, compressed; a span {} bytes.", print_decimal(SAMPLE), print_decimal(SPAN))),
        cell(format!(
            "Labels have as many values as they usually have: {}; any other label has {}. All combinations occur.",
            usual.join(", "),
            series::OTHER
        )),
        cell("Nothing is added for series that come and go, as containers do. Each new generation of series counts again."),
        cell("A GB is 1000000000 bytes, a month 30 days."),
    ]));
}

fn per_second(series: Decimal, interval: Duration) -> Decimal {
    series * Decimal::ONE_THOUSAND / Decimal::from(interval.as_millis().max(1))
}

fn days(time: Duration) -> Decimal {
    Decimal::from(time.as_millis()) / (DAY_SECONDS * Decimal::ONE_THOUSAND)
}

/// Bytes in the unit that leaves few digits.
fn gigabytes(bytes: Decimal) -> String {
    let units = [("GB", GIGABYTE), ("MB", Decimal::from(1_000_000)), ("kB", Decimal::ONE_THOUSAND)];
    let fits = units.iter().find(|(_, size)| bytes >= *size);
    fits.map_or_else(
        || format!("{} B", print_decimal(bytes.round_dp(0))),
        |(unit, size)| format!("{} {unit}", print_decimal((bytes / size).round_dp(1))),
    )
}

fn dollars(amount: Decimal) -> String {
    format!("${:.2}", amount.round_dp(2))
}
