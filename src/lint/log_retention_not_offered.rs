//! Log retention that CloudWatch does not have.

use super::{Check, Context, Findings, Lint};
use crate::backends::cloudwatch::RETENTIONS;
use crate::diagnostics::Family::Cloud;
use crate::diagnostics::code::warning;
use crate::diagnostics::{Diagnostic, Fix};
use crate::quantity::Duration;
use crate::source::{Span, Spanned};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "log-retention-not-offered",
        Cloud,
        "A log group is kept for a time that CloudWatch does not offer",
        r#"
CloudWatch keeps logs for one of a fixed list of periods: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 days and some
longer ones. Another number would be refused when Terraform is applied, so the next longer period is taken: logs stay
longer than the spec says, cost more, and may stay longer than they are allowed to.

Write one of CloudWatch's periods.

```yaml bad
bellwether: 1
platform: shop
retention: {logs: {/shop/application: 45d}}
stack: {cloudwatch: {region: eu-west-1}}
```

```yaml good
bellwether: 1
platform: shop
retention: {logs: {/shop/application: 60d}}
stack: {cloudwatch: {region: eu-west-1}}
```
"#,
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    if context.platform.stack.cloudwatch.is_none() {
        return;
    }
    for group in &context.platform.retention.logs {
        let keep = group.keep;
        let is_offered = RETENTIONS.iter().any(|days| Duration::days(*days) == keep.value);
        if is_offered {
            continue;
        }
        let below = RETENTIONS.iter().rev().find(|days| Duration::days(**days) < keep.value);
        let above = RETENTIONS.iter().find(|days| Duration::days(**days) > keep.value);
        let choice: Vec<String> = below.into_iter().chain(above).map(|days| format!("{days}d")).collect();
        let taken = above.map_or_else(|| "for ever".to_owned(), |days| format!("for {days}d"));
        let message =
            format!("CloudWatch does not keep logs for {}", context.sources.slice(keep.span).trim_matches(['"', '\'']));
        let mut diagnostic = Diagnostic::new(&LINT.code, keep.span, message)
            .note(format!("`{}` would be kept {taken}", group.name.value))
            .help(format!("write {}", choice.join(" or ")));
        diagnostic.fix = above.map(|days| Fix { span: inside(context, keep), replacement: format!("{days}d") });
        findings.report(diagnostic);
    }
}

/// The duration's bytes without quotes around them.
fn inside(context: &Context, keep: Spanned<Duration>) -> Span {
    let written = context.sources.slice(keep.span);
    let quotes = u32::from(written.len() > 1 && written.starts_with(['"', '\'']));
    Span { start: keep.span.start + quotes, end: keep.span.end.saturating_sub(quotes), ..keep.span }
}
