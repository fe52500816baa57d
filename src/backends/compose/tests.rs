//! Stacks from small platforms.

use super::*;
use crate::backends::samples;
use crate::model::{self, Delivery, LongTerm, ObjectStore, Setting};
use crate::quantity::{Duration, Quantity};
use crate::spec::values::VariableName;

fn variable(name: &str) -> VariableName {
    VariableName::new(name).unwrap()
}

fn env(name: &str) -> model::Secret {
    model::Secret::Env(variable(name))
}

fn stack() -> Platform {
    let mut platform = samples::platform();
    platform.stack.compose = Some(model::Compose {
        project: "Shop".to_owned(),
        networks: vec!["shop".to_owned()],
        bind: samples::name("127.0.0.1"),
        components: Vec::new(),
        overrides: None,
        origin: samples::span().into(),
    });
    platform
}

fn change(name: &str) -> model::Component {
    model::Component {
        name: samples::name(name),
        image: None,
        port: None,
        memory: None,
        cpus: None,
        disk: None,
        arguments: Vec::new(),
        environment: Vec::new(),
    }
}

fn with_exporter(platform: &mut Platform, secret: model::Secret) {
    let mut service = samples::service("orders");
    service.exporters.push(model::Exporter {
        component: "postgres-exporter".to_owned(),
        host: "postgres-exporter".to_owned(),
        job: "orders".to_owned(),
        environment: vec![
            ("DATA_SOURCE_URI".to_owned(), Setting::Env(variable("ORDERS_URI"))),
            ("DATA_SOURCE_USER".to_owned(), Setting::Literal("a$b".to_owned())),
        ],
        secrets: vec![("DATA_SOURCE_PASS_FILE".to_owned(), secret)],
        arguments: vec!["--no-collector.wal".to_owned()],
        origin: samples::span().into(),
    });
    platform.services.push(service);
}

fn long_term(platform: &mut Platform) {
    platform.retention.long_term = Some(LongTerm {
        raw: samples::at(Duration::days(90)),
        downsampled_5m: Duration::days(180),
        downsampled_1h: Duration::days(365),
        store: ObjectStore {
            bucket: Setting::Env(variable("BUCKET")),
            region: None,
            endpoint: None,
            prefix: None,
            access_key: Some(env("ACCESS_KEY")),
            secret_key: Some(env("SECRET_KEY")),
            origin: samples::span().into(),
        },
    });
}

fn lowered(platform: &Platform) -> (File, Config) {
    let mut diagnostics = Diagnostics::new();
    let mut config = Compose::lower(&platform.clone().into(), &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    (config.file.take().unwrap(), config)
}

fn command<'f>(file: &'f File, name: &str) -> Vec<&'f str> {
    file.services.get(name).unwrap().command.iter().map(Text::as_str).collect()
}

#[test]
fn without_a_compose_stack_nothing_is_written() {
    let mut artifacts = Artifacts::new();
    Compose::render(&Compose::lower(&samples::platform().into(), &mut Diagnostics::new()), &mut artifacts);
    assert!(artifacts.is_empty());
    assert!(components(&samples::platform()).is_empty());
}

#[test]
fn every_container_is_pinned_limited_stripped_and_published_on_loopback_only() {
    let mut platform = stack();
    long_term(&mut platform);
    with_exporter(&mut platform, model::Secret::File("./orders.secret".to_owned()));
    let (file, _) = lowered(&platform);
    assert_eq!(file.name, "shop");
    assert!(file.services.len() >= 7);
    for (name, service) in &file.services {
        assert!(crate::packs::components::is_pinned(service.image.as_str()), "{name}");
        assert!(!service.deploy.resources.limits.memory.is_empty(), "{name}");
        assert_eq!(service.cap_drop, ["ALL"], "{name}");
        assert!(service.ports.iter().all(|port| port.as_str().starts_with("127.0.0.1:")), "{name}");
        for (needed, dependency) in &service.depends_on {
            let healthy = file.services.get(needed).unwrap().healthcheck.is_some();
            assert_eq!(dependency.condition == "service_healthy", healthy, "{name} waits for {needed}");
        }
        for volume in service.volumes.iter().filter(|volume| !volume.starts_with(['.', '/'])) {
            let volume = volume.split(':').next().unwrap();
            assert!(file.volumes.contains_key(volume), "{name}: {volume}");
        }
        for secret in &service.secrets {
            assert!(file.secrets.contains_key(secret), "{name}: {secret}");
        }
    }
}

