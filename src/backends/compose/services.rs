//! What each component needs beside what all have: arguments, mounts, secrets, and whom it waits for.

use indexmap::IndexMap;
use rust_decimal::prelude::ToPrimitive;

use super::backup;
use super::logs;
use super::running::Running;
use super::tls;
use crate::backends::prometheus::says_retention;
use crate::backends::thanos;
use crate::conventions::{ALERTMANAGER_ADDRESS, secret_path};
use crate::model::{Delivery, Exporter, Platform, ProbeKind, Secret, Setting, TraceStorage};
use crate::spec::values::VariableName;

/// Where Prometheus keeps its blocks, in its own container and in the sidecar's.
const BLOCKS: &str = "/prometheus";

/// What one component needs.
#[derive(Debug, Default)]
pub(super) struct Specifics {
    pub(super) entrypoint: Vec<String>,
    pub(super) command: Vec<String>,
    /// Arguments with a variable that may be set, after the others.
    pub(super) chosen: Vec<Chosen>,
    pub(super) environment: Vec<(String, Setting)>,
    /// Secrets, and what each is for.
    pub(super) secrets: Vec<(Secret, String)>,
    pub(super) volumes: Vec<String>,
    pub(super) pid: Option<&'static str>,
    /// Whether it runs only when asked for, under this profile.
    pub(super) profiles: Vec<&'static str>,
    /// When it is started again, if not whenever it ends.
    pub(super) restart: Option<&'static str>,
    pub(super) devices: Vec<&'static str>,
    pub(super) cap_add: Vec<&'static str>,
    pub(super) sysctls: IndexMap<&'static str, &'static str>,
    pub(super) depends_on: IndexMap<String, &'static str>,
    /// Whether it needs no volume of its own, though others of its kind do.
    pub(super) keeps_nothing: bool,
    /// Whether its image writes beside its volume, so that the container cannot be read-only.
    pub(super) writes: bool,
    /// Whether it does its work and ends.
    pub(super) once: bool,
    /// Whether it must reach the services, so that it joins their networks.
    pub(super) reaches_services: bool,
}

/// An argument that ends in a variable which may be set where the stack is started.
#[derive(Debug)]
pub(super) struct Chosen {
    /// The argument up to the variable.
    pub(super) before: &'static str,
    /// The variable.
    pub(super) variable: String,
    /// What it is for.
    pub(super) purpose: &'static str,
    /// What it is otherwise.
    pub(super) usual: String,
}

/// What a container needs.
pub(super) fn specifics(running: &Running, platform: &Platform, containers: &[Running]) -> Specifics {
    let mut specifics = match running.component {
        "prometheus" => prometheus(platform),
        "alertmanager" => alertmanager(platform),
        "grafana" => grafana(platform),
        "blackbox-exporter" => blackbox(platform),
        "node-exporter" => node_exporter(),
        "cadvisor" => cadvisor(),
        "jaeger" => jaeger(platform),
        "otel-collector" => otel_collector(platform),
        "backup" => {
            platform.stack.backup.as_ref().map_or_else(Specifics::default, |of| backup::specifics(platform, of))
        }
        "thanos-sidecar" => sidecar(),
        "thanos-store" => store(),
        "thanos-compactor" => compactor(platform),
        "thanos-query" => query(),
        "thanos-ruler" => ruler(platform),
        name => logs::specifics(name, platform).unwrap_or(Specifics { reaches_services: true, ..Specifics::default() }),
    };
    let uses_bucket =
        matches!(running.component, "thanos-sidecar" | "thanos-store" | "thanos-compactor" | "thanos-ruler");
    if uses_bucket {
        bucket(&mut specifics, platform);
    }
    let exporters = platform.services.iter().flat_map(|service| &service.exporters);
    for exporter in exporters.filter(|exporter| exporter.host == running.name) {
        add_exporter(&mut specifics, exporter);
    }
    let tls = tls::added(running, platform);
    specifics.command.extend(tls.arguments);
    specifics.environment.extend(tls.environment);
    specifics.secrets.extend(tls.secrets);
    specifics.volumes.extend(tls.volumes);
    for name in needs(running.component) {
        // Without a health check there is nothing to wait for but the start.
        if let Some(needed) = containers.iter().find(|other| other.name == *name) {
            let condition = if needed.table.can_be_asked() { "service_healthy" } else { "service_started" };
            specifics.depends_on.insert(needed.name.clone(), condition);
        }
    }
    specifics
}

