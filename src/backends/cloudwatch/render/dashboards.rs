//! dashboards.tf: bodies in CloudWatch's own JSON, with references to alarms and variables inside.

use super::super::terraform::{BoundLine, Content, Dashboard, Graph, Stack, Watched, Widget};
use super::{filter_metric, number, of, resource, setting};
use crate::signals::cloudwatch::Metric;
use crate::writers::hcl::{Body, Expression};

type Entries = Vec<(&'static str, Expression)>;

pub(super) fn dashboards(stack: &Stack) -> Body {
    stack.dashboards.iter().fold(Body::new(), |file, one| {
        let body = Body::new()
            .attribute("dashboard_name", one.name.as_str())
            .attribute("dashboard_body", Expression::call("jsonencode", vec![dashboard(stack, one)]));
        resource(file, "aws_cloudwatch_dashboard", &one.label, body)
    })
}

fn dashboard(stack: &Stack, dashboard: &Dashboard) -> Expression {
    let widgets = dashboard.widgets.iter().map(|one| widget(stack, one)).collect();
    Expression::object([
        ("start", dashboard.start.as_str().into()),
        ("periodOverride", "inherit".into()),
        ("widgets", Expression::List(widgets)),
    ])
}

fn widget(stack: &Stack, widget: &Widget) -> Expression {
    let (kind, properties) = match &widget.content {
        Content::Text(markdown) => ("text", vec![("markdown", markdown.as_str().into())]),
        Content::Alarms(labels) => ("alarm", alarms(labels)),
        Content::Metrics(one) => ("metric", graph(stack, one)),
    };
    Expression::object([
        ("type", kind.into()),
        ("x", number(widget.x)),
        ("y", number(widget.y)),
        ("width", number(widget.width)),
        ("height", number(widget.height)),
        ("properties", Expression::object(properties)),
    ])
}

fn alarms(labels: &[String]) -> Entries {
    let arns = labels.iter().map(|label| of("aws_cloudwatch_metric_alarm", label, "arn")).collect();
    vec![("title", "Alarms".into()), ("alarms", Expression::List(arns))]
}

fn graph(stack: &Stack, graph: &Graph) -> Entries {
    let mut properties: Entries = vec![
        ("title", graph.title.as_str().into()),
        ("view", graph.view.into()),
        ("region", stack.region.as_str().into()),
        ("period", number(graph.period)),
        ("metrics", Expression::List(graph.lines.iter().flat_map(rows).collect())),
    ];
    let axis: Entries = [
        Some(("min", number(0))),
        graph.most.map(|most| ("max", number(most))),
        graph.unit.map(|unit| ("label", unit.into())),
        graph.unit.map(|_| ("showUnits", false.into())),
    ]
    .into_iter()
    .flatten()
    .collect();
    if graph.view != "singleValue" {
        properties.push(("yAxis", Expression::object([("left", Expression::object(axis))])));
    }
    if !graph.bounds.is_empty() {
        let lines = Expression::List(graph.bounds.iter().map(bound).collect());
        properties.push(("annotations", Expression::object([("horizontal", lines)])));
    }
    properties
}

fn bound(bound: &BoundLine) -> Expression {
    Expression::object::<Expression>([
        ("label", bound.label.as_str().into()),
        ("value", bound.value.into()),
        ("color", bound.color.into()),
        ("fill", bound.fill.into()),
    ])
}

/// `["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", "orders", {stat = "Average"}]` for each metric, and
/// `[{expression = ...}]` for math.
fn rows(watched: &Watched) -> Vec<Expression> {
    let math = watched.math.as_ref().map(|math| {
        let options = [("expression", Expression::from(math.as_str())), ("label", watched.title.as_str().into())];
        Expression::List(vec![Expression::object(options)])
    });
    math.into_iter().chain(watched.metrics.iter().map(|metric| row(watched, metric))).collect()
}

fn row(watched: &Watched, metric: &Metric) -> Expression {
    let mut cells = match &watched.filter {
        Some(label) => vec![filter_metric(label, "namespace"), filter_metric(label, "name")],
        None => vec![metric.namespace.as_str().into(), metric.name.as_str().into()],
    };
    for (name, value) in &metric.dimensions {
        cells.extend([name.as_str().into(), setting(value)]);
    }
    let mut options: Entries = vec![("id", metric.id.as_str().into()), ("stat", metric.statistic.as_str().into())];
    match watched.math {
        Some(_) => options.push(("visible", false.into())),
        None => options.push(("label", watched.title.as_str().into())),
    }
    cells.push(Expression::object(options));
    Expression::List(cells)
}
