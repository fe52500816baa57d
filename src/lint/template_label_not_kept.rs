//! Words that speak of a label that is gone.

use super::series::{Alert, Expression};
use super::{Check, Context, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Alert as AlertFamily;
use crate::diagnostics::code::warning;
use crate::model::{Condition, Evaluator, Threshold};
use crate::plain::template::{self, Reads, What};
use crate::promql::ask::{Fate, LabelSet, labels, labels_with};
use crate::signals;
use crate::source::Span;
use crate::spec::values::Written;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "template-label-not-kept",
        AlertFamily,
        "Words of an alert that name a label which its expression drops",
        r#"
`{{ labels.endpoint }}` is filled in with the label of the series that crossed the bound. An expression that adds up all
endpoints has no such label: the words come out with a hole in them, in the one message that somebody reads at night.
Labels that the alert itself sets (`severity`, `service`) are not the series' either.

Keep the label with `by: [endpoint]` (or `sum by (endpoint)` in raw PromQL), or take it out of the words.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      HighErrorRate:
        {signal: error_ratio, above: 5%, for: 5m, severity: critical, summary: 'Errors at {{ labels.endpoint }}'}
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
      HighErrorRate:
        {signal: error_ratio, by: [endpoint], above: 5%, for: 5m, severity: critical, summary: 'Errors at {{ labels.endpoint }}'}
```
"#,
    ),
    check: Check::Both(thresholds, alerts),
};

fn thresholds(context: &Context, findings: &mut Findings) {
    for (service, threshold) in context.platform.thresholds() {
        let words = [&threshold.summary, &threshold.description].into_iter().flatten();
        let words: Vec<&Written> = words.filter(|words| words.as_str().contains("labels")).collect();
        if words.is_empty() || !threshold.is_routed() {
            continue;
        }
        let signal = threshold.signal.as_ref().and_then(|name| service.signals.get(&name.value));
        if threshold.on.contains(&Evaluator::Loki) {
            words.iter().for_each(|words| look_in_lines(threshold, words, findings));
            continue;
        }
        let Some(condition) = signals::condition(threshold, signal) else { continue };
        let kept = labels(&condition);
        for words in words {
            look(threshold, words, &kept, findings);
        }
    }
}

/// Counted lines keep what they are counted by, and what the rule sets.
fn look_in_lines(threshold: &Threshold, words: &Written, findings: &mut Findings) {
    const SET: [&str; 4] = ["alertname", "service", "severity", "team"];
    for (start, label) in labels_named(words.as_str()) {
        if threshold.by.iter().any(|kept| kept == label) || SET.contains(&label) || threshold.labels.contains_key(label)
        {
            continue;
        }
        let message = format!("`{}` has no label `{label}`", threshold.name.value);
        let diagnostic = Diagnostic::new(&LINT.code, words.locate(start..start + label.len()), message);
        let diagnostic =
            diagnostic.label("comes out empty").note("the message would have a hole where the label was to be");
        findings.report(diagnostic.help(format!("count by it with `by: [{label}]`, or take it out of the words")));
    }
}

fn look(threshold: &Threshold, words: &Written, kept: &LabelSet, findings: &mut Findings) {
    for (start, label) in labels_named(words.as_str()) {
        let Fate::Never { by } = kept.fate(label) else { continue };
        let place = words.locate(start..start + label.len());
        let message = format!("`{}` has no label `{label}`", threshold.name.value);
        let mut diagnostic = Diagnostic::new(&LINT.code, place, message)
            .label("comes out empty")
            .note("the message would have a hole where the label was to be")
            .help(format!("keep it with `by: [{label}]`, or take it out of the words"));
        if let Condition::Expr { text, .. } = &threshold.condition {
            diagnostic = diagnostic
                .also(text.locate(by.start as usize..by.end as usize), "dropped here")
                .help(format!("keep it with `by ({label})`, or take it out of the words"));
        }
        findings.report(diagnostic);
    }
}

/// Every `labels.x` between double braces: where the name begins, and the name.
fn labels_named(words: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (open, _) in words.match_indices("{{") {
        let inside = words.get(open..).and_then(|rest| rest.split("}}").next()).unwrap_or("");
        for (at, before) in inside.match_indices("labels.") {
            let start = open + at + before.len();
            let rest = words.get(start..).unwrap_or("");
            let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            found.extend(rest.get(..length).filter(|name| !name.is_empty()).map(|name| (start, name)));
        }
    }
    found
}

/// Alerts of rule files, whose words are Go templates.
fn alerts(queries: &Queries, findings: &mut Findings) {
    for (expression, alert) in queries.alerts() {
        let kept = labels_with(expression.expr, &|selector| queries.facts.labels(selector));
        for (_, words) in alert.texts() {
            let Ok(template) = template::read(words.as_str(), Reads::Prometheus) else { continue };
            for named in template.names {
                if let What::Label(label) = named.what {
                    look_at(expression, alert, &kept, &label, words.locate(named.at), findings);
                }
            }
        }
    }
}

fn look_at(expression: &Expression, alert: &Alert, kept: &LabelSet, label: &str, place: Span, findings: &mut Findings) {
    // Templates see the labels of the series and the alert's name, not the labels that the alert adds.
    let Fate::Never { by } = kept.fate(label) else { return };
    if label == "alertname" {
        return;
    }
    let diagnostic = Diagnostic::new(&LINT.code, place, format!("`{}` has no label `{label}`", alert.name))
        .label("comes out empty")
        .also(expression.locate(by), "dropped here")
        .note("the message would have a hole where the label was to be")
        .help(format!("keep it with `by ({label})`, or take it out of the words"));
    findings.report(diagnostic);
}
