//! Bounds on latencies that no bucket can tell.

use rust_decimal::Decimal;

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Family::Slo;
use crate::diagnostics::code::error;
use crate::diagnostics::{Diagnostic, listed};
use crate::model::{Condition, Evaluator, Measure, PanelMeasure, Platform, Shape, Signal, Sli};
use crate::quantity::{Unit, print_decimal};
use crate::source::{Span, Spanned};

pub(super) static LINT: Lint = Lint {
    code: error(
        "latency-bound-on-no-bucket",
        Slo,
        "A bound on a latency that its histogram has no bucket for",
        r"
A histogram counts, for each of its buckets, the events that were at most so slow. How many were faster than 10 ms
is known only if there is a bucket at 10 ms; between buckets there is nothing but a guess. A `within` that is no
bucket selects no series: the objective has no data, and its alerts can never fire.

A quantile never comes out above the last bucket: a bound at or beyond it can never be crossed.

Choose one of the buckets, or give the service a bucket at the bound and declare it.

```yaml bad
bellwether: 1
platform: shop
retention: {metrics: {local: 35d}}
severities: {critical: {notify: []}, warning: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics:
      http_request_duration_seconds: {type: histogram, unit: seconds, buckets: [0.1, 0.5, 1, 2, 5, 10]}
    slos:
      fast: {signal: latency, within: 10ms, objective: 95%, tiers: {page-fast: {enabled: false}}}
```

```yaml good
bellwether: 1
platform: shop
retention: {metrics: {local: 35d}}
severities: {critical: {notify: []}, warning: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics:
      http_request_duration_seconds: {type: histogram, unit: seconds, buckets: [0.01, 0.1, 0.5, 1, 2, 5, 10]}
    slos:
      fast: {signal: latency, within: 10ms, objective: 95%, tiers: {page-fast: {enabled: false}}}
```
",
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    let platform = context.platform;
    for (service, slo) in platform.slos() {
        if let (Sli::Within { bound, .. }, Some(signal)) =
            (&slo.sli, slo.signal.as_ref().and_then(|signal| service.signals.get(signal)))
        {
            within(signal, bound, "the objective would have no data, and its alerts could never fire", findings);
        }
    }
    for (service, threshold) in platform.thresholds() {
        let signal = threshold.signal.as_ref().and_then(|name| service.signals.get(&name.value));
        let Some(signal) = signal.filter(|_| threshold.on.contains(&Evaluator::Prometheus)) else { continue };
        match (&threshold.measure, &threshold.condition) {
            (Measure::Within(bound), _) => within(signal, bound, "this alert could never fire", findings),
            (Measure::Quantile(_), Condition::Above(bound)) => {
                beyond(signal, bound.value, bound.written.span, findings);
            }
            _ => {}
        }
    }
    panels(platform, findings);
}

fn panels(platform: &Platform, findings: &mut Findings) {
    let panels = platform.dashboards.iter().flat_map(|board| &board.rows).flat_map(|row| &row.panels);
    for query in panels.flat_map(|panel| &panel.queries) {
        if let PanelMeasure::Signal { service, signal, measure: Measure::Within(bound) } = &query.measure
            && let Some(signal) = platform.signal(service, &signal.value)
        {
            within(signal, bound, "the panel would stay empty", findings);
        }
    }
}

/// The buckets of a signal's classic histogram, if they are known.
fn buckets(signal: &Signal) -> Option<&Spanned<Vec<Decimal>>> {
    match &signal.shape {
        Some(Shape::Latency { native: false, buckets, .. }) => buckets.as_ref(),
        _ => None,
    }
}

fn within(signal: &Signal, bound: &Spanned<Decimal>, consequence: &str, findings: &mut Findings) {
    let Some(buckets) = buckets(signal).filter(|buckets| !buckets.contains(&bound.value)) else { return };
    let wanted = shown(bound.value, signal.unit);
    let known: Vec<String> = buckets.iter().map(|bucket| shown(*bucket, signal.unit)).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let diagnostic = Diagnostic::new(&LINT.code, bound.span, format!("`{}` has no bucket at {wanted}", signal.name))
        .label("no bucket here")
        .also(buckets.span, format!("buckets at {}", known.join(", ")))
        .note(consequence)
        .help(format!("choose one of {}, or add a bucket at {wanted}", listed(&known)));
    findings.report(diagnostic);
}

fn beyond(signal: &Signal, bound: Decimal, place: Span, findings: &mut Findings) {
    let Some(buckets) = buckets(signal) else { return };
    let Some(last) = buckets.last().copied().filter(|last| bound >= *last) else { return };
    let last = shown(last, signal.unit);
    let message = format!("no quantile of `{}` is ever above {}", signal.name, shown(bound, signal.unit));
    let diagnostic = Diagnostic::new(&LINT.code, place, message)
        .label("never crossed")
        .also(buckets.span, format!("the last bucket is at {last}"))
        .note("whatever is slower than the last bucket counts as exactly that slow: this alert can never fire")
        .help(format!("choose a bound below {last}, or add a bucket beyond it"));
    findings.report(diagnostic);
}

/// In the unit's own words: `500ms`, `2s`.
fn shown(value: Decimal, unit: Unit) -> String {
    match unit {
        Unit::Seconds if value < Decimal::ONE => format!("{}ms", print_decimal(value * Decimal::ONE_THOUSAND)),
        Unit::Seconds => format!("{}s", print_decimal(value)),
        _ => print_decimal(value),
    }
}
