//! Objectives whose budget is gone before anybody can know.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Slo as SloFamily;
use crate::diagnostics::code::warning;
use crate::model::{Platform, Slo};
use crate::quantity::Duration;
use crate::report;
use crate::slo::times;
use rust_decimal::Decimal;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "undefendable-slo",
        SloFamily,
        "An objective whose whole budget is gone before anybody is told of an outage",
        r#"
At 99.999% over 30 days, 26 seconds of a total outage are the whole budget. Before anybody is told, a scrape must see
the failure, an evaluation must see the scrape, and Alertmanager waits for the rest of the group: a minute or more.
Whatever people do then, the promise is broken. Such an objective can be measured; no alert can protect it.

Scrape and evaluate more often and shorten `group_wait`, promise less, or promise it over a longer time.
`bellwether slo` shows every step.

```yaml bad
bellwether: 1
platform: shop
retention: {metrics: {local: 35d}}
channels: {chat: {webhook: {url: 'http://bridge:8080/alerts'}}}
severities: {critical: {notify: [chat], group_wait: 30s}, warning: {notify: [chat]}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 99.999%}
```

```yaml good
bellwether: 1
platform: shop
retention: {metrics: {local: 35d}}
channels: {chat: {webhook: {url: 'http://bridge:8080/alerts'}}}
severities: {critical: {notify: [chat], group_wait: 30s}, warning: {notify: [chat]}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 99.99%}
```
"#,
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    let platform = context.platform;
    // To be told takes a small part of the budget and the way of the message: only small budgets are looked at closely.
    if !platform.slos().any(|(_, slo)| is_small(platform, slo)) {
        return;
    }
    // Where alertmanager.yml is not among the outputs that are asked for, nobody is told, and nothing is said.
    let report = report::report(platform, context.configs);
    for ((_, slo), objective) in platform.slos().zip(&report.slos) {
        let Some(told) = objective.first_told().filter(|_| objective.is_undefendable()) else { continue };
        if !is_small(platform, slo) {
            continue;
        }
        let gone = report::words::rough(objective.exhausted_after);
        let told = report::words::rough(told);
        let message = format!("no alert can protect `{}`: an outage spends its whole budget in {gone}", slo.name.value);
        let diagnostic = Diagnostic::new(&LINT.code, slo.objective.span, message)
            .label(format!("leaves {gone} of {}", slo.window.value))
            .note(format!("scrape, evaluation and `group_wait` take up to {told} before anybody is told"))
            .help("scrape and evaluate more often, shorten `group_wait`, or promise less");
        findings.report(diagnostic);
    }
}

/// Whether the budget is not far longer than the way of a message.
fn is_small(platform: &Platform, slo: &Slo) -> bool {
    let wait = platform.severities.iter().map(|severity| severity.group_wait.value).max().unwrap_or_default();
    let way = slo.scrape.plus(platform.evaluation_interval.value.times(2)).plus(wait);
    let budget = times::exhaustion(slo.budget(), slo.window.value, Decimal::ONE).unwrap_or(Duration::ZERO);
    budget <= way.times(10)
}
