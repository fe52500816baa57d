//! From containers of compose to pods: those that share a volume are one pod.

use super::super::access;
use super::super::objects::{LabelSelector, Metadata, Object, ServicePort, ServiceSpec, Spec, number};
use super::super::run::{
    Capabilities, Claim, ClaimSpec, ContainerSecurity, EmptyDir, EnvVar, HostPath, KeyPath, KeyRef,
    Mount as VolumeMount, PodSecurity, Requests, Resources, Run, SecretSource, Storage, Sysctl, ValueFrom, Volume,
};
use super::super::workload::{Check, Container, HttpGet, PodSpec, Port, Template};
use super::Around;
use crate::backends::compose::{self, Running};
use crate::conventions::{SECRETS_FOLDER, cluster_name};
use crate::model::{ClusterLabels, Platform};
use rust_decimal::prelude::ToPrimitive;

/// What a volume gets unless the spec says how much disk it may take.
const USUAL_DISK: u64 = 10 << 30;

/// Containers that share a volume, under the name of the one that owns it.
pub(super) struct Pod {
    pub(super) name: String,
    pub(super) members: Vec<String>,
}

/// A mount of a compose service: `source:path[:options]`.
pub(super) struct Mount {
    /// The platform's folder, if it is one.
    pub(super) folder: Option<String>,
    source: String,
    path: String,
    read_only: bool,
    from_host: bool,
}

/// Docker's own socket is in no cluster.
pub(super) fn mounts(service: &compose::Service) -> impl Iterator<Item = Mount> {
    service.volumes.iter().filter(|text| !text.starts_with("/var/run/docker.sock")).filter_map(|text| {
        let mut parts = text.splitn(3, ':');
        let (source, path, options) = (parts.next()?, parts.next()?, parts.next().unwrap_or_default());
        Some(Mount {
            folder: source.strip_prefix("./").map(str::to_owned),
            source: source.to_owned(),
            path: path.to_owned(),
            read_only: options.split(',').any(|option| option == "ro"),
            from_host: source.starts_with('/'),
        })
    })
}

/// The container whose volume this is.
fn owner<'r>(volume: &str, containers: &'r [Running]) -> Option<&'r Running> {
    containers.iter().find(|running| running.table.volume.as_ref().is_some_and(|own| own.name.as_str() == volume))
}

/// Every container in its pod.
pub(super) fn grouped(file: &compose::File, containers: &[Running]) -> Vec<Pod> {
    let mut pods: Vec<Pod> = Vec::new();
    for (name, service) in &file.services {
        let shared = mounts(service).find_map(|mount| owner(&mount.source, containers));
        let pod = shared.map_or(name, |owner| &owner.name);
        match pods.iter_mut().find(|known| known.name == *pod) {
            Some(known) => known.members.push(name.clone()),
            None => pods.push(Pod { name: pod.clone(), members: vec![name.clone()] }),
        }
    }
    pods
}

/// Whether a Prometheus here asks the cluster.
pub(super) fn discovers(platform: &Platform) -> bool {
    platform.jobs().any(|(_, job)| job.discovery.is_some())
}

fn labels(pod: &Pod) -> ClusterLabels {
    ClusterLabels::from([("app".to_owned(), cluster_name(&pod.name))])
}

/// The pod as a StatefulSet where it keeps data, a DaemonSet where it watches its host, a Deployment otherwise.
pub(super) fn object(pod: &Pod, file: &compose::File, around: &Around) -> Object {
    let members: Vec<(&String, &compose::Service)> =
        pod.members.iter().filter_map(|name| Some((name, file.services.get(name)?))).collect();
    let claims: Vec<Claim> = pod.members.iter().filter_map(|name| claim(name, around)).collect();
    let on_host = members.iter().any(|(_, service)| service.pid.is_some());
    let kind = match (claims.is_empty(), on_host) {
        (false, _) => "StatefulSet",
        (true, true) => "DaemonSet",
        (true, false) => "Deployment",
    };
    let name = cluster_name(&pod.name);
    let template = Template {
        metadata: Some(Metadata { labels: labels(pod), annotations: annotations(pod, around), ..Metadata::default() }),
        spec: Some(pod_spec(&members, on_host, around)),
    };
    Object {
        api_version: "apps/v1",
        kind,
        metadata: around.metadata(&name),
        spec: Some(Spec::Run(Box::new(Run {
            replicas: (kind != "DaemonSet").then_some(1),
            service_name: (kind == "StatefulSet").then(|| name.clone()),
            selector: LabelSelector { match_labels: labels(pod) },
            template,
            volume_claim_templates: claims,
        }))),
        ..Object::default()
    }
}

