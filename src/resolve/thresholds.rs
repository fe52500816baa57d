//! Thresholds: conditions bound to signals, with units checked.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::problems::{CONDITION_COUNT, NOT_A_LATENCY, NOT_EVALUABLE, UNIT_MISMATCH};
use super::services::Surroundings;
use super::{Resolver, metrics, shapes, text};
use crate::diagnostics::{Diagnostic, listed};
use crate::model::{
    Bound, Condition, Evaluator, Measure, Severity, Shape, Signal, Threshold, ThresholdOrigin, Urgency,
};
use crate::quantity::{Dimension, Duration, Quantity};
use crate::signals;
use crate::source::{Span, Spanned};
use crate::spec::metric::Bucket;
use crate::spec::stack::Stack;
use crate::spec::threshold as written;
use crate::spec::values::{Name, OneOrMany, Written};

/// Every threshold of a service: its own, then its packs' usual ones if it takes them over.
pub(super) fn resolve(
    around: &Surroundings,
    signals: &IndexMap<String, Signal>,
    resolver: &mut Resolver,
) -> Vec<Threshold> {
    let mut thresholds = Vec::new();
    for (name, written) in around.written.thresholds.iter() {
        thresholds.extend(threshold(around, name, written, ThresholdOrigin::Spec, signals, resolver));
    }
    if around.written.usual_thresholds == Some(true) {
        for used in around.uses {
            for (name, written) in used.pack.thresholds.iter() {
                let mut written = written.clone();
                written.severity = Spanned::new(usual_severity(&written.severity.value, around.severities), used.span);
                written.r#for = written.r#for.map(|hold| Spanned::new(usual_wait(hold.value, resolver), hold.span));
                let declared = ThresholdOrigin::Pack(used.pack.pack.to_string());
                let name = Spanned::new(name.value.clone(), used.span);
                thresholds.extend(threshold(around, &name, &written, declared, signals, resolver));
            }
        }
    }
    thresholds
}

/// A pack knows nothing of how often rules are evaluated: what waits, waits for two evaluations at least.
fn usual_wait(hold: Duration, resolver: &Resolver) -> Duration {
    let evaluate = resolver.evaluate.value;
    if hold.is_zero() { hold } else { hold.max(Duration::millis(evaluate.as_millis().saturating_mul(2))) }
}

/// A pack says `critical` or `warning`; a platform that calls them otherwise means its own words.
fn usual_severity(packs: &Name, severities: &[Severity]) -> Name {
    let urgency = if packs.as_str() == "critical" { Urgency::Page } else { Urgency::Ticket };
    let same = severities.iter().find(|severity| severity.name.value == packs.as_str());
    let meant = same.or_else(|| severities.iter().find(|severity| severity.urgency == urgency));
    meant.and_then(|severity| Name::new(&severity.name)).unwrap_or_else(|| packs.clone())
}

fn threshold(
    around: &Surroundings,
    name: &Spanned<Name>,
    written: &written::Threshold,
    declared: ThresholdOrigin,
    signals: &IndexMap<String, Signal>,
    resolver: &mut Resolver,
) -> Option<Threshold> {
    let severities: Vec<&str> = around.severities.iter().map(|severity| severity.name.as_str()).collect();
    let known = resolver.known("severity", written.severity.as_str(), written.severity.span, severities);
    let signal = signal_of(name, written, signals, resolver);
    let (signal, severity) = (signal?, known.then(|| text(&written.severity))?);
    let measure = measure(name, written, signal, resolver)?;
    let condition = condition(name, written, signal, &measure, resolver)?;
    let on = evaluators(name, written, signal, &condition, resolver)?;
    let usual_window = signal.map_or(Spanned::new(Duration::minutes(5), name.span), |signal| signal.window);
    let mut by: Vec<String> = signal.map_or(Vec::new(), |signal| signal.per.clone());
    for label in written.by.iter().flatten() {
        if !by.iter().any(|other| other == label.as_str()) {
            by.push(label.to_string());
        }
    }
    Some(Threshold {
        name: text(name),
        service: around.name.to_string(),
        signal: signal.and(written.signal.as_ref()).map(text),
        measure,
        condition,
        window: written.over.unwrap_or(usual_window),
        hold: written.r#for.unwrap_or(Spanned::new(Duration::ZERO, name.span)),
        keep_firing: written.keep_firing.map(|duration| duration.value),
        runbook: runbook(name.as_str(), around.name.as_str(), &severity.value, written, resolver),
        advice: advice(name.as_str(), around.name.as_str(), &severity.value, written.runbook.as_ref(), resolver),
        severity,
        group: written.group.as_ref().map_or_else(|| default_group(around.name.as_str()), |group| group.to_string()),
        by,
        on,
        summary: written.summary.clone(),
        description: written.description.clone(),
        labels: written.labels.iter().map(|(label, value)| (label.to_string(), value.clone())).collect(),
        declared,
        origin: written.span,
    })
}

