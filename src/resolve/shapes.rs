//! What a signal measures: selectors read and bound to their job, cloud metrics with their dimensions.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::Resolver;
use super::problems::{AMBIGUOUS_SHAPE, BAD_PROMQL, CLOUD_INCOMPLETE, LOG_WITHOUT_FIELDS, UNKNOWN_STATISTIC};
use super::signals::{Catalogue, Declaration};
use crate::diagnostics::Diagnostic;
use crate::model::{
    Aggregation, CloudMetric, CloudQuery, CloudUnit, LogFilter, LogFormat, MissingData, Part, Retention, Setting,
    Shape, Statistic, Whole,
};
use crate::promql::{self, Selector};
use crate::quantity::Unit;
use crate::source::Spanned;
use crate::spec::signal as written;
use crate::spec::values::{Name, Named, OneOrMany, Written};

/// Whether a declaration says anything to measure, well or badly.
pub(super) fn says_something(signal: &written::Signal) -> bool {
    !shape_keys(signal).is_empty()
        || signal.cloud.is_some()
        || signal.log.is_some()
        || signal.google.is_some()
        || signal.azure.is_some()
}

/// The shape keys that a signal uses.
fn shape_keys(signal: &written::Signal) -> Vec<&'static str> {
    let keys = [
        ("rate", signal.rate.is_some()),
        ("ratio", signal.ratio.is_some()),
        ("latency", signal.latency.is_some()),
        ("gauge", signal.gauge.is_some()),
        ("fraction", signal.fraction.is_some()),
        ("increase", signal.increase.is_some()),
        ("age", signal.age.is_some()),
        ("expr", signal.expr.is_some()),
    ];
    keys.into_iter().filter(|(_, used)| *used).map(|(key, _)| key).collect()
}

/// The shape over Prometheus metrics, if the declaration has one that can be read.
pub(super) fn shape(declaration: &Declaration, catalogue: Catalogue, resolver: &mut Resolver) -> Option<Shape> {
    let signal = declaration.signal;
    let keys = shape_keys(signal);
    if let [first, second, ..] = keys.as_slice() {
        let message = format!("a signal has one shape, not both `{first}` and `{second}`");
        resolver.report(Diagnostic::new(&AMBIGUOUS_SHAPE, declaration.span, message));
        return None;
    }
    let mut reader = Reader { declaration, catalogue, resolver };
    let aggregate = |usual| signal.aggregate.as_ref().map_or(usual, |aggregation| aggregation.value);
    if let Some(of) = &signal.rate {
        return Some(Shape::Rate { of: reader.selectors(of)? });
    }
    if let Some(of) = &signal.increase {
        return Some(Shape::Increase { of: reader.selectors(of)? });
    }
    if let Some(ratio) = &signal.ratio {
        return reader.ratio(ratio);
    }
    if let Some(histogram) = &signal.latency {
        let histogram = reader.selector(histogram)?;
        let metric = histogram.metric.as_ref().and_then(|name| catalogue.metrics.get(name));
        let native = metric.is_some_and(|metric| metric.native);
        return Some(Shape::Latency { native, buckets: metric.and_then(|metric| metric.buckets.clone()), histogram });
    }
    if let Some(gauge) = &signal.gauge {
        return Some(Shape::Gauge { of: reader.selector(gauge)?, aggregate: aggregate(Aggregation::Sum) });
    }
    if let Some(fraction) = &signal.fraction {
        return reader.fraction(fraction, aggregate(Aggregation::Sum));
    }
    if let Some(age) = &signal.age {
        return Some(Shape::Age { of: reader.selector(age)?, aggregate: aggregate(Aggregation::Max) });
    }
    let written = signal.expr.as_ref()?;
    let mut expr = expression(written, reader.resolver)?;
    // A pack cannot know the job; whoever writes PromQL in a spec may look further than the service.
    if let Some(job) = declaration.used.and_then(|used| catalogue.reached.job_of(used.pack.pack.as_str())) {
        promql::bind_to_job(&mut expr.value, job);
    }
    Some(Shape::Expr { expr, text: written.clone() })
}