/// An exporter that Prometheus finds by its pods says so.
fn annotations(pod: &Pod, around: &Around) -> ClusterLabels {
    let found = around.platform.jobs().find_map(|(_, job)| {
        let discovery = job.discovery.as_ref()?;
        (discovery.labels == labels(pod)).then_some(discovery.port?)
    });
    let said = found.map(|port| [("scrape", "true".to_owned()), ("port", port.to_string())]);
    said.into_iter().flatten().map(|(name, value)| (format!("prometheus.io/{name}"), value)).collect()
}

fn pod_spec(members: &[(&String, &compose::Service)], on_host: bool, around: &Around) -> PodSpec {
    let mut volumes: Vec<Volume> = Vec::new();
    for volume in members.iter().flat_map(|(name, service)| volumes_of(name, service, around)) {
        if volumes.iter().all(|known| known.name != volume.name) {
            volumes.push(volume);
        }
    }
    // Compose runs some as root because a new volume of docker's is root's. A volume here is the group's.
    let user = members.iter().find_map(|(_, service)| service.user.as_deref()).filter(|user| !user.starts_with("0:"));
    let mut ids = user.unwrap_or_default().split(':').map(|id| id.parse::<u64>().ok());
    let (user, group) = (ids.next().flatten(), ids.next().flatten());
    let sysctls = members.iter().flat_map(|(_, service)| &service.sysctls);
    let is = |wanted: &str| members.iter().any(|(name, _)| name.as_str() == wanted);
    let account = match () {
        () if is("prometheus") && discovers(around.platform) => Some(around.cluster.service_account.as_str()),
        () if is(access::COLLECTOR) && access::collects(around.platform, around.cluster) => Some(access::COLLECTOR),
        () => None,
    };
    PodSpec {
        service_account_name: account.map(str::to_owned),
        automount_service_account_token: Some(account.is_some()),
        host_pid: on_host.then_some(true),
        security_context: Some(PodSecurity {
            run_as_user: user,
            run_as_group: group,
            // Whoever the image runs as may write to its volumes.
            fs_group: Some(group.unwrap_or(65534)),
            sysctls: sysctls.map(|(name, value)| Sysctl { name, value }).collect(),
        }),
        containers: members.iter().map(|(name, service)| container(name, service, around)).collect(),
        volumes,
    }
}

/// Kubernetes reads `$(NAME)` in arguments as a variable.
fn literal(text: &compose::Text) -> String {
    text.literally().replace("$(", "$$(")
}

fn container(name: &str, service: &compose::Service, around: &Around) -> Container {
    let running = around.running(name);
    let port = running.and_then(|running| running.port);
    let health = running.and_then(|running| running.table.health.clone());
    let health_port = running.and_then(|running| running.table.health_port).or(port);
    let env = service.environment.iter().map(|(name, text)| match text.as_variable() {
        Some(variable) => EnvVar {
            name: name.clone(),
            value: None,
            value_from: Some(ValueFrom { secret_key_ref: KeyRef { name: around.secret(), key: variable.to_owned() } }),
        },
        None => EnvVar { name: name.clone(), value: Some(literal(text)), value_from: None },
    });
    let mut mounted: Vec<VolumeMount> = mounts(service).map(|mount| mounted_at(&mount)).collect();
    let folders = service.tmpfs.iter().map(|path| path.split(':').next().unwrap_or(path));
    mounted.extend(folders.map(|path| VolumeMount {
        name: temporary(name, path),
        mount_path: path.to_owned(),
        ..VolumeMount::default()
    }));
    if !service.secrets.is_empty() {
        mounted.push(VolumeMount {
            name: secrets(name),
            mount_path: SECRETS_FOLDER.to_owned(),
            read_only: true,
            ..VolumeMount::default()
        });
    }
    let limits = &service.deploy.resources.limits;
    let ask = |path| Check {
        http_get: Some(HttpGet { path, port: number(health_port.unwrap_or_default()) }),
        period_seconds: Some(10),
        timeout_seconds: Some(5),
        ..Check::default()
    };
    Container {
        name: cluster_name(name),
        image: Some(literal(&service.image)),
        command: service.entrypoint.iter().map(literal).collect(),
        args: service.command.iter().map(literal).collect(),
        env: env.collect(),
        ports: port.map(|port| Port { container_port: port, protocol: "TCP" }).into_iter().collect(),
        readiness_probe: health_port.and(health).map(ask),
        resources: Some(Resources { limits: limit_of(&limits.cpus, &limits.memory) }),
        security_context: Some(ContainerSecurity {
            allow_privilege_escalation: false,
            read_only_root_filesystem: true,
            capabilities: Capabilities { drop: vec!["ALL"], add: service.cap_add.clone() },
        }),
        volume_mounts: mounted,
        ..Container::default()
    }
}

