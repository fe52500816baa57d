//! What can be wrong with burn-rate tiers.

use crate::diagnostics::Code;
use crate::diagnostics::Family::Slo;
use crate::diagnostics::code::{error, warning};

/// Every code of this folder, for `explain` and the docs.
pub static CODES: &[&Code] =
    &[&UNKNOWN_TIER, &INVALID_TIER, &UNREACHABLE_BURN_RATE, &SLO_WINDOW_TOO_SHORT, &TIER_WITHOUT_SEVERITY];

/// A tier that does not exist.
pub static UNKNOWN_TIER: Code = error(
    "unknown-tier",
    Slo,
    "A burn-rate tier that does not exist",
    r#"
An objective has at most four tiers: `page-fast`, `page-slow`, `ticket-fast` and `ticket-slow`. Their names are
labels of the alerts; routes and inhibitions rely on them. `tiers` changes those four or leaves some out.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 99.9%, tiers: {fast-page: {enabled: false}}}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 99.9%, tiers: {page-fast: {enabled: false}}}
```
"#,
);

/// A tier that contradicts itself.
pub static INVALID_TIER: Code = error(
    "invalid-tier",
    Slo,
    "A burn-rate tier that contradicts itself or its objective",
    r#"
A tier looks at a long window, which must be shorter than the objective's, and at a short window, which must be
shorter than the long one. Its factor is at least 1: at 1 the budget lasts exactly the objective's window, so a
lower one would fire while the promise is kept. The factor follows from the share of the budget and the long
window; a tier names one of the two.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 99.9%, tiers: {page-fast: {long: 1h, short: 2h}}}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 99.9%, tiers: {page-fast: {long: 2h, short: 10m}}}
```
"#,
);

/// A tier that can never fire.
pub static UNREACHABLE_BURN_RATE: Code = warning(
    "unreachable-burn-rate",
    Slo,
    "A burn rate that not even a total outage reaches",
    r#"
A tier fires while the share of bad events is above its factor times the budget. A budget of 10 % times a factor
of 14.4 is 144 %, and more than 100 % of events cannot be bad: the alert could never fire. It is left out, and
said, because an alert that everybody believes in and that cannot fire is worse than none.

Lower the factor, spend less of the budget (`budget: 1%`) over a longer window, or leave the tier out on purpose.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 90%}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 90%, tiers: {page-fast: {factor: 9.5}}}
```
"#,
);

/// An objective's window that is too short to be watched.
pub static SLO_WINDOW_TOO_SHORT: Code = warning(
    "slo-window-too-short",
    Slo,
    "An objective over so short a window that no alert can protect it",
    r#"
A rate can be measured over no less than four scrapes and two evaluations, and a tier's long window is several of
those. An objective whose whole window is hardly longer is missed before anything can fire.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 99.9%, window: 10m}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 99.9%, window: 7d}
```
"#,
);

/// A tier that nobody would hear of.
pub static TIER_WITHOUT_SEVERITY: Code = warning(
    "tier-without-severity",
    Slo,
    "A burn-rate tier for which the platform has no severity",
    r#"
The fast tiers of an objective page somebody, the slow ones make a ticket. Which severity that is follows from
each severity's `urgency`. When no severity has the urgency that a tier needs, nobody would be told, and the tier
is left out. Declare a severity, name one in the tier, or leave the tier out on purpose.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {urgency: page}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 99.9%}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {urgency: page}, warning: {urgency: ticket}}
services:
  api:
    scrape: {port: 8000}
    metrics: {http_requests_total: {type: counter, labels: [status]}}
    signals:
      availability: {ratio: {bad: 'http_requests_total{status=~"5.."}', total: http_requests_total}}
    slos:
      availability: {objective: 99.9%}
```
"#,
);
