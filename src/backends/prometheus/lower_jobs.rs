//! The scrape configurations of one service: its jobs, and its probes through the blackbox exporter.

use indexmap::IndexMap;

use super::config::{RelabelConfig, ScrapeConfig, StaticConfig, TlsConfig};
use super::discovery;
use super::lower::{global_timeout, trusted};
use super::problems::TIMEOUT_BEYOND_INTERVAL;
use crate::backends::compose::tls;
use crate::conventions::BLACKBOX_ADDRESS;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{Job, JobOrigin, Platform, Probe, Service};
use crate::promql::{MatchOp, Selector};
use crate::quantity::Duration;
use crate::source::Span;

/// What an application that names no content type most likely speaks.
const FALLBACK_PROTOCOL: &str = "PrometheusText0.0.4";

/// The blackbox exporter stops half a second before the scrape does; a whole one leaves it room.
const PROBE_MARGIN: Duration = Duration::seconds(1);

/// How long Prometheus waits for a probe: as long as the probe may take and a margin, at most until the next one.
pub fn probe_timeout(platform: &Platform, probe: &Probe) -> Duration {
    let enough = probe.timeout.plus(PROBE_MARGIN).max(global_timeout(platform));
    enough.min(probe.interval.value)
}

/// Each scrape configuration with the place that its name comes from.
pub(super) fn of_service(
    platform: &Platform,
    service: &Service,
    diagnostics: &mut Diagnostics,
) -> Vec<(ScrapeConfig, Span)> {
    let mut configs = Vec::new();
    for job in &service.jobs {
        check_timeout(&job.name.value, job.interval.value, job.timeout, job.interval.span, diagnostics);
        configs.push((scrape(platform, service, job), job.name.span));
    }
    let mut by_job: IndexMap<&str, Vec<&Probe>> = IndexMap::new();
    for probe in &service.probes {
        check_timeout(&probe.target.value, probe.interval.value, probe.timeout, probe.target.span, diagnostics);
        by_job.entry(&probe.job).or_default().push(probe);
    }
    for (job, probes) in by_job {
        if let Some(first) = probes.first() {
            configs.push((probe_job(platform, service, job, first, &probes), first.target.span));
        }
    }
    configs
}

fn check_timeout(name: &str, interval: Duration, timeout: Duration, span: Span, diagnostics: &mut Diagnostics) {
    if timeout <= interval {
        return;
    }
    let message = format!("`{name}` may take {timeout}, but is due every {interval}");
    let diagnostic = Diagnostic::new(&TIMEOUT_BEYOND_INTERVAL, span, message)
        .note("Prometheus refuses the whole configuration: nothing would be watched")
        .help("make the interval at least as long as the timeout");
    diagnostics.push(diagnostic);
}

fn scrape(platform: &Platform, service: &Service, job: &Job) -> ScrapeConfig {
    let version = platform.stack.prometheus_version;
    let own = job.targets.first().and_then(|target| trusted(platform, target));
    let (scheme, tls_config) = match own {
        Some(trusted) => (Some("https".to_owned()), Some(trusted)),
        // A service that speaks TLS beside the stack's components has its certificate from where they have theirs.
        None if job.scheme == "https" => {
            (Some(job.scheme.clone()), tls::authority(platform).map(|ca_file| TlsConfig { ca_file }))
        }
        None => (Some(job.scheme.clone()), None),
    };
    ScrapeConfig {
        job_name: job.name.value.clone(),
        scrape_interval: unless_global(platform, job.interval.value),
        scrape_timeout: unless_assumed(platform, job.interval.value, job.timeout),
        fallback_scrape_protocol: fallback_protocol(platform, job),
        // Earlier versions take a feature flag.
        scrape_native_histograms: (has_native_histograms(service, job) && version >= (3, 8)).then_some(true),
        metrics_path: (job.path != "/metrics").then(|| job.path.clone()),
        scheme: scheme.filter(|scheme| scheme != "http"),
        tls_config,
        sample_limit: job.sample_limit,
        static_configs: match &job.discovery {
            Some(_) => Vec::new(),
            None => vec![StaticConfig { targets: job.targets.clone(), labels: target_labels(service) }],
        },
        kubernetes_sd_configs: job.discovery.iter().map(discovery::pods).collect(),
        relabel_configs: match &job.discovery {
            Some(discovery) => discovery::annotated(discovery, &target_labels(service)),
            None => Vec::new(),
        },
        metric_relabel_configs: dropping(job),
        ..ScrapeConfig::default()
    }
}

