//! SLOs made of others that promise more than those do.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Slo;
use crate::diagnostics::code::warning;
use crate::model::{Combine, Member, Sli};
use crate::quantity::print_percent;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "composed-objective-out-of-reach",
        Slo,
        "An SLO made of others promises more than they do",
        "
An SLO that is made of others can be broken while each of them is kept. Two parts of 99.9 % that both must do make
99.8 %; events added up are never better than the best part promises. An alert would then blame nobody: every team
keeps its promise.

Promise less of the whole, or more of the parts.

```yaml bad
bellwether: 1
platform: shop
retention: {metrics: {local: 35d}}
severities: {critical: {notify: []}, warning: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    probe: /health
    slos:
      errors: {signal: error_ratio, objective: 99.9%}
      healthy: {signal: healthy, objective: 99.9%}
      journey: {objective: 99.9%, of: [errors, healthy], combine: all}
    signals:
      healthy: {gauge: probe_success, unit: ratio}
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
    probe: /health
    slos:
      errors: {signal: error_ratio, objective: 99.9%}
      healthy: {signal: healthy, objective: 99.9%}
      journey: {objective: 99.8%, of: [errors, healthy], combine: all}
    signals:
      healthy: {gauge: probe_success, unit: ratio}
```
",
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    for (_, slo) in context.platform.slos() {
        let Sli::Composed { of, combine } = &slo.sli else { continue };
        let Some(promised) = promised(of, *combine) else { continue };
        if slo.objective.value <= promised {
            continue;
        }
        let percent = |share: Decimal| print_percent(share.round_dp(6));
        let parts: Vec<String> = of.iter().map(|part| format!("{} {}", part.slo, percent(part.objective))).collect();
        let message =
            format!("`{}` promises {}, its parts {}", slo.name.value, percent(slo.objective.value), percent(promised));
        findings.report(
            Diagnostic::new(&LINT.code, slo.objective.span, message)
                .label(format!("its parts promise {} together", percent(promised)))
                .note(format!("it is broken while each part is kept: {}", parts.join(", ")))
                .help(format!("promise {} or less, or more of the parts", percent(promised))),
        );
    }
}

/// The most that the parts promise together. A product is rounded up: two of 99.9 % may promise 99.8 %, not 99.8001 %.
fn promised(of: &[Member], combine: Combine) -> Option<Decimal> {
    let objectives = of.iter().map(|part| part.objective);
    match combine {
        Combine::Events => objectives.max(),
        Combine::All => {
            let both: Decimal = objectives.product();
            Some(both.round_dp_with_strategy(4, RoundingStrategy::ToPositiveInfinity))
        }
        Combine::Weighted => {
            let whole: Decimal = of.iter().map(|part| part.weight).sum();
            let sum: Decimal = of.iter().map(|part| part.objective * part.weight).sum();
            sum.checked_div(whole)
        }
    }
}
