//! Matches that are not one to one.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::diagnostics::listed;
use crate::promql::ask::{self, LabelSet, Operands};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "many-to-many",
        Promql,
        "Two sides of which several series match several",
        r#"
`on (job)` pairs series that agree in `job`. Where both sides have several series of one job, Prometheus cannot tell which
belongs to which, and the whole rule fails at every evaluation: "many-to-many matching not allowed".

Match by all labels that tell the series apart, aggregate one side, or say which side has many with `group_left`.

```yaml bad
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics: {answers_total: {type: counter, unit: count, labels: [code]}}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {record: 'job:busy:ratio', expr: 'rate(http_requests_total[5m]) / on (job) rate(answers_total[5m])'}
```

```yaml good
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    metrics: {answers_total: {type: counter, unit: count, labels: [code]}}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {record: 'job:busy:ratio', expr: 'sum by (job) (rate(http_requests_total[5m])) / on (job) sum by (job) (rate(answers_total[5m]))'}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        for operands in ask::operands_with(expression.expr, &|selector| queries.facts.labels(selector)) {
            let Some((left, right)) = fault(&operands) else { continue };
            let message = format!("`{}` pairs series by {} only", operands.binary.op.sign(), matched(&operands));
            let diagnostic = Diagnostic::new(&LINT.code, expression.locate(operands.left.expr.at), message)
                .label(format!("told apart by {}, too", listed(&left)))
                .also(expression.locate(operands.right.expr.at), format!("told apart by {}, too", listed(&right)))
                .note("where both sides have several of one kind, the rule fails at every evaluation")
                .help("match by more labels, aggregate one side, or say which has many with `group_left`");
            findings.report(diagnostic);
        }
    }
}

fn matched(operands: &Operands) -> String {
    let labels = operands.binary.matching.as_ref().map(|matching| matching.labels.as_slice()).unwrap_or_default();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    if labels.is_empty() { "nothing".to_owned() } else { listed(&labels) }
}

/// Labels of both sides that tell series apart and are not matched. Labels that scraping adds do not count: a job may
/// well have one target.
fn fault<'o>(operands: &'o Operands) -> Option<(Vec<&'o str>, Vec<&'o str>)> {
    let matching = operands.binary.matching.as_ref().filter(|matching| matching.on && matching.group.is_none())?;
    if operands.binary.op.is_set() {
        return None;
    }
    let more = |labels: &'o LabelSet| -> Option<Vec<&'o str>> {
        const BY_SCRAPING: [&str; 4] = ["__name__", "job", "instance", "service"];
        let fixed = |label: &&str| !BY_SCRAPING.contains(label) && !matching.labels.iter().any(|known| known == label);
        // A label that surely has one value tells nothing apart.
        let certain: Vec<&str> = labels.certain().collect();
        let open: Vec<&str> =
            labels.all()?.into_iter().filter(fixed).filter(|label| !certain.contains(label)).collect();
        (!open.is_empty()).then_some(open)
    };
    Some((more(&operands.left.labels)?, more(&operands.right.labels)?))
}