/// Reads raw PromQL, with every syntax and type error at its own bytes.
pub(super) fn expression(written: &Written, resolver: &mut Resolver) -> Option<Spanned<promql::Expr>> {
    read_expression(written, promql::read(written.as_str()), resolver)
}

/// Binds what was read to its place, or reports every fault.
pub(super) fn read_expression(
    written: &Written,
    read: Result<promql::Expr, Vec<promql::SyntaxError>>,
    resolver: &mut Resolver,
) -> Option<Spanned<promql::Expr>> {
    match read {
        Ok(expr) => Some(Spanned::new(expr, written.span)),
        Err(faults) => {
            for fault in &faults {
                report_promql(written, fault, resolver);
            }
            None
        }
    }
}

pub(super) fn report_promql(written: &Written, fault: &promql::SyntaxError, resolver: &mut Resolver) {
    let mut diagnostic = Diagnostic::new(&BAD_PROMQL, written.locate(fault.range.clone()), fault.message.clone());
    diagnostic.help = fault.help.clone();
    resolver.report(diagnostic);
}

/// Reads selectors of one declaration.
struct Reader<'r, 's> {
    declaration: &'r Declaration<'r>,
    catalogue: Catalogue<'r>,
    resolver: &'r mut Resolver<'s>,
}

impl Reader<'_, '_> {
    fn selectors(&mut self, written: &OneOrMany<Written>) -> Option<Vec<Spanned<Selector>>> {
        let read: Vec<Option<Spanned<Selector>>> = written.0.iter().map(|one| self.selector(one)).collect();
        read.into_iter().collect()
    }

    /// Reads `metric{label="value"}` and binds it to the job that brings the metric.
    fn selector(&mut self, written: &Written) -> Option<Spanned<Selector>> {
        let mut selector = match promql::parse_selector(written.as_str()) {
            Ok(selector) => selector,
            Err(faults) => {
                for fault in &faults {
                    report_promql(written, fault, self.resolver);
                }
                return None;
            }
        };
        if let Some(job) = self.job_of(selector.metric.as_deref()) {
            promql::bind_selector(&mut selector, &job);
        }
        Some(Spanned::new(selector, written.span))
    }

    /// The job that brings a metric: the catalogue's, that of the probes, the pack's, or the service's own.
    fn job_of(&self, metric: Option<&str>) -> Option<String> {
        let base = metric.map(|name| {
            ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name)
        });
        let declared = metric.and_then(|name| self.catalogue.metrics.get(name));
        let declared = declared.or_else(|| base.and_then(|name| self.catalogue.metrics.get(name)));
        let reached = self.catalogue.reached;
        let pack = self.declaration.used.and_then(|used| reached.job_of(used.pack.pack.as_str()));
        // What the blackbox exporter says of a service never comes from the service itself.
        let probed = metric.filter(|name| name.starts_with("probe_")).and_then(|_| reached.probes.first());
        declared
            .map(|metric| metric.job.clone())
            .or(probed.map(|probe| probe.job.clone()))
            .or(pack.map(str::to_owned))
            .or(reached.default_job().map(str::to_owned))
    }

    fn ratio(&mut self, ratio: &written::Ratio) -> Option<Shape> {
        let (part, part_is_bad) = match (&ratio.good, &ratio.bad) {
            (Some(good), None) => (good, false),
            (None, Some(bad)) => (bad, true),
            _ => {
                let message = "a ratio names either its `good` or its `bad` events";
                self.resolver.report(Diagnostic::new(&AMBIGUOUS_SHAPE, ratio.span.0, message));
                return None;
            }
        };
        let (part, total) = (self.selectors(part), self.selectors(&ratio.total));
        Some(Shape::Ratio { part: part?, total: total?, part_is_bad })
    }

    fn fraction(&mut self, fraction: &written::Fraction, aggregate: Aggregation) -> Option<Shape> {
        let part = match (&fraction.used, &fraction.free) {
            (Some(used), None) => self.selector(used).map(Part::Used),
            (None, Some(free)) => self.selector(free).map(Part::Free),
            _ => {
                let message = "a fraction names either what is `used` or what is `free`";
                self.resolver.report(Diagnostic::new(&AMBIGUOUS_SHAPE, fraction.span.0, message));
                return None;
            }
        };
        let whole = match (&fraction.of, &fraction.of_constant) {
            (Some(of), None) => self.selector(of).map(Whole::Gauge),
            (None, Some(constant)) if constant.0 > Decimal::ZERO => Some(Whole::Constant(constant.0)),
            _ => {
                let message = "a fraction is `of` a gauge, or `of_constant` a number above zero";
                self.resolver.report(Diagnostic::new(&AMBIGUOUS_SHAPE, fraction.span.0, message));
                return None;
            }
        };
        Some(Shape::Fraction { part: part?, whole: whole?, aggregate })
    }
}

