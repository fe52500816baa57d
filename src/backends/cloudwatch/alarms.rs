//! From thresholds to alarms.

use std::collections::BTreeMap;

use super::audience::{Audience, MOST_TOPICS, audience};
use super::describe::describe;
use super::names::{self, Labels};
use super::problems::{APPROXIMATE_IN_CLOUDWATCH, NOT_IN_CLOUDWATCH, TOO_MANY_TOPICS};
use super::terraform::{Alarm, Comparison, Limit, Watched};
use super::timing::{self, Timing};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::model::{
    Bound, Channel, CloudUnit, CloudWatch, Condition, Evaluator, Measure, MissingData, Platform, Service, Signal,
    Threshold,
};
use crate::quantity::print_decimal;
use crate::signals::cloudwatch::{self, Series};
use rust_decimal::Decimal;

/// Width of the band that stands for a baseline, in standard deviations: CloudWatch's own default.
const BAND: u32 = 2;

/// Labels of what alarms refer to.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// Topics by channel.
    pub(super) topics: BTreeMap<String, String>,
    /// Metric filters by service and signal.
    pub(super) filters: BTreeMap<(String, String), String>,
}

/// Everything that the alarms of a platform are made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// The platform.
    pub(super) platform: &'a Platform,
    /// Its CloudWatch settings.
    pub(super) stack: &'a CloudWatch,
    /// What alarms refer to.
    pub(super) targets: &'a Targets,
}

/// An alarm, and what it is about.
#[derive(Debug)]
pub(super) struct Made<'a> {
    /// The alarm.
    pub(super) alarm: Alarm,
    /// The threshold behind it.
    pub(super) threshold: &'a Threshold,
}

/// An alarm for every threshold that CloudWatch evaluates.
pub(super) fn alarms<'a>(around: Around<'a>, diagnostics: &mut Diagnostics) -> Vec<Made<'a>> {
    let mut labels = Labels::default();
    let evaluated = around.platform.thresholds().filter(|(_, threshold)| threshold.on.contains(&Evaluator::CloudWatch));
    evaluated
        .filter_map(|(service, threshold)| {
            let label = labels.label(&alarm_name(around.platform, threshold));
            let alarm = alarm(around, service, threshold, label, diagnostics)?;
            Some(Made { alarm, threshold })
        })
        .collect()
}

/// What an alarm is called after its platform. Names of alarms are unique in an account: where services share the
/// name of an alert, theirs is said first, with a sign that no name has.
fn alarm_name(platform: &Platform, threshold: &Threshold) -> String {
    let name = &threshold.name.value;
    if platform.is_shared_alert(name) { format!("{}/{name}", threshold.service) } else { name.clone() }
}

/// What a condition needs of an alarm.
struct Plan {
    comparison: Comparison,
    limit: Limit,
    timing: Timing,
    missing: MissingData,
    series: Series,
}

fn alarm(
    around: Around,
    service: &Service,
    threshold: &Threshold,
    label: String,
    diagnostics: &mut Diagnostics,
) -> Option<Alarm> {
    let signal = threshold.signal.as_ref().and_then(|name| service.signals.get(&name.value));
    let plan = match plan(around, signal, threshold, diagnostics) {
        Ok(plan) => plan,
        Err(impossible) => {
            diagnostics.push(impossible.at(threshold));
            return None;
        }
    };
    let heard = audience(around.platform, service, threshold, Channel::reaches_cloudwatch);
    report_audience(around.platform, threshold, &heard, diagnostics);
    let topics: Vec<String> =
        heard.topics.iter().filter_map(|channel| around.targets.topics.get(&channel.name.value)).cloned().collect();
    Some(Alarm {
        name: format!("{}-{}", names::prefix(around.platform), alarm_name(around.platform, threshold)),
        description: describe(service, signal, threshold),
        comparison: plan.comparison,
        limit: plan.limit,
        period: plan.timing.period,
        evaluation_periods: plan.timing.evaluation_periods,
        missing: plan.missing,
        // An alarm that fills gaps in never lacks data.
        tell_of_missing: around.stack.alarm_on_missing && plan.missing == MissingData::Missing,
        watched: watched(plan.series, signal, around.targets),
        topics: topics.into_iter().take(MOST_TOPICS).collect(),
        tags: vec![
            ("service".to_owned(), service.name.value.clone()),
            ("severity".to_owned(), threshold.severity.value.clone()),
        ],
        service: service.name.value.clone(),
        label,
    })
}

/// The metrics of a series, as alarms and graphs show them.
pub(super) fn watched(series: Series, signal: Option<&Signal>, targets: &Targets) -> Watched {
    let key =
        signal.filter(|signal| signal.cloud.is_none()).map(|signal| (signal.service.clone(), signal.name.clone()));
    Watched {
        metrics: series.metrics,
        filter: key.and_then(|key| targets.filters.get(&key)).cloned(),
        math: series.math.map(|math| math.value),
        title: signal.map(|signal| signal.title.clone()).unwrap_or_default(),
    }
}