/// Whom a component waits for, if they run.
fn needs(component: &str) -> &'static [&'static str] {
    match component {
        "prometheus" => &["alertmanager"],
        "grafana" => &["prometheus", "thanos-query", "loki", "elasticsearch"],
        "loki" => &["alertmanager"],
        "alloy" | "promtail" => &["loki"],
        "elastic-setup" | "logstash" | "kibana" => &["elasticsearch"],
        "filebeat" => &["logstash"],
        "otel-collector" => &["jaeger"],
        "thanos-sidecar" | "backup" => &["prometheus"],
        "thanos-query" => &["thanos-sidecar", "thanos-store"],
        "thanos-ruler" => &["thanos-query", "alertmanager"],
        _ => &[],
    }
}

pub(super) fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn prometheus(platform: &Platform) -> Specifics {
    let mut command = texts(&[
        "--config.file=/etc/prometheus/prometheus.yml",
        "--storage.tsdb.path=/prometheus",
        "--web.enable-lifecycle",
    ]);
    if platform.stack.backup.is_some() {
        // Snapshots are asked for through it. Who reaches Prometheus can delete series, too.
        command.push("--web.enable-admin-api".to_owned());
    }
    command.extend(platform.stack.prometheus_url.as_ref().map(|url| format!("--web.external-url={url}")));
    let mut chosen = Vec::new();
    if !says_retention(platform) {
        let retention = &platform.retention;
        match &retention.variable {
            Some(variable) => chosen.push(Chosen {
                before: "--storage.tsdb.retention.time=",
                variable: variable.clone(),
                purpose: "how long Prometheus keeps samples",
                usual: retention.local.value.to_string(),
            }),
            None => command.push(format!("--storage.tsdb.retention.time={}", retention.local.value)),
        }
        let size = retention.size.as_ref().and_then(|size| size.value.value.to_u64());
        command.extend(size.map(|bytes| format!("--storage.tsdb.retention.size={bytes}B")));
    }
    // Samples that name a trace as their example.
    if platform.stack.jaeger.is_some() {
        command.push("--enable-feature=exemplar-storage".to_owned());
    }
    // Blocks that Prometheus compacted itself would be uploaded twice, differently.
    if platform.retention.long_term.is_some() {
        command.extend(texts(&["--storage.tsdb.min-block-duration=2h", "--storage.tsdb.max-block-duration=2h"]));
    }
    Specifics {
        command,
        chosen,
        volumes: texts(&["./prometheus:/etc/prometheus:ro"]),
        reaches_services: true,
        ..Specifics::default()
    }
}

fn alertmanager(platform: &Platform) -> Specifics {
    // One Alertmanager has nobody to gossip with.
    let mut command = texts(&[
        "--config.file=/etc/alertmanager/alertmanager.yml",
        "--storage.path=/alertmanager",
        "--cluster.listen-address=",
    ]);
    command.extend(platform.stack.alertmanager_url.as_ref().map(|url| format!("--web.external-url={url}")));
    let mut secrets: Vec<(Secret, String)> = Vec::new();
    for channel in &platform.channels {
        let of =
            |secret: &Secret, what: &str| (secret.clone(), format!("{what} of the channel {}", channel.name.value));
        secrets.extend(channel_secrets(&channel.delivery).into_iter().map(|(secret, what)| of(secret, what)));
    }
    let heartbeat = platform.stack.heartbeat.as_ref();
    secrets.extend(heartbeat.map(|secret| (secret.clone(), "address that the dead man's switch calls".to_owned())));
    let mut seen: Vec<Secret> = Vec::new();
    secrets.retain(|(secret, _)| {
        let new = !seen.contains(secret);
        seen.push(secret.clone());
        new
    });
    Specifics { command, secrets, volumes: texts(&["./alertmanager:/etc/alertmanager:ro"]), ..Specifics::default() }
}

/// Secrets of a channel, and what each is.
fn channel_secrets(delivery: &Delivery) -> Vec<(&Secret, &'static str)> {
    match delivery {
        Delivery::Pagerduty(channel) => vec![(&channel.routing_key, "integration key")],
        Delivery::Slack(channel) => vec![(&channel.api_url, "webhook address")],
        Delivery::Email(channel) => channel.password.iter().map(|secret| (secret, "password")).collect(),
        Delivery::Webhook(channel) => {
            let url = channel.secret_url.iter().map(|secret| (secret, "address"));
            url.chain(channel.bearer_token.iter().map(|secret| (secret, "token"))).collect()
        }
        Delivery::Sns(_) => Vec::new(),
        Delivery::Opsgenie(channel) => vec![(&channel.api_key, "API key")],
        Delivery::Teams(channel) => vec![(&channel.webhook_url, "webhook address")],
        Delivery::Telegram(channel) => vec![(&channel.bot_token, "bot token")],
        Delivery::Discord(channel) => vec![(&channel.webhook_url, "webhook address")],
    }
}

