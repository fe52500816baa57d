//! Metrics that a collector makes of spans, of which it sees only a part.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Metric;
use crate::diagnostics::code::warning;
use crate::model::SampledBy;
use crate::quantity::print_percent;
use rust_decimal::Decimal;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "sampled-span-metrics",
        Metric,
        "Span metrics of a sample",
        r"
`span_metrics` counts the spans that reach the collector. When applications send only a share of their traces, the
counts are that share of the truth, and rare errors are not in them at all. A rate or a threshold on such a metric is
too low by a factor that nobody sees on the panel.

Let the collector sample: it counts every span before it leaves any out.

```yaml bad
bellwether: 1
platform: shop
traces: {sample: 10%}
stack: {jaeger: {}, otel_collector: {span_metrics: true}}
```

```yaml good
bellwether: 1
platform: shop
traces: {sample: 10%, sampled_by: collector}
stack: {jaeger: {}, otel_collector: {span_metrics: true}}
```
",
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    let platform = context.platform;
    let (Some(traces), Some(collector)) = (&platform.traces, &platform.stack.otel_collector) else { return };
    if !collector.span_metrics || traces.sampled_by == SampledBy::Collector || traces.sample >= Decimal::ONE {
        return;
    }
    let written = context.spec.traces.as_ref().and_then(|traces| traces.sample.as_ref());
    let place = written.map_or(collector.origin.0, |sample| sample.span);
    let message = format!("span metrics would count {} of the spans", print_percent(traces.sample));
    let diagnostic = Diagnostic::new(&LINT.code, place, message)
        .label("applications leave the rest out")
        .also(collector.origin.0, "counted here")
        .note("rates and error counts made of them are too low")
        .help("write `sampled_by: collector`: it counts before it samples");
    findings.report(diagnostic);
}