/// `<service>_alerts`, in the letters that rule groups usually have.
fn default_group(service: &str) -> String {
    format!("{}_alerts", service.replace('-', "_"))
}

/// The signal that the threshold is on; `Some(None)` for raw PromQL, `None` after a report.
fn signal_of<'s>(
    name: &Spanned<Name>,
    written: &written::Threshold,
    signals: &'s IndexMap<String, Signal>,
    resolver: &mut Resolver,
) -> Option<Option<&'s Signal>> {
    let Some(spoken) = &written.signal else {
        if written.expr.is_some() {
            return Some(None);
        }
        let message = format!("`{}` is a condition on which signal?", name.value);
        let known: Vec<&str> = signals.keys().map(String::as_str).collect();
        let diagnostic = Diagnostic::new(&CONDITION_COUNT, name.span, message);
        resolver.report(diagnostic.help(format!("add `signal:`; this service has {}", listed(&known))));
        return None;
    };
    let known: Vec<&str> = signals.keys().map(String::as_str).collect();
    if !resolver.known("signal", spoken.as_str(), spoken.span, known) {
        return None;
    }
    signals.get(spoken.as_str()).map(Some)
}

/// What is asked of the signal: only latencies have a choice.
fn measure(
    name: &Spanned<Name>,
    written: &written::Threshold,
    signal: Option<&Signal>,
    resolver: &mut Resolver,
) -> Option<Measure> {
    let asked = written.quantile.as_ref().map(|quantile| quantile.span).or(written.within.as_ref().map(|b| b.span));
    let is_latency = signal.is_some_and(|signal| matches!(signal.shape, Some(Shape::Latency { .. })));
    if !is_latency {
        if let Some(span) = asked {
            let message = format!("only a latency has quantiles and bounds within; `{}` asks for one", name.value);
            resolver.report(Diagnostic::new(&NOT_A_LATENCY, span, message));
            return None;
        }
        return Some(if written.mean == Some(true) { Measure::Mean } else { Measure::Value });
    }
    if written.mean == Some(true) {
        return Some(Measure::Mean);
    }
    if let Some(within) = &written.within {
        return within_measure(within, signal?, resolver);
    }
    let Some(written) = &written.quantile else { return Some(Measure::Quantile(Decimal::new(95, 2))) };
    quantile(written, resolver).map(Measure::Quantile)
}

/// The share within a bound.
pub(super) fn within_measure(within: &Spanned<Bucket>, signal: &Signal, resolver: &mut Resolver) -> Option<Measure> {
    let bound = metrics::bucket_value(within, signal.unit, within.span, resolver)?;
    Some(Measure::Within(Spanned::new(bound, within.span)))
}

