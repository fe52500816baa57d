//! Objectives that are missed in silence.

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Slo as SloFamily;
use crate::diagnostics::code::warning;
use crate::model::{Bound, Condition, Measure, Sli, Slo, Threshold};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "threshold-looser-than-slo",
        SloFamily,
        "The only alert on an objective fires long after it is missed",
        r#"
An objective without burn-rate tiers relies on thresholds on its signal. If each of them is looser than the
objective, there is a range in which the promise is broken, for as long as you like, and nobody is told.

A loose bound beside burn rates is fine: the tiers see what it does not. Keep a tier, or give a threshold the
objective's own bound.

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
      availability:
        signal: error_ratio
        objective: 99.9%
        tiers: {page-fast: {enabled: false}, page-slow: {enabled: false}, ticket-fast: {enabled: false}, ticket-slow: {enabled: false}}
    thresholds:
      Errors: {signal: error_ratio, above: 5%, for: 5m, severity: critical}
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
    for (service, slo) in context.platform.slos().filter(|(_, slo)| slo.tiers.is_empty()) {
        let on_it = service.thresholds.iter().filter(|threshold| {
            threshold.signal.as_ref().is_some_and(|signal| slo.signal.as_ref() == Some(&signal.value))
        });
        let bounds: Vec<(&Threshold, Option<&Bound>)> = on_it.map(|one| (one, loose_bound(one, slo))).collect();
        // One that is strict enough, or that cannot be compared, may be what tells people.
        if bounds.iter().any(|(_, bound)| bound.is_none()) {
            continue;
        }
        let Some((threshold, Some(bound))) = bounds.first() else { continue };
        let name = &slo.name.value;
        let message = format!("`{}` is looser than `{name}`, which has no burn-rate alerts", threshold.name.value);
        let diagnostic = Diagnostic::new(&LINT.code, bound.written.span, message)
            .label("nothing is said before this")
            .also(slo.objective.span, "missed from here on")
            .note("between the two the promise is broken, and nobody is told")
            .help("keep one of the objective's tiers, or give the threshold the objective's bound");
        findings.report(diagnostic);
    }
}

/// The threshold's bound, if the objective is missed before it is crossed.
fn loose_bound<'a>(threshold: &'a Threshold, slo: &Slo) -> Option<&'a Bound> {
    let (bound, is_loose) = match (&threshold.condition, &slo.sli, &threshold.measure) {
        (Condition::Above(bound), Sli::Events { part_is_bad: true, .. }, Measure::Value) => {
            (bound, bound.value > slo.budget())
        }
        (Condition::Below(bound), Sli::Events { part_is_bad: false, .. }, Measure::Value) => {
            (bound, bound.value < slo.objective.value)
        }
        (Condition::Above(bound), Sli::Within { bound: fast, .. }, Measure::Quantile(quantile)) => {
            (bound, *quantile <= slo.objective.value && bound.value > fast.value)
        }
        _ => return None,
    };
    is_loose.then_some(bound)
}