/// Exporters and components say what they answer; an application may not, and 3.0 and later then fail the scrape.
pub fn fallback_protocol(platform: &Platform, job: &Job) -> Option<&'static str> {
    (job.from == JobOrigin::Scrape && platform.stack.prometheus_version >= (3, 0)).then_some(FALLBACK_PROTOCOL)
}

/// Whether a job brings native histograms.
pub fn has_native_histograms(service: &Service, job: &Job) -> bool {
    service.metrics.values().any(|metric| metric.native && metric.job == job.name.value)
}

/// A step for each kind of series that a job drops.
pub fn dropping(job: &Job) -> Vec<RelabelConfig> {
    let step = |selector: &Selector| {
        let name = selector.metric.iter().map(|name| ("__name__".to_owned(), regex_syntax::escape(name)));
        let matchers = selector.matchers.iter().map(|matcher| {
            let pattern = match matcher.op {
                MatchOp::Regex | MatchOp::NotRegex => format!("(?:{})", matcher.value),
                MatchOp::Equal => regex_syntax::escape(&matcher.value),
                // Only with an empty value: the label is there.
                MatchOp::NotEqual => ".+".to_owned(),
            };
            (matcher.label.to_string(), pattern)
        });
        let (source_labels, patterns): (Vec<String>, Vec<String>) = name.chain(matchers).unzip();
        RelabelConfig {
            source_labels,
            regex: Some(patterns.join(";")),
            action: Some("drop"),
            ..RelabelConfig::default()
        }
    };
    job.drop.iter().map(|selector| step(&selector.value)).collect()
}

/// `service`, then the service's own labels.
pub fn target_labels(service: &Service) -> IndexMap<String, String> {
    let name = ("service".to_owned(), service.name.value.clone());
    let own = service.labels.iter().map(|(label, value)| (label.clone(), value.clone()));
    std::iter::once(name).chain(own).collect()
}

fn unless_global(platform: &Platform, interval: Duration) -> Option<String> {
    (interval != platform.scrape_interval.value).then(|| interval.to_string())
}

/// A job without a timeout gets the global one, or its interval if that is shorter.
fn unless_assumed(platform: &Platform, interval: Duration, timeout: Duration) -> Option<String> {
    (timeout != global_timeout(platform).min(interval)).then(|| timeout.to_string())
}

/// One job for all probes of a service. What the probes do not share goes through target labels that
/// Prometheus reads as settings of the one target.
fn probe_job(platform: &Platform, service: &Service, job: &str, first: &Probe, probes: &[&Probe]) -> ScrapeConfig {
    let timeout = |probe: &Probe| probe_timeout(platform, probe);
    let mut groups: IndexMap<Vec<(String, String)>, Vec<String>> = IndexMap::new();
    for probe in probes {
        let mut settings = Vec::new();
        let mut set = |label: &str, differs: bool, value: String| {
            if differs {
                settings.push((label.to_owned(), value));
            }
        };
        set("__param_module", probe.module != first.module, probe.module.clone());
        set("__scrape_interval__", probe.interval != first.interval, probe.interval.to_string());
        set("__scrape_timeout__", timeout(probe) != timeout(first), timeout(probe).to_string());
        groups.entry(settings).or_default().push(probe.target.value.clone());
    }
    let group = |(settings, targets): (Vec<(String, String)>, Vec<String>)| StaticConfig {
        targets,
        labels: target_labels(service).into_iter().chain(settings).collect(),
    };
    let through = trusted(platform, BLACKBOX_ADDRESS);
    ScrapeConfig {
        job_name: job.to_owned(),
        params: IndexMap::from([("module".to_owned(), vec![first.module.clone()])]),
        scrape_interval: unless_global(platform, first.interval.value),
        scrape_timeout: unless_assumed(platform, first.interval.value, timeout(first)),
        metrics_path: Some("/probe".to_owned()),
        scheme: through.is_some().then(|| "https".to_owned()),
        tls_config: through,
        static_configs: groups.into_iter().map(group).collect(),
        relabel_configs: through_blackbox(),
        ..ScrapeConfig::default()
    }
}

/// The address becomes a parameter and the instance; what is called is the exporter.
fn through_blackbox() -> Vec<RelabelConfig> {
    let step = |from: &str, to: &str| RelabelConfig {
        source_labels: vec![from.to_owned()],
        target_label: Some(to.to_owned()),
        ..RelabelConfig::default()
    };
    vec![
        step("__address__", "__param_target"),
        step("__param_target", "instance"),
        RelabelConfig {
            target_label: Some("__address__".to_owned()),
            replacement: Some(BLACKBOX_ADDRESS.to_owned()),
            ..RelabelConfig::default()
        },
    ]
}