/// A CloudWatch metric or math, complete.
pub(super) fn cloud(
    written: &written::Cloud,
    declaration: &Declaration,
    unit: Option<Unit>,
    resolver: &mut Resolver,
) -> Option<CloudMetric> {
    let place = written.span.0;
    let mut queries = IndexMap::new();
    if let (Some(metric), None) = (&written.metric, &written.math) {
        let query = query(
            written,
            metric,
            &written.namespace,
            &written.statistic,
            &written.dimensions,
            declaration,
            resolver,
            "Average",
        )?;
        queries.insert("m1".to_owned(), query);
    } else if let (None, Some(_)) = (&written.metric, &written.math) {
        for (id, part) in written.metrics.iter() {
            let namespace = part.namespace.clone().or_else(|| written.namespace.clone());
            let dimensions = if part.dimensions.entries.is_empty() { &written.dimensions } else { &part.dimensions };
            let query =
                query(written, &part.metric, &namespace, &part.statistic, dimensions, declaration, resolver, "Sum")?;
            queries.insert(id.to_string(), query);
        }
    }
    if queries.is_empty() {
        let message = "a cloud signal has a `metric`, or `metrics` and `math` over them";
        resolver.report(Diagnostic::new(&CLOUD_INCOMPLETE, place, message));
        return None;
    }
    Some(CloudMetric {
        queries,
        math: written.math.as_ref().map(|math| Spanned::new(math.as_str().to_owned(), math.span)),
        unit: written.unit.as_ref().map_or_else(|| usual_cloud_unit(unit), |unit| unit.value),
        missing: written.missing.as_ref().map_or(MissingData::Missing, |missing| missing.value),
        origin: written.span,
    })
}

#[allow(clippy::too_many_arguments, reason = "each is one key of the same map, resolved in one place")]
fn query(
    written: &written::Cloud,
    metric: &Spanned<String>,
    namespace: &Option<Spanned<String>>,
    statistic: &Option<Spanned<String>>,
    dimensions: &Named<Name, Setting>,
    declaration: &Declaration,
    resolver: &mut Resolver,
    usual: &str,
) -> Option<CloudQuery> {
    let Some(namespace) = namespace else {
        let message = format!("the metric `{}` is in which namespace?", metric.value);
        resolver.report(Diagnostic::new(&CLOUD_INCOMPLETE, written.span.0, message).help("add `namespace: AWS/...`"));
        return None;
    };
    let text = statistic.as_ref().map_or(usual, |statistic| statistic.value.as_str());
    let Some(parsed) = parse_statistic(text) else {
        let message = format!("`{text}` is no statistic");
        let place = statistic.as_ref().map_or(metric.span, |statistic| statistic.span);
        let help = "Average, Sum, Minimum, Maximum, SampleCount, or p0 to p100";
        resolver.report(Diagnostic::new(&UNKNOWN_STATISTIC, place, message).help(help));
        return None;
    };
    let dimensions =
        dimensions.iter().map(|(name, value)| Some((name.to_string(), dimension(name, value, declaration, resolver)?)));
    Some(CloudQuery {
        namespace: namespace.value.clone(),
        metric: metric.value.clone(),
        statistic: parsed,
        dimensions: dimensions.collect::<Option<Vec<_>>>()?,
    })
}

