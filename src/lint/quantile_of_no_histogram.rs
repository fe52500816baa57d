//! Quantiles of what is no histogram.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::model::MetricType;
use crate::promql::ask::{self, Fate, labels};
use crate::promql::{Call, Expr, Kind};
use rust_decimal::Decimal;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "quantile-of-no-histogram",
        Promql,
        "A quantile of series that are no histogram's buckets",
        r#"
`histogram_quantile` interpolates between rates of buckets, told apart by their label `le`. Without that label, without a
rate, or of a metric that has no buckets, it returns nothing, or a number about the life of the process. A share beyond 0
and 1 gives infinity.

Keep `le` and take a rate: `histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))`.

```yaml bad
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {record: 'job:latency:p95', expr: 'histogram_quantile(0.95, sum by (job) (rate(http_request_duration_seconds_bucket[5m])))'}
```

```yaml good
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {record: 'job:latency:p95', expr: 'histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[5m])))'}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        ask::visit(expression.expr, None, &mut |node, _| {
            let Kind::Call(call) = &node.kind else { return };
            if &*call.function != "histogram_quantile" {
                return;
            }
            if let Some((at, message, note)) = fault(queries, call) {
                let diagnostic = Diagnostic::new(&LINT.code, expression.locate(at.at), message)
                    .note(note)
                    .help("write `histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))`");
                findings.report(diagnostic);
            }
        });
    }
}

/// What is wrong, where, and what follows from it.
fn fault<'e>(queries: &Queries, call: &'e Call) -> Option<(&'e Expr, String, &'static str)> {
    let [share, buckets] = call.args.as_slice() else { return None };
    if let Kind::Number(number) = share.kind
        && !(Decimal::ZERO..=Decimal::ONE).contains(&number)
    {
        return Some((share, format!("{number} is no share from 0 to 1"), "the result is infinite"));
    }
    let leaves = ask::leaves(buckets);
    let is_classic = |name: &str| name.ends_with("_bucket");
    for leaf in &leaves {
        let Some(name) = leaf.selector.metric_name() else { continue };
        let Some(metric) = queries.facts.look_up(leaf.selector).metric() else { continue };
        if metric.r#type != MetricType::Histogram {
            let message = format!("`{name}` is a {}, not a histogram", metric.r#type.word());
            return Some((buckets, message, "it has no buckets: the result is always empty"));
        }
        if !metric.native && !is_classic(name) {
            let message = format!("`{name}` has its buckets in `{}_bucket`", metric.name);
            return Some((buckets, message, "the result is always empty"));
        }
    }
    let all_classic =
        !leaves.is_empty() && leaves.iter().all(|leaf| leaf.selector.metric_name().is_some_and(is_classic));
    if !all_classic {
        return None;
    }
    if labels(buckets).fate("le").is_never() || matches!(labels(buckets).fate("le"), Fate::Never { .. }) {
        return Some((buckets, "the buckets lose their label `le` here".to_owned(), "the result is always empty"));
    }
    if leaves.iter().any(|leaf| leaf.window.is_none() && leaf.functions().next().is_none()) {
        let message = "buckets without a rate".to_owned();
        return Some((buckets, message, "it is the quantile since the process began, and hardly moves any more"));
    }
    None
}
