//! Traces: who samples, who stores, where applications send them.

use rust_decimal::Decimal;

use super::Resolver;
use super::problems::{TRACE_STORAGE_INCOMPLETE, TRACES_LEAD_NOWHERE, TRACES_NEED_COLLECTOR, UNIT_MISMATCH};
use crate::conventions::{JAEGER_HOST, OTEL_COLLECTOR_HOST};
use crate::diagnostics::Diagnostic;
use crate::model::{
    Application, Jaeger, LogLevel, OtelCollector, OtlpProtocol, SampledBy, Sentry, Setting, TraceStorage, Traces,
};
use crate::quantity::{Dimension, Duration, Quantity};
use crate::source::{Span, Spanned};
use crate::spec::traces as written;

/// How many traces Jaeger holds in memory unless the spec says: some hundred megabytes.
const HELD_TRACES: u64 = 100_000;
/// How long the collector waits for a trace: longer than any request that people wait for.
const DECIDE_AFTER: Duration = Duration::seconds(10);
/// How long the collector tries again: its own default.
const RETRY_FOR: Duration = Duration::minutes(5);

/// How traces are taken; none when the spec speaks of none.
pub(super) fn resolve(resolver: &mut Resolver) -> Option<Traces> {
    let spec = resolver.spec;
    let written = spec.traces.as_ref();
    let stack = spec.stack.as_ref();
    let jaeger = stack.and_then(|stack| stack.jaeger.as_ref());
    let collector = stack.and_then(|stack| stack.otel_collector.as_ref());
    let origin = written
        .map(|traces| traces.span)
        .or(jaeger.map(|jaeger| jaeger.span))
        .or(collector.map(|collector| collector.span))?;
    let protocol =
        written.and_then(|traces| traces.protocol.as_ref()).map_or(OtlpProtocol::Http, |protocol| protocol.value);
    let host = match (collector, jaeger) {
        (Some(_), _) => Some(OTEL_COLLECTOR_HOST),
        (None, Some(_)) => Some(JAEGER_HOST),
        (None, None) => None,
    };
    let inside = host.map(|host| {
        let port = if protocol == OtlpProtocol::Grpc { 4317 } else { 4318 };
        Setting::Literal(format!("http://{host}:{port}"))
    });
    let Some(endpoint) = inside.or_else(|| written.and_then(|traces| traces.endpoint.clone())) else {
        let diagnostic = Diagnostic::new(&TRACES_LEAD_NOWHERE, origin.0, "nothing in the stack takes these traces");
        resolver.report(diagnostic.help("add `stack: {jaeger: {}}`, or `endpoint:` with the address that takes them"));
        return None;
    };
    check_collector(written, collector.is_some(), resolver);
    let sample = written.and_then(|traces| traces.sample.as_ref());
    Some(Traces {
        sample: sample.and_then(|sample| share(sample, resolver)).unwrap_or(Decimal::ONE),
        sampled_by: sampled_by(written),
        keep_errors: written.and_then(|traces| traces.keep_errors).is_some_and(|keep| keep.value),
        keep_slower_than: written.and_then(|traces| traces.keep_slower_than).map(|bound| bound.value),
        decide_after: written.and_then(|traces| traces.decide_after).map_or(DECIDE_AFTER, |wait| wait.value),
        scrub: attributes(written.and_then(|traces| traces.scrub.as_ref())),
        hash: attributes(written.and_then(|traces| traces.hash.as_ref())),
        protocol,
        endpoint,
        volume: written.and_then(|traces| traces.volume.as_ref()).and_then(|volume| rate(volume, resolver)),
        origin,
    })
}

fn attributes(written: Option<&Vec<Spanned<String>>>) -> Vec<String> {
    written.into_iter().flatten().map(|attribute| attribute.value.clone()).collect()
}

/// What the spec says; else the collector where only it can decide.
fn sampled_by(written: Option<&written::Traces>) -> SampledBy {
    let Some(written) = written else { return SampledBy::Application };
    let whole = written.keep_errors.is_some_and(|keep| keep.value) || written.keep_slower_than.is_some();
    let usual = if whole { SampledBy::Collector } else { SampledBy::Application };
    written.sampled_by.as_ref().map_or(usual, |by| by.value)
}

/// What only a collector can do needs one, and needs it to see every trace.
fn check_collector(written: Option<&written::Traces>, collector: bool, resolver: &mut Resolver) {
    let Some(traces) = written else { return };
    let errors = traces.keep_errors.filter(|keep| keep.value).map(|keep| ("`keep_errors`", keep.span));
    let slow = traces.keep_slower_than.map(|bound| ("`keep_slower_than`", bound.span));
    let first = |list: &Option<Vec<Spanned<String>>>| list.iter().flatten().next().map(|one| one.span);
    let by = traces.sampled_by.as_ref();
    let by_collector = by.filter(|by| by.value == SampledBy::Collector).map(|by| ("`sampled_by: collector`", by.span));
    let scrub = first(&traces.scrub).map(|span| ("`scrub`", span));
    let hash = first(&traces.hash).map(|span| ("`hash`", span));
    if !collector {
        for (what, span) in [errors, slow, by_collector, scrub, hash].into_iter().flatten() {
            let message = format!("{what} is a collector's work, and the stack has none");
            resolver.report(needs_collector(span, message).help("add `stack: {otel_collector: {}}`"));
        }
    }
    if let Some(by) = by.filter(|by| by.value == SampledBy::Application) {
        for (what, span) in [errors, slow].into_iter().flatten() {
            let message =
                format!("{what} looks at whole traces, and the application has already left most of them out");
            let diagnostic = needs_collector(span, message).also(by.span, "sampled before");
            resolver.report(diagnostic.help("leave `sampled_by` out, or write `sampled_by: collector`"));
        }
    }
}

