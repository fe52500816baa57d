//! The platform on a page: what is watched, what is promised, who is told, what runs.

use super::channels::{described, listed};
use super::facts::Facts;
use crate::conventions::{COMPOSE_FILE, COSTS, ENVIRONMENT_EXAMPLE, runbook_page};
use crate::dashboards;
use crate::model::{JobOrigin, Route, Service};
use crate::quantity::{Duration, print_percent};
use crate::signals::sentence::sentence;
use crate::writers::page::{Block, Inline, Page, cell, code, link, text};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The page.
pub(super) fn page(facts: &Facts) -> Page {
    let platform = facts.platform;
    let mut page = Page::new(platform.title.clone());
    if let Some(description) = &platform.description {
        page.say(description.clone());
    }
    let team = platform.team.as_ref().map(|team| format!(" {team} answers for it."));
    page.blocks.push(Block::Paragraph(vec![
        text("Environment "),
        code(platform.environment.clone()),
        text(format!(".{} What it costs is estimated in ", team.unwrap_or_default())),
        link(COSTS, COSTS),
        text("."),
    ]));
    services(&mut page, facts);
    promises(&mut page, facts);
    alerts(&mut page, facts);
    routing(&mut page, facts);
    boards(&mut page, facts);
    running(&mut page, facts);
    kept(&mut page, facts);
    page
}

fn services(page: &mut Page, facts: &Facts) {
    page.heading(2, "What is watched");
    let row = |service: &Service| {
        vec![
            vec![text(format!("{}, ", service.title)), code(service.name.value.clone())],
            cell(service.description.clone().unwrap_or_default()),
            watched(service),
            cell(service.slos.len().to_string()),
            cell(service.thresholds.len().to_string()),
        ]
    };
    let rows = facts.platform.services.iter().map(row).collect();
    page.table(&["service", "what it is", "how", "promises", "alerts"], &[false, false, false, true, true], rows);
}

/// Jobs and probes with their intervals.
fn watched(service: &Service) -> Vec<Inline> {
    let mut line = Vec::new();
    for job in &service.jobs {
        let how = match &job.from {
            JobOrigin::Exporter(component) => format!(" through {component}"),
            _ => String::new(),
        };
        line.extend([code(job.targets.join(" ")), text(format!("{how} every {}; ", job.interval.value))]);
    }
    for probe in &service.probes {
        line.extend([
            text("asked at "),
            code(probe.target.value.clone()),
            text(format!(" every {}; ", probe.interval.value)),
        ]);
    }
    if let Some(Inline::Text(last)) = line.last_mut() {
        *last = last.trim_end_matches("; ").to_owned();
    }
    line
}

fn promises(page: &mut Page, facts: &Facts) {
    let row = |(service, slo): (&Service, &crate::model::Slo)| {
        let address = facts.addresses.objective(slo, dashboards::ObjectivePanel::BudgetLeft);
        let name = format!("{}: {}", service.title, slo.name.value);
        vec![
            vec![address.map_or_else(
                || text(name.clone()),
                |address| link(name.clone(), address.looking_back(slo.window.value)),
            )],
            cell(slo.description.clone()),
            cell(print_percent(slo.objective.value)),
            cell(slo.window.value.to_string()),
            cell(budget(slo.budget(), slo.window.value)),
        ]
    };
    let rows: Vec<_> = facts.platform.slos().map(row).collect();
    if !rows.is_empty() {
        page.heading(2, "What is promised");
        page.say("The budget is how long everything may fail in the window before the promise is broken.");
    }
    page.table(&["objective", "promise", "good", "window", "budget"], &[false, false, true, true, true], rows);
}

/// A share of a window as a time: `43m12s`.
fn budget(share: Decimal, window: Duration) -> String {
    let millis = share * Decimal::from(window.as_millis());
    let seconds = millis.to_u64().unwrap_or(0) / 1000;
    Duration::seconds(seconds).to_string()
}

