//! What Prometheus would refuse to load.

use crate::diagnostics::Code;
use crate::diagnostics::Family::Stack;
use crate::diagnostics::code::error;

/// Two scrape configurations of one name.
pub static JOB_NAME_TAKEN: Code = error(
    "job-name-taken",
    Stack,
    "Two scrape configurations have the same job name",
    r"
Prometheus takes no two scrape configurations of one name, and does not start. Jobs are named after their
service unless `job:` says otherwise; what is written under `stack.prometheus.scrape_configs` shares the name
space.

```yaml bad
bellwether: 1
platform: shop
services:
  api: {scrape: {port: 8000}}
stack:
  prometheus:
    scrape_configs:
      - {job_name: api, static_configs: [{targets: ['legacy:9000']}]}
```

```yaml good
bellwether: 1
platform: shop
services:
  api: {scrape: {port: 8000}}
stack:
  prometheus:
    scrape_configs:
      - {job_name: legacy-api, static_configs: [{targets: ['legacy:9000']}]}
```
",
);

/// A raw scrape configuration without a name.
pub static UNNAMED_JOB: Code = error(
    "unnamed-job",
    Stack,
    "A scrape configuration has no job name",
    r"
What is written under `stack.prometheus.scrape_configs` goes into prometheus.yml as it is. Prometheus does not
start when one of them has no `job_name`.

```yaml bad
bellwether: 1
platform: shop
stack:
  prometheus:
    scrape_configs:
      - {static_configs: [{targets: ['legacy:9000']}]}
```

```yaml good
bellwether: 1
platform: shop
stack:
  prometheus:
    scrape_configs:
      - {job_name: legacy-api, static_configs: [{targets: ['legacy:9000']}]}
```
",
);

/// A scrape that may take longer than the time to the next one.
pub static TIMEOUT_BEYOND_INTERVAL: Code = error(
    "timeout-beyond-interval",
    Stack,
    "A scrape or probe may take longer than its interval",
    r"
The timeout of a scrape is longer than its interval: the next scrape would be due before this one is given up.
Prometheus refuses such a configuration as a whole, so nothing would be watched.

```yaml bad
bellwether: 1
platform: shop
services:
  api: {scrape: {port: 8000, interval: 15s, timeout: 20s}}
```

```yaml good
bellwether: 1
platform: shop
services:
  api: {scrape: {port: 8000, interval: 30s, timeout: 20s}}
```
",
);

/// All of them.
pub static CODES: &[&Code] = &[&JOB_NAME_TAKEN, &UNNAMED_JOB, &TIMEOUT_BEYOND_INTERVAL];
