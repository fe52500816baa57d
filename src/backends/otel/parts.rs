//! Parts that a collector and Jaeger have in common.

use indexmap::IndexMap;

use super::config::{
    Endpoint, Listener, Processor, Protocols, Pull, PullExporter, Reader, Receiver, Telemetry, TelemetryMetrics,
};
use crate::model::Setting;

/// Where a collector's health is asked.
pub(crate) const HEALTH_PORT: u16 = 13133;

/// Where a collector's own metrics are.
const METRICS_PORT: u16 = 8888;

/// OTLP in both forms. A collector listens on its own address only, unless it is told otherwise.
pub(crate) fn otlp() -> IndexMap<&'static str, Receiver> {
    let protocols = Protocols { grpc: Endpoint::port(4317), http: Endpoint::port(4318) };
    IndexMap::from([("otlp", Receiver { protocols })])
}

/// Refuses spans before the container's memory is full: who sent them can try again.
pub(crate) fn memory_limiter() -> Processor {
    Processor::MemoryLimiter { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 20 }
}

/// Metrics of its own for Prometheus.
pub(crate) fn telemetry(name: &str) -> Telemetry {
    let prometheus = Listener { host: "0.0.0.0", port: METRICS_PORT };
    Telemetry {
        resource: IndexMap::from([("service.name", name.to_owned())]),
        metrics: TelemetryMetrics {
            level: "normal",
            readers: vec![Reader { pull: Pull { exporter: PullExporter { prometheus } } }],
        },
    }
}

/// A setting as a collector reads it: `${env:NAME}` is a variable, `$$` a dollar.
pub(crate) fn text(setting: &Setting) -> String {
    match setting {
        Setting::Literal(text) => literal(text),
        Setting::Env(name) => format!("${{env:{name}}}"),
    }
}

/// Text that means itself.
pub(crate) fn literal(text: &str) -> String {
    text.replace('$', "$$")
}