/// `p95` as 0.95, `p99.9` as 0.999.
pub(super) fn quantile(written: &Spanned<String>, resolver: &mut Resolver) -> Option<Decimal> {
    let percent = written.strip_prefix('p').and_then(|digits| digits.parse::<Decimal>().ok());
    let share = percent.map(|percent| (percent / Decimal::ONE_HUNDRED).normalize());
    let good = share.filter(|share| (Decimal::ZERO..=Decimal::ONE).contains(share));
    if good.is_none() {
        let message = format!("`{}` is no quantile", written.value);
        let diagnostic = Diagnostic::new(&crate::decode::INVALID_VALUE, written.span, message);
        resolver.report(diagnostic.help("quantiles look like p50, p95 or p99.9"));
    }
    good
}

/// The one condition that the threshold has.
fn condition(
    name: &Spanned<Name>,
    written: &written::Threshold,
    signal: Option<&Signal>,
    measure: &Measure,
    resolver: &mut Resolver,
) -> Option<Condition> {
    let given = [
        ("above", written.above.is_some()),
        ("below", written.below.is_some()),
        ("above_baseline", written.above_baseline.is_some()),
        ("below_baseline", written.below_baseline.is_some()),
        ("drops_by", written.drops_by.is_some()),
        ("any", written.any == Some(true)),
        ("absent", written.absent.is_some()),
        ("expr", written.expr.is_some()),
    ];
    let given: Vec<&str> = given.into_iter().filter(|(_, is)| *is).map(|(key, _)| key).collect();
    if given.len() != 1 {
        let message = match given.as_slice() {
            [] => format!("`{}` says when it is bad with none of its keys", name.value),
            several => format!("`{}` has several conditions: {}", name.value, listed(several)),
        };
        let help = "exactly one of above, below, above_baseline, below_baseline, drops_by, any, absent or expr";
        resolver.report(Diagnostic::new(&CONDITION_COUNT, name.span, message).help(help));
        return None;
    }
    if let Some(expr) = &written.expr {
        return Some(Condition::Expr { expr: shapes::expression(expr, resolver)?, text: expr.clone() });
    }
    if let Some(wait) = written.absent {
        return Some(Condition::Absent { wait });
    }
    let signal = signal?;
    if let Some(above) = &written.above {
        return bound(above, signal, measure, resolver).map(Condition::Above);
    }
    if let Some(below) = &written.below {
        return bound(below, signal, measure, resolver).map(Condition::Below);
    }
    if let Some(baseline) = &written.above_baseline {
        let times = baseline.times.map(|number| number.0);
        return Some(Condition::AboveBaseline { times, over: baseline.over });
    }
    if let Some(baseline) = &written.below_baseline {
        let times = baseline.times.map(|number| number.0);
        return Some(Condition::BelowBaseline { times, over: baseline.over });
    }
    if let Some(drop) = &written.drops_by {
        let share = share(&drop.by, resolver)?;
        return Some(Condition::DropsBy { by: Spanned::new(share, drop.by.span), against: drop.against });
    }
    let zero = Quantity { value: Decimal::ZERO, dimension: Dimension::Count, text: "0".to_owned() };
    Some(Condition::Above(Bound { value: Decimal::ZERO, written: Spanned::new(zero, name.span) }))
}

/// A bound in the signal's unit; the share within a bound is compared with a share.
pub(super) fn bound(
    written: &Spanned<Quantity>,
    signal: &Signal,
    measure: &Measure,
    resolver: &mut Resolver,
) -> Option<Bound> {
    let wanted = match measure {
        Measure::Within(_) => Dimension::Ratio,
        _ => signal.unit.dimension(),
    };
    let value = written.as_dimension(wanted);
    if value.is_none() {
        let message = format!(
            "`{}` is {}, but `{}` is {}",
            written.text,
            written.dimension.describe(),
            signal.name,
            wanted.describe()
        );
        let diagnostic = Diagnostic::new(&UNIT_MISMATCH, written.span, message)
            .label(written.dimension.describe())
            .also(signal.origin.0, format!("`{}` is {}", signal.name, wanted.describe()))
            .help(format!("write a bound like `{}`", wanted.example()));
        resolver.report(diagnostic);
    }
    value.map(|value| Bound { value, written: written.clone() })
}

