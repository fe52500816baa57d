//! From the platform to a collector's configuration.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::config::{
    Action, Buckets, Connector, Endpoint, Exemplars, Exporter, Extension, File, Histogram, Latency, Percentage,
    Pipeline, Policy, Probability, Processor, Reason, Retry, Service, StatusCodes, Tls,
};
use super::parts::{HEALTH_PORT, literal, memory_limiter, otlp, telemetry, text};
use crate::conventions::{JAEGER_HOST, OTEL_COLLECTOR_HOST, SPAN_METRICS_PORT};
use crate::model::{OtelCollector, Platform, SampledBy, Traces};
use crate::quantity::Duration;

/// Bounds for spans: from a cache that answers to a request that people give up on.
const BUCKETS: [&str; 13] =
    ["2ms", "5ms", "10ms", "25ms", "50ms", "100ms", "250ms", "500ms", "1s", "2.5s", "5s", "10s", "30s"];

/// The file; none without a collector.
pub(super) fn file(platform: &Platform) -> Option<File> {
    let collector = platform.stack.otel_collector.as_ref()?;
    let traces = platform.traces.as_ref()?;
    let mut processors = IndexMap::from([("memory_limiter", memory_limiter())]);
    let actions = actions(traces);
    if !actions.is_empty() {
        processors.insert("attributes", Processor::Attributes { actions });
    }
    let before: Vec<&'static str> = processors.keys().copied().collect();
    processors.extend(sampler(traces));
    processors.insert("batch", Processor::Batch {});
    let after: Vec<&'static str> = processors.keys().copied().filter(|name| !before.contains(name)).collect();
    let mut exporters = exporters(platform, collector);
    let destinations: Vec<String> = exporters.keys().cloned().collect();
    let mut connectors = IndexMap::new();
    if collector.span_metrics {
        let flush = platform.scrape_interval.value;
        connectors.extend([("spanmetrics", span_metrics(flush)), ("forward", Connector::Forward {})]);
        let prometheus =
            Exporter::Prometheus { endpoint: Endpoint::port(SPAN_METRICS_PORT).endpoint, enable_open_metrics: true };
        exporters.insert("prometheus".to_owned(), prometheus);
    }
    Some(File {
        extensions: IndexMap::from([("health_check", Extension::Health(Endpoint::port(HEALTH_PORT)))]),
        receivers: otlp(),
        processors,
        connectors,
        exporters,
        service: Service {
            extensions: vec!["health_check"],
            pipelines: pipelines(collector, before, after, destinations),
            telemetry: telemetry(OTEL_COLLECTOR_HOST),
        },
    })
}

/// One way through; where spans are counted two, so that they are counted before any is left out.
fn pipelines(
    collector: &OtelCollector,
    before: Vec<&'static str>,
    after: Vec<&'static str>,
    destinations: Vec<String>,
) -> IndexMap<&'static str, Pipeline> {
    if !collector.span_metrics {
        let processors = before.into_iter().chain(after).collect();
        return IndexMap::from([("traces", Pipeline { receivers: vec!["otlp"], processors, exporters: destinations })]);
    }
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    IndexMap::from([
        (
            "traces/received",
            Pipeline { receivers: vec!["otlp"], processors: before, exporters: names(&["spanmetrics", "forward"]) },
        ),
        ("traces/kept", Pipeline { receivers: vec!["forward"], processors: after, exporters: destinations }),
        (
            "metrics/spans",
            Pipeline { receivers: vec!["spanmetrics"], processors: Vec::new(), exporters: names(&["prometheus"]) },
        ),
    ])
}

fn actions(traces: &Traces) -> Vec<Action> {
    let action = |word: &'static str| move |key: &String| Action { key: literal(key), action: word };
    traces.scrub.iter().map(action("delete")).chain(traces.hash.iter().map(action("hash"))).collect()
}

/// Which traces are kept, if the collector is the one to say.
fn sampler(traces: &Traces) -> Option<(&'static str, Processor)> {
    if traces.sampled_by != SampledBy::Collector {
        return None;
    }
    let sampling_percentage = Percentage(traces.sample * Decimal::ONE_HUNDRED);
    if !traces.needs_whole_traces() {
        let needed = traces.sample < Decimal::ONE;
        return needed.then_some(("probabilistic_sampler", Processor::ProbabilisticSampler { sampling_percentage }));
    }
    let mut policies = Vec::new();
    if traces.keep_errors {
        let status_code = StatusCodes { status_codes: vec!["ERROR"] };
        policies.push(Policy { name: "errors", reason: Reason::StatusCode { status_code } });
    }
    if let Some(bound) = traces.keep_slower_than {
        let latency = Latency { threshold_ms: bound.as_millis() };
        policies.push(Policy { name: "slow", reason: Reason::Latency { latency } });
    }
    let probabilistic = Probability { sampling_percentage };
    policies.push(Policy { name: "share", reason: Reason::Probabilistic { probabilistic } });
    Some(("tail_sampling", Processor::TailSampling { decision_wait: traces.decide_after, policies }))
}

fn span_metrics(metrics_flush_interval: Duration) -> Connector {
    Connector::SpanMetrics {
        histogram: Histogram { unit: "s", explicit: Buckets { buckets: BUCKETS.to_vec() } },
        exemplars: Exemplars { enabled: true },
        metrics_flush_interval,
    }
}

/// Jaeger first, then wherever else traces go.
fn exporters(platform: &Platform, collector: &OtelCollector) -> IndexMap<String, Exporter> {
    let retry = || Retry { max_elapsed_time: collector.retry_for };
    let mut exporters = IndexMap::new();
    if platform.stack.jaeger.is_some() {
        let jaeger = Exporter::Otlp {
            endpoint: format!("{JAEGER_HOST}:4317"),
            tls: Some(Tls { insecure: true }),
            retry_on_failure: retry(),
        };
        exporters.insert("otlp/jaeger".to_owned(), jaeger);
    }
    for (index, address) in collector.forward_to.iter().enumerate() {
        let exporter = Exporter::Otlp { endpoint: text(address), tls: None, retry_on_failure: retry() };
        exporters.insert(format!("otlphttp/{}", index + 1), exporter);
    }
    exporters
}
