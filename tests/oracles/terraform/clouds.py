"""What Google Cloud and Azure document about their resources, beyond the providers' schemas.

Returns (attribute, text) pairs. Sources: the reference pages of `projects.alertPolicies` and of the resources
`azurerm_monitor_*`.
"""

import re

import msgpack

ALIGNERS = {
    "ALIGN_COUNT", "ALIGN_DELTA", "ALIGN_MAX", "ALIGN_MEAN", "ALIGN_MIN", "ALIGN_PERCENTILE_05",
    "ALIGN_PERCENTILE_50", "ALIGN_PERCENTILE_95", "ALIGN_PERCENTILE_99", "ALIGN_RATE", "ALIGN_SUM",
}  # fmt: skip
FREQUENCIES = {"PT1M", "PT5M", "PT15M", "PT30M", "PT1H"}
WINDOWS = FREQUENCIES | {"PT6H", "PT12H", "P1D"}
ISO = re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?")
CHANNELS = {
    "email": ("labels", "email_address"),
    "pagerduty": ("sensitive_labels", "service_key"),
    "webhook_tokenauth": ("labels", "url"),
}


def known(value):
    """Whether a value is there and known by now."""
    return value is not None and not isinstance(value, msgpack.ExtType)


def one_of(name, value, allowed):
    """A value from a fixed set."""
    if known(value) and value not in allowed:
        yield name, f"expected {name} to be one of {sorted(allowed)}, got {value!r}"


def seconds(name, value, step, least=0, most=86400):
    """A time as Google writes it, in whole steps."""
    if not known(value):
        return
    found = re.fullmatch(r"(\d+)s", value)
    if not found or not least <= int(found[1]) <= most or int(found[1]) % step:
        yield name, f"{name} must be {least}s to {most}s in steps of {step}s, got {value!r}"


def google_filter(value):
    """A filter names the metric and the resource, and quotes what it compares with."""
    if not known(value):
        return
    term = r'[a-z_.]+ = "(?:[^"\\\\]|\\\\.)*"'
    if not re.fullmatch(rf"{term}( AND {term})*", value):
        yield "conditions", f"the filter is not understood: {value}"
    for part in ("metric.type", "resource.type"):
        if f"{part} = " not in value:
            yield "conditions", f"the filter has no {part}: {value}"


def google_aggregations(condition):
    """How a period of each series becomes one value."""
    for one in condition.get("aggregations") or []:
        yield from one_of("per_series_aligner", one.get("per_series_aligner"), ALIGNERS)
        yield from seconds("alignment_period", one.get("alignment_period"), 1, 60)


def alert_policy(config):
    """google_monitoring_alert_policy."""
    yield from one_of("combiner", config.get("combiner"), {"AND", "AND_WITH_MATCHING_RESOURCE", "OR"})
    yield from one_of("severity", config.get("severity"), {"CRITICAL", "ERROR", "WARNING"})
    for key, value in (config.get("user_labels") or {}).items():
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", key) or known(value) and not re.fullmatch(r"[a-z0-9_-]{0,63}", value):
            yield "user_labels", f"not a label: {key} = {value!r}"
    conditions = config.get("conditions") or []
    asked = [kind for one in conditions for kind, value in one.items() if kind.startswith("condition_") and value]
    if len(asked) != len(conditions):
        yield "conditions", f"each condition is of one kind, got {asked}"
    if "condition_prometheus_query_language" in asked and len(conditions) > 1:
        yield "conditions", "PromQL is the only condition of its policy"
    for one in conditions:
        for threshold in one.get("condition_threshold") or []:
            yield from one_of("comparison", threshold.get("comparison"), {"COMPARISON_GT", "COMPARISON_LT"})
            yield from seconds("duration", threshold.get("duration"), 60)
            yield from google_filter(threshold.get("filter"))
            yield from google_aggregations(threshold)
        for absent in one.get("condition_absent") or []:
            yield from seconds("duration", absent.get("duration"), 60, 120, 84600)
            yield from google_filter(absent.get("filter"))
            yield from google_aggregations(absent)
        for query in one.get("condition_prometheus_query_language") or []:
            yield from seconds("duration", query.get("duration"), 1)
            yield from seconds("evaluation_interval", query.get("evaluation_interval"), 30, 30)
    for strategy in config.get("alert_strategy") or []:
        for told in strategy.get("notification_channel_strategy") or []:
            yield from seconds("renotify_interval", told.get("renotify_interval"), 1, 1800)