/// A share between 0 and 1.
pub(super) fn share(written: &Spanned<Quantity>, resolver: &mut Resolver) -> Option<Decimal> {
    let good = written.dimension == Dimension::Ratio && (Decimal::ZERO..=Decimal::ONE).contains(&written.value.value);
    if !good {
        let message = format!("`{}` is no share between 0% and 100%", written.text);
        resolver
            .report(Diagnostic::new(&UNIT_MISMATCH, written.span, message).help("write it with a percent sign: 30%"));
    }
    good.then_some(written.value.value)
}

/// Where the threshold can be evaluated, or where it says.
fn evaluators(
    name: &Spanned<Name>,
    written: &written::Threshold,
    signal: Option<&Signal>,
    condition: &Condition,
    resolver: &mut Resolver,
) -> Option<Vec<Evaluator>> {
    let prometheus = match (signal, condition) {
        (_, Condition::Expr { .. }) => true,
        (Some(signal), _) => signal.shape.is_some(),
        (None, _) => false,
    };
    let stack = resolver.spec.stack.as_ref();
    let cloud = stack.is_some_and(|stack| stack.cloudwatch.is_some());
    let loki = stack.is_some_and(|stack| stack.loki.is_some());
    let google = stack.and_then(|stack| stack.google_cloud.as_ref()).is_some_and(|google| {
        signal.is_some_and(|signal| signal.google.is_some()) || (prometheus && google.managed_prometheus == Some(true))
    });
    let azure = stack.and_then(|stack| stack.azure.as_ref()).is_some_and(|azure| {
        signal.is_some_and(|signal| signal.azure.is_some()) || (prometheus && azure.prometheus_workspace.is_some())
    });
    let counted = signal.is_some_and(signals::logql::in_loki);
    let can = [
        (Evaluator::Prometheus, prometheus),
        (Evaluator::CloudWatch, cloud && signal.is_some_and(signals::cloudwatch::in_cloudwatch)),
        (Evaluator::Loki, loki && counted),
        (Evaluator::Google, google),
        (Evaluator::Azure, azure),
    ];
    let possible: Vec<Evaluator> = can.into_iter().filter(|(_, can)| *can).map(|(evaluator, _)| evaluator).collect();
    let Some(OneOrMany(wanted)) = &written.on else {
        if possible.is_empty() {
            let (where_, help) = match counted {
                true => (
                    "counted only in Loki",
                    "add `stack: {loki: {}}`, or say in which CloudWatch `group` the lines are",
                ),
                false => (
                    "measured only in a cloud that the spec does not have",
                    "add `stack: {cloudwatch: {region: ...}}` (or `google_cloud`, `azure`), or give the signal a shape",
                ),
            };
            let message = format!("nothing can evaluate `{}`: its signal is {where_}", name.value);
            resolver.report(Diagnostic::new(&NOT_EVALUABLE, name.span, message).help(help));
            return None;
        }
        return Some(possible);
    };
    let mut good = Vec::new();
    for evaluator in wanted {
        if possible.contains(evaluator) {
            good.push(evaluator.value);
            continue;
        }
        let why = not_evaluable(evaluator, signal, resolver.spec.stack.as_ref());
        let message = format!("`{}` cannot be evaluated by {}: {why}", name.value, evaluator.word());
        resolver.report(Diagnostic::new(&NOT_EVALUABLE, evaluator.span, message));
    }
    (!good.is_empty()).then_some(good)
}

