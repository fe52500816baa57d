//! Services: packs looked up, then jobs, metrics, signals, promises and thresholds in turn.

use indexmap::IndexMap;

use super::problems::{DUPLICATE_ALERT, DUPLICATE_JOB, MISSING_PARAMETER, UNKNOWN_NAME};
use super::{Resolver, jobs, metrics, signals, slos, text, thresholds, title_of, traces, workloads};
use crate::diagnostics::Diagnostic;
use crate::model::{Retention, Service, Setting, Severity};
use crate::source::{Span, Spanned};
use crate::spec::pack::Pack;
use crate::spec::service as written;
use crate::spec::values::Name;

/// A pack as one service uses it.
#[derive(Debug)]
pub(super) struct PackUse<'a> {
    /// Where the service names it.
    pub(super) span: Span,
    /// The pack.
    pub(super) pack: &'a Pack,
    /// Its parameters, defaults filled in.
    pub(super) parameters: IndexMap<String, Setting>,
}

/// What signals, promises and thresholds of a service need to know.
#[derive(Debug)]
pub(super) struct Surroundings<'a> {
    /// The service's name.
    pub(super) name: &'a Spanned<Name>,
    /// The service as written.
    pub(super) written: &'a written::Service,
    /// Its packs.
    pub(super) uses: &'a [PackUse<'a>],
    /// All severities.
    pub(super) severities: &'a [Severity],
    /// What is kept.
    pub(super) retention: &'a Retention,
}

/// Every service, in the order written.
pub(super) fn resolve(resolver: &mut Resolver, severities: &[Severity], retention: &Retention) -> Vec<Service> {
    let spec = resolver.spec;
    let mut services = Vec::new();
    for (name, written) in spec.services.iter() {
        let uses = pack_uses(written, resolver);
        let around = Surroundings { name, written, uses: &uses, severities, retention };
        services.push(service(&around, resolver));
    }
    slos::compose(&mut services, severities, retention, resolver);
    unique_jobs(&services, resolver);
    unique_alerts(&services, resolver);
    services
}

fn service(around: &Surroundings, resolver: &mut Resolver) -> Service {
    let Surroundings { name, written, uses, .. } = around;
    let reached = jobs::resolve(around, resolver);
    let metrics = metrics::resolve(around, &reached, resolver);
    let signals = signals::resolve(around, &metrics, &reached, resolver);
    let (slos, mut slo_thresholds) = slos::resolve(around, &signals, &reached, resolver);
    let mut thresholds = thresholds::resolve(around, &signals, resolver);
    thresholds.append(&mut slo_thresholds);
    let panels = panels(uses, written, &signals);
    let workload = workloads::resolve(around, &thresholds, resolver);
    Service {
        name: text(name),
        title: written.title.clone().unwrap_or_else(|| title_of(name.as_str())),
        description: written.description.clone(),
        packs: uses.iter().map(|used| Spanned::new(used.pack.pack.to_string(), used.span)).collect(),
        first_steps: uses
            .iter()
            .filter_map(|used| Some((used.pack.pack.to_string(), used.pack.first_steps.clone()?)))
            .collect(),
        by_library: uses
            .iter()
            .filter(|used| used.pack.by_library == Some(true))
            .map(|used| used.pack.pack.to_string())
            .collect(),
        application: written.application.as_ref().map(|application| traces::application(application, resolver)),
        labels: written.labels.iter().map(|(label, value)| (label.to_string(), value.clone())).collect(),
        jobs: reached.jobs,
        exporters: reached.exporters,
        probes: reached.probes,
        metrics,
        signals,
        panels,
        slos,
        thresholds,
        workload,
        origin: written.span,
    }
}

