//! From the platform to a compose file: what every container has in common.

use indexmap::IndexMap;
use rust_decimal::prelude::ToPrimitive;

use super::config::{
    Config, Dependency, Deploy, File, Healthcheck, Limits, Logging, Network, Resources, Secret, Service, Volume,
};
use super::disks;
use super::problems::{DUPLICATE_CONTAINER, UNKNOWN_COMPONENT};
use super::running::{self, Running, changes};
use super::services::{self, Specifics};
use super::text::Text;
use super::tls;
use super::variables::Variables;
use crate::conventions::secret_name;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{self, Platform, Setting};
use crate::quantity::print_decimal;

/// What the file shares between its containers.
#[derive(Debug, Default)]
struct Shared {
    variables: Variables,
    secrets: IndexMap<String, Secret>,
    volumes: IndexMap<String, Volume>,
}

/// The whole stack.
pub(super) fn config(platform: &Platform, diagnostics: &mut Diagnostics) -> Config {
    let Some(compose) = &platform.stack.compose else { return Config::default() };
    let containers = running::components(platform);
    check(platform, compose, &containers, diagnostics);
    disks::check(platform, compose, &containers, diagnostics);
    tls::check(platform, &containers, diagnostics);
    let own = own_network(compose);
    let mut shared = Shared::default();
    let mut services = IndexMap::new();
    for running in &containers {
        let specifics = services::specifics(running, platform, &containers);
        services.insert(running.name.clone(), service(running, specifics, platform, compose, own, &mut shared));
    }
    let mut networks = IndexMap::from([(own.to_owned(), Network::default())]);
    networks.extend(compose.networks.iter().map(|name| (name.clone(), Network { external: true })));
    let file = File {
        name: compose.project.to_lowercase(),
        services,
        networks,
        volumes: shared.volumes,
        secrets: shared.secrets,
    };
    Config {
        file: Some(file),
        overrides: compose.overrides.as_ref().map(|raw| raw.value.clone()),
        variables: shared.variables.into_list(),
        web: tls::web(platform),
    }
}

/// Names that mean nothing here, or two things.
fn check(platform: &Platform, compose: &model::Compose, containers: &[Running], diagnostics: &mut Diagnostics) {
    for change in &compose.components {
        let name = change.name.as_str();
        if !containers.iter().any(|running| running.name == name || running.component == name) {
            let message = format!("the stack runs no `{name}`");
            let known = containers.iter().map(|running| running.name.as_str());
            let diagnostic = Diagnostic::new(&UNKNOWN_COMPONENT, change.name.span, message);
            diagnostics.push(diagnostic.label("changes nothing").suggest(name, known));
        }
    }
    let exporters = || platform.services.iter().flat_map(|service| &service.exporters);
    for (index, exporter) in exporters().enumerate() {
        let first = exporters().take(index).find(|other| other.host == exporter.host);
        let fixed =
            containers.iter().find(|running| running.name == exporter.host && running.component != exporter.component);
        let place = first.map(|first| first.origin).or(fixed.map(|fixed| fixed.origin));
        if let Some(place) = place {
            let message = format!("two containers are called `{}`", exporter.host);
            let diagnostic = Diagnostic::new(&DUPLICATE_CONTAINER, exporter.origin.0, message);
            diagnostics.push(diagnostic.also(place.0, "the other"));
        }
    }
}

/// The stack's own network, under a name that none of the joined ones has.
fn own_network(compose: &model::Compose) -> &'static str {
    let taken = |name: &str| compose.networks.iter().any(|network| network == name);
    ["monitoring", "stack", "bellwether"].into_iter().find(|name| !taken(name)).unwrap_or("monitoring-stack")
}