fn parse_statistic(text: &str) -> Option<Statistic> {
    Some(match text {
        "Average" => Statistic::Average,
        "Sum" => Statistic::Sum,
        "Minimum" => Statistic::Minimum,
        "Maximum" => Statistic::Maximum,
        "SampleCount" => Statistic::SampleCount,
        _ => {
            let percent = text.strip_prefix('p')?.parse::<Decimal>().ok()?;
            (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent).then_some(Statistic::Percentile(percent))?
        }
    })
}

/// A dimension's value; `$name` is the pack's parameter of that name.
pub(super) fn dimension(
    name: &Spanned<Name>,
    value: &Setting,
    declaration: &Declaration,
    resolver: &mut Resolver,
) -> Option<Setting> {
    let Setting::Literal(text) = value else { return Some(value.clone()) };
    let Some(parameter) = text.strip_prefix('$') else { return Some(value.clone()) };
    let used = declaration.used?;
    let found = used.parameters.get(parameter).cloned();
    let declared = used.pack.parameters.iter().any(|(known, _)| known.as_str() == parameter);
    if found.is_none() && !declared {
        let known = used.pack.parameters.iter().map(|(name, _)| name.as_str());
        let known: Vec<&str> = known.collect();
        resolver.known("parameter", parameter, name.span, known);
    }
    found
}

/// What CloudWatch usually reports a unit in.
pub(super) fn usual_cloud_unit(unit: Option<Unit>) -> CloudUnit {
    match unit {
        Some(Unit::Ratio) => CloudUnit::Percent,
        Some(Unit::Seconds) => CloudUnit::Seconds,
        Some(Unit::Bytes) => CloudUnit::Bytes,
        Some(Unit::PerSecond) => CloudUnit::CountPerSecond,
        Some(Unit::BytesPerSecond) => CloudUnit::BytesPerSecond,
        _ => CloudUnit::Count,
    }
}

/// The unit that a CloudWatch unit measures in.
pub(super) fn unit_of_cloud(unit: CloudUnit) -> Unit {
    match unit {
        CloudUnit::Percent | CloudUnit::Ratio => Unit::Ratio,
        CloudUnit::Seconds | CloudUnit::Milliseconds | CloudUnit::Microseconds => Unit::Seconds,
        CloudUnit::Bytes | CloudUnit::Megabytes => Unit::Bytes,
        CloudUnit::Count => Unit::Count,
        CloudUnit::CountPerSecond => Unit::PerSecond,
        CloudUnit::BytesPerSecond => Unit::BytesPerSecond,
    }
}

/// Log lines that count.
pub(super) fn log(written: &written::Log, retention: &Retention, resolver: &mut Resolver) -> Option<LogFilter> {
    if let Some(group) = &written.group {
        let groups: Vec<&str> = retention.logs.iter().map(|group| group.name.as_str()).collect();
        if !resolver.known("log group", group.as_str(), group.span, groups) {
            return None;
        }
    }
    let format = resolver.spec.logs.as_ref().and_then(|logs| logs.format);
    if let (Some(plain), None, Some((field, _))) =
        (format.filter(|format| format.value == LogFormat::Plain), &written.group, written.r#where.iter().next())
    {
        let message = format!("lines are plain words: they have no field `{}`", field.value);
        let diagnostic = Diagnostic::new(&LOG_WITHOUT_FIELDS, field.span, message).also(plain.span, "plain");
        resolver.report(diagnostic.help("ask for words with `contains`"));
        return None;
    }
    Some(LogFilter {
        group: written.group.as_ref().map(|group| Spanned::new(group.to_string(), group.span)),
        fields: written.r#where.iter().map(|(field, value)| (field.to_string(), value.clone())).collect(),
        contains: written.contains.as_ref().map(|text| text.value.clone()),
    })
}