pub(super) fn literal(name: &str, value: &str) -> (String, Setting) {
    (name.to_owned(), Setting::Literal(value.to_owned()))
}

fn grafana(platform: &Platform) -> Specifics {
    let settings = &platform.stack.grafana;
    // Never Grafana's own admin/admin.
    let usual = || VariableName::new("GRAFANA_ADMIN_PASSWORD").map(Secret::Env);
    let password = settings.admin_password.clone().or_else(usual);
    let mut environment =
        vec![literal("GF_USERS_ALLOW_SIGN_UP", "false"), literal("GF_ANALYTICS_REPORTING_ENABLED", "false")];
    environment.extend(settings.url.as_ref().map(|url| literal("GF_SERVER_ROOT_URL", url)));
    environment
        .extend(password.as_ref().map(|secret| literal("GF_SECURITY_ADMIN_PASSWORD__FILE", &secret_path(secret))));
    let mut secrets: Vec<(Secret, String)> =
        password.into_iter().map(|secret| (secret, "password of Grafana's admin".to_owned())).collect();
    let elastic = platform.stack.elastic.iter().map(|elastic| elastic.password.clone());
    secrets.extend(elastic.map(|secret| (secret, "password of Elasticsearch's user elastic".to_owned())));
    Specifics {
        environment,
        secrets,
        volumes: texts(&[
            "./grafana/provisioning:/etc/grafana/provisioning:ro",
            "./grafana/dashboards:/var/lib/grafana/dashboards:ro",
        ]),
        ..Specifics::default()
    }
}

fn blackbox(platform: &Platform) -> Specifics {
    let mut probes = platform.services.iter().flat_map(|service| &service.probes);
    let pings = probes.any(|probe| probe.kind == ProbeKind::Icmp);
    // A ping without a capability is for these groups to send: all of them.
    let sysctls = pings.then_some(("net.ipv4.ping_group_range", "0 2147483647"));
    Specifics {
        command: texts(&["--config.file=/etc/blackbox/blackbox.yml"]),
        volumes: texts(&["./blackbox:/etc/blackbox:ro"]),
        sysctls: sysctls.into_iter().collect(),
        reaches_services: true,
        ..Specifics::default()
    }
}

fn node_exporter() -> Specifics {
    Specifics {
        command: texts(&[
            "--path.rootfs=/host",
            "--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/docker/.+|var/lib/containers/.+)($|/)",
        ]),
        volumes: texts(&["/:/host:ro,rslave"]),
        pid: Some("host"),
        ..Specifics::default()
    }
}

/// It sees the host's containers through Docker's socket and the kernel's control groups, all read-only. What was
/// killed for want of memory stands in the kernel's log, which asks for a capability.
fn cadvisor() -> Specifics {
    Specifics {
        volumes: texts(&[
            "/:/rootfs:ro",
            "/var/run:/var/run:ro",
            "/sys:/sys:ro",
            "/var/lib/docker/:/var/lib/docker:ro",
            "/dev/disk/:/dev/disk:ro",
        ]),
        devices: vec!["/dev/kmsg"],
        cap_add: vec!["SYSLOG"],
        ..Specifics::default()
    }
}

fn add_exporter(specifics: &mut Specifics, exporter: &Exporter) {
    specifics.command.extend(exporter.arguments.iter().cloned());
    specifics.environment.extend(exporter.environment.iter().cloned());
    for (variable, secret) in &exporter.secrets {
        specifics.environment.push(literal(variable, &secret_path(secret)));
        specifics.secrets.push((secret.clone(), format!("{variable} of {}", exporter.host)));
    }
}

/// Applications send to it themselves where no collector stands before it.
fn jaeger(platform: &Platform) -> Specifics {
    let storage = platform.stack.jaeger.as_ref().map(|jaeger| &jaeger.storage);
    let mut specifics = Specifics {
        command: texts(&["--config=/etc/jaeger/config.yaml"]),
        volumes: texts(&["./jaeger:/etc/jaeger:ro"]),
        keeps_nothing: !matches!(storage, Some(TraceStorage::Badger)),
        reaches_services: platform.stack.otel_collector.is_none(),
        ..Specifics::default()
    };
    if let Some(TraceStorage::Elasticsearch { url, username, password, .. }) = storage {
        for setting in [Some(url), username.as_ref()].into_iter().flatten() {
            add_variable(&mut specifics, setting);
        }
        let secret = password.iter().map(|secret| (secret.clone(), "password of Jaeger's Elasticsearch".to_owned()));
        specifics.secrets.extend(secret);
        specifics.reaches_services = true;
    }
    specifics
}

