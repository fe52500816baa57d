//! The OpenTelemetry collector's configuration, which is also Jaeger's: its own field names, only what is generated.

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::quantity::Duration;

/// A whole file. Names are `type` or `type/name`, as the collector has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct File {
    pub extensions: IndexMap<&'static str, Extension>,
    pub receivers: IndexMap<&'static str, Receiver>,
    pub processors: IndexMap<&'static str, Processor>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub connectors: IndexMap<&'static str, Connector>,
    pub exporters: IndexMap<String, Exporter>,
    pub service: Service,
}

/// What runs beside the pipelines.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub enum Extension {
    /// Health of a collector.
    Health(Endpoint),
    /// Health of Jaeger.
    HealthV2 { use_v2: bool, http: Endpoint },
    /// Jaeger's API and pages.
    JaegerQuery { storage: QueriedStorage, http: Endpoint, grpc: Endpoint },
    /// Jaeger's stores.
    JaegerStorage {
        backends: IndexMap<&'static str, TraceBackend>,
        #[serde(skip_serializing_if = "IndexMap::is_empty")]
        metric_backends: IndexMap<&'static str, MetricBackend>,
    },
}

/// An address to listen at.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Endpoint {
    pub endpoint: String,
}

impl Endpoint {
    /// A port on every address of the container.
    pub fn port(port: u16) -> Self {
        Self { endpoint: format!("0.0.0.0:{port}") }
    }
}

/// Which of Jaeger's stores its pages ask.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Jaeger's own word")]
pub struct QueriedStorage {
    pub traces: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<&'static str>,
}

/// A store of traces.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each is Jaeger's own word")]
pub enum TraceBackend {
    Badger { ephemeral: bool, directories: Directories, ttl: Ttl },
    Memory { max_traces: u64 },
    Elasticsearch(Box<Elasticsearch>),
}

/// Badger's folders.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Jaeger's own word")]
pub struct Directories {
    pub keys: &'static str,
    pub values: &'static str,
}

/// How long badger keeps spans.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Jaeger's own word")]
pub struct Ttl {
    #[serde(serialize_with = "go_duration")]
    pub spans: Duration,
}

/// Elasticsearch as a store of traces.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Jaeger's own word")]
pub struct Elasticsearch {
    pub server_urls: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<Auth>,
    pub indices: Indices,
}

/// How Jaeger signs in to Elasticsearch.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Jaeger's own word")]
pub struct Auth {
    pub basic: Basic,
}

/// User and password, the latter in a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Jaeger's own word")]
pub struct Basic {
    pub username: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_file: Option<String>,
}

/// What Jaeger's indices are called.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is Jaeger's own word")]
pub struct Indices {
    pub index_prefix: String,
}

/// Where Jaeger finds metrics that were made of spans.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each is Jaeger's own word")]
pub enum MetricBackend {
    Prometheus { endpoint: String, normalize_calls: bool, normalize_duration: bool, latency_unit: &'static str },
}

/// What takes spans in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Receiver {
    pub protocols: Protocols,
}

/// Both forms of OTLP.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Protocols {
    pub grpc: Endpoint,
    pub http: Endpoint,
}

/// What happens to spans on their way.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub enum Processor {
    MemoryLimiter {
        check_interval: &'static str,
        limit_percentage: u64,
        spike_limit_percentage: u64,
    },
    Attributes {
        actions: Vec<Action>,
    },
    ProbabilisticSampler {
        sampling_percentage: Percentage,
    },
    TailSampling {
        #[serde(serialize_with = "go_duration")]
        decision_wait: Duration,
        policies: Vec<Policy>,
    },
    Batch {},
}

/// What happens to one attribute.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Action {
    pub key: String,
    pub action: &'static str,
}

/// A reason to keep a trace.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Policy {
    pub name: &'static str,
    #[serde(flatten)]
    pub reason: Reason,
}

/// What about a trace makes it worth keeping.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub enum Reason {
    StatusCode { status_code: StatusCodes },
    Latency { latency: Latency },
    Probabilistic { probabilistic: Probability },
}

/// Ends that count.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct StatusCodes {
    pub status_codes: Vec<&'static str>,
}

/// Longer than this.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Latency {
    pub threshold_ms: u64,
}

/// So many of a hundred.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Probability {
    pub sampling_percentage: Percentage,
}

/// A number between 0 and 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percentage(pub rust_decimal::Decimal);

impl Serialize for Percentage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use rust_decimal::prelude::ToPrimitive;
        let value = self.0.normalize();
        match value.to_u64().filter(|_| value.fract().is_zero()) {
            Some(whole) => serializer.serialize_u64(whole),
            // Read back from its own text, so that the nearest float prints the same digits.
            None => serializer.serialize_f64(crate::quantity::print_decimal(value).parse().unwrap_or_default()),
        }
    }
}

/// What joins two pipelines.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub enum Connector {
    SpanMetrics {
        histogram: Histogram,
        exemplars: Exemplars,
        #[serde(serialize_with = "go_duration")]
        metrics_flush_interval: Duration,
    },
    Forward {},
}

/// How long spans took.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Histogram {
    pub unit: &'static str,
    pub explicit: Buckets,
}

/// Bounds of a histogram.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Buckets {
    pub buckets: Vec<&'static str>,
}

/// Whether metrics name a trace as an example.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Exemplars {
    pub enabled: bool,
}

/// Where spans go.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub enum Exporter {
    JaegerStorage {
        trace_storage: &'static str,
    },
    Otlp {
        endpoint: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        tls: Option<Tls>,
        retry_on_failure: Retry,
    },
    Prometheus {
        endpoint: String,
        enable_open_metrics: bool,
    },
}

/// Encryption.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Tls {
    pub insecure: bool,
}

/// How long something is tried again.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Retry {
    #[serde(serialize_with = "go_duration")]
    pub max_elapsed_time: Duration,
}

/// What runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Service {
    pub extensions: Vec<&'static str>,
    pub pipelines: IndexMap<&'static str, Pipeline>,
    pub telemetry: Telemetry,
}

/// From receivers through processors, in this order, to exporters.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Pipeline {
    pub receivers: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub processors: Vec<&'static str>,
    pub exporters: Vec<String>,
}

/// What it says of itself: metrics for Prometheus.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Telemetry {
    pub resource: IndexMap<&'static str, String>,
    pub metrics: TelemetryMetrics,
}

/// Its own metrics.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct TelemetryMetrics {
    pub level: &'static str,
    pub readers: Vec<Reader>,
}

/// A way to read them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Reader {
    pub pull: Pull,
}

/// Somebody asks for them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Pull {
    pub exporter: PullExporter,
}

/// Prometheus does.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct PullExporter {
    pub prometheus: Listener,
}

/// Where it listens.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is the collector's own word")]
pub struct Listener {
    pub host: &'static str,
    pub port: u16,
}

/// Go's durations know no days.
fn go_duration<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    let millis = duration.as_millis();
    let units = [("h", 3_600_000), ("m", 60_000), ("s", 1_000)];
    let fits = units.iter().find(|(_, length)| millis > 0 && millis.is_multiple_of(*length));
    let text = fits.map_or_else(|| format!("{millis}ms"), |(unit, length)| format!("{}{unit}", millis / length));
    serializer.serialize_str(&text)
}
