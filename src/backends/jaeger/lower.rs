//! From the platform to Jaeger's configuration.

use indexmap::IndexMap;

use crate::backends::otel::config::{
    Auth, Basic, Directories, Elasticsearch, Endpoint, Exporter, Extension, File, Indices, MetricBackend, Pipeline,
    Processor, QueriedStorage, Service, TraceBackend, Ttl,
};
use crate::backends::otel::parts::{HEALTH_PORT, literal, memory_limiter, otlp, telemetry, text};
use crate::conventions::{JAEGER_HOST, PROMETHEUS_ADDRESS, secret_path};
use crate::model::{Platform, TraceStorage};

/// Name of the one store.
const STORE: &str = "main";
/// Name of the one store of metrics.
const METRICS: &str = "prometheus";

/// The file; none without Jaeger.
pub(super) fn file(platform: &Platform) -> Option<File> {
    let jaeger = platform.stack.jaeger.as_ref()?;
    let metrics = platform.stack.otel_collector.as_ref().is_some_and(|collector| collector.span_metrics);
    let metric_backends = metrics.then(|| {
        let backend = MetricBackend::Prometheus {
            endpoint: format!("http://{PROMETHEUS_ADDRESS}"),
            normalize_calls: true,
            normalize_duration: true,
            latency_unit: "s",
        };
        (METRICS, backend)
    });
    let extensions = IndexMap::from([
        ("healthcheckv2", Extension::HealthV2 { use_v2: true, http: Endpoint::port(HEALTH_PORT) }),
        (
            "jaeger_query",
            Extension::JaegerQuery {
                storage: QueriedStorage { traces: STORE, metrics: metrics.then_some(METRICS) },
                http: Endpoint::port(16686),
                grpc: Endpoint::port(16685),
            },
        ),
        (
            "jaeger_storage",
            Extension::JaegerStorage {
                backends: IndexMap::from([(STORE, backend(platform, &jaeger.storage))]),
                metric_backends: metric_backends.into_iter().collect(),
            },
        ),
    ]);
    let processors = IndexMap::from([("memory_limiter", memory_limiter()), ("batch", Processor::Batch {})]);
    let exporter = "jaeger_storage_exporter".to_owned();
    let traces = Pipeline {
        receivers: vec!["otlp"],
        processors: processors.keys().copied().collect(),
        exporters: vec![exporter.clone()],
    };
    Some(File {
        extensions,
        receivers: otlp(),
        processors,
        connectors: IndexMap::new(),
        exporters: IndexMap::from([(exporter, Exporter::JaegerStorage { trace_storage: STORE })]),
        service: Service {
            // Pages ask a store that is there already.
            extensions: vec!["jaeger_storage", "jaeger_query", "healthcheckv2"],
            pipelines: IndexMap::from([("traces", traces)]),
            telemetry: telemetry(JAEGER_HOST),
        },
    })
}

fn backend(platform: &Platform, storage: &TraceStorage) -> TraceBackend {
    match storage {
        TraceStorage::Badger => TraceBackend::Badger {
            ephemeral: false,
            directories: Directories { keys: "/badger/keys", values: "/badger/values" },
            ttl: Ttl { spans: platform.retention.traces.value },
        },
        TraceStorage::Memory(max_traces) => TraceBackend::Memory { max_traces: *max_traces },
        TraceStorage::Elasticsearch { url, username, password, index_prefix } => {
            let auth = username.as_ref().map(|username| Auth {
                basic: Basic { username: text(username), password_file: password.as_ref().map(secret_path) },
            });
            TraceBackend::Elasticsearch(Box::new(Elasticsearch {
                server_urls: vec![text(url)],
                auth,
                indices: Indices { index_prefix: literal(index_prefix) },
            }))
        }
    }
}
