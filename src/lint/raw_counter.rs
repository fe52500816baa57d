//! Counters whose value nobody asked for.

use super::series::{Role, type_of_series};
use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Metric as MetricFamily;
use crate::diagnostics::code::warning;
use crate::model::MetricType;
use crate::promql::ask::{self, Leaf, Step};
use crate::promql::{AggregateOp, BinaryOp, Selector};
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "raw-counter",
        MetricFamily,
        "A counter's value, or its slope, instead of its rate",
        r#"
A counter says how much has happened since its process began. Compared with a bound, that is true some day, stays
true, and is false again after a restart: an alert on it fires late, for ever, and for no reason. `delta` and `deriv`
take the fall at a restart for real.

Ask for what happened lately: `rate(...[5m])` or `increase(...[1h])`, or a signal of the shape `rate` or `increase`.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Errors: {expr: 'sum(http_requests_total{job="api", status=~"5.."}) > 100', severity: critical}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Errors: {expr: 'sum(increase(http_requests_total{job="api", status=~"5.."}[1h])) > 100', severity: critical}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for reading in queries.readings.iter().filter(|reading| reading.role == Role::Value) {
        look(queries, reading.selector, None, reading.place, findings);
    }
    for expression in &queries.expressions {
        for leaf in ask::leaves(expression.expr).iter().filter(|leaf| reads_value(leaf)) {
            look(queries, leaf.selector, leaf.function(), expression.metric(leaf.selector), findings);
        }
    }
}

/// Whether a counter's value or slope gets into the result; its rate, its presence and its age may.
fn reads_value(leaf: &Leaf) -> bool {
    const FINE: [&str; 12] = [
        "rate",
        "irate",
        "increase",
        "resets",
        "changes",
        "absent",
        "absent_over_time",
        "timestamp",
        "present_over_time",
        "count_over_time",
        "histogram_count",
        // Of raw buckets there is a rule of its own.
        "histogram_quantile",
    ];
    let only_counts = |step: &Step| match step {
        Step::Aggregate { aggregate, .. } => matches!(aggregate.op, AggregateOp::Count | AggregateOp::Group),
        // `and`, `unless`: the other side's series only have to be there.
        Step::Binary { binary, left, .. } => matches!(binary.op, BinaryOp::And | BinaryOp::Unless) && !left,
        _ => false,
    };
    !leaf.functions().any(|function| FINE.contains(&function)) && !leaf.path.iter().any(only_counts)
}

fn look(queries: &Queries, selector: &Selector, function: Option<&str>, place: Span, findings: &mut Findings) {
    let (Some(metric), Some(name)) = (queries.facts.look_up(selector).metric(), selector.metric_name()) else { return };
    if type_of_series(metric, name) != MetricType::Counter {
        return;
    }
    let message = match function {
        Some(function @ ("delta" | "idelta" | "deriv" | "predict_linear")) => {
            format!("`{function}` of `{name}`, which is a counter")
        }
        _ => format!("the value of `{name}`, which is a counter"),
    };
    let diagnostic = Diagnostic::new(&LINT.code, place, message)
        .label("everything since its process began")
        .also(metric.origin.0, "declared as a counter here")
        .note("it grows for ever, and begins again at 0 with every restart")
        .help("ask for its `rate` or its `increase` over a window");
    findings.report(diagnostic);
}
