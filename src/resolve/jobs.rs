//! How a service's metrics reach Prometheus: its own endpoint, exporters, probes.

use super::Resolver;
use super::kubernetes;
use super::problems::{BAD_TARGET, UNREACHABLE_METRICS};
use super::services::{PackUse, Surroundings};
use crate::diagnostics::Diagnostic;
use crate::model::{Exporter, Job, JobOrigin, Probe, ProbeKind};
use crate::packs::components;
use crate::quantity::Duration;
use crate::source::Spanned;
use crate::spec::service as written;

/// Longest time a scrape takes unless the spec says more: Prometheus' own default.
const SCRAPE_TIMEOUT: Duration = Duration::seconds(10);
/// Longest time a probe takes unless the spec says more: less than any usual scrape interval.
const PROBE_TIMEOUT: Duration = Duration::seconds(5);

/// A service's ways to Prometheus.
#[derive(Debug, Default)]
pub(super) struct Reached {
    pub(super) jobs: Vec<Job>,
    pub(super) exporters: Vec<Exporter>,
    pub(super) probes: Vec<Probe>,
    /// Job of the service's own endpoint.
    pub(super) own: Option<String>,
    /// Job by pack.
    pub(super) by_pack: Vec<(String, String)>,
}

impl Reached {
    /// The job that brings a pack's metrics.
    pub(super) fn job_of(&self, pack: &str) -> Option<&str> {
        self.by_pack.iter().find(|(name, _)| name == pack).map(|(_, job)| job.as_str())
    }

    /// The job that brings metrics the service declares itself.
    pub(super) fn default_job(&self) -> Option<&str> {
        self.own.as_deref().or_else(|| self.jobs.first().map(|job| job.name.as_str()))
    }
}

/// Jobs, exporters and probes of one service.
pub(super) fn resolve(around: &Surroundings, resolver: &mut Resolver) -> Reached {
    let mut reached = Reached::default();
    if let Some(scrape) = &around.written.scrape {
        let job = own_job(around, scrape, resolver);
        reached.own = Some(job.name.value.clone());
        reached.jobs.push(job);
    }
    reached.probes = probes(around, resolver);
    let probe_job = reached.probes.first().map(|probe| probe.job.clone());
    for used in around.uses {
        let pack = used.pack.pack.to_string();
        let job = if let Some(exporter) = &used.pack.exporter {
            let (job, run) = exporter_job(around, used, exporter, reached.jobs.is_empty(), resolver);
            let name = job.name.value.clone();
            reached.exporters.extend(run);
            reached.jobs.push(job);
            Some(name)
        } else if used.pack.probes == Some(true) {
            probe_job.clone()
        } else {
            reached.own.clone()
        };
        match job {
            Some(job) => reached.by_pack.push((pack, job)),
            None if !used.pack.metrics.entries.is_empty() => {
                let (lacks, help) = if used.pack.probes == Some(true) {
                    ("`probe`", "add `probe: /health`")
                } else {
                    ("`scrape`", "add `scrape: {port: ...}`")
                };
                let message = format!("the metrics of `{pack}` cannot be reached: the service has no {lacks}");
                resolver.report(Diagnostic::new(&UNREACHABLE_METRICS, used.span, message).help(help));
            }
            None => {}
        }
    }
    reached
}

fn timeout(given: Option<Spanned<Duration>>, usual: Duration, interval: Duration) -> Duration {
    given.map_or(usual.min(interval), |given| given.value)
}