/// Docker's units are powers of two without saying so.
fn limit_of(cpus: &str, memory: &str) -> ClusterLabels {
    let memory = match memory.strip_suffix('b') {
        Some(bytes) => bytes.to_owned(),
        None => format!("{memory}i"),
    };
    ClusterLabels::from([("cpu".to_owned(), cpus.to_owned()), ("memory".to_owned(), memory)])
}

fn temporary(container: &str, path: &str) -> String {
    cluster_name(&format!("{container}{}", path.replace('/', "-")))
}

fn secrets(container: &str) -> String {
    cluster_name(&format!("{container}-secrets"))
}

/// The volume behind a mount: a folder of files, the host's own, or data.
fn volume_name(mount: &Mount) -> String {
    match (&mount.folder, mount.from_host) {
        (Some(folder), _) => cluster_name(&format!("{}-files", folder.replace('/', "-"))),
        (None, true) => cluster_name(&format!("host{}", mount.source.trim_end_matches('/').replace(['/', '.'], "-"))),
        (None, false) => cluster_name(&mount.source),
    }
}

fn mounted_at(mount: &Mount) -> VolumeMount {
    VolumeMount {
        name: volume_name(mount),
        mount_path: mount.path.clone(),
        read_only: mount.read_only,
        mount_propagation: mount.from_host.then_some("HostToContainer"),
    }
}

fn volumes_of(name: &str, service: &compose::Service, around: &Around) -> Vec<Volume> {
    let mut volumes = Vec::new();
    for mount in mounts(service) {
        let volume = volume_name(&mount);
        if let Some(folder) = &mount.folder {
            volumes.push(around.folders.volume(&volume, folder));
        } else if mount.from_host {
            let host_path = Some(HostPath { path: mount.source });
            volumes.push(Volume { name: volume, host_path, ..Volume::default() });
        }
    }
    for path in &service.tmpfs {
        let name = temporary(name, path.split(':').next().unwrap_or(path));
        volumes.push(Volume { name, empty_dir: Some(EmptyDir { medium: "Memory" }), ..Volume::default() });
    }
    if !service.secrets.is_empty() {
        let item = |key: &String| KeyPath { key: key.clone(), path: key.clone() };
        let secret = SecretSource { secret_name: around.secret(), items: service.secrets.iter().map(item).collect() };
        volumes.push(Volume { name: secrets(name), secret: Some(secret), ..Volume::default() });
    }
    volumes
}

/// A claim for a container's own volume.
fn claim(name: &str, around: &Around) -> Option<Claim> {
    let running = around.running(name)?;
    let volume = running.table.volume.as_ref()?;
    let named = |wanted: &str| around.cluster.components.iter().find(|change| change.name.value == wanted);
    let disk = named(&running.name).or_else(|| named(running.component)).and_then(|change| change.disk.as_ref());
    let bytes = disk.and_then(|disk| disk.value.value.to_u64()).unwrap_or(USUAL_DISK);
    let storage = if bytes.trailing_zeros() >= 30 { format!("{}Gi", bytes >> 30) } else { bytes.to_string() };
    Some(Claim {
        metadata: Metadata { name: cluster_name(volume.name.as_str()), ..Metadata::default() },
        spec: ClaimSpec { access_modes: vec!["ReadWriteOnce"], resources: Requests { requests: Storage { storage } } },
    })
}

/// The address by which others know a container: the name that it has in compose.
pub(super) fn address(pod: &Pod, member: &str, around: &Around) -> Option<Object> {
    let port = around.running(member)?.port;
    let port = port.map(|port| ServicePort { name: "http", port, target_port: port });
    Some(Object {
        api_version: "v1",
        kind: "Service",
        metadata: around.metadata(&cluster_name(member)),
        spec: Some(Spec::Service(ServiceSpec {
            // Each of these is one pod: its name leads to it, on every port.
            cluster_ip: "None",
            selector: labels(pod),
            ports: port.into_iter().collect(),
        })),
        ..Object::default()
    })
}
