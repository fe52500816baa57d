//! From the platform to prometheus.yml: everything but the jobs of services.

use indexmap::IndexMap;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use super::config::{
    Alerting, AlertmanagerConfig, Config, Global, Retention, ScrapeEntry, StaticConfig, Storage, TlsConfig, Tsdb,
};
use super::lower_jobs;
use super::problems::{JOB_NAME_TAKEN, UNNAMED_JOB};
use crate::backends::compose::tls;
use crate::conventions::{ALERTMANAGER_ADDRESS, RULES_GLOB};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{Platform, Retention as Kept};
use crate::quantity::Duration;
use crate::source::Span;

/// Prometheus' own default, which suits every interval of ten seconds and more.
const USUAL_TIMEOUT: Duration = Duration::seconds(10);

/// The whole file.
pub(super) fn config(platform: &Platform, diagnostics: &mut Diagnostics) -> Config {
    let scrape_configs = scrape_configs(platform, diagnostics);
    if scrape_configs.is_empty() {
        return Config::default();
    }
    Config {
        global: Global {
            scrape_interval: platform.scrape_interval.to_string(),
            scrape_timeout: global_timeout(platform).to_string(),
            evaluation_interval: platform.evaluation_interval.to_string(),
            external_labels: external_labels(platform),
        },
        storage: storage(platform),
        alerting: alerting(platform),
        rule_files: vec![RULES_GLOB.to_owned()],
        scrape_configs,
        remote_write: platform.stack.remote_write.iter().map(|raw| raw.value.clone()).collect(),
    }
}

/// How long a scrape may take unless its job says otherwise.
pub(super) fn global_timeout(platform: &Platform) -> Duration {
    USUAL_TIMEOUT.min(platform.scrape_interval.value)
}

/// Prometheus 3 fills `${VAR}` into external labels and reads `$$` as `$`; earlier versions take them as they are.
fn external_labels(platform: &Platform) -> IndexMap<String, String> {
    let expands = platform.stack.prometheus_version >= (3, 0);
    let literal = |value: &String| if expands { value.replace('$', "$$") } else { value.clone() };
    platform.labels.iter().map(|(label, value)| (label.clone(), literal(value))).collect()
}

/// Whether prometheus.yml says how long samples are kept. Before 3.8 retention is a flag, which whoever starts
/// Prometheus has to give; the file knows no variables, so that one that is chosen at the start is a flag, too.
pub fn says_retention(platform: &Platform) -> bool {
    platform.stack.prometheus_version >= (3, 8) && platform.retention.variable.is_none()
}

fn storage(platform: &Platform) -> Option<Storage> {
    let Kept { local, size, .. } = &platform.retention;
    let retention = Retention {
        time: local.to_string(),
        size: size.as_ref().and_then(|size| size.value.value.to_u64()).map(size_text),
    };
    says_retention(platform).then_some(Storage { tsdb: Tsdb { retention } })
}

/// A size in the largest unit that leaves no fraction: Prometheus' units are powers of two.
pub(super) fn size_text(bytes: u64) -> String {
    let units = [("EB", 60), ("PB", 50), ("TB", 40), ("GB", 30), ("MB", 20), ("KB", 10), ("B", 0)];
    let fits = units.iter().find(|(_, shift)| bytes > 0 && bytes.trailing_zeros() >= *shift);
    fits.map_or_else(|| format!("{bytes}B"), |(unit, shift)| format!("{}{unit}", bytes >> shift))
}

/// Without severities and channels there is no Alertmanager to tell. The stack's own is known by its
/// name; one that runs elsewhere by the address people reach it at.
fn alerting(platform: &Platform) -> Option<Alerting> {
    if platform.channels.is_empty() && platform.severities.is_empty() {
        return None;
    }
    let elsewhere = match (platform.stack.runs_together(), &platform.stack.alertmanager_url) {
        (false, Some(url)) => alertmanager_at(url),
        _ => None,
    };
    let alertmanager = elsewhere.unwrap_or_else(|| {
        let tls_config = trusted(platform, ALERTMANAGER_ADDRESS);
        AlertmanagerConfig {
            scheme: tls_config.is_some().then(|| "https".to_owned()),
            tls_config,
            static_configs: vec![targets(ALERTMANAGER_ADDRESS)],
            ..AlertmanagerConfig::default()
        }
    });
    Some(Alerting { alertmanagers: vec![alertmanager] })
}

/// Whom to trust at an address of the stack, if what is there speaks TLS.
pub(super) fn trusted(platform: &Platform, address: &str) -> Option<TlsConfig> {
    let host = address.split(':').next().unwrap_or(address);
    let ca_file = tls::authority(platform).filter(|_| tls::speaks(platform, host))?;
    Some(TlsConfig { ca_file })
}

fn alertmanager_at(url: &str) -> Option<AlertmanagerConfig> {
    let (scheme, rest) = url.split_once("://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let port = if scheme == "https" { 443 } else { 80 };
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port { host.to_owned() } else { format!("{host}:{port}") };
    let prefix = path.trim_end_matches('/');
    Some(AlertmanagerConfig {
        scheme: (scheme != "http").then(|| scheme.to_owned()),
        path_prefix: (!prefix.is_empty()).then(|| format!("/{prefix}")),
        static_configs: vec![targets(&address)],
        ..AlertmanagerConfig::default()
    })
}

fn targets(address: &str) -> StaticConfig {
    StaticConfig { targets: vec![address.to_owned()], ..StaticConfig::default() }
}

/// Jobs and probes service by service, then what was written in Prometheus' own words.
fn scrape_configs(platform: &Platform, diagnostics: &mut Diagnostics) -> Vec<ScrapeEntry> {
    let mut taken: IndexMap<String, Span> = IndexMap::new();
    let mut entries = Vec::new();
    for service in &platform.services {
        for (job, span) in lower_jobs::of_service(platform, service, diagnostics) {
            if is_new(&mut taken, &job.job_name, span, diagnostics) {
                entries.push(ScrapeEntry::Typed(Box::new(job)));
            }
        }
    }
    for raw in &platform.stack.scrape_configs {
        let Some(name) = raw.value.get("job_name").and_then(Value::as_str) else {
            let diagnostic =
                Diagnostic::new(&UNNAMED_JOB, raw.node.span, "this scrape configuration has no `job_name`");
            diagnostics.push(diagnostic.note("Prometheus would not start").help("add `job_name:`"));
            continue;
        };
        if is_new(&mut taken, name, raw.node.span, diagnostics) {
            entries.push(ScrapeEntry::Raw(raw.value.clone()));
        }
    }
    entries
}

fn is_new(taken: &mut IndexMap<String, Span>, name: &str, span: Span, diagnostics: &mut Diagnostics) -> bool {
    let Some(first) = taken.get(name).copied() else {
        taken.insert(name.to_owned(), span);
        return true;
    };
    let message = format!("the job `{name}` is there already");
    let diagnostic = Diagnostic::new(&JOB_NAME_TAKEN, span, message)
        .also(first, "first here")
        .note("Prometheus takes no two jobs of one name, and would not start")
        .help("give one of them another name: `job:` in the spec, `job_name:` in a raw scrape configuration");
    diagnostics.push(diagnostic);
    false
}
