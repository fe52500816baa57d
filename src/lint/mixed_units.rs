//! Two units that do not go together.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Unit as UnitFamily;
use crate::diagnostics::code::warning;
use crate::promql::ask;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "mixed-units",
        UnitFamily,
        "Two units added, subtracted or compared",
        r#"
PromQL knows numbers only: it compares bytes with seconds without a word. The result is a number that means nothing,
and an alert on it fires, or does not, by chance.

Compare what is in the same unit; divide or multiply where a quotient or product is meant.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  host:
    packs: [node]
    thresholds:
      DiskFull:
        expr: 'node_filesystem_avail_bytes{job="host"} < node_boot_time_seconds{job="host"}'
        for: 5m
        severity: critical
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  host:
    packs: [node]
    thresholds:
      DiskFull:
        expr: 'node_filesystem_avail_bytes{job="host"} < 0.1 * node_filesystem_size_bytes{job="host"}'
        for: 5m
        severity: critical
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        let mut mixed = Vec::new();
        ask::unit(expression.expr, &|selector| queries.facts.units(selector), &mut mixed);
        for one in mixed {
            let ((left, left_unit), (right, right_unit)) = (one.left, one.right);
            let verb = if one.op.is_comparison() { "compared" } else { "added up" };
            let message = format!("{} and {} are {verb}", left_unit.name(), right_unit.name());
            let diagnostic = Diagnostic::new(&LINT.code, expression.locate(left), message)
                .label(left_unit.dimension().describe())
                .also(expression.locate(right), right_unit.dimension().describe())
                .note("the result is a number that means nothing")
                .help("compare what is in the same unit, or divide where a quotient is meant");
            findings.report(diagnostic);
        }
    }
}
