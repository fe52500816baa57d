"""Applied resources against the models of the AWS APIs that they become calls of.

    values.py state.json        (terraform show -json)

Prints one line a problem and exits with 1 if there is one. The models are those that botocore ships:
required members, enumerations, patterns, lengths and ranges, which botocore itself does not all enforce.
"""

import json
import re
import sys

import botocore.session

SESSION = botocore.session.get_session()

# resource -> [(service, operation, {attribute: member})]
SIMPLE = {
    "aws_cloudwatch_composite_alarm": [
        ("cloudwatch", "PutCompositeAlarm", {
            "alarm_name": "AlarmName", "alarm_rule": "AlarmRule", "alarm_description": "AlarmDescription",
            "alarm_actions": "AlarmActions", "ok_actions": "OKActions",
            "insufficient_data_actions": "InsufficientDataActions",
        }),
    ],
    "aws_cloudwatch_dashboard": [
        ("cloudwatch", "PutDashboard", {"dashboard_name": "DashboardName", "dashboard_body": "DashboardBody"}),
    ],
    "aws_cloudwatch_log_group": [
        ("logs", "CreateLogGroup", {"name": "logGroupName", "kms_key_id": "kmsKeyId", "log_group_class": "logGroupClass"}),
    ],
    "aws_cloudwatch_query_definition": [
        ("logs", "PutQueryDefinition", {
            "name": "name", "query_string": "queryString", "log_group_names": "logGroupNames",
        }),
    ],
    "aws_cloudwatch_log_subscription_filter": [
        ("logs", "PutSubscriptionFilter", {
            "name": "filterName", "log_group_name": "logGroupName", "filter_pattern": "filterPattern",
            "destination_arn": "destinationArn", "role_arn": "roleArn", "distribution": "distribution",
        }),
    ],
    "aws_sns_topic": [("sns", "CreateTopic", {"name": "Name"})],
    "aws_sns_topic_subscription": [
        ("sns", "Subscribe", {"topic_arn": "TopicArn", "protocol": "Protocol", "endpoint": "Endpoint"}),
    ],
    "aws_kinesis_firehose_delivery_stream": [
        ("firehose", "CreateDeliveryStream", {"name": "DeliveryStreamName"}),
    ],
    "aws_s3_bucket": [("s3", "CreateBucket", {"bucket": "Bucket"})],
    "aws_kms_key": [("kms", "CreateKey", {"description": "Description", "policy": "Policy", "key_usage": "KeyUsage"})],
    "aws_kms_alias": [("kms", "CreateAlias", {"name": "AliasName", "target_key_id": "TargetKeyId"})],
    "aws_iam_role": [
        ("iam", "CreateRole", {"name": "RoleName", "assume_role_policy": "AssumeRolePolicyDocument"}),
    ],
    "aws_iam_role_policy": [
        ("iam", "PutRolePolicy", {"name": "PolicyName", "role": "RoleName", "policy": "PolicyDocument"}),
    ],
}

ALARM = {
    "alarm_name": "AlarmName", "alarm_description": "AlarmDescription", "comparison_operator": "ComparisonOperator",
    "evaluation_periods": "EvaluationPeriods", "datapoints_to_alarm": "DatapointsToAlarm",
    "metric_name": "MetricName", "namespace": "Namespace", "period": "Period", "statistic": "Statistic",
    "extended_statistic": "ExtendedStatistic", "threshold": "Threshold", "unit": "Unit",
    "threshold_metric_id": "ThresholdMetricId", "treat_missing_data": "TreatMissingData",
    "alarm_actions": "AlarmActions", "ok_actions": "OKActions",
    "insufficient_data_actions": "InsufficientDataActions",
}


def pick(values, names):
    """The members of a call for the attributes that are set; an empty list is not set."""
    return {member: values[name] for name, member in names.items() if values.get(name) not in (None, [], "")}


def dimensions(values):
    """A map of dimensions as the API lists them."""
    return [{"Name": name, "Value": value} for name, value in sorted((values.get("dimensions") or {}).items())]


def alarm_call(values):
    """PutMetricAlarm."""
    call = pick(values, ALARM)
    if values.get("dimensions"):
        call["Dimensions"] = dimensions(values)
    queries = []
    for query in values.get("metric_query") or []:
        entry = pick(query, {"id": "Id", "expression": "Expression", "label": "Label", "period": "Period"})
        entry["ReturnData"] = bool(query.get("return_data"))
        for metric in query.get("metric") or []:
            target = pick(metric, {"namespace": "Namespace", "metric_name": "MetricName"})
            if metric.get("dimensions"):
                target["Dimensions"] = dimensions(metric)
            entry["MetricStat"] = {"Metric": target} | pick(
                metric, {"period": "Period", "stat": "Stat", "unit": "Unit"}
            )
        queries.append(entry)
    if queries:
        call["Metrics"] = queries
    return call


def metric_filter_call(values):
    """PutMetricFilter."""
    call = pick(values, {"name": "filterName", "log_group_name": "logGroupName"})
    call["filterPattern"] = values.get("pattern") or ""
    call["metricTransformations"] = [
        pick(entry, {"name": "metricName", "namespace": "metricNamespace", "value": "metricValue", "unit": "unit",
                     "dimensions": "dimensions"})
        for entry in values.get("metric_transformation") or []
    ]
    return call


