//! From the platform to loki.yml: one process, its index by day, old lines deleted by the compactor.

use rust_decimal::prelude::ToPrimitive;

use super::config::{
    Analytics, Bucket, Common, Compactor, Directory, File, Filesystem, Index, KeyValueStore, Limits, Period, Ring,
    RuleStorage, Ruler, SchemaConfig, Server, Storage,
};
use crate::conventions::{ALERTMANAGER_ADDRESS, LOKI_DATASOURCE};
use crate::decode::INVALID_VALUE;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{Loki, ObjectStore, Platform, Secret, Setting};
use crate::quantity::Duration;

/// A day before the first line there can be: schema 13 is from 2024.
const FROM: &str = "2024-04-01";

/// Lines that come later than a week are a mistake of somebody's clock.
const OLDEST: Duration = Duration::days(7);

/// The whole file.
pub(super) fn file(platform: &Platform, loki: &Loki, diagnostics: &mut Diagnostics) -> File {
    let kept = platform.retention.log_store.value;
    let in_bucket = loki.store.is_some();
    let object_store = if in_bucket { "s3" } else { "filesystem" };
    let storage = match &loki.store {
        Some(store) => Storage::S3(bucket(store, diagnostics)),
        None => Storage::Filesystem(Filesystem { chunks_directory: "/loki/chunks", rules_directory: "/loki/rules" }),
    };
    let ingest = loki.ingest.as_ref().and_then(|ingest| ingest.value.to_u64());
    let megabytes = ingest.map(|bytes| bytes.div_ceil(1 << 20).max(1));
    File {
        auth_enabled: false,
        server: Server { http_listen_port: 3100, log_level: "info" },
        common: Common {
            path_prefix: "/loki",
            storage,
            replication_factor: 1,
            instance_addr: "127.0.0.1",
            ring: alone(),
        },
        schema_config: SchemaConfig {
            configs: vec![Period {
                from: FROM,
                store: "tsdb",
                object_store,
                schema: "v13",
                index: Index { prefix: "index_", period: "24h" },
            }],
        },
        compactor: Compactor {
            working_directory: "/loki/compactor",
            compaction_interval: "10m",
            retention_enabled: true,
            retention_delete_delay: "2h",
            delete_request_store: object_store,
        },
        limits_config: Limits {
            retention_period: hours(kept),
            allow_structured_metadata: true,
            reject_old_samples: true,
            reject_old_samples_max_age: hours(OLDEST.min(kept)),
            max_global_streams_per_user: loki.streams,
            ingestion_rate_mb: megabytes,
            ingestion_burst_size_mb: megabytes.map(|rate| rate.saturating_mul(2)),
            // An hour more: a question about all there is begins before the oldest line.
            max_query_length: hours(kept.plus(Duration::hours(1))),
            volume_enabled: true,
        },
        ruler: ruler(platform),
        analytics: Analytics { reporting_enabled: false },
    }
}

/// Hours, of which Go's and Prometheus' durations mean the same; never fewer than asked.
fn hours(time: Duration) -> String {
    format!("{}h", time.as_millis().div_ceil(Duration::hours(1).as_millis()))
}

fn alone() -> Ring {
    Ring { kvstore: KeyValueStore { store: "inmemory" } }
}

/// Without severities and channels there is no Alertmanager to tell.
fn ruler(platform: &Platform) -> Option<Ruler> {
    if platform.channels.is_empty() && platform.severities.is_empty() {
        return None;
    }
    let stack = &platform.stack;
    let elsewhere = stack.alertmanager_url.as_ref().filter(|_| !stack.runs_together());
    Some(Ruler {
        storage: RuleStorage { r#type: "local", local: Directory { directory: super::RULES_IN_CONTAINER } },
        rule_path: "/loki/rules-temporary",
        evaluation_interval: platform.evaluation_interval.value.to_string(),
        alertmanager_url: elsewhere.cloned().unwrap_or_else(|| format!("http://{ALERTMANAGER_ADDRESS}")),
        external_url: stack.grafana.url.clone(),
        datasource_uid: LOKI_DATASOURCE,
        external_labels: platform.labels.clone(),
        ring: alone(),
        enable_api: true,
    })
}

fn bucket(store: &ObjectStore, diagnostics: &mut Diagnostics) -> Bucket {
    check(store, diagnostics);
    let endpoint = store.endpoint.as_ref().map(text);
    Bucket {
        bucketnames: text(&store.bucket),
        insecure: endpoint.as_ref().is_some_and(|address| address.starts_with("http://")),
        s3forcepathstyle: endpoint.is_some(),
        endpoint,
        region: store.region.as_ref().map(text),
        access_key_id: store.access_key.as_ref().and_then(variable),
        secret_access_key: store.secret_key.as_ref().and_then(variable),
    }
}

/// Loki fills `${NAME}` in wherever it stands; its image has no shell that could read a secret's file.
fn check(store: &ObjectStore, diagnostics: &mut Diagnostics) {
    let settings = [Some(&store.bucket), store.region.as_ref(), store.endpoint.as_ref()];
    let literals = settings.into_iter().flatten().filter_map(|setting| match setting {
        Setting::Literal(text) => Some(text),
        Setting::Env(_) => None,
    });
    for text in literals.filter(|text| text.contains('$')) {
        let message = format!("`{text}` holds `$`, which Loki would read as a variable");
        let diagnostic = Diagnostic::new(&INVALID_VALUE, store.origin.0, message);
        diagnostics.push(diagnostic.help("write {env: NAME} for a variable"));
    }
    let keys = [&store.access_key, &store.secret_key];
    if keys.into_iter().flatten().any(|key| matches!(key, Secret::File(_))) {
        let message = "Loki cannot read the keys of its bucket from files";
        let diagnostic = Diagnostic::new(&INVALID_VALUE, store.origin.0, message);
        diagnostics.push(diagnostic.help("write {env: NAME}, or leave the keys out and give the machine a role"));
    }
}

fn text(setting: &Setting) -> String {
    match setting {
        Setting::Literal(text) => text.clone(),
        Setting::Env(name) => format!("${{{name}}}"),
    }
}

fn variable(secret: &Secret) -> Option<String> {
    match secret {
        Secret::Env(name) => Some(format!("${{{name}}}")),
        Secret::File(_) => None,
    }
}