/// Looks the packs up and fills their parameters in.
fn pack_uses<'a>(written: &'a written::Service, resolver: &mut Resolver<'a>) -> Vec<PackUse<'a>> {
    let mut uses = Vec::new();
    for (name, given) in written.packs.iter().flat_map(|packs| &packs.entries) {
        let library = resolver.library;
        let Some(pack) = library.get(name.as_str()) else {
            let names = library.names();
            let message = format!("there is no pack `{}`", name.value);
            let diagnostic = Diagnostic::new(&UNKNOWN_NAME, name.span, message).label("not a pack");
            resolver.report(diagnostic.suggest(name.as_str(), names));
            continue;
        };
        let declared: Vec<&str> = pack.parameters.iter().map(|(parameter, _)| parameter.as_str()).collect();
        for (parameter, _) in given.iter() {
            resolver.known("parameter", parameter.as_str(), parameter.span, declared.iter().copied());
        }
        let mut parameters = IndexMap::new();
        for (parameter, declaration) in pack.parameters.iter() {
            let value =
                given.iter().find(|(name, _)| name.value == parameter.value).map(|(_, value)| value.value.clone());
            match value.or_else(|| default(declaration.default.as_deref(), &parameters)) {
                Some(value) => {
                    parameters.insert(parameter.to_string(), value);
                }
                None => {
                    let message =
                        format!("the pack `{}` needs `{}`: {}", name.value, parameter.value, declaration.description);
                    let help = format!("write `{}: {{{}: ...}}`", name.value, parameter.value);
                    resolver.report(Diagnostic::new(&MISSING_PARAMETER, name.span, message).help(help));
                }
            }
        }
        uses.push(PackUse { span: name.span, pack, parameters });
    }
    uses
}

/// A parameter's default; `$name` is the value of a parameter declared before it.
fn default(written: Option<&str>, before: &IndexMap<String, Setting>) -> Option<Setting> {
    let written = written?;
    let other = written.strip_prefix('$').and_then(|name| before.get(name));
    Some(other.cloned().unwrap_or_else(|| Setting::Literal(written.to_owned())))
}

/// What a dashboard of the service shows: what its packs say, then its own signals.
fn panels(
    uses: &[PackUse],
    written: &written::Service,
    signals: &IndexMap<String, crate::model::Signal>,
) -> Vec<String> {
    let mut panels: Vec<String> = Vec::new();
    let from_packs = uses.iter().flat_map(|used| match &used.pack.panels {
        Some(panels) => panels.iter().map(|name| name.to_string()).collect::<Vec<_>>(),
        None => used.pack.signals.iter().map(|(name, _)| name.to_string()).collect(),
    });
    let own = written.signals.iter().map(|(name, _)| name.to_string());
    for name in from_packs.chain(own) {
        if signals.contains_key(&name) && !panels.contains(&name) {
            panels.push(name);
        }
    }
    panels
}

fn unique_jobs(services: &[Service], resolver: &mut Resolver) {
    let mut seen: IndexMap<&str, Span> = IndexMap::new();
    for job in services.iter().flat_map(|service| &service.jobs) {
        if let Some(first) = seen.get(job.name.as_str()) {
            let message = format!("two scrape jobs are called `{}`", job.name.value);
            let diagnostic = Diagnostic::new(&DUPLICATE_JOB, job.name.span, message).also(*first, "first here");
            resolver.report(diagnostic.help("give one of them another name with `job:`"));
        } else {
            seen.insert(job.name.as_str(), job.name.span);
        }
    }
}

/// Alerts of two services may have one name: the label `service` tells them apart.
fn unique_alerts(services: &[Service], resolver: &mut Resolver) {
    let mut seen: IndexMap<(&str, &str), Span> = IndexMap::new();
    for threshold in services.iter().flat_map(|service| &service.thresholds) {
        let key = (threshold.service.as_str(), threshold.name.as_str());
        if let Some(first) = seen.get(&key) {
            let message = format!("two alerts of `{}` are called `{}`", threshold.service, threshold.name.value);
            let diagnostic = Diagnostic::new(&DUPLICATE_ALERT, threshold.name.span, message).also(*first, "first here");
            resolver.report(diagnostic.note("they would be routed, silenced and linked as one"));
        } else {
            seen.insert(key, threshold.name.span);
        }
    }
}
