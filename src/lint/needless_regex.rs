//! Regular expressions that are none.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::promql::{MatchOp, Matcher, Range, ask};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "needless-regex",
        Promql,
        "A regular expression that is plain text",
        r#"
A matcher's regular expression is matched against the whole value, so `^` and `$` around it say nothing; and one without
a special character is plain text, which `=` compares faster and says more clearly. A dot that was meant as a dot matches
any character.

Write `=` or `!=`. `bellwether lint --fix` does.

```yaml bad
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {record: 'job:errors:rate5m', expr: 'sum by (job) (rate(http_requests_total{status=~"^500$"}[5m]))'}
```

```yaml good
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {record: 'job:errors:rate5m', expr: 'sum by (job) (rate(http_requests_total{status="500"}[5m]))'}
```
"#,
    ),
    check: Check::Queries(check),
};

fn check(queries: &Queries, findings: &mut Findings) {
    for expression in &queries.expressions {
        for leaf in ask::leaves(expression.expr) {
            for matcher in &leaf.selector.matchers {
                let Some((plain, message)) = plain(matcher) else { continue };
                let mut diagnostic = Diagnostic::new(&LINT.code, expression.locate(matcher.at), message)
                    .note("it is compared with the whole value in any case")
                    .help(format!("write `{plain}`"));
                if let Some((sign, replacement)) = sign(matcher, &plain) {
                    diagnostic = diagnostic.fix(expression.locate(sign), replacement);
                }
                findings.report(diagnostic);
            }
        }
    }
}

/// The matcher without needless signs, and what is needless.
fn plain(matcher: &Matcher) -> Option<(String, String)> {
    let (equal, regex) = match matcher.op {
        MatchOp::Regex => ("=", "=~"),
        MatchOp::NotRegex => ("!=", "!~"),
        MatchOp::Equal | MatchOp::NotEqual => return None,
    };
    let value = matcher.value.as_str();
    let inner = value.strip_prefix('^').unwrap_or(value);
    let inner = inner.strip_suffix('$').filter(|inner| !inner.ends_with('\\')).unwrap_or(inner);
    let is_text =
        !inner.is_empty() && inner.chars().all(|sign| sign.is_ascii_alphanumeric() || "_-/:, ".contains(sign));
    // Anchors inside of alternatives belong to one of them only.
    let anchored = inner.len() < value.len() && !inner.contains('|');
    if is_text {
        return Some((
            format!("{}{equal}\"{inner}\"", matcher.label),
            format!("`{value}` is plain text, not a pattern"),
        ));
    }
    let harmless = !inner.contains(['"', '\\', '\n']);
    (anchored && harmless)
        .then(|| (format!("{}{regex}\"{inner}\"", matcher.label), format!("the anchors of `{value}` say nothing")))
}

/// Where the matcher's sign stands, and the one that says the same, where nothing else has to change. Quotes stay as
/// they are: what is around the expression may need them written in another way.
fn sign(matcher: &Matcher, plain: &str) -> Option<(Range, &'static str)> {
    let written = matcher.at.end - matcher.at.start;
    let label = u32::try_from(matcher.label.len()).ok()?;
    let as_expected = label + 4 + u32::try_from(matcher.value.len()).ok()? == written;
    let only_sign = plain.contains(&format!("\"{}\"", matcher.value));
    let start = matcher.at.start + label;
    let replacement = if matcher.op == MatchOp::Regex { "=" } else { "!=" };
    (as_expected && only_sign).then_some((Range { start, end: start + 2 }, replacement))
}
