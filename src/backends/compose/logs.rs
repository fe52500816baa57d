//! What collects, keeps and shows log lines: which components run, and what each needs.

use super::services::{Specifics, literal, texts};
use crate::backends::elastic;
use crate::conventions::{ELASTICSEARCH_ADDRESS, secret_path};
use crate::model::{Elastic, LogFiles, ObjectStore, Platform, Secret, Setting};

/// Docker's own socket: who may read it sees every container and what it writes.
const DOCKER_SOCKET: &str = "/var/run/docker.sock:/var/run/docker.sock:ro";

/// The components, and whether the platform wants each.
pub(super) fn components(platform: &Platform) -> [(&'static str, bool); 8] {
    let stack = &platform.stack;
    let elastic = stack.elastic.is_some();
    [
        ("loki", stack.loki.is_some()),
        ("alloy", stack.alloy.is_some()),
        ("promtail", stack.promtail.is_some()),
        ("elasticsearch", elastic),
        ("elastic-setup", elastic),
        ("logstash", elastic),
        ("filebeat", elastic),
        ("kibana", elastic),
    ]
}

/// What one of them needs; none of another component.
pub(super) fn specifics(component: &str, platform: &Platform) -> Option<Specifics> {
    Some(match component {
        "loki" => loki(platform),
        "alloy" => alloy(platform),
        "promtail" => promtail(platform),
        name => elastic(name, platform.stack.elastic.as_ref()?)?,
    })
}

fn loki(platform: &Platform) -> Specifics {
    let store = platform.stack.loki.as_ref().and_then(|loki| loki.store.as_ref());
    Specifics {
        command: texts(&["-config.file=/etc/loki/loki.yml", "-config.expand-env=true"]),
        environment: store.map_or(Vec::new(), bucket),
        volumes: texts(&["./loki:/etc/loki:ro"]),
        ..Specifics::default()
    }
}

/// Variables that Loki fills in where its configuration names them.
fn bucket(store: &ObjectStore) -> Vec<(String, Setting)> {
    let settings = [Some(&store.bucket), store.region.as_ref(), store.endpoint.as_ref()];
    let names = settings.into_iter().flatten().filter_map(|setting| match setting {
        Setting::Env(name) => Some(name),
        Setting::Literal(_) => None,
    });
    let keys = [&store.access_key, &store.secret_key].into_iter().flatten().filter_map(|secret| match secret {
        Secret::Env(name) => Some(name),
        Secret::File(_) => None,
    });
    names.chain(keys).map(|name| (name.to_string(), Setting::Env(name.clone()))).collect()
}

fn alloy(platform: &Platform) -> Specifics {
    // Its own default is to answer to itself only.
    let command = [
        "run",
        "/etc/alloy/config.alloy",
        "--storage.path=/var/lib/alloy/data",
        "--server.http.listen-addr=0.0.0.0:12345",
        "--disable-reporting",
    ];
    let mut volumes = texts(&["./alloy:/etc/alloy:ro", DOCKER_SOCKET]);
    volumes.extend(platform.stack.alloy.iter().flat_map(|alloy| host_folders(&alloy.files)));
    Specifics { command: texts(&command), volumes, ..Specifics::default() }
}

fn promtail(platform: &Platform) -> Specifics {
    let mut volumes = texts(&["./promtail:/etc/promtail:ro", DOCKER_SOCKET]);
    volumes.extend(platform.stack.promtail.iter().flat_map(|promtail| host_folders(&promtail.files)));
    Specifics { command: texts(&["-config.file=/etc/promtail/promtail.yml"]), volumes, ..Specifics::default() }
}

fn elastic(component: &str, settings: &Elastic) -> Option<Specifics> {
    Some(match component {
        "elasticsearch" => elasticsearch(settings),
        "elastic-setup" => setup(settings),
        "logstash" => logstash(settings),
        "filebeat" => filebeat(settings),
        "kibana" => kibana(settings),
        _ => return None,
    })
}

/// Runs a program with variables that it only takes from its environment: they are read from files when it starts,
/// so that nobody who inspects the container sees them.
fn with_secrets(variables: &[(&str, &Secret)], program: &str) -> Vec<String> {
    let read: String =
        variables.iter().map(|(name, secret)| format!("export {name}=\"$(cat {})\"; ", secret_path(secret))).collect();
    vec!["/bin/bash".to_owned(), "-c".to_owned(), format!("{read}exec {program}")]
}

fn secrets(secrets: &[(&Secret, &str)]) -> Vec<(Secret, String)> {
    secrets.iter().map(|(secret, purpose)| ((*secret).clone(), (*purpose).to_owned())).collect()
}

const OF_ELASTIC: &str = "password of Elasticsearch's user elastic";
const OF_KIBANA: &str = "password of Kibana's own user at Elasticsearch";
const OF_LOGSTASH: &str = "password of the user as whom Logstash writes";

/// One node. Traffic inside the stack's network is not encrypted; the port is published on this machine only.
fn elasticsearch(settings: &Elastic) -> Specifics {
    let heap = settings.heap >> 20;
    Specifics {
        entrypoint: with_secrets(
            &[("ELASTIC_PASSWORD", &settings.password)],
            "/usr/local/bin/docker-entrypoint.sh eswrapper",
        ),
        environment: vec![
            literal("discovery.type", "single-node"),
            literal("xpack.security.enabled", "true"),
            literal("xpack.security.http.ssl.enabled", "false"),
            literal("ES_JAVA_OPTS", &format!("-Xms{heap}m -Xmx{heap}m")),
        ],
        secrets: secrets(&[(&settings.password, OF_ELASTIC)]),
        writes: true,
        ..Specifics::default()
    }
}

/// Runs once at every start and changes nothing that is as it should be: passwords, retention, fields, the user that
/// writes; then, when Kibana answers, its searches.
fn setup(settings: &Elastic) -> Specifics {
    let curl = "curl -sS --fail-with-body --retry 5 --retry-connrefused -u \"elastic:$ELASTIC_PASSWORD\" -H 'Content-Type: application/json'";
    let put = |path: &str, data: &str| format!("{curl} -X PUT {ELASTICSEARCH_ADDRESS}/{path} {data}");
    let role = "--data-binary '{\"cluster\":[\"monitor\",\"manage_index_templates\"],\"indices\":[{\"names\":[\"logs-services-*\"],\"privileges\":[\"auto_configure\",\"create_doc\",\"create_index\"]}]}'";
    let user = format!(
        "--data-binary \"{{\\\"password\\\":\\\"$LOGSTASH_PASSWORD\\\",\\\"roles\\\":[\\\"{}\\\"]}}\"",
        elastic::LOGSTASH_USER
    );
    let password = "--data-binary \"{\\\"password\\\":\\\"$KIBANA_PASSWORD\\\"}\"";
    let steps = [
        "set -e".to_owned(),
        put("_security/user/kibana_system/_password", password),
        put(&format!("_ilm/policy/{}", elastic::POLICY), "--data-binary @/setup/ilm-policy.json"),
        put(&format!("_index_template/{}", elastic::POLICY), "--data-binary @/setup/index-template.json"),
        put(&format!("_security/role/{}", elastic::LOGSTASH_USER), role),
        put(&format!("_security/user/{}", elastic::LOGSTASH_USER), &user),
        "until curl -s -o /dev/null --fail http://kibana:5601/api/status; do sleep 5; done".to_owned(),
        "curl -sS --fail-with-body -u \"elastic:$ELASTIC_PASSWORD\" -H 'kbn-xsrf: true' --form file=@/setup/kibana.ndjson 'http://kibana:5601/api/saved_objects/_import?overwrite=true'".to_owned(),
    ];
    let variables = [
        ("ELASTIC_PASSWORD", &settings.password),
        ("KIBANA_PASSWORD", &settings.kibana_password),
        ("LOGSTASH_PASSWORD", &settings.logstash_password),
    ];
    let mut entrypoint = with_secrets(&variables, "/bin/bash -c \"$0\"");
    entrypoint.push(steps.join("\n"));
    Specifics {
        entrypoint,
        secrets: secrets(&[
            (&settings.password, OF_ELASTIC),
            (&settings.kibana_password, OF_KIBANA),
            (&settings.logstash_password, OF_LOGSTASH),
        ]),
        volumes: texts(&["./elastic:/setup:ro"]),
        once: true,
        ..Specifics::default()
    }
}

fn logstash(settings: &Elastic) -> Specifics {
    Specifics {
        entrypoint: with_secrets(
            &[("LOGSTASH_PASSWORD", &settings.logstash_password)],
            "/usr/local/bin/docker-entrypoint",
        ),
        environment: vec![literal("LS_JAVA_OPTS", "-Xms512m -Xmx512m")],
        secrets: secrets(&[(&settings.logstash_password, OF_LOGSTASH)]),
        volumes: texts(&[
            "./elastic/logstash.yml:/usr/share/logstash/config/logstash.yml:ro",
            "./elastic/pipeline:/usr/share/logstash/pipeline:ro",
        ]),
        writes: true,
        ..Specifics::default()
    }
}

/// It reads docker's own files, which belong to root.
fn filebeat(settings: &Elastic) -> Specifics {
    let mut volumes = texts(&[
        "./elastic/filebeat.yml:/usr/share/filebeat/filebeat.yml:ro",
        "/var/lib/docker/containers:/var/lib/docker/containers:ro",
        DOCKER_SOCKET,
    ]);
    volumes.extend(host_folders(&settings.files));
    Specifics { command: texts(&["-e", "--strict.perms=false"]), volumes, writes: true, ..Specifics::default() }
}

fn kibana(settings: &Elastic) -> Specifics {
    let mut environment = vec![
        literal("ELASTICSEARCH_HOSTS", ELASTICSEARCH_ADDRESS),
        literal("ELASTICSEARCH_USERNAME", "kibana_system"),
        literal("SERVER_HOST", "0.0.0.0"),
        literal("TELEMETRY_ENABLED", "false"),
    ];
    environment.extend(settings.kibana_url.as_ref().map(|url| literal("SERVER_PUBLICBASEURL", url)));
    Specifics {
        entrypoint: with_secrets(
            &[("ELASTICSEARCH_PASSWORD", &settings.kibana_password)],
            "/usr/local/bin/kibana-docker",
        ),
        environment,
        secrets: secrets(&[(&settings.kibana_password, OF_KIBANA)]),
        writes: true,
        ..Specifics::default()
    }
}

/// The folders of files on the host, each at its own place in the container, to read only.
pub(super) fn host_folders(files: &[LogFiles]) -> Vec<String> {
    let paths = files.iter().flat_map(|files| &files.paths);
    let mut folders: Vec<String> = Vec::new();
    for path in paths {
        // A folder with a `*` in it is reached through the one above.
        let fixed = path.value.split('*').next().unwrap_or_default();
        let folder = fixed.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mount = format!("{folder}:{folder}:ro");
        if !folder.is_empty() && !folders.contains(&mount) {
            folders.push(mount);
        }
    }
    folders
}
