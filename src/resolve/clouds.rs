//! Signals in clouds beside AWS: metrics with what they are of, `$name` filled in.

use super::{Resolver, shapes};
use crate::model::{AzureAggregation, AzureMetric, GoogleAlign, GoogleMetric, Setting};
use crate::quantity::Unit;
use crate::resolve::signals::Declaration;
use crate::source::Spanned;
use crate::spec::signal as written;
use crate::spec::values::{Name, Named};

/// Names with their values.
fn filled(
    pairs: &Named<Name, Setting>,
    declaration: &Declaration,
    resolver: &mut Resolver,
) -> Option<Vec<(String, Setting)>> {
    let value = |(name, value): &(Spanned<Name>, Setting), resolver: &mut Resolver| {
        Some((name.to_string(), shapes::dimension(name, value, declaration, resolver)?))
    };
    pairs.entries.iter().map(|pair| value(pair, resolver)).collect()
}

/// A metric of Google Cloud Monitoring.
pub(super) fn google(
    written: &written::GoogleMetric,
    declaration: &Declaration,
    unit: Option<Unit>,
    resolver: &mut Resolver,
) -> Option<GoogleMetric> {
    let of_resource = filled(&written.labels, declaration, resolver)?;
    let of_metric = filled(&written.metric_labels, declaration, resolver)?;
    let labels = of_resource.into_iter().map(|(label, value)| (format!("resource.labels.{label}"), value));
    let labels = labels.chain(of_metric.into_iter().map(|(label, value)| (format!("metric.labels.{label}"), value)));
    Some(GoogleMetric {
        metric: written.metric.value.clone(),
        resource: written.resource.value.clone(),
        labels: labels.collect(),
        align: written.align.as_ref().map_or(GoogleAlign::Mean, |align| align.value),
        unit: written.unit.as_ref().map_or_else(|| shapes::usual_cloud_unit(unit), |unit| unit.value),
    })
}

/// A metric of Azure Monitor.
pub(super) fn azure(
    written: &written::AzureMetric,
    declaration: &Declaration,
    unit: Option<Unit>,
    resolver: &mut Resolver,
) -> Option<AzureMetric> {
    let resource = match &written.resource {
        Setting::Literal(text) if text.starts_with('$') => {
            let name = declaration.used?;
            name.parameters.get(text.trim_start_matches('$')).cloned()?
        }
        other => other.clone(),
    };
    Some(AzureMetric {
        namespace: written.namespace.value.clone(),
        metric: written.metric.value.clone(),
        resource,
        aggregate: written.aggregate.as_ref().map_or(AzureAggregation::Average, |aggregate| aggregate.value),
        dimensions: filled(&written.dimensions, declaration, resolver)?,
        unit: written.unit.as_ref().map_or_else(|| shapes::usual_cloud_unit(unit), |unit| unit.value),
    })
}