fn service(
    running: &Running,
    specifics: Specifics,
    platform: &Platform,
    compose: &model::Compose,
    own: &str,
    shared: &mut Shared,
) -> Service {
    let changes = changes(&running.name, running.component, platform);
    let more = changes.into_iter().flat_map(|changes| &changes.environment);
    let mut environment = IndexMap::new();
    for (name, setting) in specifics.environment.iter().chain(more) {
        let purpose = match running.component.starts_with("thanos-") {
            true => "object store for metrics".to_owned(),
            false => format!("{name} of {}", running.name),
        };
        note(setting, &purpose, shared);
        environment.insert(name.clone(), Text::setting(setting));
    }
    let arguments = changes.into_iter().flat_map(|changes| &changes.arguments);
    let chosen = specifics.chosen.iter().map(|argument| {
        shared.variables.offer(&argument.variable, argument.purpose, &argument.usual);
        Text::variable_or(argument.before, &argument.variable, &argument.usual)
    });
    let chosen: Vec<Text> = chosen.collect();
    let plain = specifics.command.into_iter().map(Text::from);
    let command = plain.chain(chosen).chain(arguments.cloned().map(Text::from)).collect();
    let from_variable = specifics.secrets.iter().any(|(secret, _)| matches!(secret, model::Secret::Env(_)));
    let secrets = specifics.secrets.iter().map(|(secret, purpose)| add_secret(secret, purpose, shared)).collect();
    let mut volumes = specifics.volumes;
    if let Some(volume) = running.table.volume.as_ref().filter(|_| !specifics.keeps_nothing) {
        let disk = changes.and_then(|changes| changes.disk.as_ref());
        let labels = disk.map(|disk| ("bellwether.disk", disk.text.clone())).into_iter().collect();
        shared.volumes.insert(volume.name.to_string(), Volume { labels });
        volumes.push(format!("{}:{}", volume.name, volume.path));
    }
    let joined = compose.networks.iter().filter(|_| specifics.reaches_services);
    Service {
        image: Text::literal(&running.image),
        // What does its work and ends is tried again only where it failed.
        restart: specifics.restart.unwrap_or(if specifics.once { "on-failure" } else { "unless-stopped" }),
        profiles: specifics.profiles,
        user: running.table.user.clone(),
        pid: specifics.pid,
        entrypoint: specifics.entrypoint.into_iter().map(Text::from).collect(),
        command,
        environment,
        secrets,
        volumes,
        tmpfs: running.table.temporary.clone().unwrap_or_default(),
        devices: specifics.devices,
        ports: published(running, compose),
        networks: std::iter::once(own.to_owned()).chain(joined.cloned()).collect(),
        depends_on: specifics
            .depends_on
            .into_iter()
            .map(|(name, condition)| (name, Dependency { condition }))
            .collect(),
        healthcheck: healthcheck(running, platform),
        // Compose copies a secret from a variable into the container, which a read-only one refuses.
        read_only: !from_variable && !specifics.writes,
        cap_drop: ["ALL"],
        cap_add: specifics.cap_add,
        security_opt: ["no-new-privileges:true"],
        sysctls: specifics.sysctls,
        deploy: Deploy { resources: Resources { limits: limits(running, changes) } },
        logging: Logging::default(),
    }
}

/// A variable that whoever starts the stack must set.
fn note(setting: &Setting, purpose: &str, shared: &mut Shared) {
    if let Setting::Env(name) = setting {
        shared.variables.need(name.as_str(), purpose, false);
    }
}

fn add_secret(secret: &model::Secret, purpose: &str, shared: &mut Shared) -> String {
    let name = secret_name(secret);
    let source = match secret {
        model::Secret::Env(variable) => {
            shared.variables.need(variable.as_str(), purpose, true);
            Secret::Environment(variable.to_string())
        }
        model::Secret::File(path) => Secret::File(Text::literal(path)),
    };
    shared.secrets.entry(name.clone()).or_insert(source);
    name
}

/// `127.0.0.1:9090:9090`; an IPv6 address goes in brackets.
fn published(running: &Running, compose: &model::Compose) -> Vec<Text> {
    let (Some(outside), Some(inside)) = (running.published, running.port) else { return Vec::new() };
    let bind = compose.bind.as_str();
    let bind = if bind.contains(':') && !bind.starts_with('[') { format!("[{bind}]") } else { bind.to_owned() };
    vec![Text::literal(&format!("{bind}:{outside}:{inside}"))]
}

/// Asked by address: `localhost` may be an IPv6 address on which nothing listens.
fn healthcheck(running: &Running, platform: &Platform) -> Option<Healthcheck> {
    let secure = platform.stack.tls.as_ref().is_some_and(|tls| tls::serves(running, tls));
    let test: Vec<Text> =
        match (&running.table.check, &running.table.health, running.table.health_port.or(running.port)) {
            (Some(check), ..) => {
                std::iter::once("CMD").chain(check.iter().map(String::as_str)).map(Text::from).collect()
            }
            (None, Some(path), Some(port)) => {
                let scheme = if secure { "https" } else { "http" };
                let address = format!("{scheme}://127.0.0.1:{port}{path}");
                // Who asks is the container itself, which needs no proof of its name.
                let unchecked = secure.then_some("--no-check-certificate");
                let words = ["CMD", "wget", "-q"].into_iter().chain(unchecked).chain(["--spider", &address]);
                words.map(Text::from).collect()
            }
            _ => return None,
        };
    Some(Healthcheck { test, interval: "30s", timeout: "5s", retries: 3, start_period: "30s" })
}

fn limits(running: &Running, changes: Option<&model::Component>) -> Limits {
    let memory =
        changes.and_then(|changes| changes.memory.as_ref()).map_or(&running.table.memory, |memory| &memory.value);
    let cpus = changes.and_then(|changes| changes.cpus).unwrap_or(running.table.cpus.0);
    Limits { cpus: print_decimal(cpus), memory: memory_text(memory.value.to_u64().unwrap_or(0)) }
}

/// A size as docker writes it: its units are powers of two.
fn memory_text(bytes: u64) -> String {
    let units = [("G", 30), ("M", 20), ("K", 10)];
    let fits = units.iter().find(|(_, shift)| bytes > 0 && bytes.trailing_zeros() >= *shift);
    fits.map_or_else(|| format!("{bytes}b"), |(unit, shift)| format!("{}{unit}", bytes >> shift))
}