fn alerts(page: &mut Page, facts: &Facts) {
    let platform = facts.platform;
    let mut rows = Vec::new();
    for (service, threshold) in platform.thresholds() {
        let signal = threshold.signal.as_ref().and_then(|name| service.signals.get(&name.value));
        let on: Vec<&str> = threshold.on.iter().map(|evaluator| evaluator.word()).collect();
        rows.push(vec![
            vec![link(threshold.name.value.clone(), runbook_page(&threshold.name.value))],
            vec![code(threshold.severity.value.clone())],
            cell(sentence(service, signal, threshold)),
            cell(on.join(", ")),
        ]);
    }
    for (name, raised) in &facts.raised {
        if platform.thresholds().any(|(_, threshold)| threshold.name.value == *name) {
            continue;
        }
        let mut severities: Vec<&str> =
            raised.iter().filter_map(|one| one.rule.labels.get("severity")).map(String::as_str).collect();
        severities.sort_unstable();
        severities.dedup();
        let meaning = super::own_alerts::words(name).map_or("", |words| words.meaning);
        let first = meaning.split_inclusive(". ").next().unwrap_or("").trim();
        rows.push(vec![
            vec![link(name.clone(), runbook_page(name))],
            vec![code(severities.join(" "))],
            cell(first),
            cell("prometheus"),
        ]);
    }
    if !rows.is_empty() {
        page.heading(2, "What raises an alert");
    }
    page.table(&["alert", "severity", "when", "evaluated by"], &[false, false, false, false], rows);
}

fn routing(page: &mut Page, facts: &Facts) {
    let platform = facts.platform;
    if platform.severities.is_empty() {
        return;
    }
    page.heading(2, "Who is told");
    let names =
        |names: &[crate::source::Spanned<String>]| names.iter().map(|name| name.value.clone()).collect::<Vec<_>>();
    let row = |severity: &crate::model::Severity| {
        let later = severity.escalate.as_ref().map_or_else(String::new, |escalation| {
            format!("{} after {}", listed(facts, &names(&escalation.notify)), escalation.after.value)
        });
        vec![
            vec![code(severity.name.value.clone())],
            cell(listed(facts, &names(&severity.notify))),
            cell(later),
            cell(severity.group_wait.value.to_string()),
            cell(severity.repeat.value.to_string()),
        ]
    };
    let rows = platform.severities.iter().map(row).collect();
    page.table(
        &["severity", "at once", "if it lasts", "first message", "again"],
        &[false, false, false, true, true],
        rows,
    );
    let exceptions: Vec<Vec<Inline>> = platform.routes.iter().map(|route| exception(facts, route)).collect();
    if !exceptions.is_empty() {
        page.say("Except, and the first that matches wins:");
        page.blocks.push(Block::Steps(exceptions));
    }
    page.heading(3, "The tree");
    page.blocks.push(Block::Code { language: "text", text: tree(facts) });
}

fn exception(facts: &Facts, route: &Route) -> Vec<Inline> {
    let mut line = Vec::new();
    for (what, values) in [("alert", &route.alerts), ("severity", &route.severities), ("service", &route.services)] {
        if !values.is_empty() {
            let values: Vec<&str> = values.iter().map(|value| value.value.as_str()).collect();
            line.extend([text(format!("{what} ")), code(values.join(" ")), text(", ")]);
        }
    }
    line.extend(route.labels.iter().flat_map(|(label, value)| [code(format!("{label}={value}")), text(", ")]));
    let whom = match &route.notify {
        Some(notify) => notify.iter().map(|name| described(facts, &name.value)).collect::<Vec<_>>().join(", "),
        None => "whom the severity tells".to_owned(),
    };
    line.push(text(format!("tells {}", if whom.is_empty() { "nobody" } else { &whom })));
    line.extend(route.repeat.iter().map(|repeat| text(format!(", again after {}", repeat.value))));
    for (times, what) in [(&route.mute_during, ", but not during "), (&route.active_during, ", only during ")] {
        line.extend(times.iter().flat_map(|time| [text(what), code(time.value.clone())]));
    }
    line
}

