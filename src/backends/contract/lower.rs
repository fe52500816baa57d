//! From the platform to what each service must expose, and who needs it.

use std::collections::{BTreeMap, BTreeSet};

use super::problems::COUNTER_WITHOUT_TOTAL;
use super::{Config, Promise, Promised};
use crate::dashboards::{self, Item};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{Condition, JobOrigin, Language, Metric, MetricType, PanelMeasure, Platform, Service, Sli};
use crate::promql::{Expr, Selector};
use crate::quantity::Unit;
use crate::signals::{metric_names, selectors};
use rust_decimal::Decimal;

/// Labels that a metric never carries itself: scraping adds them, or the histogram does.
const NOT_ITS_OWN: [&str; 4] = ["job", "instance", "le", "__name__"];

/// Every service that exposes metrics of its own.
pub(super) fn config(platform: &Platform, diagnostics: &mut Diagnostics) -> Config {
    let uses = uses(platform);
    let services = platform.services.iter().filter_map(|service| promise(service, &uses, diagnostics));
    Config { platform: platform.title.clone(), services: services.collect() }
}

/// Who needs a metric, and by which labels it is asked.
#[derive(Debug, Default)]
struct Use {
    needed_by: Vec<String>,
    labels: BTreeSet<String>,
}

/// By service and metric.
type Uses = BTreeMap<(String, String), Use>;

fn promise(service: &Service, uses: &Uses, diagnostics: &mut Diagnostics) -> Option<Promise> {
    let own: Vec<_> = service.jobs.iter().filter(|job| job.from == JobOrigin::Scrape).collect();
    let exposed = |metric: &&Metric| {
        let by_service = own.iter().any(|job| job.name.value == metric.job);
        by_service && !metric.pack.as_ref().is_some_and(|pack| service.by_library.contains(pack))
    };
    let language = service.application.as_ref().and_then(|application| application.language).map(|one| one.value);
    let metrics: Vec<Promised> = service
        .metrics
        .values()
        .filter(exposed)
        .map(|metric| promised(service, metric, language, uses, diagnostics))
        .collect();
    let asked_at = own.iter().flat_map(|job| match job.targets.as_slice() {
        [] => vec![job.path.clone()],
        targets => targets.iter().map(|target| format!("{}://{target}{}", job.scheme, job.path)).collect(),
    });
    let (service, title) = (service.name.value.clone(), service.title.clone());
    (!metrics.is_empty()).then(|| Promise { service, title, language, asked_at: asked_at.collect(), metrics })
}

fn promised(
    service: &Service,
    metric: &Metric,
    language: Option<Language>,
    uses: &Uses,
    diagnostics: &mut Diagnostics,
) -> Promised {
    let used = uses.get(&(service.name.value.clone(), metric.name.clone()));
    if language == Some(Language::Python) && metric.r#type == MetricType::Counter && !metric.name.ends_with("_total") {
        let message = format!("the counter `{0}` would be exposed as `{0}_total`", metric.name);
        let diagnostic = Diagnostic::new(&COUNTER_WITHOUT_TOTAL, metric.origin.0, message)
            .note("Prometheus' library for Python ends every counter so: whoever asks for the name declared finds nothing")
            .help(format!("call it `{}_total`", metric.name));
        diagnostics.push(diagnostic);
    }
    let unit = metric.unit;
    let buckets = match (metric.r#type, metric.native, &metric.buckets) {
        (MetricType::Histogram, false, Some(buckets)) => Some(buckets.value.clone()),
        // The libraries' own buckets are seconds.
        (MetricType::Histogram, false, None) if unit == Some(Unit::Bytes) => {
            Some((2..=8).map(|power| Decimal::from(10_u64.pow(power))).collect())
        }
        _ => None,
    };
    Promised {
        name: metric.name.clone(),
        r#type: metric.r#type,
        help: metric.help.clone().unwrap_or_else(|| metric.name.replace('_', " ")),
        unit,
        // Where nobody has said which labels it has, it has those that it is asked by.
        labels: metric
            .labels
            .clone()
            .unwrap_or_else(|| used.map(|used| used.labels.iter().cloned().collect()).unwrap_or_default()),
        buckets,
        by_library: by_library(&metric.name, language),
        needed_by: used.map(|used| used.needed_by.clone()).unwrap_or_default(),
    }
}

