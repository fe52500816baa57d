"""What the real provider refuses in code, beyond its schema. Returns (attribute, text) pairs."""

import json
import re

import clouds
import msgpack

COMPARISONS = {
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "GreaterThanUpperThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanThreshold",
}
STATISTICS = {"Average", "Maximum", "Minimum", "SampleCount", "Sum"}
MISSING = {"breaching", "ignore", "missing", "notBreaching"}
RETENTION = {
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}  # fmt: skip
PROTOCOLS = {"application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"}
JSON_ATTRIBUTES = {"policy", "dashboard_body", "assume_role_policy", "policy_document", "filter_policy"}


def known(value):
    """Whether the attribute is set, to something that is known by now."""
    return value is not None and not isinstance(value, msgpack.ExtType)


def computed_only(block, config):
    """Attributes that the cloud decides and nobody may set."""
    for name, attribute in block["attributes"].items():
        settable = attribute.get("optional") or attribute.get("required")
        if not settable and config.get(name) is not None:
            yield name, f'Value for unconfigurable attribute: "{name}" is decided by the provider'


def one_of(config, name, allowed):
    """An attribute with a fixed set of values."""
    if known(config.get(name)) and config[name] not in allowed:
        yield name, f"expected {name} to be one of {sorted(allowed)}, got {config[name]!r}"


def period(value, name="period"):
    """A period in seconds."""
    if known(value) and value not in (10, 20, 30) and (value < 60 or value % 60):
        yield name, f"{name} must be 10, 20, 30 or a multiple of 60, got {value}"


def metric_alarm(config):
    """aws_cloudwatch_metric_alarm."""
    yield from one_of(config, "comparison_operator", COMPARISONS)
    yield from one_of(config, "statistic", STATISTICS)
    yield from one_of(config, "treat_missing_data", MISSING)
    yield from period(config.get("period"))
    for name, least, most in (("evaluation_periods", 1, None), ("datapoints_to_alarm", 1, None)):
        if known(config.get(name)) and config[name] < least:
            yield name, f"expected {name} to be at least {least}, got {config[name]}"
    if known(config.get("datapoints_to_alarm")) and known(config.get("evaluation_periods")):
        if config["datapoints_to_alarm"] > config["evaluation_periods"]:
            yield "datapoints_to_alarm", "datapoints_to_alarm exceeds evaluation_periods"
    if config.get("statistic") is not None and config.get("extended_statistic") is not None:
        yield "statistic", '"statistic": conflicts with extended_statistic'
    queries = config.get("metric_query")
    if not queries or not known(queries):
        if config.get("metric_name") is None:
            yield "metric_name", "one of metric_name and metric_query must be set"
        return
    for name in ("dimensions", "extended_statistic", "metric_name", "namespace", "period", "statistic", "unit"):
        if config.get(name) is not None:
            yield name, f'"{name}": conflicts with metric_query'
    for query in queries:
        if known(query.get("expression")) and query.get("metric"):
            yield "metric_query", f"metric_query {query.get('id')!r} has both an expression and a metric"
        if query.get("expression") is None and not query.get("metric"):
            yield "metric_query", f"metric_query {query.get('id')!r} has neither an expression nor a metric"
        for metric in query.get("metric") or []:
            yield from period(metric.get("period"), "metric_query")


def log_group(config):
    """aws_cloudwatch_log_group."""
    yield from one_of(config, "retention_in_days", RETENTION)


def subscription(config):
    """aws_sns_topic_subscription."""
    yield from one_of(config, "protocol", PROTOCOLS)


def topic(config):
    """aws_sns_topic."""
    name = config.get("name")
    if known(name) and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo", name):
        yield "name", f"invalid name {name!r}: letters, digits, hyphens and underscores, at most 256"


CHECKS = {
    "aws_cloudwatch_metric_alarm": metric_alarm,
    "aws_cloudwatch_log_group": log_group,
    "aws_sns_topic": topic,
    "aws_sns_topic_subscription": subscription,
}


def resource(type_name, block, config):
    """Everything that is wrong with the configuration of a resource."""
    if config is None:
        return
    yield from computed_only(block, config)
    for name in sorted(JSON_ATTRIBUTES & set(config)):
        if known(config[name]):
            try:
                json.loads(config[name])
            except ValueError as error:
                yield name, f'"{name}" contains invalid JSON: {error}'
    check = CHECKS.get(type_name) or clouds.CHECKS.get(type_name, lambda _config: ())
    yield from check(config)
