//! Rates of sums of counters.

use super::series::{Owner, type_of_series};
use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use std::collections::BTreeMap;

use crate::model::MetricType;
use crate::promql::ask::{self, Leaf, Step};
use crate::promql::{AggregateOp, Expr};
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "rate-after-sum",
        Promql,
        "A rate of a sum of counters",
        r#"
`rate` takes the fall of a counter at a restart out. A sum of counters falls when one of many restarts, by its value only:
`rate` takes that for a restart of the whole, and shows a spike of everything that ever happened. The sum may be written in
a subquery, or recorded by another rule.

Take the rate first, then add up: `sum(rate(x[5m]))`.

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
          - {record: 'job:requests:rate5m', expr: 'rate(sum by (job) (http_requests_total)[5m:])'}
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
          - {record: 'job:requests:rate5m', expr: 'sum by (job) (rate(http_requests_total[5m]))'}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    let mut sums: BTreeMap<&str, Span> = BTreeMap::new();
    for expression in &queries.expressions {
        if let Owner::Recording(rule) = expression.owner
            && is_sum_of_counters(queries, expression.expr)
        {
            sums.insert(rule.name, rule.place);
        }
    }
    for expression in &queries.expressions {
        for leaf in ask::leaves(expression.expr) {
            let recorded = leaf.selector.metric_name().and_then(|name| sums.get(name));
            let is_rate = matches!(leaf.function(), Some("rate" | "irate" | "increase"));
            let (place, origin) = match recorded.filter(|_| is_rate) {
                Some(rule) => (expression.locate(leaf.at), Some(*rule)),
                None if sums_before_rate(&leaf) && is_counter(queries, &leaf) => (expression.locate(leaf.at), None),
                None => continue,
            };
            let mut diagnostic =
                Diagnostic::new(&LINT.code, place, "the counters are added up before their rate is taken")
                    .note("the restart of one of them shows as a spike of everything that ever happened")
                    .help("take the rate first, then add up: `sum(rate(x[5m]))`");
            if let Some(rule) = origin {
                diagnostic = diagnostic.also(rule, "recorded as a sum here");
            }
            findings.report(diagnostic);
        }
    }
}

fn is_counter(queries: &Queries, leaf: &Leaf) -> bool {
    let metric = queries.facts.look_up(leaf.selector).metric();
    let name = leaf.selector.metric_name().unwrap_or_default();
    metric.is_some_and(|metric| type_of_series(metric, name) == MetricType::Counter)
}

/// A plain sum of counters, of which nobody has taken a rate.
fn is_sum_of_counters(queries: &Queries, expr: &Expr) -> bool {
    let leaves = ask::leaves(expr);
    let is_sum = |leaf: &Leaf| {
        let steps: Vec<&Step> = leaf.path.iter().collect();
        matches!(steps.as_slice(), [Step::Aggregate { aggregate, param: false, .. }] if aggregate.op == AggregateOp::Sum)
    };
    !leaves.is_empty() && leaves.iter().all(|leaf| is_sum(leaf) && is_counter(queries, leaf))
}

/// Whether a sum stands between the counter and the rate around it.
fn sums_before_rate(leaf: &Leaf) -> bool {
    let mut summed = false;
    for step in leaf.path.iter().rev() {
        match step {
            Step::Aggregate { aggregate, param: false, .. } if aggregate.op == AggregateOp::Sum => summed = true,
            Step::Call { call, .. } if matches!(&*call.function, "rate" | "irate" | "increase") => return summed,
            Step::Call { .. } | Step::Binary { .. } => return false,
            _ => {}
        }
    }
    false
}