fn not_evaluable(evaluator: &Spanned<Evaluator>, signal: Option<&Signal>, stack: Option<&Stack>) -> &'static str {
    match (evaluator.value, signal) {
        (Evaluator::CloudWatch, _) if stack.is_none_or(|stack| stack.cloudwatch.is_none()) => {
            "the spec has no `stack: {cloudwatch: ...}`"
        }
        (Evaluator::Google, _) if stack.is_none_or(|stack| stack.google_cloud.is_none()) => {
            "the spec has no `stack: {google_cloud: ...}`"
        }
        (Evaluator::Azure, _) if stack.is_none_or(|stack| stack.azure.is_none()) => {
            "the spec has no `stack: {azure: ...}`"
        }
        (Evaluator::Google, _) => {
            "its signal has no `google` metric, and no Managed Service for Prometheus is declared that could be asked PromQL"
        }
        (Evaluator::Azure, _) => {
            "its signal has no `azure` metric, and no workspace with managed Prometheus is declared that could be asked PromQL"
        }
        (Evaluator::CloudWatch, None) => "CloudWatch has no PromQL",
        (Evaluator::CloudWatch, Some(_)) => "its signal has no cloud metric or log filter",
        (Evaluator::Loki, _) if stack.is_none_or(|stack| stack.loki.is_none()) => {
            "the spec has no `stack: {loki: ...}`"
        }
        (Evaluator::Loki, _) => "its signal counts no log lines, or those of a CloudWatch group",
        (Evaluator::Prometheus, _) => "its signal has no shape over Prometheus metrics",
    }
}

/// The runbook's address: the threshold's own, or the platform's pattern filled in.
fn runbook(
    alert: &str,
    service: &str,
    severity: &str,
    written: &written::Threshold,
    resolver: &mut Resolver,
) -> Option<String> {
    let own = written.runbook.as_ref().filter(|own| is_address(own.as_str()));
    let pattern = own.or(resolver.spec.runbooks.as_ref());
    runbook_address(pattern, alert, service, severity, resolver)
}

/// An address holds no space; words of advice hold some.
fn is_address(text: &str) -> bool {
    let words = text.trim().replace("{{ ", "{{").replace(" }}", "}}");
    !words.is_empty() && !words.contains(char::is_whitespace)
}

/// Words that people wrote for an alert's page.
pub(super) fn advice(
    alert: &str,
    service: &str,
    severity: &str,
    written: Option<&Written>,
    resolver: &mut Resolver,
) -> Option<String> {
    let words = written.filter(|words| !is_address(words.as_str()))?;
    filled(words, alert, service, severity, resolver)
}

/// Where runbooks are: where the spec says, else where the generated pages are read.
pub(super) fn runbook_pattern(spec: &crate::spec::Spec) -> Option<String> {
    let generated = |address: &Spanned<String>| {
        format!("{}/{}", address.trim_end_matches('/'), crate::conventions::runbook_page("{{ alert }}"))
    };
    let written = spec.runbooks.as_ref().map(|pattern| pattern.as_str().to_owned());
    written.or_else(|| spec.docs.as_ref().map(generated))
}

/// A pattern filled in, or a complaint about it.
pub(super) fn runbook_address(
    pattern: Option<&Written>,
    alert: &str,
    service: &str,
    severity: &str,
    resolver: &mut Resolver,
) -> Option<String> {
    match pattern {
        Some(pattern) => filled(pattern, alert, service, severity, resolver),
        // Nothing in the compiler's own pattern can go wrong.
        None => crate::words::fill(&runbook_pattern(resolver.spec)?, &[("alert", alert)]).ok(),
    }
}

/// What people wrote with the alert's names filled in, or a complaint about it.
fn filled(pattern: &Written, alert: &str, service: &str, severity: &str, resolver: &mut Resolver) -> Option<String> {
    let values = [("alert", alert), ("service", service), ("severity", severity)];
    match crate::words::fill(pattern.as_str(), &values) {
        Ok(address) => Some(address),
        Err(fault) => {
            let span: Span = fault.range.map_or(pattern.span, |range| pattern.locate(range));
            let diagnostic = Diagnostic::new(&super::problems::BAD_TEMPLATE, span, fault.message);
            resolver.report(diagnostic.help("known here: {{ alert }}, {{ service }} and {{ severity }}"));
            None
        }
    }
}