#[test]
fn a_secret_reaches_its_container_as_a_file_and_never_as_a_variable() {
    let mut platform = stack();
    with_exporter(&mut platform, env("ORDERS_PASSWORD"));
    let (file, config) = lowered(&platform);
    let exporter = file.services.get("postgres-exporter").unwrap();
    let environment = |name: &str| exporter.environment.get(name).unwrap().as_str();
    assert_eq!(environment("DATA_SOURCE_PASS_FILE"), "/run/secrets/orders_password");
    assert_eq!(environment("DATA_SOURCE_URI"), "${ORDERS_URI:?set it in .env}");
    assert_eq!(environment("DATA_SOURCE_USER"), "a$$b");
    assert!(
        matches!(file.secrets.get("orders_password"), Some(Secret::Environment(name)) if name == "ORDERS_PASSWORD")
    );
    // Compose refuses to write a secret from a variable into a read-only container.
    assert!(!exporter.read_only);
    let text = variables::render(&config.variables);
    assert!(text.contains("ORDERS_URI=change-me\n") && text.contains("ORDERS_PASSWORD=\n"), "{text}");
}

#[test]
fn a_secret_from_a_file_leaves_the_container_read_only() {
    let mut platform = stack();
    with_exporter(&mut platform, model::Secret::File("./orders.secret".to_owned()));
    let (file, _) = lowered(&platform);
    assert!(file.services.get("postgres-exporter").unwrap().read_only);
}

#[test]
fn grafana_never_starts_with_its_own_password() {
    let (file, _) = lowered(&stack());
    let grafana = file.services.get("grafana").unwrap();
    assert_eq!(grafana.secrets, ["grafana_admin_password"]);
    let path = grafana.environment.get("GF_SECURITY_ADMIN_PASSWORD__FILE").unwrap();
    assert_eq!(path.as_str(), "/run/secrets/grafana_admin_password");
}

#[test]
fn retention_is_a_flag_only_where_the_configuration_cannot_say_it() {
    let mut platform = stack();
    platform.stack.prometheus_version = (3, 5);
    platform.retention.size = Some(samples::at(Quantity::parse("50GB").unwrap()));
    let (file, _) = lowered(&platform);
    let flags = command(&file, "prometheus");
    assert!(flags.contains(&"--storage.tsdb.retention.time=15d"), "{flags:?}");
    assert!(flags.contains(&"--storage.tsdb.retention.size=53687091200B"), "{flags:?}");
    assert_eq!(file.services.get("prometheus").unwrap().image.as_str(), "quay.io/prometheus/prometheus:v3.5.0");
    platform.stack.prometheus_version = (3, 14);
    let (file, _) = lowered(&platform);
    assert!(!command(&file, "prometheus").iter().any(|flag| flag.contains("retention")));
}

#[test]
fn long_term_storage_stops_local_compaction_and_reads_its_keys_from_files() {
    let mut platform = stack();
    long_term(&mut platform);
    let (file, config) = lowered(&platform);
    let flags = command(&file, "prometheus");
    assert!(flags.contains(&"--storage.tsdb.max-block-duration=2h"), "{flags:?}");
    let compactor = file.services.get("thanos-compactor").unwrap();
    let flags = command(&file, "thanos-compactor");
    assert!(flags.contains(&"--retention.resolution-raw=90d"), "{flags:?}");
    assert!(compactor.environment.keys().all(|name| name == "BUCKET"), "{:?}", compactor.environment);
    let script = compactor.entrypoint.get(2).unwrap().as_str();
    assert!(
        script.contains("$$(cat /run/secrets/access_key)") && script.contains("exec /bin/thanos \"$$@\""),
        "{script}"
    );
    assert_eq!(config.variables.iter().filter(|variable| variable.secret).count(), 3);
    assert!(!file.services.contains_key("thanos-ruler"));
}

