//! alarms.tf

use super::super::terraform::{Alarm, Limit, Stack, Watched};
use super::{filter_metric, map, number, of, resource, setting};
use crate::model::MissingData;
use crate::signals::cloudwatch::Metric;
use crate::writers::hcl::{Body, Expression};

pub(super) fn alarms(stack: &Stack) -> Body {
    stack
        .alarms
        .iter()
        .fold(Body::new(), |file, one| resource(file, "aws_cloudwatch_metric_alarm", &one.label, alarm(one)))
}

fn alarm(alarm: &Alarm) -> Body {
    let topics = || {
        let arns: Vec<Expression> = alarm.topics.iter().map(|label| of("aws_sns_topic", label, "arn")).collect();
        (!arns.is_empty()).then_some(Expression::List(arns))
    };
    let band = match alarm.limit {
        Limit::Fixed(_) => None,
        Limit::Band(width) => Some(width),
    };
    let body = Body::new()
        .attribute("alarm_name", alarm.name.as_str())
        .attribute("alarm_description", alarm.description.as_str())
        .attribute("comparison_operator", alarm.comparison.name());
    let body = match alarm.limit {
        Limit::Fixed(value) => body.attribute("threshold", value),
        Limit::Band(_) => body.attribute("threshold_metric_id", unused_id(&alarm.watched, "band")),
    };
    let body = body
        .attribute("evaluation_periods", number(alarm.evaluation_periods))
        .attribute("datapoints_to_alarm", number(alarm.evaluation_periods))
        .attribute("treat_missing_data", missing(alarm.missing));
    let single = (alarm.watched.math.is_none() && band.is_none()).then(|| alarm.watched.metrics.first()).flatten();
    let body = match single {
        Some(metric) => single_metric(body, alarm, metric),
        None => body,
    };
    let body = body
        .optional("alarm_actions", topics())
        .optional("ok_actions", topics())
        .optional("insufficient_data_actions", topics().filter(|_| alarm.tell_of_missing))
        .attribute("tags", map(&alarm.tags));
    if single.is_some() { body } else { queries(body, alarm, band) }
}

fn missing(missing: MissingData) -> &'static str {
    match missing {
        MissingData::Missing => "missing",
        MissingData::NotBreaching => "notBreaching",
        MissingData::Breaching => "breaching",
        MissingData::Ignore => "ignore",
    }
}

fn single_metric(body: Body, alarm: &Alarm, metric: &Metric) -> Body {
    let statistic = if metric.is_extended() { "extended_statistic" } else { "statistic" };
    let body = named(body, metric, alarm.watched.filter.as_deref())
        .attribute("period", number(alarm.period))
        .attribute(statistic, metric.statistic.as_str());
    dimensions(body, metric)
}

fn named(body: Body, metric: &Metric, filter: Option<&str>) -> Body {
    match filter {
        Some(label) => body
            .attribute("namespace", filter_metric(label, "namespace"))
            .attribute("metric_name", filter_metric(label, "name")),
        None => body.attribute("namespace", metric.namespace.as_str()).attribute("metric_name", metric.name.as_str()),
    }
}

fn dimensions(body: Body, metric: &Metric) -> Body {
    if metric.dimensions.is_empty() {
        return body;
    }
    let values = metric.dimensions.iter().map(|(name, value)| (name.as_str(), setting(value)));
    body.attribute("dimensions", Expression::object(values))
}

/// An id that no metric has.
fn unused_id(watched: &Watched, wanted: &str) -> String {
    let mut id = wanted.to_owned();
    while watched.metrics.iter().any(|metric| metric.id == id) {
        id.push('_');
    }
    id
}

/// One block for each metric, one for the math, one for the band. The outcome is what is compared: exactly
/// one query returns data, or the outcome and its band.
fn queries(body: Body, alarm: &Alarm, band: Option<u32>) -> Body {
    let watched = &alarm.watched;
    let outcome = unused_id(watched, "outcome");
    let mut body = body;
    let mut compared = outcome.clone();
    if let Some(math) = &watched.math {
        let query = Body::new()
            .attribute("id", outcome)
            .attribute("expression", math.as_str())
            .attribute("label", watched.title.as_str())
            .attribute("return_data", true);
        body = body.block("metric_query", &[], query);
    }
    for metric in &watched.metrics {
        let stat = named(Body::new(), metric, watched.filter.as_deref())
            .attribute("period", number(alarm.period))
            .attribute("stat", metric.statistic.as_str());
        let query = Body::new().attribute("id", metric.id.as_str());
        let query = if watched.math.is_none() {
            compared.clone_from(&metric.id);
            query.attribute("label", watched.title.as_str()).attribute("return_data", true)
        } else {
            query
        };
        body = body.block("metric_query", &[], query.block("metric", &[], dimensions(stat, metric)));
    }
    if let Some(width) = band {
        let query = Body::new()
            .attribute("id", unused_id(watched, "band"))
            .attribute("expression", format!("ANOMALY_DETECTION_BAND({compared}, {width})"))
            .attribute("label", format!("{} (expected)", watched.title))
            .attribute("return_data", true);
        body = body.block("metric_query", &[], query);
    }
    body
}
