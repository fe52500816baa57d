//! What can be wrong with what a spec means: names, units, conditions.

use crate::diagnostics::Code;
use crate::diagnostics::Family::{Alert, Cloud, Dashboard, Metric, Promql, Retention, Route, Slo, Spec, Stack, Unit};
use crate::diagnostics::code::error;

/// `problems! { NAME = family "code" "summary" "page"; ... }` declares the codes and lists them.
macro_rules! problems {
    ($( $name:ident = $family:ident $code:literal $summary:literal $page:literal; )*) => {
        $( #[doc = $summary] pub(crate) static $name: Code = error($code, $family, $summary, $page); )*

        /// All of them.
        pub static CODES: &[&Code] = &[$( &$name ),*];
    };
}

problems! {
    UNKNOWN_NAME = Spec "unknown-name" "A name that nothing is called by" r"
A channel, severity, signal, service, pack, log group or time is named that is not declared. Whatever depends on
it would silently not happen: an alert that goes nowhere, a panel without data.

```yaml bad
bellwether: 1
platform: shop
severities:
  critical: {notify: [oncal]}
channels:
  oncall: {webhook: {url: https://oncall.example.com}}
```

```yaml good
bellwether: 1
platform: shop
severities:
  critical: {notify: [oncall]}
channels:
  oncall: {webhook: {url: https://oncall.example.com}}
```
";
    UNKNOWN_VERSION = Spec "unknown-version" "A version of the language that this compiler does not know" r"
`bellwether:` says in which version of the language the spec is written. There is one so far: 1.

```yaml bad
bellwether: 2
platform: shop
```

```yaml good
bellwether: 1
platform: shop
```
";
    REPEATED_NAME = Route "repeated-channel" "A channel named twice in one list" r"
A list of channels names one twice. It would be told twice, or once: neither was meant.
";
    BAD_SCRUB_PATTERN = Spec "bad-scrub-pattern" "A pattern that cannot say what is scrubbed" r#"
Patterns under `logs.scrub` are regular expressions in the language that Go reads (RE2). What they match is replaced in
every line. They have no capturing groups: some collectors would replace the groups, others the whole. A pattern that
matches the empty text would change every line at every place.

```yaml bad
bellwether: 1
platform: shop
logs: {scrub: {patterns: ['token=(\S+)']}}
```

```yaml good
bellwether: 1
platform: shop
logs: {scrub: {patterns: ['token=\S+']}}
```
"#;
    LOG_STORE_TOO_SHORT = Retention "log-store-too-short" "Lines that are kept for less than a day" r"
`retention.log_store` says how long Loki and Elasticsearch keep lines. Both delete whole days: Loki by the day of its
index, Elasticsearch by the index that a day's lines are in. Less than `1d` cannot be had.

```yaml bad
bellwether: 1
platform: shop
retention: {log_store: 12h}
```

```yaml good
bellwether: 1
platform: shop
retention: {log_store: 7d}
```
";
    LOG_WITHOUT_FIELDS = Spec "log-without-fields" "Fields of lines that have none" r"
A signal counts lines by the values of their fields, but `logs.format` says that lines are plain words. Ask for words
that a line contains, or write lines as JSON.

```yaml bad
bellwether: 1
platform: shop
logs: {format: plain}
services:
  api: {signals: {errors: {log: {where: {level: ERROR}}}}}
stack: {loki: {}}
```

```yaml good
bellwether: 1
platform: shop
logs: {format: plain}
services:
  api: {signals: {errors: {log: {contains: ERROR}}}}
stack: {loki: {}}
```
";
    RESERVED_LABEL = Spec "reserved-label" "A label that the compiler sets itself" r"
`platform` and `environment` are set by the compiler on everything that leaves Prometheus, from the keys of the
same names. Change those keys instead. Alerts carry `alertname`, `service`, `severity`, `slo`, `team` and `tier`, so
an SLO cannot have a budget for each value of such a label, nor of one that its service sets.
";
    UNIT_MISMATCH = Unit "unit-mismatch" "A quantity of one kind where another is needed" r"
Every bound carries a unit and every signal has one. A latency cannot be compared with a percentage, nor a size
with a rate: whoever wrote it thought of another signal, or of another bound.

```yaml bad
bellwether: 1
platform: shop
channels: {chat: {webhook: {url: https://chat.example.com}}}
severities: {warning: {notify: [chat]}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Slow: {signal: latency, above: 5%, for: 5m, severity: warning}
```

```yaml good
bellwether: 1
platform: shop
channels: {chat: {webhook: {url: https://chat.example.com}}}
severities: {warning: {notify: [chat]}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Slow: {signal: latency, above: 500ms, for: 5m, severity: warning}
```
";
    MISSING_PARAMETER = Spec "missing-parameter" "A pack's parameter without a value" r"
A pack needs to know something of the service that uses it, such as the identifier of a database in the cloud.
Give it where the pack is named: `packs: {aws-rds: {instance: shop-db}}`.
";
    DUPLICATE_JOB = Stack "duplicate-job" "Two scrape jobs of one name" r"
Prometheus refuses a configuration in which two jobs have the same name. Name one of them with `job:`.
";
    DUPLICATE_ALERT = Alert "duplicate-alert" "Two alerts of one service have the same name" r"
Two alerts of one name in one service would be routed, silenced, linked and counted as one. The name may be written
twice without being seen: once under `thresholds`, and once by a pack whose usual thresholds are taken over, or as
the `name` of an SLO's `alert_below`.

Alerts of different services may have the same name, as those of one template do: the label `service` tells them
apart in rules, routes, silences and links.

```yaml bad
bellwether: 1
platform: shop
channels: {chat: {webhook: {url: https://chat.example.com}}}
severities: {warning: {notify: [chat]}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    slos:
      availability: {signal: error_ratio, objective: 99%, alert_below: {value: 98%, name: TooManyErrors}}
    thresholds:
      TooManyErrors: {signal: error_ratio, above: 5%, for: 5m, severity: warning}
```

```yaml good
bellwether: 1
platform: shop
retention: {metrics: {local: 35d}}
channels: {chat: {webhook: {url: https://chat.example.com}}}
severities: {warning: {notify: [chat]}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      TooManyErrors: {signal: error_ratio, above: 5%, for: 5m, severity: warning}
  web:
    packs: [http]
    scrape: {port: 8001}
    thresholds:
      TooManyErrors: {signal: error_ratio, above: 2%, for: 5m, severity: warning}
```
";
    BAD_TARGET = Stack "bad-target" "An address that cannot be scraped or probed" r"
Prometheus scrapes `host:port`, without scheme or path; a probe calls a whole URL, or a path of a service whose
port is known. Write the address as the one or the other needs it.
";
    UNREACHABLE_METRICS = Metric "unreachable-metrics" "Metrics that nothing scrapes" r"
A pack's metrics are exposed by the service itself, or come from probes, but the service says neither where it is
scraped nor what is probed. Every signal of the pack would be without data.
";
    INVALID_BUCKETS = Metric "invalid-buckets" "Buckets that are not ascending" r"
The buckets of a histogram are upper bounds: each is larger than the one before. A list that goes down or repeats
itself is not the list that the service was given, so no bound could be checked against it.
";
    AMBIGUOUS_SHAPE = Metric "ambiguous-shape" "A signal with two shapes, or half of one" r"
A signal measures one thing in one way. Two shapes would be two signals; half a shape measures nothing.
";
    NO_RENDERING = Metric "no-rendering" "A signal that is not measured where it is asked for" r"
A signal says nothing to measure, or is asked for in a system that does not measure it. Its panel would stay empty
and its alert silent. Give it a shape, a cloud metric or a log filter, or ask for it where it is measured.
";
    CLOUD_INCOMPLETE = Cloud "incomplete-cloud-metric" "A cloud metric without a name or namespace" r"
A CloudWatch metric is a name in a namespace; math is an expression over several named metrics. An alarm on less
would be accepted and never have data.
";
    UNKNOWN_STATISTIC = Cloud "unknown-statistic" "A statistic that CloudWatch does not have" r"
CloudWatch knows Average, Sum, Minimum, Maximum, SampleCount and percentiles (`p95`, `p99.9`). Terraform would
find out about another word only when it is applied.
";
    BAD_PROMQL = Promql "bad-promql" "An expression that Prometheus would refuse" r#"
The expression does not parse, or its types do not fit. Prometheus would refuse the whole rule file, and with it
every other rule in it.

```yaml bad
bellwether: 1
platform: shop
channels: {chat: {webhook: {url: https://chat.example.com}}}
severities: {warning: {notify: [chat]}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Busy: {expr: 'sum(rate(http_requests_total{job="api"}[5m]) > 100', severity: warning}
```

```yaml good
bellwether: 1
platform: shop
channels: {chat: {webhook: {url: https://chat.example.com}}}
severities: {warning: {notify: [chat]}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      Busy: {expr: 'sum(rate(http_requests_total{job="api"}[5m])) > 100', severity: warning}
```
"#;
    CONDITION_COUNT = Alert "unclear-condition" "A threshold without exactly one condition" r"
A threshold is one condition on one signal. With none it would never fire; with two nobody knows which one did.
";
    NOT_EVALUABLE = Alert "not-evaluable" "A threshold that nothing can evaluate" r"
The signal is not measured where the threshold is to be evaluated: a Prometheus rule needs a shape over metrics, a
CloudWatch alarm needs a cloud metric or a log filter, and a `cloudwatch` stack to live in. An alert that nothing
evaluates never fires.
";
    NOT_A_LATENCY = Alert "not-a-latency" "A quantile of something that is no histogram" r"
Quantiles, and shares within a bound, exist only for histograms: signals of the shape `latency`. Of a gauge only
its value can be asked.
";
    INVALID_OBJECTIVE = Slo "invalid-objective" "An objective that is no share, or leaves no budget" r"
An objective is the share of good events, with a percent sign, above 0% and below 100%. At 100% the budget is
nothing: every burn rate is infinite and every alert either always fires or never.
";
    WITHIN_MISSING = Slo "missing-within" "A latency objective that does not say how fast is good" r"
An objective on a latency counts the events that were fast enough, so it must say how fast that is. Add `within`
with one of the histogram's buckets.
";
    NOT_AN_SLI = Slo "not-an-sli" "An objective on a signal without good and bad events" r"
An objective is a share of good events. Ratios and latencies have events; a 0/1 gauge has good and bad moments. A
plain gauge or rate has neither by itself: say which times are good with `good_below` or `good_above`, turn it into
a ratio, or into a threshold.
";
    AMBIGUOUS_SLI = Slo "ambiguous-sli" "An objective that is measured in two ways, or in half a one" r#"
An objective has one measure: a signal, or `events` that PromQL counts, or other SLOs (`of`). Events need all of
them and either the good or the bad ones. Two measures would be two budgets, and nobody could say which is kept.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}, up_to_date: {type: gauge}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability:
        objective: 99.9%
        signal: availability
        events: {bad: 'sum(rate(http_requests_total{status=~"5.."}[$window]))', total: 'sum(rate(http_requests_total[$window]))'}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}, up_to_date: {type: gauge}}
    slos:
      availability:
        objective: 99.9%
        events: {bad: 'sum(rate(http_requests_total{status=~"5.."}[$window]))', total: 'sum(rate(http_requests_total[$window]))'}
