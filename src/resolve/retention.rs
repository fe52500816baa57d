//! Retention of metrics and logs.

use rust_decimal::Decimal;

use super::Resolver;
use super::problems::{LOG_STORE_TOO_SHORT, UNIT_MISMATCH};
use crate::diagnostics::Diagnostic;
use crate::model::{LogGroup, LongTerm, ObjectStore, Retention};
use crate::quantity::{Dimension, Duration, Quantity};
use crate::source::Spanned;
use crate::spec::retention as written;

/// Prometheus' own default.
const LOCAL: Duration = Duration::days(15);

/// How long traces are kept: the week in which people still ask what happened.
const TRACES: Duration = Duration::days(7);

/// How long lines are kept unless the spec says.
const LOG_STORE: Duration = Duration::days(30);

/// Loki deletes by the day of its index.
const SHORTEST_LOG_STORE: Duration = Duration::days(1);

/// What is kept.
pub(super) fn resolve(resolver: &mut Resolver) -> Retention {
    let spec = resolver.spec;
    let place = spec.span.0;
    let Some(retention) = &spec.retention else {
        return Retention {
            local: Spanned::new(LOCAL, place),
            variable: None,
            size: None,
            long_term: None,
            logs: Vec::new(),
            traces: Spanned::new(TRACES, place),
            log_store: Spanned::new(LOG_STORE, place),
            archive: None,
        };
    };
    let metrics = retention.metrics.as_ref();
    let size = metrics.and_then(|metrics| metrics.size.clone());
    if let Some(size) = size.as_ref().filter(|size| size.dimension != Dimension::Bytes) {
        let message = format!("`{}` is {}, not a size", size.text, size.dimension.describe());
        resolver.report(Diagnostic::new(&UNIT_MISMATCH, size.span, message).help("sizes look like `50GB`"));
    }
    let log_store = retention.log_store.unwrap_or(Spanned::new(LOG_STORE, retention.span.0));
    if log_store.value < SHORTEST_LOG_STORE {
        let message = format!("lines cannot be kept for {} only", log_store.value);
        let note = "Loki and Elasticsearch delete by the day: the shortest is 1d";
        resolver.report(Diagnostic::new(&LOG_STORE_TOO_SHORT, log_store.span, message).note(note));
    }
    Retention {
        log_store,
        local: metrics.and_then(|metrics| metrics.local).unwrap_or(Spanned::new(LOCAL, retention.span.0)),
        variable: metrics.and_then(|metrics| metrics.variable.as_ref()).map(|name| name.to_string()),
        size,
        long_term: metrics.and_then(|metrics| metrics.long_term.as_ref()).map(long_term),
        logs: retention.logs.iter().map(|(name, kept)| log_group(name, kept, resolver)).collect(),
        traces: retention.traces.unwrap_or(Spanned::new(TRACES, retention.span.0)),
        archive: retention.archive.as_ref().map(store),
    }
}

fn long_term(written: &written::LongTerm) -> LongTerm {
    let raw = written.r#for;
    let five = written.downsampled_5m.unwrap_or(raw);
    let hour = written.downsampled_1h.unwrap_or(five);
    LongTerm { raw, downsampled_5m: five.value, downsampled_1h: hour.value, store: store(&written.store) }
}

/// A store as written: nothing in it can dangle.
pub(super) fn store(written: &written::ObjectStore) -> ObjectStore {
    let written::ObjectStore::S3(s3) = written;
    ObjectStore {
        bucket: s3.bucket.clone(),
        region: s3.region.clone(),
        endpoint: s3.endpoint.clone(),
        prefix: s3.prefix.clone(),
        access_key: s3.access_key.clone(),
        secret_key: s3.secret_key.clone(),
        origin: s3.span,
    }
}

/// Bytes a second, or a complaint.
fn throughput(written: &Spanned<Quantity>, resolver: &mut Resolver) -> Option<Decimal> {
    let bytes = written.as_dimension(Dimension::Throughput);
    if bytes.is_none() {
        let message = format!("`{}` is {}, not a throughput", written.text, written.dimension.describe());
        resolver.report(Diagnostic::new(&UNIT_MISMATCH, written.span, message).help("volumes look like `2GB/d`"));
    }
    bytes
}

fn log_group(
    name: &Spanned<crate::spec::values::GroupName>,
    retention: &written::LogRetention,
    resolver: &mut Resolver,
) -> LogGroup {
    let name = Spanned::new(name.to_string(), name.span);
    match retention {
        written::LogRetention::Short(keep) => {
            LogGroup { name, description: None, keep: *keep, volume: None, archive: false }
        }
        written::LogRetention::Long(detail) => LogGroup {
            name,
            description: detail.description.clone(),
            keep: detail.r#for,
            volume: detail.volume.as_ref().and_then(|volume| throughput(volume, resolver)),
            archive: detail.archive.unwrap_or(false),
        },
    }
}
