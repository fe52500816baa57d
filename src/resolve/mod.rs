//! From what was written to what is meant: spec and packs become a model, in passes that each do one thing.
//!
//! Nothing here fails. A reference that leads nowhere is reported and left out, and resolving goes on,
//! so that one run shows every dangling name. The model is only handed on when there was no error.

mod clouds;
mod compositions;
mod dashboards;
mod jobs;
mod kubernetes;
mod logs;
mod metrics;
mod notify;
mod problems;
mod retention;
mod services;
mod shapes;
mod signals;
mod slis;
mod slo_alerts;
mod slos;
mod stack;
mod thresholds;
mod traces;
mod workloads;

pub use problems::CODES;
pub(crate) use problems::{BAD_PROMQL, BAD_TEMPLATE, UNKNOWN_NAME};
pub use workloads::CODES as WORKLOAD_CODES;

use indexmap::IndexMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{PanelSource, Platform, Service};
use crate::packs::Library;
use crate::quantity::Duration;
use crate::source::{Span, Spanned};
use crate::spec::Spec;
use crate::spec::values::Name;

/// Resolves a spec. The model is complete only if no error was added to `diagnostics`.
pub fn resolve(spec: &Spec, library: &Library, diagnostics: &mut Diagnostics) -> Platform {
    let whole = spec.span.0;
    let (scrape, evaluate) = intervals(spec, whole);
    let mut resolver = Resolver { spec, library, diagnostics, scrape, evaluate };
    if spec.bellwether.value != 1 {
        let message = format!("version {} of the language is not known here", spec.bellwether);
        let diagnostic = Diagnostic::new(&problems::UNKNOWN_VERSION, spec.bellwether.span, message);
        resolver.report(diagnostic.help("write `bellwether: 1`, or update bellwether"));
    }
    // Also the alerts that the compiler makes up have a runbook: the pattern must do even without a threshold.
    thresholds::runbook_address(spec.runbooks.as_ref(), "", "", "", &mut resolver);
    let severities = notify::severities(&mut resolver);
    let retention = retention::resolve(&mut resolver);
    let services = services::resolve(&mut resolver, &severities, &retention);
    let dashboards = dashboards::resolve(&spec.dashboards, PanelSource::Prometheus, &services, &mut resolver);
    let stack = stack::resolve(&services, &retention, &mut resolver);
    let environment = spec.environment.as_ref().map_or("production", |name| name.as_str()).to_owned();
    let labels = external_labels(&mut resolver, &environment);
    Platform {
        name: text(&spec.platform),
        title: spec.title.clone().unwrap_or_else(|| spec.platform.to_string()),
        description: spec.description.clone(),
        runbooks: thresholds::runbook_pattern(spec),
        docs: spec.docs.as_ref().map(|address| address.trim_end_matches('/').to_owned()),
        team: spec.owner.as_ref().map(|owner| owner.team.to_string()),
        environment,
        labels,
        scrape_interval: scrape,
        evaluation_interval: evaluate,
        channels: notify::channels(&mut resolver),
        routes: notify::routes(&mut resolver, &services),
        inhibitions: notify::inhibitions(&mut resolver),
        times: notify::times(&mut resolver),
        traces: traces::resolve(&mut resolver),
        logs: logs::resolve(&mut resolver),
        severities,
        retention,
        services,
        dashboards,
        stack,
    }
}

/// What every pass needs.
#[derive(Debug)]
struct Resolver<'a> {
    spec: &'a Spec,
    library: &'a Library,
    diagnostics: &'a mut Diagnostics,
    scrape: Spanned<Duration>,
    evaluate: Spanned<Duration>,
}

impl Resolver<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Complains about a name that leads nowhere, unless it leads somewhere.
    fn known<'n>(
        &mut self,
        what: &str,
        written: &str,
        span: Span,
        known: impl IntoIterator<Item = &'n str> + Clone,
    ) -> bool {
        let found = known.clone().into_iter().any(|name| name == written);
        if !found {
            let message = format!("there is no {what} `{written}`");
            self.report(Diagnostic::new(&UNKNOWN_NAME, span, message).label("not declared").suggest(written, known));
        }
        found
    }
}

fn intervals(spec: &Spec, whole: Span) -> (Spanned<Duration>, Spanned<Duration>) {
    let written = spec.intervals.as_ref();
    let scrape = written.and_then(|intervals| intervals.scrape);
    let evaluate = written.and_then(|intervals| intervals.evaluate);
    (
        scrape.unwrap_or(Spanned::new(Duration::seconds(15), whole)),
        evaluate.unwrap_or(Spanned::new(Duration::minutes(1), whole)),
    )
}

/// `platform` and `environment` first: they tell two Prometheus servers that share a Thanos or an Alertmanager apart.
fn external_labels(resolver: &mut Resolver, environment: &str) -> IndexMap<String, String> {
    let spec = resolver.spec;
    let mut labels = IndexMap::new();
    labels.insert("platform".to_owned(), spec.platform.to_string());
    labels.insert("environment".to_owned(), environment.to_owned());
    for (name, value) in spec.labels.iter() {
        if labels.contains_key(name.as_str()) {
            let message = format!("the label `{name}` is set by the compiler");
            resolver.report(Diagnostic::new(&problems::RESERVED_LABEL, name.span, message));
            continue;
        }
        labels.insert(name.to_string(), value.clone());
    }
    labels
}

/// A checked name as text.
fn text(name: &Spanned<Name>) -> Spanned<String> {
    Spanned::new(name.to_string(), name.span)
}

/// The names of services, for suggestions.
fn service_names(services: &[Service]) -> Vec<&str> {
    services.iter().map(|service| service.name.as_str()).collect()
}

/// `high_error_ratio` and `high-error-ratio` as people write them: `High error ratio`.
fn title_of(name: &str) -> String {
    let mut words = name.replace(['_', '-'], " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}
