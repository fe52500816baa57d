//! Alerts of a severity that says nothing of whom to tell.

use super::{Check, Context, Findings, Lint};
use crate::backends::alertmanager::{expected_receivers, receiver_channels};
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;
use crate::diagnostics::{Diagnostic, listed};
use crate::model::{Evaluator, Platform, Service, Severity, Threshold};
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "severity-without-route",
        Route,
        "Alerts whose severity leads to nobody",
        r"
An alert has a severity, and nothing says who is told of that severity where the alert is evaluated: the severity
has no `notify`, and no route steps in; or a CloudWatch alarm has a severity without a channel that CloudWatch can
publish to. The alert fires, is shown somewhere, and nobody hears of it.

Say who is told. If nobody should be, say that: `notify: []` is an answer, and is not reported. A CloudWatch
alarm needs an `sns` channel.

```yaml bad
bellwether: 1
platform: shop
severities:
  critical: {repeat: 1h}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      HighErrorRate: {signal: error_ratio, above: 5%, for: 5m, severity: critical}
```

```yaml good
bellwether: 1
platform: shop
channels: {oncall: {webhook: {url: https://oncall.example.com}}}
severities:
  critical: {notify: [oncall], repeat: 1h}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      HighErrorRate: {signal: error_ratio, above: 5%, for: 5m, severity: critical}
```
",
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    let platform = context.platform;
    for severity in platform.severities.iter().filter(|severity| !severity.notify_written) {
        silent_severity(platform, severity, findings);
    }
    for (service, threshold) in platform.thresholds() {
        if threshold.on == [Evaluator::CloudWatch] {
            silent_alarm(platform, service, threshold, findings);
        }
    }
}

/// A severity without `notify` that alerts of Prometheus use.
fn silent_severity(platform: &Platform, severity: &Severity, findings: &mut Findings) {
    let name = severity.name.value.as_str();
    let mut alerts: Vec<(&str, Span)> = Vec::new();
    for (service, threshold) in platform.thresholds() {
        let is_meant = threshold.severity.value == name && threshold.is_routed();
        if is_meant && !is_told(platform, service, threshold) {
            alerts.push((&threshold.name.value, threshold.severity.span));
        }
    }
    for (_, slo) in platform.slos().filter(|(_, slo)| slo.tiers.iter().any(|tier| tier.severity == name)) {
        alerts.push((&slo.name.value, slo.name.span));
    }
    let Some((_, place)) = alerts.first() else { return };
    let names: Vec<&str> = alerts.iter().map(|(name, _)| *name).collect();
    let diagnostic = Diagnostic::new(&LINT.code, severity.name.span, format!("nobody is told of `{name}` alerts"))
        .label("no `notify`")
        .also(*place, "used here")
        .note(format!("{} would fire, and nobody would hear of it", listed(&names)))
        .help("add `notify: [...]` with a channel, or `notify: []` if that is what you want");
    findings.report(diagnostic);
}

/// Whether a route steps in for the severity. Labels that only the firing alert knows count as absent.
fn is_told(platform: &Platform, service: &Service, threshold: &Threshold) -> bool {
    let mut labels = std::collections::BTreeMap::new();
    let own = [("severity", &threshold.severity.value), ("alertname", &threshold.name.value)];
    labels.extend(platform.labels.iter().map(|(label, value)| (label.clone(), value.clone())));
    labels.extend(service.labels.iter().map(|(label, value)| (label.clone(), value.clone())));
    labels.extend(threshold.labels.iter().map(|(label, value)| (label.clone(), value.clone())));
    labels.extend(platform.team.iter().map(|team| ("team".to_owned(), team.clone())));
    labels.extend(own.map(|(label, value)| (label.to_owned(), value.clone())));
    labels.insert("service".to_owned(), service.name.value.clone());
    expected_receivers(platform, &labels).iter().any(|receiver| !receiver_channels(receiver).is_empty())
}

/// An alarm that only CloudWatch evaluates, and whose severity has no topic.
fn silent_alarm(platform: &Platform, service: &Service, threshold: &Threshold, findings: &mut Findings) {
    let among = |names: &[crate::source::Spanned<String>], name: &str| {
        names.is_empty() || names.iter().any(|one| one.value == name)
    };
    let steps_in = |route: &&crate::model::Route| {
        route.notify.is_some()
            && among(&route.services, &service.name.value)
            && among(&route.severities, &threshold.severity.value)
            && among(&route.alerts, &threshold.name.value)
    };
    if platform.routes.iter().any(|route| steps_in(&route)) {
        return;
    }
    let Some(severity) = platform.severity(&threshold.severity.value) else { return };
    let reached = severity.notify.iter().filter_map(|name| platform.channel(&name.value));
    if severity.notify.is_empty() && severity.notify_written || reached.into_iter().any(|c| c.reaches_cloudwatch()) {
        return;
    }
    let message = format!("the CloudWatch alarm `{}` tells nobody", threshold.name.value);
    let diagnostic = Diagnostic::new(&LINT.code, threshold.severity.span, message)
        .label(format!("`{}` has no channel that CloudWatch reaches", severity.name.value))
        .also(severity.name.span, "declared here")
        .note("the alarm changes its colour in a console that nobody looks at")
        .help("add an `sns` channel to the severity's `notify`");
    findings.report(diagnostic);
}
