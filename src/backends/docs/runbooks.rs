//! A page for each alert: what it means, what is asked, who is told, what to do first.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Facts, Raised};
use super::{channels, own_alerts, steps};
use crate::backends::cloudwatch::terraform::Alarm;
use crate::conventions::{BURN_RATE_ALERT, README, SLO_LABEL, TIER_LABEL};
use crate::model::{Service, Signal, Threshold};
use crate::quantity::{Duration, print_decimal, print_percent};
use crate::signals::sentence::{filled, sentence};
use crate::writers::page::{Block, Inline, Page, cell, code, link, text};

/// The alerts that a page is for: those of thresholds and those that the compiler or raw rules add.
pub(super) fn pages(facts: &Facts) -> Vec<(String, Page)> {
    let declared = facts.platform.thresholds().map(|(_, threshold)| threshold.name.value.clone());
    let names: BTreeSet<String> = declared.chain(facts.raised.keys().cloned()).collect();
    names.into_iter().map(|name| (name.clone(), page(facts, &name))).collect()
}

fn page(facts: &Facts, alert: &str) -> Page {
    let mut page = Page::new(alert);
    let thresholds: Vec<(&Service, &Threshold)> =
        facts.platform.thresholds().filter(|(_, threshold)| threshold.name.value == alert).collect();
    match thresholds.as_slice() {
        [] => added(&mut page, facts, alert),
        [(service, threshold)] => of_threshold(&mut page, facts, service, threshold, 2),
        several => {
            page.say("Several services have an alert of this name. The label service of the alert says which it is.");
            for (service, threshold) in several {
                page.heading(2, service.title.clone());
                of_threshold(&mut page, facts, service, threshold, 3);
            }
        }
    }
    let home = link(format!("All of {}", facts.platform.title), format!("../{README}"));
    page.blocks.push(Block::Paragraph(vec![home]));
    page
}

fn of_threshold(page: &mut Page, facts: &Facts, service: &Service, threshold: &Threshold, level: u8) {
    let signal = threshold.signal.as_ref().and_then(|name| service.signals.get(&name.value));
    let rules = facts.rules_of(&threshold.name, &service.name);
    let alarms = facts.alarms_of(service, threshold);
    page.say(format!("{}.", sentence(service, signal, threshold)));
    let own = threshold.description.as_ref().and_then(|words| filled(words, service, signal, threshold));
    for words in own.into_iter().chain(signal.and_then(|signal| signal.description.clone())) {
        page.say(words);
    }
    identity(page, facts, service, threshold, signal, &rules, &alarms);
    page.heading(level, "Query");
    for raised in &rules {
        page.blocks.push(Block::Code { language: "promql", text: raised.rule.expr.pretty() });
    }
    for alarm in &alarms {
        page.blocks.push(Block::List(watched(alarm)));
    }
    page.heading(level, "Who is told");
    let mut told = Vec::new();
    for raised in rules.iter().take(1) {
        told.extend(channels::told(facts, &labels(&raised.rule.alert, raised)));
    }
    told.extend(alarms.iter().take(1).map(|alarm| topics(facts, alarm)));
    told_or_nobody(page, told);
    page.heading(level, "First steps");
    page.blocks.push(Block::Steps(steps::of(facts, service, threshold, signal)));
    advice(page, threshold.advice.as_deref(), level);
}

fn told_or_nobody(page: &mut Page, told: Vec<Vec<Inline>>) {
    match told.is_empty() {
        true => page.say("Nobody: it is only shown."),
        false => page.blocks.push(Block::List(told)),
    }
}

fn advice(page: &mut Page, words: Option<&str>, level: u8) {
    if let Some(words) = words {
        page.heading(level, "From the team");
        page.blocks.push(Block::Written(words.to_owned()));
    }
}

fn identity(
    page: &mut Page,
    facts: &Facts,
    service: &Service,
    threshold: &Threshold,
    signal: Option<&Signal>,
    rules: &[&Raised],
    alarms: &[&Alarm],
) {
    let mut rows = vec![
        vec![cell("service"), vec![text(format!("{}, ", service.title)), code(service.name.value.clone())]],
        vec![cell("severity"), vec![code(threshold.severity.value.clone())]],
    ];
    rows.extend(facts.platform.team.iter().map(|team| vec![cell("answered for by"), cell(team.clone())]));
    rows.extend(rules.iter().map(|raised| vec![cell("evaluated by"), evaluated(raised)]));
    rows.extend(alarms.iter().map(|alarm| {
        let every = Duration::seconds(alarm.period.saturating_mul(alarm.evaluation_periods));
        vec![
            cell("evaluated by"),
            vec![text("CloudWatch, alarm "), code(alarm.name.clone()), text(format!(", over {every}"))],
        ]
    }));
    let hold = threshold.hold.value;
    if !hold.is_zero() && !rules.is_empty() {
        rows.push(vec![cell("fires after"), cell(hold.to_string())]);
    }
    let panel = signal.and_then(|signal| facts.addresses.signal(&service.name, &signal.name, &threshold.measure));
    rows.extend(panel.map(|panel| {
        vec![
            cell("dashboard"),
            vec![link(format!("{} on its panel", threshold.name.value), panel.looking_back(Duration::hours(6)))],
        ]
    }));
    rows.extend(
        threshold
            .runbook
            .iter()
            .filter(|_| facts.platform.docs.is_none())
            .map(|address| vec![cell("runbook of the team"), vec![link(address.clone(), address.clone())]]),
    );
    page.table(&["", ""], &[false, false], rows);
}

