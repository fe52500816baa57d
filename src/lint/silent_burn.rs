//! Burns that spend a budget without a word.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Slo as SloFamily;
use crate::diagnostics::code::warning;
use crate::model::{Service, Slo, ThresholdOrigin};
use crate::quantity::{print_decimal, print_percent};
use crate::slo::{fires_above, times};
use rust_decimal::Decimal;

/// A burn that spends the budget in half of its window or more is slow enough to be read off a dashboard.
const SLOW_ENOUGH: Decimal = Decimal::TWO;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "silent-burn",
        SloFamily,
        "A burn that spends the whole budget and raises no alert",
        r#"
A tier reports burns above its factor. What burns at the lowest factor of all tiers, or slower, raises nothing, for as
long as it lasts. With the slow tiers left out the lowest factor is 6 or more: five requests of a thousand can fail
day and night at 99.9%, the budget of 30 days is gone in six, and nobody hears of it.

It is said when such a burn spends the budget in less than half of the objective's window. Keep the tickets (they
wake nobody), give a slow tier a longer window or a lower factor, or have `alert_below` watch over the objective.

```yaml bad
bellwether: 1
platform: shop
retention: {metrics: {local: 35d}}
severities: {critical: {notify: []}, warning: {notify: []}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 99.9%, tiers: {ticket-fast: {enabled: false}, ticket-slow: {enabled: false}}}
```

```yaml good
bellwether: 1
platform: shop
retention: {metrics: {local: 35d}}
severities: {critical: {notify: []}, warning: {notify: []}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 99.9%, tiers: {ticket-fast: {enabled: false}}}
```
"#,
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    for (service, slo) in context.platform.slos() {
        // Without any tier it is a figure to look at: that was chosen, or said by another code.
        let Some(lowest) = slo.tiers.iter().map(|tier| tier.factor).min() else { continue };
        if lowest <= SLOW_ENOUGH || is_watched(service, slo) {
            continue;
        }
        let share = fires_above(lowest, slo.budget());
        let Some(gone) = times::exhaustion(slo.budget(), slo.window.value, share) else { continue };
        let (name, rate) = (&slo.name.value, print_decimal(lowest));
        let message = format!("a burn of {rate} times the budget of `{name}` raises no alert, however long it lasts");
        let percent = print_percent(share);
        let note = format!("at {percent} of events bad, the budget of {} is gone in {gone}", slo.window.value);
        let help = "keep a slow tier, give one a lower factor, or set `alert_below`";
        let label = format!("the slowest alert waits for more than {percent} of bad events");
        findings.report(Diagnostic::new(&LINT.code, slo.objective.span, message).label(label).note(note).help(help));
    }
}

/// Whether the objective has an alert of its own beside its tiers.
fn is_watched(service: &Service, slo: &Slo) -> bool {
    let of_slo = |origin: &ThresholdOrigin| matches!(origin, ThresholdOrigin::Slo(name) if *name == slo.name.value);
    service.thresholds.iter().any(|threshold| of_slo(&threshold.declared))
}