```
"#;
    EVENTS_WITHOUT_WINDOW = Slo "events-without-window" "Events of an objective that are asked over no window" r#"
An objective is asked over many windows, from five minutes to a month. The events that PromQL counts must follow:
`$window` stands where each of them goes. With a fixed window, every tier would look at the same few minutes.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}, up_to_date: {type: gauge}}
    slos:
      availability:
        objective: 99.9%
        events: {bad: 'sum(rate(http_requests_total{status=~"5.."}[5m]))', total: 'sum(rate(http_requests_total[5m]))'}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}, up_to_date: {type: gauge}}
    slos:
      availability:
        objective: 99.9%
        events: {bad: 'sum(rate(http_requests_total{status=~"5.."}[$window]))', total: 'sum(rate(http_requests_total[$window]))'}
```
"#;
    INVALID_COMPOSITION = Slo "invalid-composition" "SLOs that cannot be made into one" r#"
An SLO can be made of two or more others. `combine: events` adds their events up, so all of them must count events;
samples of a gauge and moments are not as many as requests. `combine: all` asks that all do well at the same time,
`combine: weighted` takes the average of their shares. SLOs that are made of others cannot be parts again: name what
they are made of.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}, up_to_date: {type: gauge}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
      freshness: {gauge: up_to_date, unit: ratio}
    slos:
      availability: 99.9%
      freshness: 99%
      whole: {objective: 99%, of: [availability, freshness]}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}, up_to_date: {type: gauge}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
      freshness: {gauge: up_to_date, unit: ratio}
    slos:
      availability: 99.9%
      freshness: 99%
      whole: {objective: 98.9%, of: [availability, freshness], combine: all}
