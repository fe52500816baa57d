//! Intervals longer than samples last.

use super::{Check, Findings, Lint, Queries};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Promql;
use crate::diagnostics::code::warning;
use crate::quantity::Duration;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "interval-beyond-lookback",
        Promql,
        "An interval that is longer than samples last",
        r#"
Prometheus takes a sample for current for five minutes. A series that is scraped or recorded less often than that is
missing in between: graphs have gaps, alerts on it resolve and fire anew, and `for` never gets through.

Scrape or evaluate at least every two minutes, so that one lost sample leaves no gap; where the source is slower, ask for
`last_over_time(x[1h])`.

```yaml bad
bellwether: 1
platform: shop
intervals: {evaluate: 10m}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {record: 'job:up:sum', expr: sum by (job) (up)}
```

```yaml good
bellwether: 1
platform: shop
services:
  api:
    packs: [http]
    scrape: {port: 8000}
stack:
  prometheus:
    rule_groups:
      - name: mine
        rules:
          - {record: 'job:up:sum', expr: sum by (job) (up)}
```
"#,
    ),
    check: Check::Queries(check),
};

/// How long Prometheus takes a sample for current, unless `--query.lookback-delta` says otherwise.
const LOOKBACK: Duration = Duration::minutes(5);

fn check(queries: &Queries, findings: &mut Findings) {
    let facts = &queries.facts;
    let jobs = facts.jobs.values().map(|job| ("scraped", job.interval.value, job.interval.span));
    let scraped = facts.scrape_interval.map(|every| ("scraped", every.value, every.span));
    let located = facts.evaluation_interval.and_then(|every| every.place.map(|place| (every.value, place)));
    let evaluated = located.map(|(every, place)| ("evaluated", every, place));
    let groups = queries.intervals.iter().map(|every| ("evaluated", every.value, every.span));
    let mut seen = Vec::new();
    for (verb, every, place) in jobs.chain(scraped).chain(evaluated).chain(groups) {
        if every <= LOOKBACK || seen.contains(&place) {
            continue;
        }
        seen.push(place);
        let message = format!("{verb} every {every}, but a sample is taken for current for {LOOKBACK} only");
        let diagnostic = Diagnostic::new(&LINT.code, place, message)
            .note("in between the series is missing: graphs have gaps, alerts resolve and fire anew")
            .help("two minutes or less leave no gap when one sample is lost; of slower sources ask `last_over_time(x[1h])`");
        findings.report(diagnostic);
    }
}
