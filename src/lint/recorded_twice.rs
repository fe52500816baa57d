//! Two rules that record one series.

use std::collections::BTreeMap;

use super::series::{Owner, Recording};
use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert;
use crate::diagnostics::code::warning;
use crate::promql::ask::{Fate, labels, leaves};
use crate::promql::{Expr, MatchOp};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "recorded-twice",
        Alert,
        "Two rules that record the same series",
        r#"
Two rules that record a series of one name and the same labels write over one another at every evaluation. Prometheus
keeps one of two samples of one moment and drops the other; which one, is chance. Rules whose results cannot overlap,
since each selects or adds another value of a label, may share a name.

Give one of them another name, or a label of its own.

```yaml bad
bellwether: 1
platform: shop
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {record: 'job:up:sum', expr: sum by (job) (up)}
          - {record: 'job:up:sum', expr: 'sum by (job) (up{job!=""})'}
```

```yaml good
bellwether: 1
platform: shop
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {record: 'job:up:sum', expr: sum by (job) (up)}
          - {record: 'job:up:count', expr: count by (job) (up)}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    let mut seen: Vec<(Recording, &Expr)> = Vec::new();
    for expression in &queries.expressions {
        let Owner::Recording(rule) = expression.owner else { continue };
        let same = seen
            .iter()
            .find(|(other, expr)| other.name == rule.name && may_overlap((other, *expr), (&rule, expression.expr)));
        if let Some((other, _)) = same {
            let diagnostic = Diagnostic::new(&LINT.code, rule.place, format!("`{}` is recorded twice", rule.name))
                .also(other.place, "here as well")
                .note("of two samples of one moment one is dropped: which one, is chance")
                .help("give one of them another name, or a label of its own");
            findings.report(diagnostic);
        }
        seen.push((rule, expression.expr));
    }
}

/// Whether the two can make the same series: no label that each of them fixes to another value.
fn may_overlap(one: (&Recording, &Expr), other: (&Recording, &Expr)) -> bool {
    let fixed = |(rule, expr): (&Recording, &Expr)| -> BTreeMap<String, String> {
        let kept = labels(expr);
        let leaves = leaves(expr);
        let mut fixed = BTreeMap::new();
        // A label that every selector fixes to one value, and that is kept.
        for matcher in
            leaves.iter().flat_map(|leaf| &leaf.selector.matchers).filter(|matcher| matcher.op == MatchOp::Equal)
        {
            let everywhere = leaves.iter().all(|leaf| leaf.selector.matchers.contains(matcher));
            if everywhere && kept.fate(&matcher.label) == Fate::Surely {
                fixed.insert(matcher.label.to_string(), matcher.value.clone());
            }
        }
        fixed.extend(rule.labels.iter().map(|(name, value)| (name.value.clone(), value.as_str().to_owned())));
        fixed
    };
    let (one, other) = (fixed(one), fixed(other));
    !one.iter().any(|(label, value)| other.get(label).is_some_and(|another| another != value))
}
