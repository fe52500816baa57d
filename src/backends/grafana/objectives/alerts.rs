//! Alerts of SLOs: those that fire, and those that fired.

use super::{Asked, Sketch};
use crate::backends::grafana::config::{MappedTo, Mapping};
use crate::backends::grafana::tables::columns;
use crate::backends::grafana::visual::Visual;
use crate::conventions::{SLO_LABEL, TIER_LABEL};
use crate::model::{Platform, Slo};
use crate::promql::build::{max_by, metric, over_time};
use crate::promql::{MatchOp, Selector, Window};

/// Alerts of one SLO that fire, or of all.
fn alerts(slo: Option<&Slo>) -> Selector {
    let firing = metric("ALERTS").with("alertstate", "firing");
    match slo {
        Some(slo) => firing.with(SLO_LABEL, slo.id()),
        None => firing.with_matcher(SLO_LABEL, MatchOp::NotEqual, ""),
    }
}

pub(super) fn firing(slo: Option<&Slo>) -> Sketch {
    let told = match slo {
        Some(_) => "Alerts of this objective that fire now",
        None => "Alerts of objectives that fire now",
    };
    let whose = slo.is_none().then_some((SLO_LABEL, "SLO"));
    let shown = [("alertname", "Alert"), (TIER_LABEL, "Tier"), ("severity", "Severity")];
    let groups = slo.into_iter().flat_map(|slo| &slo.by).map(|label| (label.as_str(), label.as_str()));
    let shown: Vec<_> = whose.into_iter().chain(groups).chain(shown).collect();
    let asked = vec![Asked::column(alerts(slo).into())];
    let sketch = Sketch::new("Firing alerts", told.to_owned(), Visual::table(), "short", asked);
    Sketch { transformations: columns(&shown), nothing: "no alert fires", ..sketch }
}

/// What fired at any time within a step: a short alert leaves its mark, however much time is shown.
pub(super) fn history(platform: &Platform, slo: Option<&Slo>) -> Sketch {
    let told = match slo {
        Some(_) => "When alerts of this objective fired",
        None => "When alerts of objectives fired",
    };
    let mut labels =
        if slo.is_some() { vec!["alertname", TIER_LABEL] } else { vec![SLO_LABEL, "alertname", TIER_LABEL] };
    labels.extend(slo.into_iter().flat_map(|slo| &slo.by).map(String::as_str));
    let legend: Vec<String> = labels.iter().map(|label| format!("{{{{{label}}}}}")).collect();
    let expr = max_by(labels, over_time("max_over_time", alerts(slo), Window::Interval));
    let asked = Asked { legend: legend.join(" "), ..Asked::new("", expr) };
    let asked = vec![asked.step(platform.evaluation_interval.value.times(2))];
    let firing = MappedTo { text: "firing", color: "red", index: 0 };
    let mapping = Mapping { r#type: "value", options: [("1", firing)].into_iter().collect() };
    let sketch = Sketch::new("Alert history", told.to_owned(), Visual::states(), "short", asked);
    Sketch { mappings: vec![mapping], nothing: "no alert fired", ..sketch }
}