/// Metrics that the libraries register by themselves: registered twice they would refuse to start.
fn by_library(name: &str, language: Option<Language>) -> bool {
    let prefixes: &[&str] = match language {
        Some(Language::Python) => &["process_", "python_"],
        Some(Language::Node) => &["process_", "nodejs_"],
        _ => &["process_"],
    };
    prefixes.iter().any(|prefix| name.starts_with(prefix))
}

/// Everything in the platform that asks for a metric.
fn uses(platform: &Platform) -> Uses {
    let mut uses = Uses::new();
    for service in &platform.services {
        of_signals(service, &mut uses);
        of_alerts(service, &mut uses);
        of_objectives(service, &mut uses);
    }
    of_dashboards(platform, &mut uses);
    for used in uses.values_mut() {
        let mut seen = BTreeSet::new();
        used.needed_by.retain(|one| seen.insert(one.clone()));
        used.labels.retain(|label| !NOT_ITS_OWN.contains(&label.as_str()));
    }
    uses
}

/// The metric of a service that a series belongs to: a histogram's series have endings.
fn base<'n>(service: &Service, name: &'n str) -> &'n str {
    let ends = ["_bucket", "_sum", "_count"].iter().filter_map(|end| name.strip_suffix(end));
    ends.into_iter().find(|base| service.metrics.contains_key(*base)).unwrap_or(name)
}

fn use_of<'u>(service: &Service, name: &str, uses: &'u mut Uses) -> &'u mut Use {
    uses.entry((service.name.value.clone(), base(service, name).to_owned())).or_default()
}

fn matched(service: &Service, selector: &Selector, uses: &mut Uses) {
    if let Some(name) = selector.metric_name() {
        let labels = selector.matchers.iter().map(|matcher| matcher.label.to_string());
        use_of(service, name, uses).labels.extend(labels);
    }
}

fn of_signals(service: &Service, uses: &mut Uses) {
    for signal in service.signals.values() {
        let Some(shape) = &signal.shape else { continue };
        for selector in selectors(shape) {
            matched(service, selector, uses);
        }
        for name in metric_names(shape) {
            use_of(service, name, uses).labels.extend(signal.per.iter().cloned());
        }
    }
}

/// Notes that a signal's metrics are needed, and kept apart by labels.
fn need(service: &Service, signal: &str, who: &str, by: &[String], uses: &mut Uses) {
    let shape = service.signals.get(signal).and_then(|signal| signal.shape.as_ref());
    for name in shape.map(metric_names).unwrap_or_default() {
        let used = use_of(service, name, uses);
        used.needed_by.push(who.to_owned());
        used.labels.extend(by.iter().cloned());
    }
}

fn need_in(service: &Service, expr: &Expr, who: &str, uses: &mut Uses) {
    for leaf in crate::promql::ask::leaves(expr) {
        matched(service, leaf.selector, uses);
        if let Some(name) = leaf.selector.metric_name() {
            use_of(service, name, uses).needed_by.push(who.to_owned());
        }
    }
}

fn of_alerts(service: &Service, uses: &mut Uses) {
    for threshold in &service.thresholds {
        let who = format!("alert {}", threshold.name.value);
        if let Some(signal) = &threshold.signal {
            need(service, &signal.value, &who, &threshold.by, uses);
        }
        if let Condition::Expr { expr, .. } = &threshold.condition {
            need_in(service, &expr.value, &who, uses);
        }
    }
}

fn of_objectives(service: &Service, uses: &mut Uses) {
    for slo in &service.slos {
        let who = format!("objective {}", slo.id());
        if let Some(signal) = &slo.signal {
            need(service, signal, &who, &slo.by, uses);
        }
        if let Sli::Raw { part, total, .. } = &slo.sli {
            need_in(service, &part.expr.value, &who, uses);
            need_in(service, &total.expr.value, &who, uses);
        }
    }
}

fn of_dashboards(platform: &Platform, uses: &mut Uses) {
    for plan in dashboards::plans(platform) {
        let who = format!("dashboard {}", plan.title);
        for item in plan.rows.iter().flat_map(|row| &row.items) {
            let Item::Signals(panel) = item else { continue };
            for query in &panel.queries {
                let PanelMeasure::Signal { service, signal, .. } = &query.measure else { continue };
                if let Some(service) = platform.service(service) {
                    need(service, &signal.value, &who, &query.by, uses);
                }
            }
        }
    }
}
