//! Windows that hold too few samples.

use super::series::{Expression, selectors};
use super::{Check, Context, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::model::{Evaluator, Shape, Threshold, ThresholdOrigin};
use crate::promql::ask;
use crate::promql::ask::UsedWindow;
use crate::quantity::Duration;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "range-too-short",
        Promql,
        "A range shorter than four scrapes",
        r#"
A rate needs two samples in its range. A range of one or two scrape intervals holds one or two on a good day; when a
scrape is late or fails, there is no rate, the alert's wait begins anew, and panels have gaps. Four intervals survive
a lost scrape.

Look over four scrapes or more, or scrape more often.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000, interval: 1m}
    thresholds:
      HighErrorRate: {signal: error_ratio, above: 5%, over: 2m, for: 5m, severity: critical}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000, interval: 1m}
    thresholds:
      HighErrorRate: {signal: error_ratio, above: 5%, over: 4m, for: 5m, severity: critical}
```
"#,
    ),
    check: Check::Both(signals, expressions),
};

fn signals(context: &Context, findings: &mut Findings) {
    let platform = context.platform;
    for (service, threshold) in platform.thresholds() {
        let signal = threshold.signal.as_ref().and_then(|name| service.signals.get(&name.value));
        let is_own = !matches!(threshold.declared, ThresholdOrigin::Pack(_));
        if let Some(shape) = signal.and_then(|signal| signal.shape.as_ref()).filter(|shape| is_own && has_window(shape))
            && threshold.on.contains(&Evaluator::Prometheus)
        {
            signal_window(context.queries, threshold, shape, findings);
        }
    }
}

fn expressions(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        for window in ask::windows(expression.expr) {
            raw_window(queries, expression, &window, findings);
        }
    }
}

fn has_window(shape: &Shape) -> bool {
    matches!(shape, Shape::Rate { .. } | Shape::Increase { .. } | Shape::Ratio { .. } | Shape::Latency { .. })
}

fn four(interval: Duration) -> Duration {
    Duration::millis(interval.as_millis().saturating_mul(4))
}

fn signal_window(queries: &Queries, threshold: &Threshold, shape: &Shape, findings: &mut Findings) {
    let slowest = selectors(shape).into_iter().filter_map(|(selector, _)| queries.facts.scraped_every(selector));
    let Some(interval) = slowest.max_by_key(|interval| interval.value) else { return };
    let (window, enough) = (threshold.window, four(interval.value));
    if window.value < enough {
        let message = format!("`{}` looks over {}, less than four scrapes", threshold.name.value, window.value);
        findings.report(diagnostic(window.span, message, interval.value, enough));
    }
}

fn raw_window(queries: &Queries, expression: &Expression, used: &UsedWindow, findings: &mut Findings) {
    let rates = ["rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear", "resets", "changes"];
    let (Some(selector), Some(function), Some(window)) = (used.selector, used.function, used.window.fixed()) else {
        return;
    };
    let Some(interval) = queries.facts.scraped_every(selector) else { return };
    let interval = interval.value;
    let enough = four(interval);
    if rates.contains(&function) && window < enough {
        let message = format!("`{function}` over {window}, less than four scrapes");
        findings.report(diagnostic(expression.locate(used.at), message, interval, enough));
    }
}

fn diagnostic(place: crate::source::Span, message: String, interval: Duration, enough: Duration) -> Diagnostic {
    Diagnostic::new(&LINT.code, place, message)
        .note(format!("scraped every {interval}: one late scrape, and there is nothing to compute a rate from"))
        .help(format!("look over {enough} or more, or scrape more often"))
}
