//! Series that nothing brings.

use super::facts::Known;
use super::series::job_of;
use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Family::Metric as MetricFamily;
use crate::diagnostics::code::warning;
use crate::diagnostics::{Diagnostic, nearest};
use crate::model::Metric;
use crate::promql::{Selector, ask};
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "unknown-metric",
        MetricFamily,
        "A metric that nothing exposes",
        r#"
A selector names a metric that no service declares and no pack knows, or that another job brings. It selects
nothing: an alert on it never fires, a panel stays empty, and neither says why. Names are often right for another
exporter, or for another version of it.

Take the name that the exporter really uses. If the service does expose the metric, declare it under its `metrics`:
then its type, unit and labels are checked too.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Busy: {expr: 'sum(rate(http_request_total{job="api"}[5m])) > 100', severity: critical}
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
      Busy: {expr: 'sum(rate(http_requests_total{job="api"}[5m])) > 100', severity: critical}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for reading in &queries.readings {
        look(queries, reading.selector, reading.place, findings);
    }
    for expression in &queries.expressions {
        for leaf in ask::leaves(expression.expr) {
            look(queries, leaf.selector, expression.metric(leaf.selector), findings);
        }
    }
}

fn look(queries: &Queries, selector: &Selector, place: Span, findings: &mut Findings) {
    let Some(name) = selector.metric_name() else { return };
    let diagnostic = match queries.facts.look_up(selector) {
        Known::Metric(_) | Known::MadeUp => return,
        Known::Elsewhere(metric) => elsewhere(name, job_of(selector).unwrap_or_default(), metric, place),
        Known::Nowhere => {
            let diagnostic = Diagnostic::new(&LINT.code, place, format!("nothing exposes a metric `{name}`"));
            let names = queries.facts.names(selector);
            let near = closest(name, &names);
            diagnostic.label("no service declares it, and no pack knows it").help(near.map_or_else(
                || {
                    "declare it under the `metrics` of the service that exposes it, or use a metric that is there"
                        .to_owned()
                },
                |near| format!("did you mean `{near}`?"),
            ))
        }
    };
    findings.report(diagnostic.note("it selects nothing: alerts on it never fire, panels stay empty"));
}

fn elsewhere(name: &str, job: &str, metric: &Metric, place: Span) -> Diagnostic {
    let message = format!("the job `{job}` brings no `{name}`");
    let diagnostic = Diagnostic::new(&LINT.code, place, message).label(format!("the job `{}` does", metric.job));
    diagnostic.help(format!("select `job=\"{}\"`", metric.job))
}

/// A slip of the keyboard, or a name that leaves out some of the words of the right one.
fn closest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let words: Vec<&str> = name.split('_').collect();
    let has_all = |known: &&String| {
        let mut rest = known.split('_');
        words.iter().all(|word| rest.any(|other| other == *word))
    };
    nearest(name, known.iter().map(String::as_str))
        .or_else(|| known.iter().filter(has_all).min_by_key(|known| known.len()).map(String::as_str))
}
