//! Panels that stay empty.

use super::series::selectors;
use super::{Check, Context, Findings, Lint};
use crate::diagnostics::Family::Dashboard as DashboardFamily;
use crate::diagnostics::code::warning;
use crate::diagnostics::{Diagnostic, listed, nearest};
use crate::model::{Panel, PanelMeasure, PanelSource, Query, Signal};
use crate::promql::MatchOp;
use crate::source::Span;
use crate::spec::dashboard::Dashboard;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "panel-without-data",
        DashboardFamily,
        "A panel by a label that its metric does not have",
        r#"
A panel asks for a line for each value of a label, and the metric has no such label. There is then one line without a
name, for everything together: what was to be compared cannot be seen, and nothing says that it is not there.

Use a label that the metric has. If the service does set it, declare it with the metric's `labels`.

```yaml bad
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
dashboards:
  overview:
    panels:
      - {service: api, signal: request_rate, by: [path]}
```

```yaml good
bellwether: 1
platform: shop
severities: {critical: {notify: []}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
dashboards:
  overview:
    panels:
      - {service: api, signal: request_rate, by: [endpoint]}
```
"#,
    ),
    check: Check::Platform(check),
};

/// Labels that scraping adds to every series.
const BY_SCRAPING: [&str; 2] = ["job", "instance"];

fn check(context: &Context, findings: &mut Findings) {
    let panels = context.platform.dashboards.iter().flat_map(|board| &board.rows).flat_map(|row| &row.panels);
    for panel in panels {
        for query in panel.queries.iter().filter(|query| query.source == PanelSource::Prometheus) {
            look(context, panel, query, findings);
        }
    }
}

fn look(context: &Context, panel: &Panel, query: &Query, findings: &mut Findings) {
    let PanelMeasure::Signal { service, signal, .. } = &query.measure else { return };
    let Some(signal) = context.platform.signal(service, &signal.value) else { return };
    let Some(labels) = labels(context, signal) else { return };
    let service = context.platform.service(service);
    for label in &query.by {
        let of_service = service.is_some_and(|service| service.labels.contains_key(label));
        if of_service || label == "service" || BY_SCRAPING.contains(&label.as_str()) || labels.contains(&label.as_str())
        {
            continue;
        }
        let place = written(context, panel, label).unwrap_or(panel.origin.0);
        let near = nearest(label, labels.iter().copied());
        let help = near.map_or_else(|| available(&labels), |near| format!("did you mean `{near}`?"));
        let message = format!("`{}` has no label `{label}`", signal.name);
        let diagnostic = Diagnostic::new(&LINT.code, place, message)
            .also(signal.origin.0, "the signal comes from here")
            .note("the panel shows one nameless line instead of one for each value")
            .help(help);
        findings.report(diagnostic);
    }
}

fn available(labels: &[&str]) -> String {
    match labels {
        [] => "its metric has no labels beside `job` and `instance`".to_owned(),
        labels => format!("its metric has {}", listed(labels)),
    }
}

/// The labels that all metrics of a signal have; none where one is unknown, or may get labels from elsewhere.
fn labels<'a>(context: &Context<'a>, signal: &Signal) -> Option<Vec<&'a str>> {
    let shape = signal.shape.as_ref()?;
    let mut common: Option<Vec<&str>> = None;
    for (selector, _) in selectors(shape) {
        let declared = context.queries.facts.look_up(&selector.value).metric()?.labels.as_ref()?;
        let mut labels: Vec<&str> = declared.iter().map(String::as_str).collect();
        // A label that is selected by value is there, whatever the catalogue says.
        let selected = selector.value.matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal);
        let unlisted: Vec<&str> =
            selected.map(|matcher| &*matcher.label).filter(|l| !BY_SCRAPING.contains(l)).collect();
        if unlisted.iter().any(|label| !labels.contains(label)) {
            return None;
        }
        if let Some(common) = &common {
            labels.retain(|label| common.contains(label));
        }
        common = Some(labels);
    }
    common
}

/// Where the panel names the label.
fn written(context: &Context, panel: &Panel, label: &str) -> Option<Span> {
    let boards = context.spec.dashboards.iter().map(|(_, board)| board);
    let panels = boards.flat_map(|board: &Dashboard| {
        let rows = board.rows.iter().flatten().flat_map(|row| &row.panels);
        rows.chain(board.panels.iter().flatten())
    });
    let mut panels = panels.filter(|one| one.span.0 == panel.origin.0);
    let by = panels.find_map(|one| one.by.as_ref())?;
    by.iter().find(|written| written.as_str() == label).map(|written| written.span)
}
