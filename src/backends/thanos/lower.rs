//! From the platform to Thanos' files.

use super::config::{Bucket, Config, Endpoint, Endpoints, Store};
use crate::backends::rules;
use crate::decode::INVALID_VALUE;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{ObjectStore, Platform, Setting};

/// Both files.
pub(super) fn config(platform: &Platform, diagnostics: &mut Diagnostics) -> Config {
    let Some(long_term) = &platform.retention.long_term else { return Config::default() };
    check(&long_term.store, diagnostics);
    Config {
        store: Some(store(&long_term.store)),
        endpoints: platform.stack.runs_together().then(|| endpoints(platform)),
    }
}

/// Whether rules look further back than Prometheus keeps samples, so that only Thanos can evaluate them.
pub fn needs_ruler(platform: &Platform) -> bool {
    platform.retention.long_term.is_some() && rules::look_beyond_retention(platform)
}

/// Thanos fills `$(NAME)` in wherever it stands and knows no way to write it literally.
fn check(store: &ObjectStore, diagnostics: &mut Diagnostics) {
    let settings = [Some(&store.bucket), store.region.as_ref(), store.endpoint.as_ref()];
    let literals = settings.into_iter().flatten().filter_map(|setting| match setting {
        Setting::Literal(text) => Some(text.as_str()),
        Setting::Env(_) => None,
    });
    for text in literals.chain(store.prefix.as_deref()).filter(|text| text.contains("$(")) {
        let message = format!("`{text}` holds `$(`, which Thanos would read as a variable");
        diagnostics
            .push(Diagnostic::new(&INVALID_VALUE, store.origin.0, message).help("write {env: NAME} for a variable"));
    }
}

fn store(store: &ObjectStore) -> Store {
    let address = store.endpoint.as_ref().map(text);
    let insecure = address.as_ref().is_some_and(|address| address.starts_with("http://"));
    // Thanos wants the host alone.
    let host = address.map(|address| {
        address.trim_start_matches("http://").trim_start_matches("https://").trim_end_matches('/').to_owned()
    });
    let region = store.region.as_ref().map(text);
    let usual = || match &region {
        Some(region) => format!("s3.{region}.amazonaws.com"),
        None => "s3.amazonaws.com".to_owned(),
    };
    Store {
        r#type: "S3",
        config: Bucket { bucket: text(&store.bucket), endpoint: host.unwrap_or_else(usual), region, insecure },
        prefix: store.prefix.clone(),
    }
}

/// A setting, with variables as Thanos names them.
fn text(setting: &Setting) -> String {
    match setting {
        Setting::Literal(text) => text.clone(),
        Setting::Env(name) => format!("$({name})"),
    }
}

fn endpoints(platform: &Platform) -> Endpoints {
    let hosts = ["thanos-sidecar", "thanos-store"].into_iter().chain(needs_ruler(platform).then_some("thanos-ruler"));
    Endpoints { endpoints: hosts.map(|host| Endpoint { address: format!("{host}:10901") }).collect() }
}
