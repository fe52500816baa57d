//! Averages of quantiles.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::model::MetricType;
use crate::promql::AggregateOp;
use crate::promql::ask::{self, Step};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "averaged-quantiles",
        Promql,
        "An average or sum of a summary's quantiles",
        r#"
A quantile is not additive: the average of the 99th percentiles of ten instances is no percentile of anything. One busy
slow instance weighs as much as an idle fast one.

Use a histogram, whose buckets can be added up; of a summary only `max` says something, and `_sum` and `_count` can be added.

```yaml bad
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics: {answer_seconds: {type: summary, unit: seconds}}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {record: 'job:answer:p99', expr: 'avg by (job) (answer_seconds{quantile="0.99"})'}
```

```yaml good
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics: {answer_seconds: {type: summary, unit: seconds}}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {record: 'job:answer:worst_p99', expr: 'max by (job) (answer_seconds{quantile="0.99"})'}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        for leaf in ask::leaves(expression.expr) {
            let Some(metric) = queries.facts.look_up(leaf.selector).metric() else { continue };
            if metric.r#type != MetricType::Summary || leaf.selector.metric_name() != Some(metric.name.as_str()) {
                continue;
            }
            let adds = leaf.path.iter().find_map(|step| match step {
                Step::Aggregate { aggregate, param: false, at } => {
                    matches!(aggregate.op, AggregateOp::Sum | AggregateOp::Avg | AggregateOp::Quantile)
                        .then_some((aggregate.op, *at))
                }
                _ => None,
            });
            let Some((op, at)) = adds else { continue };
            let message = format!("`{}` of quantiles is no quantile of anything", op.word());
            let diagnostic = Diagnostic::new(&LINT.code, expression.locate(at), message)
                .also(metric.origin.0, "declared as a summary here")
                .note("a busy slow instance weighs as much as an idle fast one")
                .help("use a histogram, or `max`");
            findings.report(diagnostic);
        }
    }
}
