//! Rates of what goes up and down.

use super::series::{Role, type_of_series};
use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Metric as MetricFamily;
use crate::diagnostics::code::warning;
use crate::model::MetricType;
use crate::promql::{Selector, ask};
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "rate-on-gauge",
        MetricFamily,
        "A rate or an increase of a gauge",
        r#"
`rate` and `increase` take every fall for a restart of the process, and add the new value on top. That is right for
counters, which only go up. A gauge falls all the time: its rate comes out far too high, and says nothing.

Use the gauge's value, or `deriv` or `delta` if its change matters. If the metric is a counter after all, declare it
as one.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics: {sessions: {type: gauge, unit: count}}
    thresholds:
      Busy: {expr: 'sum(rate(sessions{job="api"}[5m])) > 100', severity: critical}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics: {sessions: {type: gauge, unit: count}}
    thresholds:
      Busy: {expr: 'sum(sessions{job="api"}) > 100', severity: critical}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for reading in queries.readings.iter().filter(|reading| reading.role == Role::Rate) {
        look(queries, reading.selector, "rate", reading.place, findings);
    }
    for expression in &queries.expressions {
        for leaf in ask::leaves(expression.expr) {
            if let Some(function @ ("rate" | "irate" | "increase")) = leaf.function() {
                look(queries, leaf.selector, function, expression.metric(leaf.selector), findings);
            }
        }
    }
}

fn look(queries: &Queries, selector: &Selector, function: &str, place: Span, findings: &mut Findings) {
    let (Some(metric), Some(name)) = (queries.facts.look_up(selector).metric(), selector.metric_name()) else { return };
    if type_of_series(metric, name) != MetricType::Gauge {
        return;
    }
    let diagnostic = Diagnostic::new(&LINT.code, place, format!("`{function}` of `{name}`, which is a gauge"))
        .label("goes up and down")
        .also(metric.origin.0, "declared as a gauge here")
        .note("every fall counts as a restart: the result is far too high")
        .help("use its value, or `deriv` or `delta`; or declare it as a counter if it is one");
    findings.report(diagnostic);
}