fn otel_collector(platform: &Platform) -> Specifics {
    let mut specifics = Specifics {
        command: texts(&["--config=/etc/otel/collector.yaml"]),
        volumes: texts(&["./otel:/etc/otel:ro"]),
        reaches_services: true,
        ..Specifics::default()
    };
    let collector = platform.stack.otel_collector.as_ref();
    for setting in collector.into_iter().flat_map(|collector| &collector.forward_to) {
        add_variable(&mut specifics, setting);
    }
    specifics
}

/// A variable that the component's own configuration names.
fn add_variable(specifics: &mut Specifics, setting: &Setting) {
    if let Setting::Env(name) = setting {
        specifics.environment.push((name.to_string(), Setting::Env(name.clone())));
    }
}

fn sidecar() -> Specifics {
    Specifics {
        command: texts(&["sidecar", "--prometheus.url=http://prometheus:9090", "--tsdb.path=/prometheus"]),
        volumes: vec![format!("prometheus-data:{BLOCKS}")],
        ..Specifics::default()
    }
}

fn store() -> Specifics {
    // Both stay well inside the memory limit; the pool's own default is all of it.
    let command = ["store", "--data-dir=/var/thanos", "--index-cache-size=250MB", "--chunk-pool-size=512MB"];
    Specifics { command: texts(&command), ..Specifics::default() }
}

fn compactor(platform: &Platform) -> Specifics {
    let mut command = texts(&["compact", "--wait", "--data-dir=/var/thanos"]);
    if let Some(kept) = &platform.retention.long_term {
        let flags = [("raw", kept.raw.value), ("5m", kept.downsampled_5m), ("1h", kept.downsampled_1h)];
        command.extend(flags.map(|(name, time)| format!("--retention.resolution-{name}={time}")));
    }
    Specifics { command, ..Specifics::default() }
}

fn query() -> Specifics {
    let endpoints = format!("--endpoint.sd-config-file={}", thanos::ENDPOINTS_IN_CONTAINER);
    let command = ["query", &endpoints, "--query.replica-label=evaluator", "--query.auto-downsampling"];
    Specifics { command: texts(&command), volumes: texts(&["./thanos:/etc/thanos:ro"]), ..Specifics::default() }
}

/// The ruler asks over the whole history. The label `evaluator` tells its blocks from Prometheus' and is
/// dropped from alerts, so that Alertmanager knows one alert as one.
fn ruler(platform: &Platform) -> Specifics {
    let mut command = texts(&["rule", "--data-dir=/var/thanos", "--rule-file=/etc/thanos/rules/*.yml"]);
    command.push(format!("--eval-interval={}", platform.evaluation_interval.value));
    command.push("--query=http://thanos-query:10902".to_owned());
    if !(platform.channels.is_empty() && platform.severities.is_empty()) {
        command.push(format!("--alertmanagers.url=http://{ALERTMANAGER_ADDRESS}"));
    }
    command.extend(platform.labels.iter().map(|(label, value)| format!("--label={label}={value:?}")));
    command.extend(texts(&["--label=evaluator=\"thanos-ruler\"", "--alert.label-drop=evaluator"]));
    Specifics { command, ..Specifics::default() }
}

/// What every component that reads or writes the bucket needs. Keys come from files: a variable would be
/// readable by everyone who may inspect the container.
fn bucket(specifics: &mut Specifics, platform: &Platform) {
    let Some(long_term) = &platform.retention.long_term else { return };
    specifics.command.push(format!("--objstore.config-file={}", thanos::STORE_IN_CONTAINER));
    specifics.volumes.insert(0, "./thanos:/etc/thanos:ro".to_owned());
    for setting in [Some(&long_term.store.bucket), long_term.store.region.as_ref(), long_term.store.endpoint.as_ref()] {
        if let Some(Setting::Env(name)) = setting {
            specifics.environment.push((name.to_string(), Setting::Env(name.clone())));
        }
    }
    if let (Some(access), Some(secret)) = (&long_term.store.access_key, &long_term.store.secret_key) {
        let script = format!(
            "export AWS_ACCESS_KEY_ID=\"$(cat {})\" AWS_SECRET_ACCESS_KEY=\"$(cat {})\"; exec /bin/thanos \"$@\"",
            secret_path(access),
            secret_path(secret)
        );
        specifics.entrypoint = vec!["/bin/sh".to_owned(), "-c".to_owned(), script, "thanos".to_owned()];
        specifics.secrets.push((access.clone(), "access key of the bucket for metrics".to_owned()));
        specifics.secrets.push((secret.clone(), "secret key of the bucket for metrics".to_owned()));
    }
}
