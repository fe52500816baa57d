//! Jobs and probes for the Prometheus operator: the same as in prometheus.yml, with the same labels.

use indexmap::IndexMap;

use super::lower::metadata;
use super::monitoring::{
    Endpoint, Monitor, NamespaceSelector, Probe, ProbeStatic, ProbeTargets, Prober, Relabeling, Scrape, StaticTargets,
};
use super::objects::{LabelSelector, Object, Spec};
use crate::backends::prometheus;
use crate::conventions::cluster_name;
use crate::model::{ClusterLabels, Job, JobOrigin, Kubernetes, MonitorKind, Platform, Service};

const OPERATOR: &str = "monitoring.coreos.com/v1";

/// A monitor for each job: of a workload by its labels, of anything else by its addresses.
pub(super) fn jobs(platform: &Platform, cluster: &Kubernetes) -> Vec<Object> {
    let monitor = |(service, job): (&Service, &Job)| {
        let workload = service.workload.as_ref().filter(|_| job.from == JobOrigin::Scrape);
        let found = match (workload, &job.discovery) {
            (Some(workload), _) => Some((&workload.labels, workload.port, workload.monitor == MonitorKind::Pod)),
            (None, Some(discovery)) => Some((&discovery.labels, discovery.port, true)),
            (None, None) => None,
        };
        let (api_version, kind, spec) = match found {
            Some((labels, port, pods)) => {
                let kind = if pods { "PodMonitor" } else { "ServiceMonitor" };
                let monitor = of_labels(platform, cluster, service, job, (labels, port, pods));
                (OPERATOR, kind, Spec::Monitor(Box::new(monitor)))
            }
            None => {
                let scrape = of_addresses(platform, cluster, service, job);
                ("monitoring.coreos.com/v1alpha1", "ScrapeConfig", Spec::Scrape(Box::new(scrape)))
            }
        };
        let name = cluster_name(&format!("{}-{}", platform.name.value, job.name.value));
        let metadata = metadata(platform, cluster, &name, &cluster.labels);
        Object { api_version, kind, metadata, spec: Some(spec), ..Object::default() }
    };
    platform.jobs().map(monitor).collect()
}

/// A monitor of what has these labels and listens on this port: of pods, or of the Service before them.
fn of_labels(
    platform: &Platform,
    cluster: &Kubernetes,
    service: &Service,
    job: &Job,
    (labels, port, pods): (&ClusterLabels, Option<u16>, bool),
) -> Monitor {
    let port = port_of(job).or(port);
    let endpoint = Endpoint {
        target_port: port.filter(|_| !pods),
        port_number: port.filter(|_| pods),
        path: job.path.clone(),
        scheme: (job.scheme != "http").then(|| job.scheme.clone()),
        interval: job.interval.to_string(),
        scrape_timeout: job.timeout.to_string(),
        relabelings: labelled(service, &job.name.value),
        metric_relabelings: dropping(job),
    };
    let (services, found) = if pods { (Vec::new(), vec![endpoint]) } else { (vec![endpoint], Vec::new()) };
    Monitor {
        selector: LabelSelector { match_labels: labels.clone() },
        namespace_selector: NamespaceSelector { match_names: vec![cluster.namespace.clone()] },
        sample_limit: job.sample_limit,
        fallback_scrape_protocol: prometheus::fallback_protocol(platform, job),
        scrape_native_histograms: prometheus::has_native_histograms(service, job).then_some(true),
        endpoints: services,
        pod_metrics_endpoints: found,
    }
}

/// The port that a job asks: of the discovery, or of its first address.
fn port_of(job: &Job) -> Option<u16> {
    let discovered = job.discovery.as_ref().and_then(|discovery| discovery.port);
    let first = || job.targets.first()?.rsplit_once(':')?.1.parse().ok();
    discovered.or_else(first)
}

/// The operator names jobs after Services; rules ask for the jobs of the platform. What it sets is set again.
fn labelled(service: &Service, job: &str) -> Vec<Relabeling> {
    let name = ("job".to_owned(), job.to_owned());
    let labels = std::iter::once(name).chain(prometheus::target_labels(service));
    let set = |(label, value): (String, String)| Relabeling {
        target_label: Some(label),
        replacement: Some(value.replace('$', "$$")),
        action: Some("replace"),
        ..Relabeling::default()
    };
    labels.map(set).collect()
}

fn dropping(job: &Job) -> Vec<Relabeling> {
    prometheus::dropping(job).into_iter().map(Relabeling::from).collect()
}

fn of_addresses(platform: &Platform, cluster: &Kubernetes, service: &Service, job: &Job) -> Scrape {
    Scrape {
        job_name: job.name.value.clone(),
        static_configs: vec![StaticTargets {
            targets: job.targets.iter().map(|target| in_cluster(target, cluster)).collect(),
            labels: prometheus::target_labels(service),
        }],
        metrics_path: job.path.clone(),
        scheme: (job.scheme != "http").then(|| job.scheme.to_uppercase()),
        scrape_interval: job.interval.to_string(),
        scrape_timeout: job.timeout.to_string(),
        sample_limit: job.sample_limit,
        fallback_scrape_protocol: prometheus::fallback_protocol(platform, job),
        scrape_native_histograms: prometheus::has_native_histograms(service, job).then_some(true),
        metric_relabelings: dropping(job),
    }
}

/// A Service's short name means the one of the reader's own namespace, where the operator's Prometheus seldom lives.
fn in_cluster(address: &str, cluster: &Kubernetes) -> String {
    let (scheme, rest) = address.split_once("://").map_or((None, address), |(scheme, rest)| (Some(scheme), rest));
    let end = rest.find([':', '/', '?']).unwrap_or(rest.len());
    let (host, tail) = rest.split_at(end);
    let is_short = !host.is_empty() && !host.contains(['.', '[']) && host != "localhost";
    let host = if is_short { format!("{host}.{}.svc", cluster.namespace) } else { host.to_owned() };
    match scheme {
        Some(scheme) => format!("{scheme}://{host}{tail}"),
        None => format!("{host}{tail}"),
    }
}

/// A Probe for each way in which a service's addresses are probed.
pub(super) fn probes(platform: &Platform, cluster: &Kubernetes) -> Vec<Object> {
    let mut objects = Vec::new();
    for service in &platform.services {
        // What a Probe says holds for all its addresses.
        let mut alike: IndexMap<(String, String, String), Vec<String>> = IndexMap::new();
        for probe in &service.probes {
            let timeout = prometheus::probe_timeout(platform, probe);
            let key = (probe.module.clone(), probe.interval.to_string(), timeout.to_string());
            alike.entry(key).or_default().push(in_cluster(&probe.target.value, cluster));
        }
        let Some(job) = service.probes.first().map(|probe| &probe.job) else { continue };
        for (index, ((module, interval, timeout), addresses)) in alike.into_iter().enumerate() {
            let number = if index == 0 { String::new() } else { format!("-{}", index + 1) };
            let name = cluster_name(&format!("{}-{job}{number}", platform.name.value));
            let probe = Probe {
                job_name: job.clone(),
                interval,
                scrape_timeout: timeout,
                module,
                prober: Prober { url: cluster.blackbox.clone() },
                targets: ProbeTargets {
                    static_config: ProbeStatic { r#static: addresses, labels: prometheus::target_labels(service) },
                },
            };
            objects.push(Object {
                api_version: OPERATOR,
                kind: "Probe",
                metadata: metadata(platform, cluster, &name, &cluster.labels),
                spec: Some(Spec::Probe(Box::new(probe))),
                ..Object::default()
            });
        }
    }
    objects
}