/// Why a threshold cannot be an alarm, and what could.
struct Impossible {
    why: String,
    help: String,
}

impl Impossible {
    fn new(why: impl Into<String>, help: impl Into<String>) -> Self {
        Self { why: why.into(), help: help.into() }
    }

    fn at(self, threshold: &Threshold) -> Diagnostic {
        let name = &threshold.name.value;
        let message = format!("`{name}` cannot be a CloudWatch alarm: {}", self.why);
        let mut diagnostic = Diagnostic::new(&NOT_IN_CLOUDWATCH, threshold.name.span, message).help(self.help);
        if threshold.on.contains(&Evaluator::Prometheus) {
            diagnostic.severity = Severity::Info;
            return diagnostic.note("only Prometheus evaluates it");
        }
        diagnostic.note("nothing would evaluate it: this alert could never fire")
    }
}

fn plan(
    around: Around,
    signal: Option<&Signal>,
    threshold: &Threshold,
    diagnostics: &mut Diagnostics,
) -> Result<Plan, Impossible> {
    let on_prometheus = "say `on: prometheus`";
    let Some(signal) = signal else {
        return Err(Impossible::new("it is PromQL, which no CloudWatch metric answers", on_prometheus));
    };
    let series = cloudwatch::series(signal, &threshold.measure, &around.stack.namespace)
        .map_err(|unsupported| Impossible::new(unsupported.reason(), "mend the signal, or say `on: prometheus`"))?;
    let missing = series.missing;
    let anomaly = |comparison, series, timing| Plan { comparison, limit: Limit::Band(BAND), timing, missing, series };
    match &threshold.condition {
        Condition::Above(bound) => fixed(Comparison::GreaterThanThreshold, bound, series, threshold, diagnostics),
        Condition::Below(bound) => fixed(Comparison::LessThanThreshold, bound, series, threshold, diagnostics),
        Condition::AboveBaseline { .. } | Condition::BelowBaseline { .. } | Condition::DropsBy { .. }
            if threshold.on.contains(&Evaluator::Prometheus) =>
        {
            Err(Impossible::new("all metrics of an alarm share one period", on_prometheus))
        }
        Condition::AboveBaseline { .. } => {
            approximate(threshold, diagnostics);
            Ok(anomaly(Comparison::GreaterThanUpperThreshold, series, timing_of(threshold, diagnostics)?))
        }
        Condition::BelowBaseline { .. } | Condition::DropsBy { .. } => {
            approximate(threshold, diagnostics);
            Ok(anomaly(Comparison::LessThanLowerThreshold, series, timing_of(threshold, diagnostics)?))
        }
        Condition::Absent { wait } => {
            let timing = timing::silence(wait.value).map_err(|too_long| {
                Impossible::new(format!("alarms look back {} at most", too_long.most), "wait for a shorter time")
            })?;
            let series = counted(series)?;
            let limit = Limit::Fixed(Decimal::ONE);
            Ok(Plan {
                comparison: Comparison::LessThanThreshold,
                limit,
                timing,
                missing: MissingData::Breaching,
                series,
            })
        }
        Condition::Expr { .. } => {
            Err(Impossible::new("it is PromQL, which no CloudWatch metric answers", on_prometheus))
        }
    }
}

/// How many samples a single metric had: none is fewer than one.
fn counted(mut series: Series) -> Result<Series, Impossible> {
    match (series.metrics.as_mut_slice(), &series.math) {
        ([metric], None) => {
            metric.statistic = "SampleCount".to_owned();
            series.unit = CloudUnit::Count;
            Ok(series)
        }
        _ => Err(Impossible::new(
            "whether data are there can be asked of a single metric only, and this signal is math",
            "declare a signal on the metric that must be there, and ask that one",
        )),
    }
}

fn fixed(
    comparison: Comparison,
    bound: &Bound,
    series: Series,
    threshold: &Threshold,
    diagnostics: &mut Diagnostics,
) -> Result<Plan, Impossible> {
    let timing = timing_of(threshold, diagnostics)?;
    let period = crate::quantity::Duration::seconds(timing.period);
    let Some(limit) = cloudwatch::convert(bound.value, series.bound_unit, series.unit, period) else {
        let why = format!(
            "the signal is {} and CloudWatch reports its metric in {}",
            series.bound_unit.dimension().describe(),
            unit_word(series.unit)
        );
        return Err(Impossible::new(why, "give `cloud` a `unit` that fits, or math that converts"));
    };
    Ok(Plan { comparison, limit: Limit::Fixed(limit), timing, missing: series.missing, series })
}