```
"#;
    TRACES_LEAD_NOWHERE = Stack "traces-lead-nowhere" "Traces that nothing takes" r"
Applications are to send traces, or a collector is to pass them on, and nothing in the stack takes them: every
export would fail, and the first failure would be the first anybody hears of it.

Add `stack.jaeger`, or name the address that takes them: `traces.endpoint` for applications, `forward_to` for the
collector.

```yaml bad
bellwether: 1
platform: shop
traces: {sample: 10%}
```

```yaml good
bellwether: 1
platform: shop
traces: {sample: 10%}
stack: {jaeger: {}}
```
";
    TRACES_NEED_COLLECTOR = Stack "traces-need-collector" "Work on traces that only a collector can do" r"
To keep every trace with an error, somebody must see whole traces before deciding; to take personal data out of all
of them, somebody must stand between the applications and the store. That is the OpenTelemetry collector.

It must also see every trace: an application that sends a tenth has dropped nine of ten errors already, and no
later stage brings them back.

```yaml bad
bellwether: 1
platform: shop
traces: {sample: 10%, keep_errors: true}
stack: {jaeger: {}}
```

```yaml good
bellwether: 1
platform: shop
traces: {sample: 10%, keep_errors: true}
stack: {jaeger: {}, otel_collector: {}}
```
";
    TRACE_STORAGE_INCOMPLETE = Stack "incomplete-trace-storage" "A storage of traces whose settings are another's" r"
Jaeger keeps traces in one storage. `max_traces` is a setting of `memory`, `elasticsearch` one of `elasticsearch`,
which needs it.

```yaml bad
bellwether: 1
platform: shop
stack: {jaeger: {storage: elasticsearch}}
```

```yaml good
bellwether: 1
platform: shop
stack: {jaeger: {storage: elasticsearch, elasticsearch: {url: 'http://elasticsearch:9200'}}}
```
";
    PANEL_INCOMPLETE = Dashboard "incomplete-panel" "A panel that shows nothing" r"
A panel shows signals of a service, or an expression. One that names neither would be an empty frame: name a
service and its signal, or write PromQL under `expr`.
";
    PLAIN_ADDRESS = Stack "plain-address" "An address without TLS of what speaks TLS" r"
With `stack.tls` every component that can speaks TLS, to its neighbours and to people. Links in messages and on dashboards are made from
the addresses in `stack.prometheus.external_url`, `stack.alertmanager.external_url` and `stack.grafana.url`: one that begins with `http://`
leads nowhere any more.
";
    BAD_VERSION = Stack "bad-version" "Text that is no version" r"
Versions are written as major and minor number, in quotes. Without quotes `3.5` is a number, and `3.10` would be 3.1.
";
    INVALID_TIME = Retention "invalid-time" "Text that is no time of the week" r"
Days are `monday` or a range `monday:friday`; hours are `09:00-17:00`, the start before the end. A night is two
ranges: `22:00-24:00` and `00:00-06:00`.
";
    BAD_TEMPLATE = Spec "bad-template" "Words with `{{ }}` that cannot be filled in" r"
Words for people may hold `{{ name }}`. The name must be one that is known at that place.
";
}