def alarm_rules(values):
    """What the documentation of PutMetricAlarm says and its model does not."""
    queries = values.get("metric_query") or []
    if queries:
        ids = [query["id"] for query in queries]
        if len(set(ids)) != len(ids):
            yield f"metric_query: an id twice in {sorted(ids)}"
        returned = [query["id"] for query in queries if query.get("return_data")]
        band = values.get("threshold_metric_id")
        # An anomaly alarm returns what it watches and the band around it.
        if len(returned) != (2 if band else 1) or (band and band not in returned):
            yield f"metric_query: exactly one returns data (and the band), not {sorted(returned)}"
        for query in queries:
            if not re.fullmatch(r"[a-z][A-Za-z0-9_]*", query["id"]):
                yield f"metric_query: id {query['id']!r}"
            bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", query.get("expression") or "")
            for used in re.findall(r"(?<![A-Za-z0-9_])[a-z][A-Za-z0-9_]*", bare):
                if used not in ids:
                    yield f"metric_query: {query['id']} uses {used}, which is not defined"
    periods = [metric["period"] for query in queries for metric in query.get("metric") or []]
    period = max(periods + [values.get("period") or 0])
    span = period * (values.get("evaluation_periods") or 0)
    limit = 7 * 86400 if period >= 3600 else 86400
    if span > limit:
        yield f"period x evaluation_periods is {span} s, more than {limit} s"
    statistic = values.get("extended_statistic")
    if statistic and not re.fullmatch(r"p(\d{1,2}(\.\d{1,10})?|100)|(tm|wm|tc|ts|pr|iqm|IQM|TM|WM|TC|TS|PR).*", statistic):
        yield f"extended_statistic {statistic!r}"


def dashboard_rules(values):
    """The body of a dashboard: JSON with widgets inside the grid of 24 columns."""
    body = json.loads(values["dashboard_body"])
    widgets = body.get("widgets", [])
    if len(widgets) > 500:
        yield f"dashboard: {len(widgets)} widgets, at most 500"
    for position, widget in enumerate(widgets):
        place = f"widgets[{position}]"
        if widget.get("type") not in ("alarm", "explorer", "log", "metric", "text", "custom"):
            yield f"{place}: type {widget.get('type')!r}"
        x, width, height = widget.get("x", 0), widget.get("width", 6), widget.get("height", 6)
        if not (0 <= x <= 23 and 1 <= width <= 24 and x + width <= 24 and 1 <= height <= 1000):
            yield f"{place}: x {x}, width {width}, height {height}"
        if "properties" not in widget:
            yield f"{place}: no properties"
        if widget.get("type") == "metric" and not (widget.get("properties") or {}).get("region"):
            yield f"{place}: a metric widget needs its region"


def check(shape, value, path):
    """A value against a shape of the model, deeply."""
    limits = shape.metadata
    kind = shape.type_name
    if kind == "structure":
        for name in shape.required_members:
            if name not in value:
                yield f"{path}.{name}: required"
        for name, member in value.items():
            if name not in shape.members:
                yield f"{path}.{name}: unknown"
            else:
                yield from check(shape.members[name], member, f"{path}.{name}")
    elif kind == "list":
        yield from within(limits, len(value), f"{path}: number of items")
        for position, item in enumerate(value):
            yield from check(shape.member, item, f"{path}[{position}]")
    elif kind == "map":
        for name, item in value.items():
            yield from check(shape.key, name, f"{path} key")
            yield from check(shape.value, item, f"{path}[{name!r}]")
    elif kind == "string":
        if not isinstance(value, str):
            yield f"{path}: {value!r} is not a string"
            return
        if shape.enum and value not in shape.enum:
            yield f"{path}: {value!r} is not one of {shape.enum}"
        yield from within(limits, len(value), f"{path}: length")
        pattern = limits.get("pattern")
        # The models use a few classes that Python's `re` does not know; those patterns are left out.
        if pattern and "\\p{" not in pattern and not re.fullmatch(pattern, value, re.DOTALL):
            yield f"{path}: {value!r} does not match {pattern}"
    elif kind in ("integer", "long", "float", "double"):
        yield from within(limits, value, path)


def within(limits, value, path):
    """A number, length or count inside the limits of its shape."""
    if value < limits.get("min", value) or value > limits.get("max", value):
        yield f"{path} {value} is outside {limits.get('min')}..{limits.get('max')}"


def call_problems(service, operation, call):
    """A call against its model."""
    model = SESSION.get_service_model(service).operation_model(operation)
    yield from check(model.input_shape, call, operation)


def resource_problems(resource):
    """Everything wrong with one applied resource."""
    kind, values = resource["type"], resource["values"]
    if kind == "aws_cloudwatch_metric_alarm":
        yield from call_problems("cloudwatch", "PutMetricAlarm", alarm_call(values))
        yield from alarm_rules(values)
    if kind == "aws_cloudwatch_log_metric_filter":
        yield from call_problems("logs", "PutMetricFilter", metric_filter_call(values))
    for service, operation, names in SIMPLE.get(kind, []):
        call = pick(values, names)
        if kind == "aws_cloudwatch_log_subscription_filter":
            # An empty pattern means every line.
            call["filterPattern"] = values.get("filter_pattern") or ""
        yield from call_problems(service, operation, call)
    if kind == "aws_cloudwatch_dashboard":
        yield from dashboard_rules(values)


def main(path):
    """Reads the state and says what is wrong in it."""
    with open(path, encoding="utf-8") as file:
        state = json.load(file)
    resources = state.get("values", {}).get("root_module", {}).get("resources", [])
    managed = [resource for resource in resources if resource["mode"] == "managed"]
    problems = []
    seen = {}
    for resource in managed:
        problems += [f"{resource['address']}: {problem}" for problem in resource_problems(resource)]
        name = resource["values"].get("alarm_name")
        if name is not None:
            if name in seen:
                problems.append(f"{resource['address']}: {seen[name]} has the same alarm_name {name!r}")
            seen[name] = resource["address"]
    print("\n".join(problems) if problems else f"{len(managed)} resources checked")
    return 1 if problems or not managed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
