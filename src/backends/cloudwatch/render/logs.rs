//! logs.tf and queries.tf

use super::super::terraform::{GroupReference, LogGroup, MetricFilter, Stack};
use super::{number, of, resource};
use crate::writers::hcl::{Body, Expression};

pub(super) fn logs(stack: &Stack) -> Body {
    let file = stack.log_groups.iter().fold(Body::new(), group);
    stack.metric_filters.iter().fold(file, filter)
}

fn group(file: Body, group: &LogGroup) -> Body {
    let body = Body::new()
        .attribute("name", group.name.as_str())
        .attribute("retention_in_days", number(group.retention_in_days));
    let file = match &group.description {
        Some(text) => file.comment(text),
        None => file,
    };
    resource(file, "aws_cloudwatch_log_group", &group.label, body)
}

/// The name of a group; a reference where it is declared here, so that it is made first.
fn name(group: &GroupReference) -> Expression {
    match group {
        GroupReference::Declared(label) => of("aws_cloudwatch_log_group", label, "name"),
        GroupReference::Named(name) => name.as_str().into(),
    }
}

/// Lines that do not match count as zero, so that the metric exists while the log does.
fn filter(file: Body, filter: &MetricFilter) -> Body {
    let transformation = Body::new()
        .attribute("namespace", filter.namespace.as_str())
        .attribute("name", filter.metric.as_str())
        .attribute("value", "1")
        .attribute("default_value", "0")
        .attribute("unit", "Count");
    let body = Body::new()
        .attribute("name", filter.name.as_str())
        .attribute("log_group_name", name(&filter.group))
        .attribute("pattern", filter.pattern.as_str())
        .block("metric_transformation", &[], transformation);
    resource(file, "aws_cloudwatch_log_metric_filter", &filter.label, body)
}

pub(super) fn queries(stack: &Stack) -> Body {
    stack.queries.iter().fold(Body::new(), |file, query| {
        let text = if query.query.contains('\n') {
            Expression::Heredoc(format!("{}\n", query.query.trim_end()))
        } else {
            query.query.as_str().into()
        };
        let body = Body::new()
            .attribute("name", query.name.as_str())
            .attribute("log_group_names", Expression::List(query.groups.iter().map(name).collect()))
            .attribute("query_string", text);
        resource(file, "aws_cloudwatch_query_definition", &query.label, body)
    })
}