/// A unit, in a sentence and on an axis.
pub(super) fn unit_word(unit: CloudUnit) -> &'static str {
    match unit {
        CloudUnit::Percent => "percent",
        CloudUnit::Ratio => "ratio",
        CloudUnit::Seconds => "seconds",
        CloudUnit::Milliseconds => "milliseconds",
        CloudUnit::Microseconds => "microseconds",
        CloudUnit::Bytes => "bytes",
        CloudUnit::Megabytes => "megabytes",
        CloudUnit::Count => "count",
        CloudUnit::CountPerSecond => "count per second",
        CloudUnit::BytesPerSecond => "bytes per second",
    }
}

fn timing_of(threshold: &Threshold, diagnostics: &mut Diagnostics) -> Result<Timing, Impossible> {
    let window = threshold.window;
    let timing = timing::timing(window.value, threshold.hold.value).map_err(|too_long| {
        let why = format!(
            "its window of {} over {} is more than the {} that alarms look back",
            window.value, threshold.hold.value, too_long.most
        );
        Impossible::new(why, "shorten `for`; windows of an hour and more may add up to 7 days, shorter ones to 1 day")
    })?;
    let period = crate::quantity::Duration::seconds(timing.period);
    if period != window.value {
        let name = &threshold.name.value;
        let message = format!("CloudWatch evaluates `{name}` over {period} instead of {}", window.value);
        let diagnostic = Diagnostic::new(&APPROXIMATE_IN_CLOUDWATCH, window.span, message)
            .note("periods of alarms are whole minutes: sums are larger, and averages calmer, than asked for")
            .help(format!("say `over: {period}`"));
        diagnostics.push(diagnostic);
    }
    Ok(timing)
}

fn approximate(threshold: &Threshold, diagnostics: &mut Diagnostics) {
    let (asked, span) = match &threshold.condition {
        Condition::AboveBaseline { times, over } | Condition::BelowBaseline { times, over } => {
            (format!("{} times the average of {}", print_decimal(times.value), over.value), times.span)
        }
        Condition::DropsBy { against, by } => (format!("the value of {} before", against.value), by.span),
        Condition::Above(_) | Condition::Below(_) | Condition::Absent { .. } | Condition::Expr { .. } => return,
    };
    let name = &threshold.name.value;
    let message = format!("CloudWatch compares `{name}` with what it has learned, not with {asked}");
    let diagnostic = Diagnostic::new(&APPROXIMATE_IN_CLOUDWATCH, span, message)
        .note(format!(
            "all metrics of an alarm share one period, so the alarm uses an anomaly band of {BAND} standard deviations, \
             learned from up to two weeks: it may fire earlier or later than asked, and costs three metrics"
        ))
        .help("give it a fixed bound, or say `on: prometheus`");
    diagnostics.push(diagnostic);
}

/// What a severity or route asks for and CloudWatch cannot do.
fn report_audience(platform: &Platform, threshold: &Threshold, heard: &Audience, diagnostics: &mut Diagnostics) {
    let name = &threshold.name.value;
    if heard.topics.len() > MOST_TOPICS {
        let message = format!("`{name}` tells {} topics, and an alarm takes {MOST_TOPICS}", heard.topics.len());
        let left: Vec<&str> =
            heard.topics.iter().skip(MOST_TOPICS).map(|channel| channel.name.value.as_str()).collect();
        let diagnostic = Diagnostic::new(&TOO_MANY_TOPICS, threshold.severity.span, message)
            .note(format!("{} will not hear of it", crate::diagnostics::listed(&left)))
            .help("let several subscribers share a topic");
        diagnostics.push(diagnostic);
    }
    let mut ignored = |span, message: String, help: &str| {
        let note = "CloudWatch publishes once when the alarm begins and once when it ends, at any time";
        diagnostics.push(Diagnostic::new(&APPROXIMATE_IN_CLOUDWATCH, span, message).note(note).help(help));
    };
    if heard.topics.is_empty() {
        return;
    }
    if let Some(time) = heard.route.and_then(|route| route.mute_during.first().or(route.active_during.first())) {
        let message = format!("CloudWatch does not keep `{name}` quiet at `{}`", time.value);
        ignored(time.span, message, "evaluate it on Prometheus, or mute the topic's subscribers");
    }
    let escalation = platform.severity(&threshold.severity.value).and_then(|severity| severity.escalate.as_ref());
    let higher = |channel: &Channel| channel.reaches_cloudwatch();
    let told = escalation.into_iter().flat_map(|escalation| &escalation.notify);
    for channel in told.filter(|told| platform.channel(&told.value).is_some_and(higher)) {
        let severity = &threshold.severity.value;
        let message = format!("CloudWatch never escalates `{severity}` alarms to `{}`", channel.value);
        ignored(channel.span, message, "put the topic under `notify`, or escalate behind it");
    }
}

/// Whether an alarm's bound belongs on a graph of this measure of a signal.
pub(super) fn concerns(threshold: &Threshold, service: &str, signal: &str, measure: &Measure) -> bool {
    threshold.service == service
        && threshold.measure == *measure
        && threshold.signal.as_ref().is_some_and(|name| name.value == signal)
}