#[test]
fn a_change_is_taken_over_and_one_to_nothing_is_refused() {
    let mut platform = stack();
    let mut prometheus = change("prometheus");
    prometheus.port = Some(samples::at(19090));
    prometheus.memory = Some(samples::at(Quantity::parse("4GB").unwrap()));
    prometheus.arguments.push("--web.page-title=$HOME".to_owned());
    platform.stack.compose.as_mut().unwrap().components.push(prometheus);
    let (file, _) = lowered(&platform);
    let service = file.services.get("prometheus").unwrap();
    assert_eq!(service.ports.first().unwrap().as_str(), "127.0.0.1:19090:9090");
    assert_eq!(service.deploy.resources.limits.memory, "4G");
    assert!(command(&file, "prometheus").contains(&"--web.page-title=$$HOME"));

    platform.stack.compose.as_mut().unwrap().components.push(change("promtheus"));
    let mut diagnostics = Diagnostics::new();
    Compose::lower(&platform.clone().into(), &mut diagnostics);
    let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
    assert_eq!(codes, ["unknown-component"]);
}

#[test]
fn retention_may_be_chosen_at_the_start() {
    let mut platform = stack();
    platform.stack.prometheus_version = (3, 14);
    platform.retention.variable = Some("KEPT".to_owned());
    let (file, config) = lowered(&platform);
    let flags = command(&file, "prometheus");
    assert!(flags.contains(&"--storage.tsdb.retention.time=${KEPT:-15d}"), "{flags:?}");
    assert!(variables::render(&config.variables).contains("KEPT=15d\n"));
}

#[test]
fn samples_fit_the_disk_or_it_is_said() {
    let said = |disk: &str, size: Option<&str>| {
        let mut platform = stack();
        let quantity = |text| samples::at(Quantity::parse(text).unwrap());
        platform.retention.size = size.map(quantity);
        platform.stack.compose.as_mut().unwrap().components =
            vec![model::Component { disk: Some(quantity(disk)), ..change("prometheus") }];
        let mut diagnostics = Diagnostics::new();
        let config = Compose::lower(&platform.clone().into(), &mut diagnostics);
        let labels = &config.file.unwrap().volumes["prometheus-data"].labels;
        assert_eq!(labels.get("bellwether.disk").map(String::as_str), Some(disk), "{labels:?}");
        diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect::<Vec<_>>()
    };
    assert_eq!(said("100GB", Some("80GB")), Vec::<&str>::new());
    assert_eq!(said("100GB", Some("95GB")), ["samples-beyond-disk"]);
    assert_eq!(said("100GB", None), ["samples-beyond-disk"]);
}

#[test]
fn a_disk_for_what_keeps_nothing_is_refused() {
    let mut platform = stack();
    with_exporter(&mut platform, env("ORDERS_PASSWORD"));
    let disk = Some(samples::at(Quantity::parse("1GB").unwrap()));
    platform.stack.compose.as_mut().unwrap().components =
        vec![model::Component { disk, ..change("postgres-exporter") }];
    let mut diagnostics = Diagnostics::new();
    Compose::lower(&platform.clone().into(), &mut diagnostics);
    let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
    assert_eq!(codes, ["component-without-disk"]);
}

fn sealed() -> Platform {
    let mut platform = stack();
    let file = |name: &str| model::Secret::File(format!("./certificates/{name}.pem"));
    platform.stack.tls = Some(model::Tls {
        ca: file("ca"),
        certificate: file("stack"),
        key: file("key"),
        plain: Vec::new(),
        origin: samples::span().into(),
    });
    platform
}