fn needs_collector(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(&TRACES_NEED_COLLECTOR, span, message)
}

/// Jaeger, if the stack has it.
pub(super) fn jaeger(resolver: &mut Resolver) -> Option<Jaeger> {
    let written = resolver.spec.stack.as_ref()?.jaeger.as_ref()?;
    let kind = written.storage.as_ref().map_or(written::TraceStorage::Badger, |storage| storage.value);
    let place = written.storage.as_ref().map_or(written.span.0, |storage| storage.span);
    let mut useless = |given: Option<Span>, key: &str, storage: &str| {
        if let Some(span) = given {
            let message = format!("`{key}` means something only with `storage: {storage}`");
            resolver.report(Diagnostic::new(&TRACE_STORAGE_INCOMPLETE, span, message).also(place, "another storage"));
        }
    };
    if kind != written::TraceStorage::Memory {
        useless(written.max_traces.map(|held| held.span), "max_traces", "memory");
    }
    if kind != written::TraceStorage::Elasticsearch {
        useless(written.elasticsearch.as_ref().map(|search| search.span.0), "elasticsearch", "elasticsearch");
    }
    let storage = match (kind, &written.elasticsearch) {
        (written::TraceStorage::Badger, _) => TraceStorage::Badger,
        (written::TraceStorage::Memory, _) => {
            TraceStorage::Memory(written.max_traces.map_or(HELD_TRACES, |held| held.value))
        }
        (written::TraceStorage::Elasticsearch, Some(search)) => TraceStorage::Elasticsearch {
            url: search.url.clone(),
            username: search.username.clone(),
            password: search.password.clone(),
            index_prefix: search
                .index_prefix
                .as_ref()
                .map_or_else(|| resolver.spec.platform.to_string(), |prefix| prefix.value.clone()),
        },
        (written::TraceStorage::Elasticsearch, None) => {
            let diagnostic =
                Diagnostic::new(&TRACE_STORAGE_INCOMPLETE, place, "traces are kept in which Elasticsearch?");
            resolver.report(diagnostic.help("add `elasticsearch: {url: ...}` beside it"));
            return None;
        }
    };
    let url = written.url.as_ref().map(|url| url.value.trim_end_matches('/').to_owned());
    Some(Jaeger { storage, url, origin: written.span })
}

/// The collector, if the stack has it.
pub(super) fn otel_collector(resolver: &mut Resolver) -> Option<OtelCollector> {
    let stack = resolver.spec.stack.as_ref()?;
    let written = stack.otel_collector.as_ref()?;
    let forward_to: Vec<Setting> = written.forward_to.iter().flat_map(|all| &all.0).cloned().collect();
    if forward_to.is_empty() && stack.jaeger.is_none() {
        let diagnostic =
            Diagnostic::new(&TRACES_LEAD_NOWHERE, written.span.0, "the collector has nobody to give traces to");
        resolver
            .report(diagnostic.help("add `jaeger: {}` beside it, or `forward_to:` with an address that speaks OTLP"));
    }
    Some(OtelCollector {
        forward_to,
        span_metrics: written.span_metrics.unwrap_or(false),
        retry_for: written.retry_for.map_or(RETRY_FOR, |time| time.value),
        origin: written.span,
    })
}

/// What a service's own program is told.
pub(super) fn application(written: &written::Application, resolver: &mut Resolver) -> Application {
    let spec = resolver.spec;
    let environment = spec.environment.as_ref().map_or("production", |name| name.as_str());
    let sentry = written.sentry.as_ref().map(|sentry| Sentry {
        dsn: sentry.dsn.clone(),
        traces_sample_rate: sentry.traces_sample_rate.as_ref().and_then(|rate| share(rate, resolver)),
        sample_rate: sentry.sample_rate.as_ref().and_then(|rate| share(rate, resolver)),
        retention: sentry.retention.map(|time| time.value),
    });
    Application {
        language: written.language,
        log_level: written.log_level.as_ref().map_or(LogLevel::Info, |level| level.value),
        environment: written.environment.as_ref().map_or(environment, |name| name.value.as_str()).to_owned(),
        release: written.release.clone(),
        sentry,
        variables: written
            .variables
            .iter()
            .map(|(name, value)| (Spanned::new(name.to_string(), name.span), value.clone()))
            .collect(),
        origin: written.span,
    }
}

/// A share between 0 and 1, or a complaint.
fn share(written: &Spanned<Quantity>, resolver: &mut Resolver) -> Option<Decimal> {
    let share = written.as_dimension(Dimension::Ratio).filter(|share| (Decimal::ZERO..=Decimal::ONE).contains(share));
    if share.is_none() {
        let message = format!("`{}` is no share between 0% and 100%", written.text);
        resolver.report(Diagnostic::new(&UNIT_MISMATCH, written.span, message).help("shares look like `10%`"));
    }
    share
}

/// Things a second, or a complaint.
fn rate(written: &Spanned<Quantity>, resolver: &mut Resolver) -> Option<Decimal> {
    let rate = written.as_dimension(Dimension::Rate);
    if rate.is_none() {
        let message = format!("`{}` is {}, not a rate", written.text, written.dimension.describe());
        resolver.report(Diagnostic::new(&UNIT_MISMATCH, written.span, message).help("rates look like `200/s`"));
    }
    rate
}