fn evaluated(raised: &Raised) -> Vec<Inline> {
    vec![text(format!("{} every {}, group ", raised.by, raised.every)), code(raised.group.clone())]
}

/// The metrics of an alarm, as CloudWatch's pages name them.
fn watched(alarm: &Alarm) -> Vec<Vec<Inline>> {
    let mut points: Vec<Vec<Inline>> = alarm
        .watched
        .metrics
        .iter()
        .map(|metric| {
            vec![
                code(format!("{} {}", metric.namespace, metric.name)),
                text(format!(", {} of {}s", metric.statistic, alarm.period)),
            ]
        })
        .collect();
    points.extend(alarm.watched.math.iter().map(|math| vec![text("computed as "), code(math.clone())]));
    let limit = match alarm.limit {
        crate::backends::cloudwatch::terraform::Limit::Fixed(bound) => print_decimal(bound),
        crate::backends::cloudwatch::terraform::Limit::Band(width) => {
            format!("a band of {width} deviations around what was learned")
        }
    };
    points.push(vec![code(alarm.comparison.name()), text(format!(": {limit}"))]);
    points
}

fn topics(facts: &Facts, alarm: &Alarm) -> Vec<Inline> {
    let stack = facts.cloudwatch.iter();
    let names: Vec<String> = stack
        .flat_map(|stack| &stack.topics)
        .filter(|topic| alarm.topics.contains(&topic.label))
        .map(|topic| topic.name.clone())
        .collect();
    let whom = if names.is_empty() { "nobody".to_owned() } else { format!("the SNS topics {}", names.join(", ")) };
    cell(format!("From CloudWatch: {whom}"))
}

/// The labels that routing sees.
fn labels(alert: &str, raised: &Raised) -> BTreeMap<String, String> {
    let own = raised.rule.labels.iter().map(|(label, value)| (label.clone(), value.clone()));
    own.chain([("alertname".to_owned(), alert.to_owned())]).collect()
}

/// An alert that no threshold of the spec is: one of the compiler's own, or one of raw rules.
fn added(page: &mut Page, facts: &Facts, alert: &str) {
    let raised = facts.raised.get(alert).map(Vec::as_slice).unwrap_or_default();
    let words = own_alerts::words(alert);
    page.say(words.map_or("This alert stands in the spec in Prometheus' own words.", |words| words.meaning));
    if alert == BURN_RATE_ALERT {
        objectives(page, facts);
    }
    if let Some(words) = words {
        page.heading(2, "First steps");
        page.blocks.push(Block::Steps(words.steps.iter().map(|step| cell(*step)).collect()));
    }
    page.heading(2, "Who is told");
    let mut seen: Vec<(Vec<String>, Vec<Vec<Inline>>)> = Vec::new();
    for one in raised {
        let told = channels::told(facts, &labels(alert, one));
        let whose = whose(one);
        match seen.iter_mut().find(|(_, known)| *known == told) {
            Some((all, _)) if !all.contains(&whose) => all.push(whose),
            Some(_) => {}
            None => seen.push((vec![whose], told)),
        }
    }
    let many = seen.len() > 1;
    for (whose, told) in seen {
        if many {
            page.say(format!("For {}:", whose.join(", ")));
        }
        told_or_nobody(page, told);
    }
    page.heading(2, "Queries");
    for one in raised {
        let mut line = vec![text(format!("{}, ", whose(one)))];
        line.extend(evaluated(one));
        page.blocks.push(Block::Paragraph(line));
        page.blocks.push(Block::Code { language: "promql", text: one.rule.expr.pretty() });
    }
}

/// Whose alert it is: the objective and tier, the job, or the service.
fn whose(raised: &Raised) -> String {
    let label = |name: &str| raised.rule.labels.get(name).map(String::as_str);
    match (label(SLO_LABEL), label(TIER_LABEL), label("job").or(label("service"))) {
        (Some(slo), Some(tier), _) => format!("{slo} ({tier})"),
        (Some(slo), None, _) => slo.to_owned(),
        (None, _, Some(job)) => job.to_owned(),
        _ => "everything".to_owned(),
    }
}

/// What each objective promises, how fast each tier is, and what its people wrote.
fn objectives(page: &mut Page, facts: &Facts) {
    let mut rows = Vec::new();
    for (_, slo) in facts.platform.slos() {
        for tier in &slo.tiers {
            rows.push(vec![
                vec![code(slo.id())],
                cell(format!("{} in {}", print_percent(slo.objective.value), slo.window.value)),
                vec![code(tier.name.name())],
                cell(format!("{} / {}", tier.long, tier.short)),
                cell(format!("{} times", print_decimal(tier.factor.round_dp(2)))),
                cell(print_percent(tier.budget_share)),
                vec![code(tier.severity.clone())],
            ]);
        }
    }
    let titles = ["objective", "promise", "tier", "windows", "faster than allowed", "of the budget", "severity"];
    page.table(&titles, &[false, false, false, false, true, true, false], rows);
    for (service, slo) in facts.platform.slos() {
        if let Some(words) = &slo.advice {
            page.heading(2, format!("{}: {}", service.title, slo.name.value));
            page.say(slo.description.clone());
            advice(page, Some(words), 3);
        }
    }
}