/// Alertmanager's routing tree, a node a line.
fn tree(facts: &Facts) -> String {
    fn node(route: &crate::backends::alertmanager::Route, depth: usize, lines: &mut Vec<String>) {
        let conditions: Vec<String> = route.matchers.iter().map(ToString::to_string).collect();
        let conditions = if conditions.is_empty() { "everything".to_owned() } else { conditions.join(" ") };
        let receiver = route.receiver.as_deref().map_or(String::new(), |receiver| format!(" -> {receiver}"));
        let goes_on = if route.r#continue { ", and on" } else { "" };
        lines.push(format!("{}{conditions}{receiver}{goes_on}", "  ".repeat(depth)));
        route.routes.iter().for_each(|child| node(child, depth + 1, lines));
    }
    let mut lines = Vec::new();
    if let Some(root) = &facts.alertmanager.route {
        node(root, 0, &mut lines);
    }
    lines.join("\n")
}

fn boards(page: &mut Page, facts: &Facts) {
    let platform = facts.platform;
    let address = |name: &str| {
        platform
            .stack
            .grafana
            .url
            .as_ref()
            .map(|url| format!("{}{}", url.trim_end_matches('/'), dashboards::path(platform, name)))
    };
    let plans = dashboards::plans(platform);
    let point = |plan: &dashboards::Plan<'_>| {
        let mut line = vec![match address(&plan.name) {
            Some(address) => link(plan.title.clone(), address),
            None => text(plan.title.clone()),
        }];
        line.extend(plan.description.iter().map(|words| text(format!(": {words}"))));
        line
    };
    let points: Vec<Vec<Inline>> = plans.iter().map(point).collect();
    if !points.is_empty() {
        page.heading(2, "Dashboards");
        page.blocks.push(Block::List(points));
    }
}

fn running(page: &mut Page, facts: &Facts) {
    if facts.containers.is_empty() {
        return;
    }
    page.heading(2, "What runs");
    let row = |running: &crate::backends::compose::Running| {
        let changes = facts.platform.stack.compose.iter().flat_map(|compose| &compose.components);
        let memory = changes
            .filter(|change| change.name.value == running.name || change.name.value == running.component)
            .find_map(|change| change.memory.as_ref())
            .map_or_else(|| running.table.memory.text.clone(), |memory| memory.value.text.clone());
        let port = running.published.map_or_else(String::new, |port| port.to_string());
        let volume = running.table.volume.as_ref().map_or_else(String::new, |volume| volume.name.to_string());
        vec![
            vec![code(running.name.clone())],
            cell(running.table.title.clone()),
            vec![code(running.image.clone())],
            cell(port),
            cell(memory),
            cell(volume),
        ]
    };
    let rows = facts.containers.iter().map(row).collect();
    page.table(
        &["container", "what it is", "image", "port", "memory", "volume"],
        &[false, false, false, true, true, false],
        rows,
    );
    let start =
        format!("cp {ENVIRONMENT_EXAMPLE} .env   # then fill it in\ndocker compose --file {COMPOSE_FILE} up --detach");
    page.blocks.push(Block::Code { language: "sh", text: start });
}

fn kept(page: &mut Page, facts: &Facts) {
    let retention = &facts.platform.retention;
    page.heading(2, "What is kept");
    let mut rows = vec![vec![cell("metrics, in Prometheus"), cell(retention.local.value.to_string())]];
    if let Some(long) = &retention.long_term {
        rows.push(vec![cell("metrics, in the object store"), cell(long.raw.value.to_string())]);
        rows.push(vec![cell("metrics of 5 minutes"), cell(long.downsampled_5m.to_string())]);
        rows.push(vec![cell("metrics of an hour"), cell(long.downsampled_1h.to_string())]);
    }
    for group in &retention.logs {
        let name = vec![text("log group "), code(group.name.value.clone())];
        let archive = if group.archive { ", then in the archive" } else { "" };
        rows.push(vec![name, cell(format!("{}{archive}", group.keep.value))]);
    }
    if facts.platform.stack.jaeger.is_some() {
        rows.push(vec![cell("traces"), cell(retention.traces.value.to_string())]);
    }
    for (service, sentry) in facts.platform.services.iter().filter_map(|service| {
        let sentry = service.application.as_ref()?.sentry.as_ref()?;
        Some((service, sentry.retention?))
    }) {
        rows.push(vec![cell(format!("errors of {} in Sentry", service.title)), cell(sentry.to_string())]);
    }
    page.table(&["what", "for"], &[false, true], rows);
}
