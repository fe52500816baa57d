//! Alerts while the promise is kept.

use rust_decimal::Decimal;

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Slo as SloFamily;
use crate::diagnostics::code::warning;
use crate::model::{Bound, Condition, Measure, Sli, Slo, Threshold, Urgency};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "threshold-inside-slo",
        SloFamily,
        "An alert that fires although the objective is kept",
        r#"
An objective says how bad is still good enough: 99.9 % leaves a budget of 0.1 %. An alert on the same signal at
0.05 % fires while that promise is kept, and would fire for ever if nothing got worse. People learn to ignore it, and
with it the ones that matter.

Make the bound looser than the objective, leave the matter to the burn rates, or promise more if less is not good
enough.

```yaml bad
bellwether: 1
platform: shop
retention: {metrics: {local: 35d}}
severities: {critical: {notify: []}, warning: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    slos:
      availability: {signal: error_ratio, objective: 99.9%}
    thresholds:
      Errors: {signal: error_ratio, above: 0.05%, for: 5m, severity: critical}
```

```yaml good
bellwether: 1
platform: shop
retention: {metrics: {local: 35d}}
severities: {critical: {notify: []}, warning: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    slos:
      availability: {signal: error_ratio, objective: 99.9%}
    thresholds:
      Errors: {signal: error_ratio, above: 5%, for: 5m, severity: critical}
```
"#,
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    for (service, threshold) in context.platform.thresholds() {
        let severity = context.platform.severity(&threshold.severity.value);
        let Some(signal) = &threshold.signal else { continue };
        if severity.is_none_or(|severity| severity.urgency == Urgency::Nothing) {
            continue;
        }
        for slo in service.slos.iter().filter(|slo| slo.signal.as_ref() == Some(&signal.value)) {
            if let Some(bound) = strict_bound(threshold, slo) {
                let message = format!("`{}` fires while `{}` is kept", threshold.name.value, slo.name.value);
                let diagnostic = Diagnostic::new(&LINT.code, bound.written.span, message)
                    .label("stricter than the objective")
                    .also(slo.objective.span, "good enough, by this objective")
                    .note("people are called for something that was promised to be fine")
                    .help("give it a looser bound, leave it to the burn rates, or promise more");
                findings.report(diagnostic);
            }
        }
    }
}

/// The threshold's bound, if it is crossed although the objective holds.
fn strict_bound<'a>(threshold: &'a Threshold, slo: &Slo) -> Option<&'a Bound> {
    let (objective, budget) = (slo.objective.value, slo.budget());
    let (bound, is_strict): (&Bound, fn(Decimal, Decimal) -> bool) = match &threshold.condition {
        Condition::Above(bound) => (bound, |bound, limit| bound < limit),
        Condition::Below(bound) => (bound, |bound, limit| bound > limit),
        _ => return None,
    };
    let is_above = matches!(threshold.condition, Condition::Above(_));
    let limit = match (&slo.sli, &threshold.measure) {
        (Sli::Events { part_is_bad: true, .. }, Measure::Value) if is_above => budget,
        (Sli::Events { part_is_bad: false, .. }, Measure::Value) if !is_above => objective,
        (Sli::Within { bound: fast, .. }, Measure::Within(asked)) if !is_above && fast.value == asked.value => {
            objective
        }
        (Sli::Within { bound: fast, .. }, Measure::Quantile(quantile)) if is_above && *quantile == objective => {
            fast.value
        }
        _ => return None,
    };
    is_strict(bound.value, limit).then_some(bound)
}