def notification_channel(config):
    """google_monitoring_notification_channel."""
    kind = config.get("type")
    yield from one_of("type", kind, set(CHANNELS))
    if kind not in CHANNELS:
        return
    where, key = CHANNELS[kind]
    found = config.get(where)
    values = found[0] if isinstance(found, list) and found else found
    if known(found) and not (values or {}).get(key):
        yield where, f"a channel of type {kind} needs {key}"


def bucket(config):
    """google_logging_project_bucket_config."""
    if known(config.get("retention_days")) and not 1 <= config["retention_days"] <= 3650:
        yield "retention_days", "retention_days is 1 to 3650"
    if known(config.get("bucket_id")) and not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", config["bucket_id"]):
        yield "bucket_id", f"no name of a bucket: {config['bucket_id']!r}"


def iso(name, value):
    """A time in ISO 8601."""
    if known(value) and not ISO.fullmatch(value):
        yield name, f"{name} is no ISO 8601 duration: {value!r}"


def metric_alert(config):
    """azurerm_monitor_metric_alert."""
    yield from one_of("frequency", config.get("frequency"), FREQUENCIES)
    yield from one_of("window_size", config.get("window_size"), WINDOWS)
    yield from one_of("severity", config.get("severity"), {0, 1, 2, 3, 4})
    for one in config.get("criteria") or []:
        yield from one_of("aggregation", one.get("aggregation"), {"Average", "Count", "Maximum", "Minimum", "Total"})
        operators = {"Equals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual", "NotEquals"}
        yield from one_of("operator", one.get("operator"), operators)
        for dimension in one.get("dimension") or []:
            yield from one_of("operator", dimension.get("operator"), {"Exclude", "Include", "StartsWith"})
    if not (config.get("criteria") or config.get("dynamic_criteria")):
        yield "criteria", "a metric alert has criteria"


def rule_group(config):
    """azurerm_monitor_alert_prometheus_rule_group."""
    if known(config.get("interval")) and config["interval"] not in {f"PT{minutes}M" for minutes in range(1, 16)}:
        yield "interval", f"interval is 1 to 15 minutes, got {config['interval']!r}"
    if len(config.get("scopes") or []) != 1:
        yield "scopes", "a rule group has one scope, its workspace"
    rules = config.get("rule") or []
    if not 1 <= len(rules) <= 20:
        yield "rule", f"a rule group has 1 to 20 rules, got {len(rules)}"
    for rule in rules:
        if bool(rule.get("alert")) == bool(rule.get("record")):
            yield "rule", "a rule either alerts or records"
        yield from one_of("severity", rule.get("severity"), {0, 1, 2, 3, 4})
        yield from iso("for", rule.get("for"))
        if len(rule.get("action") or []) > 5:
            yield "rule", "a rule has at most five actions"


def action_group(config):
    """azurerm_monitor_action_group."""
    if known(config.get("short_name")) and not 1 <= len(config["short_name"]) <= 12:
        yield "short_name", f"short_name has 1 to 12 characters, got {config['short_name']!r}"


def workspace(config):
    """azurerm_log_analytics_workspace."""
    if known(config.get("retention_in_days")) and not 30 <= config["retention_in_days"] <= 730:
        yield "retention_in_days", "retention_in_days is 30 to 730"
    if known(config.get("name")) and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]", config["name"]):
        yield "name", f"no name of a workspace: {config['name']!r}"


CHECKS = {
    "google_monitoring_alert_policy": alert_policy,
    "google_monitoring_notification_channel": notification_channel,
    "google_logging_project_bucket_config": bucket,
    "azurerm_monitor_metric_alert": metric_alert,
    "azurerm_monitor_alert_prometheus_rule_group": rule_group,
    "azurerm_monitor_action_group": action_group,
    "azurerm_log_analytics_workspace": workspace,
}