#[test]
fn with_tls_servers_clients_and_health_checks_go_together() {
    let (file, config) = lowered(&sealed());
    for (name, told) in [("prometheus", "--web.config.file="), ("grafana", "")] {
        let service = file.services.get(name).unwrap();
        assert!(service.command.iter().any(|word| word.as_str().starts_with(told)) || told.is_empty(), "{name}");
        let asked = &service.healthcheck.as_ref().unwrap().test;
        assert!(asked.iter().any(|word| word.as_str().starts_with("https://")), "{name}: {asked:?}");
        for secret in ["stack_pem", "key_pem", "ca_pem"] {
            assert!(service.secrets.iter().any(|name| name == secret), "{name}: {secret}");
        }
        // The files are there already: nothing has to be written into the container.
        assert!(service.read_only || name == "grafana", "{name}");
    }
    let protocol = file.services["grafana"].environment.get("GF_SERVER_PROTOCOL").unwrap();
    assert_eq!(protocol.as_str(), "https");
    assert_eq!(config.web.unwrap().tls_server_config.key_file, "/run/secrets/key_pem");
    assert!(!tls::speaks(&stack(), "prometheus") && tls::speaks(&sealed(), "prometheus"));
}

#[test]
fn what_knows_no_tls_goes_without_only_if_the_spec_says_so() {
    let mut platform = sealed();
    let mut service = samples::service("containers");
    service.exporters.push(model::Exporter {
        component: "cadvisor".to_owned(),
        host: "cadvisor".to_owned(),
        job: "containers".to_owned(),
        environment: Vec::new(),
        secrets: Vec::new(),
        arguments: Vec::new(),
        origin: samples::span().into(),
    });
    platform.services.push(service);
    let codes = |platform: &Platform| {
        let mut diagnostics = Diagnostics::new();
        Compose::lower(&platform.clone().into(), &mut diagnostics);
        diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect::<Vec<_>>()
    };
    assert_eq!(codes(&platform), ["component-without-tls"]);
    platform.stack.tls.as_mut().unwrap().plain = vec![samples::name("cadvisor")];
    assert_eq!(codes(&platform), Vec::<&str>::new());
    platform.stack.tls.as_mut().unwrap().plain.push(samples::name("cadviser"));
    assert_eq!(codes(&platform), ["unknown-component"]);
}

#[test]
fn a_backup_runs_again_and_again_or_when_asked() {
    let mut platform = stack();
    let backup = |every| model::Backup { to: "./kept".to_owned(), every, keep: 3, origin: samples::span().into() };
    platform.stack.backup = Some(backup(None));
    let (file, _) = lowered(&platform);
    let service = file.services.get("backup").unwrap();
    assert_eq!((service.restart, service.profiles.as_slice()), ("no", ["backup"].as_slice()));
    assert!(service.volumes.contains(&"./kept:/backup".to_owned()), "{:?}", service.volumes);
    assert!(command(&file, "prometheus").contains(&"--web.enable-admin-api"));
    platform.stack.backup = Some(backup(Some(Duration::days(1))));
    let (file, _) = lowered(&platform);
    let service = file.services.get("backup").unwrap();
    assert_eq!((service.restart, service.profiles.len()), ("unless-stopped", 0));
    assert!(service.entrypoint.get(2).unwrap().as_str().contains("sleep 86400"));
}

#[test]
fn alertmanager_gets_the_secrets_of_all_channels_once() {
    let mut platform = stack();
    for name in ["one", "two"] {
        let teams =
            crate::spec::notify::Teams { span: samples::span().into(), webhook_url: env("TEAMS_URL"), resolved: None };
        platform.channels.push(model::Channel { name: samples::name(name), delivery: Delivery::Teams(teams) });
    }
    let (file, _) = lowered(&platform);
    assert_eq!(file.services.get("alertmanager").unwrap().secrets, ["teams_url"]);
}
