//! The catalogue of a service: every metric it exposes, with the job that brings it.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::Resolver;
use super::jobs::Reached;
use super::problems::{INVALID_BUCKETS, UNIT_MISMATCH};
use super::services::Surroundings;
use crate::diagnostics::Diagnostic;
use crate::model::Metric;
use crate::quantity::Unit;
use crate::source::{Span, Spanned};
use crate::spec::metric::{self as written, Bucket};
use crate::spec::values::MetricName;

/// Metrics of packs, then the service's own, which win.
pub(super) fn resolve(around: &Surroundings, reached: &Reached, resolver: &mut Resolver) -> IndexMap<String, Metric> {
    let mut metrics = IndexMap::new();
    for used in around.uses {
        let pack = used.pack.pack.as_str();
        let Some(job) = reached.job_of(pack) else { continue };
        for (name, written) in used.pack.metrics.iter() {
            metrics.insert(name.to_string(), metric(name, written, Some(pack), job, resolver));
        }
    }
    let job = reached.default_job().unwrap_or_else(|| around.name.as_str()).to_owned();
    for (name, written) in around.written.metrics.iter() {
        // A redeclared pack metric (its labels, its buckets) still comes from where the pack's comes from.
        let job = metrics.get(name.as_str()).map_or(job.clone(), |pack: &Metric| pack.job.clone());
        metrics.insert(name.to_string(), metric(name, written, None, &job, resolver));
    }
    metrics
}

fn metric(
    name: &Spanned<MetricName>,
    written: &written::Metric,
    pack: Option<&str>,
    job: &str,
    resolver: &mut Resolver,
) -> Metric {
    let unit = written.unit.map(|unit| unit.value);
    Metric {
        name: name.to_string(),
        r#type: written.r#type.value,
        unit,
        help: written.help.clone(),
        labels: written.labels.as_ref().map(|labels| labels.iter().map(|label| label.to_string()).collect()),
        buckets: written.buckets.as_ref().and_then(|buckets| bounds(buckets, unit, resolver)),
        native: written.native.unwrap_or(false),
        pack: pack.map(str::to_owned),
        job: job.to_owned(),
        origin: name.span.into(),
    }
}

/// Bucket bounds, ascending.
fn bounds(
    buckets: &Spanned<Vec<Bucket>>,
    unit: Option<Unit>,
    resolver: &mut Resolver,
) -> Option<Spanned<Vec<Decimal>>> {
    let unit = unit.unwrap_or(Unit::Seconds);
    let read: Vec<Option<Decimal>> =
        buckets.iter().map(|bucket| bucket_value(bucket, unit, buckets.span, resolver)).collect();
    let bounds = read.into_iter().collect::<Option<Vec<_>>>()?;
    if !bounds.is_sorted_by(|a, b| a < b) {
        let message = "buckets go up, each once";
        resolver.report(Diagnostic::new(&INVALID_BUCKETS, buckets.span, message));
    }
    Some(Spanned::new(bounds, buckets.span))
}

/// A bucket bound, or a bound on a latency, in the metric's unit.
pub(super) fn bucket_value(bucket: &Bucket, unit: Unit, span: Span, resolver: &mut Resolver) -> Option<Decimal> {
    match bucket {
        Bucket::Plain(number) => Some(number.0),
        Bucket::Quantity(quantity) => {
            let value = quantity.as_dimension(unit.dimension());
            if value.is_none() {
                let wanted = unit.dimension();
                let message =
                    format!("`{}` is {}, not {}", quantity.text, quantity.dimension.describe(), wanted.describe());
                let help = format!("write a bound like `{}`", wanted.example());
                resolver.report(Diagnostic::new(&UNIT_MISMATCH, span, message).help(help));
            }
            value
        }
    }
}
