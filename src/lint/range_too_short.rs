//! Windows that hold too few samples.

use super::series::{Expression, expressions, job_of, selectors};
use super::{Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::model::{Evaluator, Platform, Shape, Threshold, ThresholdOrigin};
use crate::promql::ask::UsedWindow;
use crate::promql::{Selector, ask};
use crate::quantity::Duration;
use crate::source::Spanned;

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
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let platform = context.platform;
    for (service, threshold) in platform.thresholds() {
        let signal = threshold.signal.as_ref().and_then(|name| service.signals.get(&name.value));
        let is_own = !matches!(threshold.declared, ThresholdOrigin::Pack(_));
        if let Some(shape) = signal.and_then(|signal| signal.shape.as_ref()).filter(|shape| is_own && has_window(shape))
            && threshold.on.contains(&Evaluator::Prometheus)
        {
            signal_window(platform, threshold, shape, findings);
        }
    }
    for expression in expressions(platform) {
        for window in ask::windows(expression.expr) {
            raw_window(platform, &expression, &window, findings);
        }
    }
}

fn has_window(shape: &Shape) -> bool {
    matches!(shape, Shape::Rate { .. } | Shape::Increase { .. } | Shape::Ratio { .. } | Shape::Latency { .. })
}

/// How often the selector's series are scraped; the platform's interval when that is not known.
fn scraped_every(platform: &Platform, selector: &Selector) -> Spanned<Duration> {
    let jobs = platform.jobs().map(|(_, job)| (job.name.as_str(), job.interval));
    let probes = platform.services.iter().flat_map(|service| &service.probes);
    let mut all = jobs.chain(probes.map(|probe| (probe.job.as_str(), probe.interval)));
    let job = job_of(selector);
    all.find(|(name, _)| Some(*name) == job).map_or(platform.scrape_interval, |(_, interval)| interval)
}

fn four(interval: Duration) -> Duration {
    Duration::millis(interval.as_millis().saturating_mul(4))
}

fn signal_window(platform: &Platform, threshold: &Threshold, shape: &Shape, findings: &mut Findings) {
    let slowest = selectors(shape).into_iter().map(|(selector, _)| scraped_every(platform, selector));
    let Some(interval) = slowest.max_by_key(|interval| interval.value) else { return };
    let (window, enough) = (threshold.window, four(interval.value));
    if window.value < enough {
        let message = format!("`{}` looks over {}, less than four scrapes", threshold.name.value, window.value);
        findings.report(diagnostic(window.span, message, interval.value, enough));
    }
}

fn raw_window(platform: &Platform, expression: &Expression, used: &UsedWindow, findings: &mut Findings) {
    let rates = ["rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear", "resets", "changes"];
    let (Some(selector), Some(function), Some(window)) = (used.selector, used.function, used.window.fixed()) else {
        return;
    };
    let interval = scraped_every(platform, selector).value;
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
