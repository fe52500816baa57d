//! Labels of an inhibition that its alerts do not have.

use super::routing::{Alert, Inhibition, Value};
use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "inhibition-label-missing",
        Route,
        "An inhibition whose `equal` labels are on neither alert, or never the same on both",
        r"
A label that neither alert has counts as equal: an inhibition that is limited by such labels alone is not limited, and
keeps quiet what it was never meant for. A label that only one of them has, or that has another value on each (their names,
when no name exists in both severities), is never equal: the inhibition does nothing.

Name labels that both alerts have. Labels that Prometheus adds to everything (`external_labels`) are known from a
prometheus.yml or a file of facts beside it; without one, any label may be there.

```yaml bad
facts: {external_labels: []}
---
groups:
  - name: shop
    rules:
      - {alert: DatabaseDown, expr: sum(pg_up) == 0, for: 5m, labels: {severity: critical, service: db}}
      - {alert: ApiSlow, expr: sum(slow_requests) > 5, for: 10m, labels: {severity: warning, service: api}}
---
route: {receiver: chat}
receivers: [{name: chat}]
inhibit_rules:
  - source_matchers: ['alertname=DatabaseDown']
    target_matchers: ['severity=warning']
    equal: [clutser]
```

```yaml good
facts: {external_labels: [cluster]}
---
groups:
  - name: shop
    rules:
      - {alert: DatabaseDown, expr: sum(pg_up) == 0, for: 5m, labels: {severity: critical, service: db}}
      - {alert: ApiSlow, expr: sum(slow_requests) > 5, for: 10m, labels: {severity: warning, service: api}}
---
route: {receiver: chat}
receivers: [{name: chat}]
inhibit_rules:
  - source_matchers: ['alertname=DatabaseDown']
    target_matchers: ['severity=warning']
    equal: [cluster]
```
",
    ),
    check: Check::Routing(check),
};

fn check(routing: &Routing, findings: &mut Findings) {
    for inhibition in &routing.inhibitions {
        let sources: Vec<&Alert> = routing.meeting(&inhibition.source).collect();
        let targets: Vec<&Alert> = routing.meeting(&inhibition.target).collect();
        if sources.is_empty() || targets.is_empty() || inhibition.equal.is_empty() {
            continue;
        }
        let lack = |label: &str| sources.iter().chain(&targets).all(|alert| alert.lacks(label));
        if inhibition.equal.iter().all(|(label, _)| lack(label)) {
            limits_nothing(inhibition, &sources, findings);
            continue;
        }
        // Between alerts that are not named, values that differ today may agree in the next rule.
        let named = inhibition.source.iter().chain(&inhibition.target).any(|condition| condition.label == "alertname");
        let keeps =
            |label: &str, source: &Alert, target: &Alert| is_other(&source.value(label), &target.value(label), named);
        let pairs = || sources.iter().flat_map(|source| targets.iter().map(move |target| (*source, *target)));
        let apart = |(label, _): &&(String, Option<Span>)| pairs().all(|(source, target)| keeps(label, source, target));
        if let Some((label, place)) = inhibition.equal.iter().find(apart) {
            never_equal(inhibition, label, *place, findings);
        } else if pairs().all(|(source, target)| inhibition.equal.iter().any(|(label, _)| keeps(label, source, target)))
        {
            never_equal(inhibition, "", None, findings);
        }
    }
}

/// Whether two values surely differ: one is there and the other is not, or both are known.
fn is_other(one: &Value, other: &Value, by_value: bool) -> bool {
    match (one, other) {
        (Value::Is(one), Value::Is(other)) => one != other && (by_value || one.is_empty() || other.is_empty()),
        (Value::Is(empty), Value::Some) | (Value::Some, Value::Is(empty)) => empty.is_empty(),
        _ => false,
    }
}

fn limits_nothing(inhibition: &Inhibition, sources: &[&Alert], findings: &mut Findings) {
    let place = inhibition.equal.first().and_then(|(_, place)| *place).unwrap_or(inhibition.place);
    let known: Vec<String> = sources.iter().flat_map(|alert| alert.labels()).collect();
    let first = inhibition.equal.first().map_or("", |(label, _)| label);
    let message = match inhibition.equal.as_slice() {
        [(label, _)] => format!("no alert has the label `{label}`, which counts as equal"),
        _ => "no alert has any of these labels, which counts as equal".to_owned(),
    };
    let mut diagnostic = Diagnostic::new(&LINT.code, place, message)
        .label("limits nothing")
        .note("any such alert keeps all of the others quiet, whatever they are about")
        .help("name a label that both alerts have");
    if let Some(near) = crate::diagnostics::nearest(first, known.iter().map(String::as_str)) {
        diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
    }
    findings.report(diagnostic);
}

fn never_equal(inhibition: &Inhibition, label: &str, place: Option<Span>, findings: &mut Findings) {
    let message = match label {
        "" => "no two alerts agree in all of these labels".to_owned(),
        label => format!("`{label}` is never the same on both alerts"),
    };
    let place = place.or(inhibition.equal.first().and_then(|(_, place)| *place)).unwrap_or(inhibition.place);
    let diagnostic = Diagnostic::new(&LINT.code, place, message)
        .label("never equal")
        .note("this inhibition keeps nothing quiet")
        .help("name only labels that both alerts have with the same value");
    findings.report(diagnostic);
}
