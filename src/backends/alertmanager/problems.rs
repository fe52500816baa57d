//! What Alertmanager cannot express, or would refuse to load.

use crate::diagnostics::Code;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::{error, warning};

/// A setting that only the environment knows, where Alertmanager reads none.
pub static SETTING_NOT_LITERAL: Code = error(
    "setting-not-literal",
    Route,
    "A channel's setting comes from the environment, where Alertmanager cannot read it",
    r#"
Alertmanager fills no environment variables into its configuration. Secrets reach it as files; everything else
(a mail server, a sender, a topic's ARN, a chat) must stand in alertmanager.yml as it is. A literal `${NAME}` would
be taken for the value itself, and no message would arrive.

Write the value out. Where it differs from one environment to the next, say so in an overlay under
`environments`. A webhook's address can be a secret: `secret_url: {env: NAME}`.

```yaml bad
bellwether: 1
platform: shop
channels:
  chat: {webhook: {url: {env: CHAT_URL}}}
severities:
  critical: {notify: [chat]}
```

```yaml good
bellwether: 1
platform: shop
channels:
  chat: {webhook: {secret_url: {env: CHAT_URL}}}
severities:
  critical: {notify: [chat]}
```
"#,
);

/// A channel that Alertmanager would not load.
pub static INVALID_CHANNEL: Code = error(
    "invalid-channel",
    Route,
    "A channel has a setting that its system does not take",
    r"
The address, number or name that a channel was given is not of the form that Alertmanager takes: a mail server
without a port, a webhook with two addresses or none, a chat that is no number, a topic that is no ARN.
Alertmanager refuses such a configuration as a whole: nobody would be told of anything.

```yaml bad
bellwether: 1
platform: shop
channels:
  mail: {email: {to: ops@example.com, from: alerts@example.com, smarthost: smtp.example.com}}
severities:
  critical: {notify: [mail]}
```

```yaml good
bellwether: 1
platform: shop
channels:
  mail: {email: {to: ops@example.com, from: alerts@example.com, smarthost: 'smtp.example.com:587'}}
severities:
  critical: {notify: [mail]}
```
",
);

/// A raw receiver that Alertmanager would not load.
pub static INVALID_RECEIVER: Code = error(
    "invalid-receiver",
    Route,
    "A raw receiver has no name, or one that is taken",
    r"
What is written under `stack.alertmanager.receivers` goes into alertmanager.yml as it is. Alertmanager does not
start when a receiver has no name, or one that another has.

A raw receiver that is named like a channel adds its integrations to that channel: whoever tells the channel
tells them too.

```yaml bad
bellwether: 1
platform: shop
severities:
  critical: {notify: []}
stack:
  alertmanager:
    receivers:
      - {webhook_configs: [{url: 'http://bridge:8080/alerts'}]}
```

```yaml good
bellwether: 1
platform: shop
channels:
  bridge: {webhook: {url: 'http://bridge:8080/alerts'}}
severities:
  critical: {notify: [bridge]}
stack:
  alertmanager:
    receivers:
      - {name: bridge, webhook_configs: [{url: 'http://archive:8080/alerts'}]}
```
",
);

/// A raw receiver that no route leads to.
pub static UNROUTED_RECEIVER: Code = warning(
    "unrouted-receiver",
    Route,
    "A raw receiver is named like no channel, so nothing leads to it",
    r"
The routing tree is made from severities and routes, which name channels. A receiver under
`stack.alertmanager.receivers` that is named like no channel stands in alertmanager.yml, and never gets a message.

Name it like the channel that it is to extend.

```yaml bad
bellwether: 1
platform: shop
severities:
  critical: {notify: []}
stack:
  alertmanager:
    receivers:
      - {name: archive, webhook_configs: [{url: 'http://archive:8080/alerts'}]}
```

```yaml good
bellwether: 1
platform: shop
channels:
  archive: {webhook: {url: 'http://bridge:8080/alerts'}}
severities:
  critical: {notify: [archive]}
stack:
  alertmanager:
    receivers:
      - {name: archive, webhook_configs: [{url: 'http://archive:8080/alerts'}]}
```
",
);

/// Alerts of Prometheus whose only channels are CloudWatch's.
pub static NOBODY_TOLD: Code = warning(
    "nobody-told",
    Route,
    "Every channel of a severity or route is one that only CloudWatch reaches",
    r"
CloudWatch alarms publish to an SNS topic by themselves. Alertmanager does so only when it is told the topic's
ARN. A severity or route whose channels are all topics without `topic_arn` leads Prometheus' alerts nowhere:
they fire, and nobody hears of it.

Add a channel that Alertmanager reaches, or the topic's `topic_arn`.

```yaml bad
bellwether: 1
platform: shop
channels:
  alarms: {sns: {}}
severities:
  critical: {notify: [alarms]}
services:
  api:
    scrape: {port: 8000}
    metrics: {jobs_waiting: {type: gauge, unit: count}}
    signals: {backlog: {gauge: jobs_waiting}}
    thresholds: {Backlog: {signal: backlog, above: 100, severity: critical}}
```

```yaml good
bellwether: 1
platform: shop
channels:
  alarms: {sns: {topic_arn: 'arn:aws:sns:us-east-1:123456789012:alarms'}}
severities:
  critical: {notify: [alarms]}
services:
  api:
    scrape: {port: 8000}
    metrics: {jobs_waiting: {type: gauge, unit: count}}
    signals: {backlog: {gauge: jobs_waiting}}
    thresholds: {Backlog: {signal: backlog, above: 100, severity: critical}}
```
",
);

/// An interval of no length.
pub static ZERO_INTERVAL: Code = error(
    "zero-interval",
    Route,
    "A repeat or group interval is zero",
    r"
Alertmanager takes no `repeat` and no `group_interval` of zero, and refuses the whole configuration: nobody
would be told of anything. `group_wait` may be zero: the first message then leaves at once.

```yaml bad
bellwether: 1
platform: shop
severities:
  critical: {notify: [], repeat: 0s}
```

```yaml good
bellwether: 1
platform: shop
severities:
  critical: {notify: [], repeat: 1h}
```
",
);

/// All of them.
pub static CODES: &[&Code] =
    &[&SETTING_NOT_LITERAL, &INVALID_CHANNEL, &INVALID_RECEIVER, &UNROUTED_RECEIVER, &NOBODY_TOLD, &ZERO_INTERVAL];