fn own_job(around: &Surroundings, scrape: &written::Scrape, resolver: &mut Resolver) -> Job {
    let service = around.name.as_str();
    let interval = scrape.interval.unwrap_or(resolver.scrape);
    if let (Some(discover), Some(targets)) = (&scrape.discover, scrape.targets.iter().flatten().next()) {
        let message = "targets are found, and also named";
        let diagnostic = Diagnostic::new(&BAD_TARGET, discover.span, message).also(targets.span, "named here");
        resolver.report(diagnostic.help("keep `discover` or `targets`, not both"));
    }
    let discovery = kubernetes::discovery(around, scrape, resolver);
    let targets = match (&scrape.targets, &scrape.port) {
        (None, _) if discovery.is_some() => Vec::new(),
        (Some(targets), _) => checked_targets(targets, resolver),
        (None, Some(port)) => vec![format!("{service}:{}", port.value)],
        (None, None) => {
            let message = format!("`{service}` is scraped, but at which port?");
            let diagnostic = Diagnostic::new(&BAD_TARGET, scrape.span.0, message);
            resolver.report(diagnostic.help("add `port:`, or `targets:` with whole addresses"));
            Vec::new()
        }
    };
    let name = scrape.job.as_ref().unwrap_or(around.name);
    let from = if components::component(service).is_some() {
        JobOrigin::Component(service.to_owned())
    } else {
        JobOrigin::Scrape
    };
    Job {
        name: super::text(name),
        from,
        targets,
        discovery,
        drop: kubernetes::dropped(scrape, resolver),
        path: scrape.path.as_ref().map_or("/metrics", |path| path.value.as_str()).to_owned(),
        scheme: scrape.scheme.as_ref().map_or("http", |scheme| scheme.value.as_str()).to_owned(),
        interval,
        timeout: timeout(scrape.timeout, SCRAPE_TIMEOUT, interval.value),
        sample_limit: scrape.sample_limit.map(|limit| limit.value),
    }
}

/// `host:port`, without a scheme: Prometheus refuses anything else.
fn checked_targets(targets: &[Spanned<String>], resolver: &mut Resolver) -> Vec<String> {
    let mut good = Vec::new();
    for target in targets {
        let port = target.rsplit_once(':').and_then(|(host, port)| (!host.is_empty()).then_some(port));
        if target.contains('/') || target.contains(' ') || port.is_none_or(|port| port.parse::<u16>().is_err()) {
            let message = format!("`{}` is no target", target.value);
            let diagnostic = Diagnostic::new(&BAD_TARGET, target.span, message);
            resolver.report(diagnostic.help("targets are `host:port`, without a scheme or a path"));
            continue;
        }
        good.push(target.value.clone());
    }
    good
}

/// The exporter's job, and the exporter itself when the stack is to run it.
fn exporter_job(
    around: &Surroundings,
    used: &PackUse,
    exporter: &crate::spec::pack::PackExporter,
    first: bool,
    resolver: &mut Resolver,
) -> (Job, Option<Exporter>) {
    let service = around.name.as_str();
    let component = exporter.component.as_str();
    let written = around.written.exporter.as_ref();
    let given = written.and_then(|written| written.targets.as_ref());
    // Two services with one technology run two exporters, told apart by the service's name.
    let sharing = resolver.spec.services.iter().filter(|(_, other)| uses_pack(other, used.pack.pack.as_str())).count();
    let host = if sharing > 1 { format!("{service}-{component}") } else { component.to_owned() };
    let port = components::component(component).and_then(|component| component.port).unwrap_or(0);
    let discover = written.and_then(|written| written.discover.as_ref());
    let discovery = discover.map(|_| kubernetes::exporter_discovery(&host, port, resolver));
    let targets = match given {
        Some(targets) => checked_targets(targets, resolver),
        None if discovery.is_some() => Vec::new(),
        None => vec![format!("{host}:{port}")],
    };
    let name = match written.and_then(|written| written.job.as_ref()) {
        Some(job) => super::text(job),
        None if first => super::text(around.name),
        None => Spanned::new(format!("{service}-{}", used.pack.pack.as_str()), used.span),
    };
    let usual = used.pack.interval.unwrap_or(resolver.scrape);
    let interval = written.and_then(|written| written.interval).unwrap_or(usual);
    let run = given.is_none().then(|| Exporter {
        component: component.to_owned(),
        host,
        job: name.value.clone(),
        environment: written.map_or(Vec::new(), |written| pairs(&written.environment)),
        secrets: written.map_or(Vec::new(), |written| pairs(&written.secrets)),
        arguments: {
            let own = written.and_then(|written| written.arguments.as_ref()).into_iter().flatten();
            exporter.arguments.iter().flatten().chain(own).cloned().collect()
        },
        origin: written.map_or(used.span.into(), |written| written.span),
    });
    let job = Job {
        name,
        from: JobOrigin::Exporter(component.to_owned()),
        targets,
        discovery,
        drop: Vec::new(),
        path: "/metrics".to_owned(),
        scheme: "http".to_owned(),
        interval,
        timeout: timeout(None, SCRAPE_TIMEOUT, interval.value),
        sample_limit: None,
    };
    (job, run)
}

