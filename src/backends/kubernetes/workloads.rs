//! Autoscalers, and patches with the part of a workload that is known here.

use super::lower::{File, metadata};
use super::objects::{Metadata, Object, PatchFile, PatchTarget, Spec, number};
use super::workload::{
    Autoscaler, Behavior, Check, Container, Exec, HttpGet, Metric, Patch, PodSpec, Port, Resource, ScaleDown, Scaled,
    Socket, Target, Template,
};
use crate::model::{
    Asks, Autoscale, ClusterLabels, HealthCheck, Job, JobOrigin, Kubernetes, Platform, Service, Workload, WorkloadKind,
};

/// Folder of the patches and of the component that names them.
pub(super) const FOLDER: &str = "workloads/";

/// The workload as Kubernetes knows it.
pub(super) fn scaled(workload: &Workload) -> Scaled {
    Scaled { api_version: "apps/v1", kind: kind(workload), name: workload.name.value.clone() }
}

fn kind(workload: &Workload) -> &'static str {
    match workload.kind {
        WorkloadKind::Deployment => "Deployment",
        WorkloadKind::StatefulSet => "StatefulSet",
        WorkloadKind::DaemonSet => "DaemonSet",
    }
}

/// Every service that runs as a workload.
pub(super) fn running(platform: &Platform) -> impl Iterator<Item = (&Service, &Workload)> {
    platform.services.iter().filter_map(|service| service.workload.as_ref().map(|workload| (service, workload)))
}

/// An autoscaler for each workload that is to have one. A workload that is rolled out is scaled through its Rollout.
pub(super) fn autoscalers(platform: &Platform, cluster: &Kubernetes) -> Vec<Object> {
    let object = |workload: &Workload, autoscale: &Autoscale| {
        let mut target = scaled(workload);
        if workload.rollout.is_some() {
            (target.api_version, target.kind) = ("argoproj.io/v1alpha1", "Rollout");
        }
        let metric = |name: &'static str, percent: Option<u64>| {
            let target = |percent| Target { r#type: "Utilization", average_utilization: percent };
            percent.map(|percent| Metric { r#type: "Resource", resource: Resource { name, target: target(percent) } })
        };
        let down = |seconds| Behavior { scale_down: ScaleDown { stabilization_window_seconds: seconds } };
        Object {
            api_version: "autoscaling/v2",
            kind: "HorizontalPodAutoscaler",
            metadata: metadata(platform, cluster, &workload.name.value, &ClusterLabels::new()),
            spec: Some(Spec::Autoscaler(Autoscaler {
                scale_target_ref: target,
                min_replicas: autoscale.min,
                max_replicas: autoscale.max,
                metrics: [metric("cpu", autoscale.cpu), metric("memory", autoscale.memory)]
                    .into_iter()
                    .flatten()
                    .collect(),
                behavior: autoscale.calm.map(down),
            })),
            ..Object::default()
        }
    };
    let scaled = running(platform).filter_map(|(_, workload)| Some((workload, workload.autoscale.as_ref()?)));
    scaled.map(|(workload, autoscale)| object(workload, autoscale)).collect()
}

/// A patch for each workload that has something to be laid over it.
pub(super) fn patches(platform: &Platform, cluster: &Kubernetes) -> Vec<(File, PatchFile)> {
    let patch = |(service, workload): (&Service, &Workload)| {
        let file = format!("{}.yaml", workload.name.value);
        let object = Object {
            api_version: "apps/v1",
            kind: kind(workload),
            metadata: Metadata {
                name: workload.name.value.clone(),
                namespace: Some(cluster.namespace.clone()),
                ..Metadata::default()
            },
            spec: Some(Spec::Patch(Box::new(Patch { template: template(service, workload)? }))),
            ..Object::default()
        };
        let target = PatchTarget { kind: kind(workload), name: workload.name.value.clone() };
        Some((File { path: format!("{FOLDER}{file}"), objects: vec![object] }, PatchFile { path: file, target }))
    };
    running(platform).filter_map(patch).collect()
}

fn template(service: &Service, workload: &Workload) -> Option<Template> {
    let health = &workload.health;
    let container = Container {
        name: workload.container.clone(),
        ports: workload.port.map(|port| Port { container_port: port, protocol: "TCP" }).into_iter().collect(),
        liveness_probe: health.liveness.as_ref().map(check),
        readiness_probe: health.readiness.as_ref().map(check),
        startup_probe: health.startup.as_ref().map(check),
        ..Container::default()
    };
    let says_something = container != Container { name: container.name.clone(), ..Container::default() };
    let annotations = annotations(service);
    let metadata = Metadata { annotations, labels: workload.labels.clone(), ..Metadata::default() };
    let wanted = says_something || !metadata.annotations.is_empty();
    wanted.then(|| Template {
        metadata: Some(metadata),
        spec: says_something.then(|| PodSpec { containers: vec![container], ..PodSpec::default() }),
    })
}

/// What a Prometheus that finds pods by itself reads of them.
fn annotations(service: &Service) -> ClusterLabels {
    let Some(job) = service.jobs.iter().find(|job| job.from == JobOrigin::Scrape && job.discovery.is_some()) else {
        return ClusterLabels::new();
    };
    let port = |job: &Job| job.discovery.as_ref().and_then(|discovery| discovery.port).map(|port| port.to_string());
    let named = |name: &str, value: String| (format!("prometheus.io/{name}"), value);
    let mut annotations = ClusterLabels::from([named("scrape", "true".to_owned())]);
    annotations.extend(port(job).map(|port| named("port", port)));
    annotations.extend([named("path", job.path.clone())]);
    annotations.extend((job.scheme != "http").then(|| named("scheme", job.scheme.clone())));
    annotations
}

fn check(check: &HealthCheck) -> Check {
    let empty = Check {
        initial_delay_seconds: check.delay,
        period_seconds: check.period,
        timeout_seconds: check.timeout,
        failure_threshold: check.failures,
        success_threshold: check.successes,
        ..Check::default()
    };
    match &check.asks {
        Asks::Path { path, port } => {
            Check { http_get: Some(HttpGet { path: path.clone(), port: number(*port) }), ..empty }
        }
        Asks::Command(command) => Check { exec: Some(Exec { command: command.clone() }), ..empty },
        Asks::Port(port) => Check { tcp_socket: Some(Socket { port: number(*port) }), ..empty },
    }
}
