//! What collects, keeps and shows log lines: which components run, and what each needs.

use super::services::{Specifics, texts};
use crate::model::{LogFiles, ObjectStore, Platform, Secret, Setting};

/// Docker's own socket: who may read it sees every container and what it writes.
const DOCKER_SOCKET: &str = "/var/run/docker.sock:/var/run/docker.sock:ro";

/// The components, and whether the platform wants each.
pub(super) fn components(platform: &Platform) -> [(&'static str, bool); 3] {
    let stack = &platform.stack;
    [("loki", stack.loki.is_some()), ("alloy", stack.alloy.is_some()), ("promtail", stack.promtail.is_some())]
}

/// What one of them needs; none of another component.
pub(super) fn specifics(component: &str, platform: &Platform) -> Option<Specifics> {
    Some(match component {
        "loki" => loki(platform),
        "alloy" => alloy(platform),
        "promtail" => promtail(platform),
        _ => return None,
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