fn uses_pack(service: &written::Service, pack: &str) -> bool {
    service.packs.iter().flat_map(|packs| &packs.entries).any(|(name, _)| name.as_str() == pack)
}

fn pairs<V: Clone>(named: &crate::spec::values::Named<crate::spec::values::VariableName, V>) -> Vec<(String, V)> {
    named.iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
}

/// Probes with whole addresses and the names of their modules.
fn probes(around: &Surroundings, resolver: &mut Resolver) -> Vec<Probe> {
    let service = around.name.as_str();
    let mut probes = Vec::new();
    for written in around.written.probe.iter().flat_map(|probes| &probes.0) {
        let (target, detail) = match written {
            written::Probe::Short(target) => (target, None),
            written::Probe::Long(detail) => (&detail.target, Some(detail)),
        };
        let kind = detail.and_then(|detail| detail.kind.as_ref()).map_or(ProbeKind::Http, |kind| kind.value);
        let interval = detail.and_then(|detail| detail.interval).unwrap_or(resolver.scrape);
        let Some(address) = probe_address(around, target, kind, resolver) else { continue };
        let status: Vec<u64> =
            detail.and_then(|detail| detail.status.as_ref()).into_iter().flatten().map(|code| code.value).collect();
        let body = detail.and_then(|detail| detail.body.as_ref()).map(|body| body.value.clone());
        let given = detail.and_then(|detail| detail.timeout);
        let module = module_name(service, kind, !status.is_empty() || body.is_some() || given.is_some(), probes.len());
        probes.push(Probe {
            target: Spanned::new(address, target.span),
            kind,
            job: format!("{service}-probe"),
            module,
            interval,
            timeout: timeout(given, PROBE_TIMEOUT, interval.value),
            status,
            body,
        });
    }
    probes
}

/// Plain probes of one kind share a module; a special one has its own.
fn module_name(service: &str, kind: ProbeKind, special: bool, index: usize) -> String {
    if special { format!("{service}_{}_{}", kind.word(), index + 1).replace('-', "_") } else { kind.word().to_owned() }
}

fn probe_address(
    around: &Surroundings,
    target: &Spanned<String>,
    kind: ProbeKind,
    resolver: &mut Resolver,
) -> Option<String> {
    if kind != ProbeKind::Http || target.starts_with("http://") || target.starts_with("https://") {
        return Some(target.value.clone());
    }
    let scrape = around.written.scrape.as_ref();
    let port = scrape.and_then(|scrape| scrape.port.as_ref());
    match (target.starts_with('/'), port) {
        (true, Some(port)) => {
            let scheme =
                scrape.and_then(|scrape| scrape.scheme.as_ref()).map_or("http", |scheme| scheme.value.as_str());
            Some(format!("{scheme}://{}:{}{}", around.name.as_str(), port.value, target.value))
        }
        (is_path, _) => {
            let message = if is_path {
                format!("the path `{}` is of which host and port?", target.value)
            } else {
                format!("`{}` is no address to probe", target.value)
            };
            let diagnostic = Diagnostic::new(&BAD_TARGET, target.span, message);
            resolver.report(
                diagnostic.help("write a whole URL, or a path (`/health`) of a service that has `scrape: {port: ...}`"),
            );
            None
        }
    }
}
