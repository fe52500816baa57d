//! From the platform's probes to modules.

use indexmap::IndexMap;

use super::config::{Config, Http, Module, Network};
use crate::model::{Platform, Probe, ProbeKind};
use crate::quantity::Duration;

/// The exporter prefers IPv6, which a container network seldom has; it still falls back to it.
const PROTOCOL: &str = "ip4";

/// A module for each name that probes ask for, in the order of the probes.
pub(super) fn config(platform: &Platform) -> Config {
    let probes = || platform.services.iter().flat_map(|service| &service.probes);
    let mut modules: IndexMap<String, Module> = IndexMap::new();
    for probe in probes() {
        // Plain probes share a module; Prometheus' own timeout cuts short those that must be quicker.
        let sharing = probes().filter(|other| other.module == probe.module);
        let timeout = sharing.map(|other| other.timeout).max().unwrap_or(probe.timeout);
        modules.entry(probe.module.clone()).or_insert_with(|| module(probe, timeout));
    }
    Config { modules }
}

fn module(probe: &Probe, timeout: Duration) -> Module {
    let network = Network { preferred_ip_protocol: PROTOCOL };
    let http = Http {
        valid_status_codes: probe.status.clone(),
        fail_if_body_not_matches_regexp: probe.body.iter().cloned().collect(),
        preferred_ip_protocol: PROTOCOL,
    };
    let plain = Module { prober: probe.kind.word(), timeout: timeout.to_string(), http: None, tcp: None, icmp: None };
    match probe.kind {
        ProbeKind::Http => Module { http: Some(http), ..plain },
        ProbeKind::Tcp => Module { tcp: Some(network), ..plain },
        ProbeKind::Icmp => Module { icmp: Some(network), ..plain },
    }
}
