//! Events a second that are taken for a share.

use rust_decimal::Decimal;

use super::series::{Owner, type_of_series};
use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Unit as UnitFamily;
use crate::diagnostics::code::warning;
use crate::model::MetricType;
use crate::promql::{Expr, Kind, Selector, ask};
use crate::quantity::{Unit, print_decimal};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "rate-called-ratio",
        UnitFamily,
        "A rate a second that is compared with a share, or called one",
        r#"
`rate(http_requests_total{status=~"5.."}[5m])` counts failed requests a second, for each series. It is not the share of
requests that fail: on a busy day 0.05 is nothing, on a quiet one it is everything. A bound below one, or the unit
`ratio`, says that a share was meant.

Divide by the rate of all events, both sides aggregated, or use a signal of the shape `ratio`. If events a second were
meant, say so with a signal of the shape `rate` and a bound like `3/m`.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      HighErrorRate: {expr: 'rate(http_requests_total{job="api", status=~"5.."}[5m]) > 0.05', for: 5m, severity: critical}
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
      HighErrorRate: {signal: error_ratio, above: 5%, for: 5m, severity: critical}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        match expression.owner {
            Owner::Signal(signal) if signal.unit == Unit::Ratio => {
                if let Some((rate, name)) = rate_of_events(queries, expression.expr) {
                    let message = format!("`{}` is called a share, but is `{name}` a second", signal.name);
                    let diagnostic = Diagnostic::new(&LINT.code, expression.locate(rate.at), message)
                        .label("events a second, for each series")
                        .note("every bound in percent, and every objective, would be about something else");
                    findings
                        .report(diagnostic.help("divide by the rate of all events, or give it the unit `per_second`"));
                }
            }
            _ => ask::visit(expression.expr, None, &mut |node, _| {
                let Some((side, bound)) = comparison(node) else { return };
                let Some((rate, name)) = rate_of_events(queries, side) else { return };
                let shown = print_decimal(bound);
                let message = format!("`{name}` a second is compared with {shown}, as if it were a share");
                let diagnostic = Diagnostic::new(&LINT.code, expression.locate(rate.at), message)
                    .label("events a second, for each series")
                    .note(format!("it is true at {shown} events a second, however many there are in all"))
                    .help("divide by the rate of all events, both sides in `sum(...)`, or use a signal of the shape `ratio`");
                findings.report(diagnostic);
            }),
        }
    }
}

/// A comparison with a number between 0 and 1.
fn comparison(node: &Expr) -> Option<(&Expr, Decimal)> {
    let Kind::Binary(binary) = &node.kind else { return None };
    let (side, bound) = match (&binary.left.kind, &binary.right.kind) {
        (_, Kind::Number(bound)) => (&*binary.left, *bound),
        (Kind::Number(bound), _) => (&*binary.right, *bound),
        _ => return None,
    };
    (binary.op.is_comparison() && bound > Decimal::ZERO && bound < Decimal::ONE).then_some((side, bound))
}

/// The rate of a counter of events that is all there is to an expression, aggregated or not.
fn rate_of_events<'e>(queries: &Queries, expr: &'e Expr) -> Option<(&'e Expr, &'e str)> {
    match &expr.kind {
        Kind::Paren(inner) => rate_of_events(queries, inner),
        Kind::Aggregate(aggregate) => rate_of_events(queries, &aggregate.expr),
        Kind::Call(call) if matches!(&*call.function, "rate" | "irate") => {
            let Some(Kind::Matrix { selector, .. }) = call.args.first().map(|argument| &argument.kind) else {
                return None;
            };
            counts_events(queries, selector).then_some((expr, selector.metric_name()?))
        }
        _ => None,
    }
}

/// Seconds a second are a share, and money a second may well be below one.
fn counts_events(queries: &Queries, selector: &Selector) -> bool {
    let (Some(metric), Some(name)) = (queries.facts.look_up(selector).metric(), selector.metric_name()) else {
        return false;
    };
    let counts = metric.unit.is_none_or(|unit| unit == Unit::Count) || name.ends_with("_count");
    counts && type_of_series(metric, name) == MetricType::Counter && !name.ends_with("_seconds_total")
}
