//! The contract as a page.

use super::{Config, Promise, Promised};
use crate::model::{Language, MetricType};
use crate::quantity::print_decimal;
use crate::writers::page::{Block, Inline, Page, cell, code, text};

/// The page.
pub(super) fn page(config: &Config) -> Page {
    let mut page = Page::new(format!("What the services of {} must expose", config.platform));
    page.say(
        "Rules, objectives and dashboards ask for exactly these names, types, labels and buckets. A metric that is \
         called otherwise is not found by any of them, and an alert that finds nothing is silent.",
    );
    for promise in &config.services {
        of_service(&mut page, promise);
    }
    page
}

fn of_service(page: &mut Page, promise: &Promise) {
    page.heading(2, promise.title.clone());
    let mut line = vec![text("Service "), code(promise.service.clone()), text(", asked at ")];
    for (index, address) in promise.asked_at.iter().enumerate() {
        line.extend([text(if index == 0 { "" } else { ", " }), code(address.clone())]);
    }
    line.push(text("."));
    page.blocks.push(Block::Paragraph(line));
    start(page, promise);
    let row = |metric: &Promised| {
        vec![
            vec![code(metric.name.clone())],
            cell(kind(metric)),
            cell(metric.unit.map_or("", |unit| unit.name())),
            literals(&metric.labels),
            literals(&metric.buckets.iter().flatten().map(|bound| print_decimal(*bound)).collect::<Vec<_>>()),
            cell(metric.help.clone()),
            cell(needed(metric)),
        ]
    };
    let rows = promise.metrics.iter().map(row).collect();
    let titles = ["metric", "type", "unit", "labels", "buckets", "what it is", "needed by"];
    page.table(&titles, &[false; 7], rows);
}

/// How to begin.
fn start(page: &mut Page, promise: &Promise) {
    let Some(module) = promise.module() else { return };
    let file = module.rsplit('/').next().unwrap_or(&module).to_owned();
    let name = file.rsplit_once('.').map_or(file.as_str(), |(name, _)| name).to_owned();
    page.blocks.push(Block::Paragraph(vec![code(file), text(" declares them; the program only counts.")]));
    let first = promise.metrics.iter().find(|metric| !metric.by_library);
    let Some(first) = first else { return };
    let (language, text) = match promise.language {
        Some(Language::Python) => {
            let labels: Vec<String> = first.labels.iter().map(|label| format!("{label}=...")).collect();
            let labels = if labels.is_empty() { String::new() } else { format!(".labels({})", labels.join(", ")) };
            (
                "python",
                format!(
                    "from {name} import Metrics\n\nmetrics = Metrics()\nmetrics.{}{labels}{}",
                    super::python::attribute(&first.name),
                    call(first)
                ),
            )
        }
        Some(Language::Node) => {
            let labels =
                if first.labels.is_empty() { String::new() } else { format!("{{ {} }}", first.labels.join(", ")) };
            let call = match (call(first), labels.is_empty()) {
                (call, true) => call.to_owned(),
                (call, false) => call.replace('(', &format!("({labels}, ")).replace(", )", ")"),
            };
            ("js", format!("const metrics = require('./{name}').metrics();\n\nmetrics.{}{call};", first.name))
        }
        _ => return,
    };
    page.blocks.push(Block::Code { language, text });
}

/// What is done with a metric of this type.
fn call(metric: &Promised) -> &'static str {
    match metric.r#type {
        MetricType::Counter => ".inc()",
        MetricType::Histogram | MetricType::Summary => ".observe(0.1)",
        MetricType::Gauge | MetricType::Untyped => ".set(1)",
    }
}

fn kind(metric: &Promised) -> String {
    let word = metric.r#type.word();
    if metric.by_library { format!("{word}, by the library itself") } else { word.to_owned() }
}

fn needed(metric: &Promised) -> String {
    if metric.needed_by.is_empty() { "nothing yet".to_owned() } else { metric.needed_by.join(", ") }
}

fn literals(all: &[String]) -> Vec<Inline> {
    let mut line = Vec::new();
    for (index, one) in all.iter().enumerate() {
        line.extend([text(if index == 0 { "" } else { " " }), code(one.clone())]);
    }
    line
}
